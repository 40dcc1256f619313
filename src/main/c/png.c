/*
 * Reverses the filters of PNG (https://www.w3.org/TR/png-3/#9Filters), as the Java class
 * dev.glimpse.image.png.PngFilter does: each byte of a row is stored as its difference from a
 * prediction by its neighbours. A pixel's samples are computed side by side, in a vector; pixels
 * cannot be, as each depends on the one before.
 */
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

enum { UNFILTERED = 0, UNKNOWN_FILTER = -1, INVALID_PNG = -2 };

enum { NONE = 0, SUB = 1, UP = 2, AVERAGE = 3, PAETH = 4 };

#if defined(__x86_64__)

/** The samples of a pixel; the first 3 or 4 count. */
typedef int16_t samples __attribute__((vector_size(16)));
typedef uint8_t bytes_of_samples __attribute__((vector_size(16)));

static inline samples larger(samples a, samples b) {
  return (samples)_mm_max_epi16((__m128i)a, (__m128i)b);
}

static inline samples smaller(samples a, samples b) {
  return (samples)_mm_min_epi16((__m128i)a, (__m128i)b);
}

/** Reads a pixel of 3 or 4 bytes, and no byte beside it. */
static inline samples load_pixel(const uint8_t *at, int step) {
  /* Not by memcpy of 3 bytes: through memory that takes several times as long. */
  int32_t bytes = at[0] | at[1] << 8 | at[2] << 16;
  if (step == 4) {
    memcpy(&bytes, at, sizeof bytes);
  }
  return (samples)_mm_unpacklo_epi8(_mm_cvtsi32_si128(bytes), _mm_setzero_si128());
}

static inline void store_pixel(samples pixel, uint8_t *at, int step) {
  int32_t bytes = _mm_cvtsi128_si32(_mm_packus_epi16((__m128i)pixel, (__m128i)pixel));
  if (step == 4) {
    memcpy(at, &bytes, sizeof bytes);
  } else {
    at[0] = (uint8_t)bytes;
    at[1] = (uint8_t)(bytes >> 8);
    at[2] = (uint8_t)(bytes >> 16);
  }
}

#else

typedef int16_t samples __attribute__((vector_size(8)));
typedef uint8_t bytes_of_samples __attribute__((vector_size(8)));

static inline samples larger(samples a, samples b) { return a ^ ((a ^ b) & (a < b)); }

static inline samples smaller(samples a, samples b) { return a ^ ((a ^ b) & (a > b)); }

static inline samples load_pixel(const uint8_t *at, int step) {
  samples pixel = {at[0], at[1], at[2], step == 4 ? at[3] : 0};
  return pixel;
}

static inline void store_pixel(samples pixel, uint8_t *at, int step) {
  for (int i = 0; i < step; i++) {
    at[i] = (uint8_t)pixel[i];
  }
}

#endif

/** Adds each sample modulo 256; both are from 0 to 255. */
static inline samples add_bytes(samples a, samples b) {
  return (samples)((bytes_of_samples)a + (bytes_of_samples)b);
}

/**
 * Returns the nearest of the three to left + up - corner, the first of equally near ones, as Paeth
 * has it. Every step waits for left, the pixel before, so there are as few as possible.
 */
static inline samples nearest(samples left, samples up, samples corner) {
  samples by_left = up - corner;
  samples far_left = larger(by_left, -by_left);
  samples far_up = larger(left - corner, corner - left);
  samples far_corner = larger(left + (by_left - corner), (corner - by_left) - left);
  samples other = up ^ ((up ^ corner) & (far_up > far_corner));
  samples not_left = far_left > smaller(far_up, far_corner);
  return (left & ~not_left) | (other & not_left);
}

/**
 * Reverses a row whose pixels are predicted from the left.
 *
 * @param row as it is stored
 * @param above the row above, reversed
 * @param out receives the row; it may begin before row in the same memory
 * @param step 3 or 4, a constant where this is called, so that there is a loop for each
 */
