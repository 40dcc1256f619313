/*
 * Scales an image and writes it into a model's input tensor. The arithmetic is that of Pillow's
 * Resample.c, as in the Java classes of dev.glimpse.preprocess, which compute the weights: sums in
 * 32 bits with 22 bits after the point, rounded and clipped to 8 bits after each pass. So results
 * are equal to the bit whatever instructions are used.
 *
 * Lines are kept as four bytes a pixel: red, green, blue and 0. For the pass along the rows, four
 * lines are interleaved, so that a pixel of all four is 16 bytes. Both passes are then the same:
 * lines of bytes, each with one weight, are added.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define PRECISION_BITS 22
#define HALF (1 << (PRECISION_BITS - 1))
#define LEVELS 256

/** Bytes of a pixel in a line, and of a pixel in four interleaved lines. */
#define PIXEL 4
#define GROUP 16

/** Bytes that may be read, and are ignored, after a line. */
#define SLACK 64

enum { OK = 0, NO_MEMORY = -1, INVALID = -2 };

/** Instructions to use. */
enum { BASELINE = 0, AVX2 = 1 };

/** What dev.glimpse.preprocess.NativeScaler passes, in its order. */
struct job {
  int64_t instructions;
  /* The source: pixel (x, y) is three bytes at origin + x * step_x + y * step_y. Those that are not
     read may lie outside. */
  int64_t source_bytes, origin, step_x, step_y, width, height, grey;
  /* The weights of each axis: for each target pixel, so many entries of a stride. */
  int64_t out_width, column_stride, out_height, row_stride, columns_first;
  /* The tensor, and where the first target pixel lies in it. */
  int64_t tensor_bytes, tensor_width, tensor_height, left, top;
  int64_t interleaved, element_bytes, channels, shifts[3];
};

/** One axis: target pixel i is the sum of count[i] source pixels from first[i] on. */
struct axis {
  const int32_t *first, *count, *weights;
  int64_t length, stride;
};

/** Adds count lines of a number of bytes, line k times weights[k], to a line of bytes. */
typedef void sum_lines(const uint8_t *const *lines, const int32_t *weights, int64_t count,
                       int64_t bytes, uint8_t *out);

/** Scales four interleaved lines along the rows; out[r] receives line r. */
typedef void scale_groups(const uint8_t *groups, const struct axis *axis, int64_t start,
                          uint8_t *const out[4]);

/** Interleaves a part of four rows of which a pixel is three bytes. */
typedef void group_rows(const uint8_t *const rows[4], int64_t pixels, uint8_t *groups);

/* Baseline: vectors of 16 bytes, which GCC and Clang translate for any processor. */

typedef int32_t v4i __attribute__((vector_size(16)));
typedef uint8_t v4b __attribute__((vector_size(4)));

static inline v4i load4(const uint8_t *at) {
  v4b bytes;
  memcpy(&bytes, at, sizeof bytes);
  return __builtin_convertvector(bytes, v4i);
}

static inline void store4(v4i sum, uint8_t *out) {
  v4i level = sum >> PRECISION_BITS;
  level &= ~(level >> 31);
  level |= (255 - level) >> 31;
  v4b bytes = __builtin_convertvector(level & 255, v4b);
  memcpy(out, &bytes, sizeof bytes);
}

static const v4i HALVES = {HALF, HALF, HALF, HALF};

static void sum_lines_baseline(const uint8_t *const *lines, const int32_t *weights, int64_t count,
                               int64_t bytes, uint8_t *out) {
  for (int64_t i = 0; i < bytes; i += 16) {
    v4i a = HALVES, b = HALVES, c = HALVES, d = HALVES;
    for (int64_t k = 0; k < count; k++) {
      const uint8_t *line = lines[k] + i;
      a += load4(line) * weights[k];
      b += load4(line + 4) * weights[k];
      c += load4(line + 8) * weights[k];
      d += load4(line + 12) * weights[k];
    }
    store4(a, out + i);
    store4(b, out + i + 4);
    store4(c, out + i + 8);
    store4(d, out + i + 12);
  }
}

