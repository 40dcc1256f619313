/*
 * Calls the pixel library with random jobs, most of them valid, some with a wrong number. Source,
 * weights and tensor are exactly as large as the job says, so that AddressSanitizer sees each byte
 * that is read or written beside them; and the result must be the same with all instructions. Then
 * rows of PNG, which must become what a plain loop makes of them; and parts of JPEGs, most of them
 * damaged, which must write no byte beside the part's memory.
 *
 * Usage: fuzz first-seed seeds JPEG...
 */
#include <stdio.h>

#include "../../main/c/jpeg.c"
#include "../../main/c/pixels.c"
#include "../../main/c/png.c"

static uint64_t state;

static int64_t below(int64_t bound) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (int64_t)((state >> 33) % (uint64_t)bound);
}

static void *filled(size_t bytes) {
  uint8_t *memory = malloc(bytes ? bytes : 1);
  if (memory == NULL) {
    abort();
  }
  for (size_t i = 0; i < bytes; i++) {
    memory[i] = (uint8_t)below(256);
  }
  return memory;
}

/** Makes weights for scaling from a length to part of another: of any size that the sums allow. */
static struct axis random_axis(int64_t from, int64_t length, int64_t stride) {
  struct axis axis = {NULL, NULL, NULL, length, stride};
  int32_t *first = malloc((size_t)length * sizeof *first);
  int32_t *count = malloc((size_t)length * sizeof *count);
  int32_t *weights = malloc((size_t)(length * stride) * sizeof *weights);
  if (first == NULL || count == NULL || weights == NULL) {
    abort();
  }
  int64_t start = 0, end = 1;
  for (int64_t i = 0; i < length; i++) {
    start += below(3) == 0 && start + 1 < from ? below(from - start) / 4 : 0;
    int64_t wished = start + 1 + below(stride);
    end = wished > from ? from : wished > end ? wished : end;
    start = start < end - stride ? end - stride : start;
    first[i] = (int32_t)start;
    count[i] = (int32_t)(end - start);
    for (int64_t k = 0; k < stride; k++) {
      weights[i * stride + k] = (int32_t)((below(1 << 23) - (1 << 21)) / stride);
    }
  }
  axis.first = first;
  axis.count = count;
  axis.weights = weights;
  return axis;
}

static void release(struct axis axis) {
  free((void *)axis.first);
  free((void *)axis.count);
  free((void *)axis.weights);
}

/** Runs one job with all instructions. */
static int run(uint64_t seed) {
  state = seed;
  below(2);
  int64_t width = 1 + below(below(2) ? 200 : 9), height = 1 + below(below(2) ? 200 : 9);
  int64_t out_width = 1 + below(below(2) ? 120 : 5), out_height = 1 + below(below(2) ? 120 : 5);
  struct axis columns = random_axis(width, out_width, 1 + below(40));
  struct axis rows = random_axis(height, out_height, 1 + below(40));
  int transposed = (int)below(2), mirrored = (int)below(2), flipped = (int)below(2);
  int64_t step_x = transposed ? 3 * height : 3, step_y = transposed ? 3 : 3 * width;
  static const int64_t SIZES[] = {1, 2, 4};
  int64_t grey = below(2), channels = grey ? 1 : 3, element = SIZES[below(3)];
  int64_t left = below(4), top = below(4);
  int64_t tensor_width = left + out_width + below(4), tensor_height = top + out_height + below(4);
  size_t tensor_bytes = (size_t)(tensor_width * tensor_height * channels * element);
  struct job job = {
      .source_bytes = width * height * 3,
      .origin = (mirrored ? (width - 1) * step_x : 0) + (flipped ? (height - 1) * step_y : 0),
      .step_x = mirrored ? -step_x : step_x,
      .step_y = flipped ? -step_y : step_y,
      .width = width,
      .height = height,
      .grey = grey,
      .out_width = out_width,
      .column_stride = columns.stride,
      .out_height = out_height,
      .row_stride = rows.stride,
      .columns_first = below(2),
      .tensor_bytes = (int64_t)tensor_bytes,
      .tensor_width = tensor_width,
      .tensor_height = tensor_height,
      .left = left,
      .top = top,
      .interleaved = below(2),
      .element_bytes = element,
      .channels = channels,
      .shifts = {0, 8, 16},
  };
  int wrong = below(4) == 0;
  if (wrong) {
    static const int64_t VALUES[] = {-1, 0, 1, 7, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN};
    int64_t *numbers = (int64_t *)&job;
    /* Not the lengths of the weights: C cannot know how large Java's arrays are. */
    static const int FIELDS[] = {2, 3, 4, 5, 6, 14, 15, 16, 17, 19, 20, 21, 22, 23};
    int field = FIELDS[below(14)];
    numbers[field] = below(2) ? VALUES[below(8)] : numbers[field] + (below(2) ? 1 : -1);
  }
  uint8_t *source = filled((size_t)(width * height * 3));
  uint8_t *table = filled((size_t)(LEVELS * channels * element));
  uint8_t *reference = filled(tensor_bytes), *tensor = malloc(tensor_bytes);
  uint8_t *before = malloc(tensor_bytes);
  if (tensor == NULL || before == NULL) {
    abort();
  }
  memcpy(before, reference, tensor_bytes);
  int failed = 0;
  for (int64_t i = BASELINE; i <= glimpse_pixels_instructions(); i++) {
    job.instructions = i;
    uint8_t *to = i == BASELINE ? reference : tensor;
    memcpy(to, before, tensor_bytes);
    int32_t result = glimpse_pixels_write((const int64_t *)&job, source, columns.first,
                                          columns.count, columns.weights, rows.first, rows.count,
                                          rows.weights, table, to);
    failed |= !wrong && result != OK;
    failed |= result != OK && memcmp(to, before, tensor_bytes) != 0;
    failed |= memcmp(to, reference, tensor_bytes) != 0;
  }
  free(source);
  free(table);
  free(reference);
  free(tensor);
  free(before);
  release(columns);
  release(rows);
  return failed;
}