static inline void from_left(int filter, const uint8_t *row, const uint8_t *above, uint8_t *out,
                             int64_t bytes, int step) {
  samples left = {0}, corner = {0};
  for (int64_t i = 0; i < bytes; i += step) {
    samples stored = load_pixel(row + i, step);
    if (filter == SUB) {
      left = add_bytes(left, stored);
    } else {
      samples up = load_pixel(above + i, step);
      left = add_bytes(filter == AVERAGE ? (left + up) >> 1 : nearest(left, up, corner), stored);
      corner = up;
    }
    store_pixel(left, out + i, step);
  }
}

static void row_of_3(int filter, const uint8_t *row, const uint8_t *above, uint8_t *out,
                     int64_t bytes) {
  switch (filter) {
    case SUB:
      from_left(SUB, row, above, out, bytes, 3);
      break;
    case AVERAGE:
      from_left(AVERAGE, row, above, out, bytes, 3);
      break;
    default:
      from_left(PAETH, row, above, out, bytes, 3);
  }
}

static void row_of_4(int filter, const uint8_t *row, const uint8_t *above, uint8_t *out,
                     int64_t bytes) {
  switch (filter) {
    case SUB:
      from_left(SUB, row, above, out, bytes, 4);
      break;
    case AVERAGE:
      from_left(AVERAGE, row, above, out, bytes, 4);
      break;
    default:
      from_left(PAETH, row, above, out, bytes, 4);
  }
}

static void up(const uint8_t *row, const uint8_t *above, uint8_t *out, int64_t bytes) {
  for (int64_t i = 0; i < bytes; i++) {
    out[i] = (uint8_t)(row[i] + above[i]);
  }
}

/**
 * Reverses the filters of all rows, and moves the rows together.
 *
 * @param data for each row the filter's number and the stored bytes; afterwards the rows alone,
 *     from the beginning
 * @param size bytes of data
 * @param zeros row_bytes bytes of 0, for the row above the first
 * @param row_bytes of a row without the filter's number, a multiple of step
 * @param step bytes of a pixel, 3 or 4
 * @return 0; UNKNOWN_FILTER if a filter's number is above 4, INVALID_PNG if the numbers do not fit
 *     together
 */
int32_t glimpse_png_unfilter(uint8_t *data, int64_t size, const uint8_t *zeros, int64_t rows,
                             int64_t row_bytes, int32_t step) {
  if ((step != 3 && step != 4) || rows < 1 || row_bytes < step || row_bytes % step != 0 ||
      row_bytes > INT32_MAX || size / (1 + row_bytes) != rows || size % (1 + row_bytes) != 0) {
    return INVALID_PNG;
  }
  const uint8_t *above = zeros;
  for (int64_t y = 0; y < rows; y++) {
    const uint8_t *row = data + y * (1 + row_bytes) + 1;
    uint8_t *out = data + y * row_bytes;
    int filter = row[-1];
    if (filter > PAETH) {
      return UNKNOWN_FILTER;
    }
    if (filter == NONE) {
      memmove(out, row, (size_t)row_bytes);
    } else if (filter == UP) {
      up(row, above, out, row_bytes);
    } else if (step == 3) {
      row_of_3(filter, row, above, out, row_bytes);
    } else {
      row_of_4(filter, row, above, out, row_bytes);
    }
    above = out;
  }
  return UNFILTERED;
}

/**
 * Lays pixels over white: colour * alpha + white * (1 - alpha), rounded, as the Java class
 * dev.glimpse.image.OverWhite does.
 *
 * @param data red, green, blue, alpha of each pixel; afterwards red, green, blue, from the
 *     beginning
 */
void glimpse_png_over_white(uint8_t *data, int64_t pixels) {
  const uint8_t *in = data;
  for (int64_t i = 0; i < pixels; i++, in += 4, data += 3) {
    uint32_t alpha = in[3], white = 255 * (255 - alpha) + 127;
    uint32_t red = in[0], green = in[1], blue = in[2];
    data[0] = (uint8_t)((red * alpha + white) / 255);
    data[1] = (uint8_t)((green * alpha + white) / 255);
    data[2] = (uint8_t)((blue * alpha + white) / 255);
  }
}