static void scale_groups_baseline(const uint8_t *groups, const struct axis *axis, int64_t start,
                                  uint8_t *const out[4]) {
  for (int64_t x = 0; x < axis->length; x++) {
    const uint8_t *group = groups + (axis->first[x] - start) * GROUP;
    const int32_t *weights = axis->weights + x * axis->stride;
    v4i a = HALVES, b = HALVES, c = HALVES, d = HALVES;
    for (int64_t k = 0; k < axis->count[x]; k++, group += GROUP) {
      a += load4(group) * weights[k];
      b += load4(group + 4) * weights[k];
      c += load4(group + 8) * weights[k];
      d += load4(group + 12) * weights[k];
    }
    store4(a, out[0] + x * PIXEL);
    store4(b, out[1] + x * PIXEL);
    store4(c, out[2] + x * PIXEL);
    store4(d, out[3] + x * PIXEL);
  }
}

static void group_rows_baseline(const uint8_t *const rows[4], int64_t pixels, uint8_t *groups) {
  for (int64_t x = 0; x < pixels; x++) {
    for (int r = 0; r < 4; r++) {
      memcpy(groups + x * GROUP + r * PIXEL, rows[r] + x * 3, 3);
      groups[x * GROUP + r * PIXEL + 3] = 0;
    }
  }
}

#if defined(__x86_64__)

/*
 * AVX2: pmaddwd multiplies 16-bit numbers and adds pairs. A weight has up to 24 bits and its sign;
 * it is split into the lowest 15 and the rest, whose sums are put together at the end. Sums may
 * wrap around: the result is right as long as it fits into 32 bits, as in Java.
 */
#define FOR_AVX2 __attribute__((target("avx2")))
#define LOW_BITS 15
#define LOW_MASK ((1 << LOW_BITS) - 1)

static inline int32_t pair(int32_t even, int32_t odd) {
  return (int32_t)((uint32_t)(even & 0xFFFF) | (uint32_t)odd << 16);
}

/** The low and the high parts of two weights. */
struct halves {
  __m256i low, high;
};

FOR_AVX2 static inline struct halves split(int32_t even, int32_t odd) {
  struct halves made = {
      _mm256_set1_epi32(pair(even & LOW_MASK, odd & LOW_MASK)),
      _mm256_set1_epi32(pair(even >> LOW_BITS, odd >> LOW_BITS)),
  };
  return made;
}

/** Adds eight bytes of each of two lines, interleaved in 16, with their weights. */
FOR_AVX2 static inline void add(__m128i bytes, struct halves weights, __m256i *low,
                                __m256i *high) {
  __m256i pairs = _mm256_cvtepu8_epi16(bytes);
  *low = _mm256_add_epi32(*low, _mm256_madd_epi16(pairs, weights.low));
  *high = _mm256_add_epi32(*high, _mm256_madd_epi16(pairs, weights.high));
}

/** Rounds and clips two times eight sums to 16 bytes. */
FOR_AVX2 static inline __m128i finish(__m256i low_a, __m256i high_a, __m256i low_b,
                                      __m256i high_b) {
  __m256i a = _mm256_add_epi32(low_a, _mm256_slli_epi32(high_a, LOW_BITS));
  __m256i b = _mm256_add_epi32(low_b, _mm256_slli_epi32(high_b, LOW_BITS));
  a = _mm256_srai_epi32(a, PRECISION_BITS);
  b = _mm256_srai_epi32(b, PRECISION_BITS);
  __m256i words = _mm256_permute4x64_epi64(_mm256_packs_epi32(a, b), 0xD8);
  return _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
}