static uint8_t predicted(int filter, int left, int up, int corner) {
  int far_left = abs(up - corner), far_up = abs(left - corner);
  int far_corner = abs(left + up - 2 * corner);
  int paeth = far_left <= far_up && far_left <= far_corner ? left
              : far_up <= far_corner                       ? up
                                                           : corner;
  int all[] = {0, left, up, (left + up) / 2, paeth};
  return (uint8_t)all[filter];
}

/** Reverses the filters of random rows; some of the numbers, or of the filters, are wrong. */
static int run_png(uint64_t seed) {
  state = seed;
  int64_t rows = 1 + below(6), step = 3 + below(2), bytes = step * (1 + below(40));
  int64_t size = rows * (1 + bytes);
  uint8_t *data = filled((size_t)size), *expected = malloc((size_t)(rows * bytes));
  uint8_t *zeros = calloc((size_t)bytes, 1);
  if (expected == NULL || zeros == NULL) {
    abort();
  }
  int unknown = 0;
  for (int64_t y = 0; y < rows; y++) {
    int filter = (int)below(below(10) == 0 ? 6 : 5);
    data[y * (1 + bytes)] = (uint8_t)filter;
    unknown |= filter > PAETH;
    for (int64_t i = 0; i < bytes && !unknown; i++) {
      const uint8_t *above = expected + (y - 1) * bytes;
      int left = i < step ? 0 : expected[y * bytes + i - step];
      int up = y == 0 ? 0 : above[i], corner = y == 0 || i < step ? 0 : above[i - step];
      expected[y * bytes + i] =
          (uint8_t)(data[y * (1 + bytes) + 1 + i] + predicted(filter, left, up, corner));
    }
  }
  int failed = glimpse_png_unfilter(data, size, zeros, rows + 1, bytes, (int32_t)step) != INVALID_PNG;
  failed |= glimpse_png_unfilter(data, size, zeros, rows, bytes + 1, (int32_t)step) != INVALID_PNG;
  failed |= glimpse_png_unfilter(data, size, zeros, rows, bytes, 5) != INVALID_PNG;
  int32_t result = glimpse_png_unfilter(data, size, zeros, rows, bytes, (int32_t)step);
  failed |= result != (unknown ? UNKNOWN_FILTER : UNFILTERED);
  failed |= !unknown && memcmp(data, expected, (size_t)(rows * bytes)) != 0;
  if (!unknown && step == 4) {
    glimpse_png_over_white(data, rows * bytes / 4);
    for (int64_t i = 0; i < rows * bytes / 4; i++) {
      for (int c = 0; c < 3; c++) {
        int alpha = expected[i * 4 + 3];
        double exact = expected[i * 4 + c] * (alpha / 255.0) + 255 * (1 - alpha / 255.0);
        failed |= data[i * 3 + c] != (int)(exact + 0.5);
      }
    }
  }
  free(data);
  free(expected);
  free(zeros);
  return failed;
}