FOR_AVX2 static void sum_lines_avx2(const uint8_t *const *lines, const int32_t *weights,
                                    int64_t count, int64_t bytes, uint8_t *out) {
  const __m256i half = _mm256_set1_epi32(HALF);
  for (int64_t i = 0; i < bytes; i += 32) {
    __m256i low[4] = {half, half, half, half};
    __m256i high[4] = {{0}, {0}, {0}, {0}};
    for (int64_t k = 0; k < count; k += 2) {
      int64_t next = k + 1 < count ? k + 1 : k;
      struct halves w = split(weights[k], next == k ? 0 : weights[next]);
      for (int j = 0; j < 2; j++) {
        __m128i even = _mm_loadu_si128((const __m128i *)(lines[k] + i + j * 16));
        __m128i odd = _mm_loadu_si128((const __m128i *)(lines[next] + i + j * 16));
        add(_mm_unpacklo_epi8(even, odd), w, &low[j * 2], &high[j * 2]);
        add(_mm_unpackhi_epi8(even, odd), w, &low[j * 2 + 1], &high[j * 2 + 1]);
      }
    }
    _mm_storeu_si128((__m128i *)(out + i), finish(low[0], high[0], low[1], high[1]));
    _mm_storeu_si128((__m128i *)(out + i + 16), finish(low[2], high[2], low[3], high[3]));
  }
}

FOR_AVX2 static void scale_groups_avx2(const uint8_t *groups, const struct axis *axis,
                                       int64_t start, uint8_t *const out[4]) {
  for (int64_t x = 0; x < axis->length; x++) {
    const uint8_t *group = groups + (axis->first[x] - start) * GROUP;
    const int32_t *weights = axis->weights + x * axis->stride;
    int64_t count = axis->count[x];
    __m256i low_a = _mm256_set1_epi32(HALF), low_b = low_a;
    __m256i high_a = _mm256_setzero_si256(), high_b = high_a;
    for (int64_t k = 0; k < count; k += 2, group += 2 * GROUP) {
      struct halves w = split(weights[k], k + 1 < count ? weights[k + 1] : 0);
      __m128i even = _mm_loadu_si128((const __m128i *)group);
      __m128i odd = _mm_loadu_si128((const __m128i *)(group + GROUP));
      add(_mm_unpacklo_epi8(even, odd), w, &low_a, &high_a);
      add(_mm_unpackhi_epi8(even, odd), w, &low_b, &high_b);
    }
    __m128i bytes = finish(low_a, high_a, low_b, high_b);
    for (int r = 0; r < 4; r++) {
      int32_t pixel = _mm_cvtsi128_si32(bytes);
      memcpy(out[r] + x * PIXEL, &pixel, PIXEL);
      bytes = _mm_srli_si128(bytes, PIXEL);
    }
  }
}

FOR_AVX2 static void group_rows_avx2(const uint8_t *const rows[4], int64_t pixels,
                                     uint8_t *groups) {
  const __m128i spread = _mm_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1);
  int64_t x = 0;
  /* Sixteen bytes are read for four pixels, so the last ones are left to the baseline. */
  for (; x + 6 <= pixels; x += 4) {
    __m128i row[4];
    for (int r = 0; r < 4; r++) {
      row[r] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(rows[r] + x * 3)), spread);
    }
    __m128i a = _mm_unpacklo_epi32(row[0], row[1]), b = _mm_unpacklo_epi32(row[2], row[3]);
    __m128i c = _mm_unpackhi_epi32(row[0], row[1]), d = _mm_unpackhi_epi32(row[2], row[3]);
    __m128i *to = (__m128i *)(groups + x * GROUP);
    _mm_storeu_si128(to, _mm_unpacklo_epi64(a, b));
    _mm_storeu_si128(to + 1, _mm_unpackhi_epi64(a, b));
    _mm_storeu_si128(to + 2, _mm_unpacklo_epi64(c, d));
    _mm_storeu_si128(to + 3, _mm_unpackhi_epi64(c, d));
  }
  const uint8_t *rest[4] = {rows[0] + x * 3, rows[1] + x * 3, rows[2] + x * 3, rows[3] + x * 3};
  group_rows_baseline(rest, pixels - x, groups + x * GROUP);
}

#endif

/** The functions of one instruction set. */
struct kernels {
  sum_lines *sum;
  scale_groups *scale;
  group_rows *group;
};

/**
 * Returns the best instructions that this processor has.
 */
int32_t glimpse_pixels_instructions(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2")) {
    return AVX2;
  }
#endif
  return BASELINE;
}

static struct kernels kernels_of(int64_t instructions) {
#if defined(__x86_64__)
  if (instructions >= AVX2) {
    struct kernels avx2 = {sum_lines_avx2, scale_groups_avx2, group_rows_avx2};
    return avx2;
  }
#endif
  (void)instructions;
  struct kernels baseline = {sum_lines_baseline, scale_groups_baseline, group_rows_baseline};
  return baseline;
}

/** What a call works with. */
struct work {
  const struct job *job;
  const uint8_t *source;
  struct axis columns, rows;
  struct kernels kernels;
  int64_t start, span; /* the source columns that are read */
  uint8_t *groups;     /* four interleaved lines of the source */
  uint8_t *ring;       /* lines between the passes */
  int64_t ring_lines, line_bytes;
  uint8_t *row; /* a line of the result */
  const uint8_t **lines;
};

static int64_t padded(int64_t bytes) { return (bytes + SLACK - 1) / SLACK * SLACK + SLACK; }

/** Pillow's convert("L"): ITU-R BT.601 in 65536ths, rounded. */
static uint8_t brightness(const uint8_t *pixel) {
  return (uint8_t)((pixel[0] * 19595 + pixel[1] * 38470 + pixel[2] * 7471 + 0x8000) >> 16);
}

static const uint8_t *pixel_at(const struct work *w, int64_t x, int64_t y) {
  return w->source + w->job->origin + x * w->job->step_x + y * w->job->step_y;
}

/** Reads a row of the source into a line, whose pixels are so many bytes apart. */
static void read_row(const struct work *w, int64_t y, uint8_t *out, int64_t apart) {
  const uint8_t *from = pixel_at(w, w->start, y);
  for (int64_t x = 0; x < w->span; x++, from += w->job->step_x, out += apart) {
    if (w->job->grey) {
      out[0] = brightness(from);
      out[1] = out[2] = out[3] = 0;
    } else {
      memcpy(out, from, 3);
      out[3] = 0;
    }
  }
}

static uint8_t *ring_line(const struct work *w, int64_t y) {
  return w->ring + y % w->ring_lines * w->line_bytes;
}

/** Reads four rows of the source and scales them along the rows, into the ring. */
static void scale_rows(struct work *w, int64_t y, int64_t last) {
  const uint8_t *rows[4];
  uint8_t *out[4];
  for (int r = 0; r < 4; r++) {
    int64_t at = y + r < last ? y + r : last;
    rows[r] = pixel_at(w, w->start, at);
    out[r] = ring_line(w, y + r);
  }
  if (w->job->step_x == 3 && !w->job->grey) {
    w->kernels.group(rows, w->span, w->groups);
  } else {
    for (int r = 0; r < 4; r++) {
      read_row(w, y + r < last ? y + r : last, w->groups + r * PIXEL, GROUP);
    }
  }
  w->kernels.scale(w->groups, &w->columns, w->start, out);
}