/** Bytes behind the memory, as libjpeg-turbo's code is not watched by AddressSanitizer. */
#define GUARD 4096

struct file {
  uint8_t *bytes;
  int64_t length;
};

static struct file read_file(const char *name) {
  FILE *opened = fopen(name, "rb");
  if (opened == NULL || fseek(opened, 0, SEEK_END) != 0) {
    abort();
  }
  struct file file = {NULL, ftell(opened)};
  rewind(opened);
  file.bytes = malloc((size_t)file.length);
  if (file.bytes == NULL || fread(file.bytes, 1, (size_t)file.length, opened) != (size_t)file.length) {
    abort();
  }
  fclose(opened);
  return file;
}

static int64_t sides(const struct file *jpeg_file, int64_t *height) {
  for (int64_t i = 2; i + 9 < jpeg_file->length;) {
    const uint8_t *at = jpeg_file->bytes + i;
    if (at[1] == 0xC0) {
      *height = at[5] << 8 | at[6];
      return at[7] << 8 | at[8];
    }
    i += 2 + (at[2] << 8 | at[3]);
  }
  abort();
}

/** Decodes a part of a file in which some bytes are wrong, or some of the numbers. */
static int run_jpeg(uint64_t seed, const struct file *original) {
  state = seed;
  static const int64_t EIGHTHS[] = {1, 2, 4, 8};
  int64_t height, width = sides(original, &height), eighths = EIGHTHS[below(4)];
  int64_t columns = scaled(width, eighths), rows = scaled(height, eighths);
  int64_t part_columns = 1 + below(columns), part_rows = 1 + below(rows);
  int64_t most = (part_columns + 16) * (part_rows + 1) * SAMPLES;
  struct jpeg_job job = {
      .width = width,
      .height = height,
      .eighths = eighths,
      .left = below(columns - part_columns + 1),
      .top = below(rows - part_rows + 1),
      .columns = part_columns,
      .rows = part_rows,
      .pixels_bytes = most,
  };
  int damaged = below(4) != 0, wrong = below(4) == 0;
  if (wrong) {
    static const int64_t VALUES[] = {-1, 0, 1, 7, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN};
    int64_t *numbers = (int64_t *)&job;
    int field = (int)below(7);
    numbers[field] = below(2) ? VALUES[below(8)] : numbers[field] + (below(2) ? 1 : -1);
  }
  if (below(8) == 0) {
    job.pixels_bytes = below(most);
    wrong = 1;
  }
  int64_t bytes = damaged && below(4) == 0 ? 1 + below(original->length) : original->length;
  uint8_t *file = malloc((size_t)bytes), *pixels = malloc((size_t)(job.pixels_bytes + GUARD));
  if (file == NULL || pixels == NULL) {
    abort();
  }
  memcpy(file, original->bytes, (size_t)bytes);
  for (int64_t i = damaged ? below(6) : 0; i > 0; i--) {
    file[below(below(2) ? bytes : bytes < 700 ? bytes : 700)] = (uint8_t)below(256);
  }
  memset(pixels + job.pixels_bytes, 0x5A, GUARD);
  int32_t result = glimpse_jpeg_decode((int64_t *)&job, file, bytes, pixels);
  int failed = !damaged && !wrong && result != DECODED;
  for (int64_t i = 0; i < GUARD; i++) {
    failed |= pixels[job.pixels_bytes + i] != 0x5A;
  }
  free(file);
  free(pixels);
  return failed;
}

int main(int argc, char **argv) {
  int has_jpeg = glimpse_jpeg_load() != 0;
  uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
  uint64_t seeds = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000;
  struct file files[16] = {{NULL, 0}};
  int jpegs = argc > 3 && has_jpeg ? argc - 3 : 0;
  for (int i = 0; i < jpegs && i < 16; i++) {
    files[i] = read_file(argv[3 + i]);
  }
  for (uint64_t seed = first; seed < first + seeds; seed++) {
    if (run(seed) || run_png(seed) || (jpegs > 0 && run_jpeg(seed, &files[seed % (uint64_t)jpegs]))) {
      printf("seed %llu failed\n", (unsigned long long)seed);
      return 1;
    }
  }
  for (int i = 0; i < jpegs; i++) {
    free(files[i].bytes);
  }
  printf("%llu seeds with instructions 0 to %d, libjpeg %d\n", (unsigned long long)seeds,
         glimpse_pixels_instructions(), jpeg.version);
  return 0;
}