#define WRITE_ELEMENTS(type)                                                              \
  static void write_##type(const struct job *job, const uint8_t *line, const type *table, \
                           type *tensor, int64_t y) {                                     \
    int64_t pixel = (job->top + y) * job->tensor_width + job->left;                       \
    int64_t plane = job->tensor_width * job->tensor_height;                               \
    for (int64_t c = 0; c < job->channels; c++) {                                         \
      const type *values = table + c * LEVELS;                                            \
      const uint8_t *samples = line + job->shifts[c] / 8;                                 \
      type *out = job->interleaved ? tensor + pixel * job->channels + c                   \
                                   : tensor + c * plane + pixel;                          \
      int64_t apart = job->interleaved ? job->channels : 1;                               \
      for (int64_t x = 0; x < job->out_width; x++) {                                      \
        out[x * apart] = values[samples[x * PIXEL]];                                      \
      }                                                                                   \
    }                                                                                     \
  }

WRITE_ELEMENTS(uint32_t)
WRITE_ELEMENTS(uint16_t)
WRITE_ELEMENTS(uint8_t)

static void write_row(const struct job *job, const uint8_t *line, const void *table, void *tensor,
                      int64_t y) {
  switch (job->element_bytes) {
    case 4:
      write_uint32_t(job, line, table, tensor, y);
      break;
    case 2:
      write_uint16_t(job, line, table, tensor, y);
      break;
    default:
      write_uint8_t(job, line, table, tensor, y);
  }
}

/** Adds the lines of the ring that make a row. */
static void sum_rows(struct work *w, int64_t y, int64_t bytes, uint8_t *out) {
  int64_t count = w->rows.count[y];
  for (int64_t k = 0; k < count; k++) {
    w->lines[k] = ring_line(w, w->rows.first[y] + k);
  }
  w->kernels.sum(w->lines, w->rows.weights + y * w->rows.stride, count, bytes, out);
}

static void rows_first(struct work *w, const void *table, void *tensor) {
  int64_t last = w->rows.first[w->rows.length - 1] + w->rows.count[w->rows.length - 1] - 1;
  int64_t made = 0;
  for (int64_t y = 0; y < w->rows.length; y++) {
    made = made > w->rows.first[y] ? made : w->rows.first[y];
    for (; made < w->rows.first[y] + w->rows.count[y]; made += 4) {
      scale_rows(w, made, last);
    }
    sum_rows(w, y, w->columns.length * PIXEL, w->row);
    write_row(w->job, w->row, table, tensor, y);
  }
}

static void columns_first(struct work *w, const void *table, void *tensor) {
  int64_t read = 0;
  uint8_t *between = w->row;
  uint8_t *out[4];
  for (int r = 0; r < 4; r++) {
    out[r] = w->row + padded(w->span * PIXEL) + r * padded(w->columns.length * PIXEL);
  }
  for (int64_t y = 0; y < w->rows.length; y += 4) {
    int64_t lines = w->rows.length - y < 4 ? w->rows.length - y : 4;
    for (int64_t r = 0; r < lines; r++) {
      int64_t first = w->rows.first[y + r];
      for (read = read > first ? read : first; read < first + w->rows.count[y + r]; read++) {
        read_row(w, read, ring_line(w, read), PIXEL);
      }
      sum_rows(w, y + r, w->span * PIXEL, between);
      for (int64_t x = 0; x < w->span; x++) {
        memcpy(w->groups + x * GROUP + r * PIXEL, between + x * PIXEL, PIXEL);
      }
    }
    w->kernels.scale(w->groups, &w->columns, w->start, out);
    for (int64_t r = 0; r < lines; r++) {
      write_row(w->job, out[r], table, tensor, y + r);
    }
  }
}

static int valid_axis(const struct axis *axis, int64_t length) {
  if (axis->length < 1 || axis->stride < 1) {
    return 0;
  }
  int64_t first = 0, end = 0;
  for (int64_t i = 0; i < axis->length; i++) {
    int64_t count = axis->count[i];
    int64_t start = axis->first[i];
    if (start < first || count < 1 || count > axis->stride || start + count < end) {
      return 0;
    }
    first = start;
    end = start + count;
  }
  return end <= length;
}

/** Whether all numbers are so small that no product of two overflows. */
static int valid_numbers(const struct job *job) {
  const int64_t *numbers = (const int64_t *)job;
  for (size_t i = 0; i < sizeof *job / sizeof *numbers; i++) {
    if (numbers[i] < INT32_MIN || numbers[i] > INT32_MAX) {
      return 0;
    }
  }
  return 1;
}

/** Whether all pixels that are read lie inside of the source; of two valid axes. */
static int valid_source(const struct work *w) {
  const struct job *job = w->job;
  int64_t last = w->rows.length - 1;
  int64_t top = w->rows.first[0], bottom = w->rows.first[last] + w->rows.count[last] - 1;
  int64_t left = w->start * job->step_x, right = (w->start + w->span - 1) * job->step_x;
  int64_t up = top * job->step_y, down = bottom * job->step_y;
  int64_t lowest = job->origin + (left < right ? left : right) + (up < down ? up : down);
  int64_t highest = job->origin + (left > right ? left : right) + (up > down ? up : down);
  return lowest >= 0 && highest + 3 <= job->source_bytes;
}

static int valid_tensor(const struct job *job) {
  if (job->channels < 1 || job->channels > 3 ||
      (job->element_bytes != 1 && job->element_bytes != 2 && job->element_bytes != 4)) {
    return 0;
  }
  for (int64_t c = 0; c < job->channels; c++) {
    if (job->shifts[c] != 0 && job->shifts[c] != 8 && job->shifts[c] != 16) {
      return 0;
    }
  }
  return job->left >= 0 && job->top >= 0 && job->tensor_width >= job->left + job->out_width &&
         job->tensor_height >= job->top + job->out_height &&
         job->tensor_bytes / (job->channels * job->element_bytes) / job->tensor_width >=
             job->tensor_height;
}

/**
 * Scales an image and writes it into a tensor.
 *
 * @param job the fields of struct job
 * @param columns first, count and weights of the columns; rows the same
 * @param table the element of each level, 256 for each channel
 * @return 0, or a negative number: nothing was written
 */
int32_t glimpse_pixels_write(const int64_t *numbers, const uint8_t *source,
                             const int32_t *column_first, const int32_t *column_count,
                             const int32_t *column_weights, const int32_t *row_first,
                             const int32_t *row_count, const int32_t *row_weights,
                             const void *table, void *tensor) {
  const struct job *job = (const struct job *)numbers;
  struct work w = {
      .job = job,
      .source = source,
      .columns = {column_first, column_count, column_weights, job->out_width, job->column_stride},
      .rows = {row_first, row_count, row_weights, job->out_height, job->row_stride},
      .kernels = kernels_of(job->instructions),
  };
  if (!valid_numbers(job) || !valid_axis(&w.columns, job->width) ||
      !valid_axis(&w.rows, job->height) || !valid_tensor(job)) {
    return INVALID;
  }
  int64_t last = w.columns.length - 1;
  w.start = w.columns.first[0];
  w.span = w.columns.first[last] + w.columns.count[last] - w.start;
  if (!valid_source(&w)) {
    return INVALID;
  }
  int64_t width = w.columns.length;
  w.line_bytes = padded((job->columns_first ? w.span : width) * PIXEL);
  w.ring_lines = w.rows.stride + 4;
  int64_t groups = padded(w.span * GROUP), ring = w.ring_lines * w.line_bytes;
  int64_t row = padded(w.span * PIXEL) + 4 * padded(width * PIXEL);
  int64_t lines = w.rows.stride * (int64_t)sizeof *w.lines;
  uint8_t *memory = malloc((size_t)(groups + ring + row + lines));
  if (memory == NULL) {
    return NO_MEMORY;
  }
  w.lines = (const uint8_t **)memory;
  w.groups = memory + lines;
  w.ring = w.groups + groups;
  w.row = w.ring + ring;
  if (job->columns_first) {
    columns_first(&w, table, tensor);
  } else {
    rows_first(&w, table, tensor);
  }
  free(memory);
  return OK;
}
