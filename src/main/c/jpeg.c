/*
 * Decodes a part of a JPEG with libjpeg-turbo's own interface, which can skip rows and columns;
 * TurboJPEG, which decodes whole images, can from version 3 on only. The pixels are those of
 * TurboJPEG, to the bit.
 *
 * The library is looked for when it is first needed, and no header of it is included: its
 * structures differ between distributions in what follows the fields declared here. It tells the
 * version and the size of them itself, when it refuses wrong ones.
 */
#include <dlfcn.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { DECODED = 0, NOT_DECODED = -1 };

/** Samples of a pixel: red, green and blue. */
#define SAMPLES 3

/** What libjpeg calls JCS_RGB. */
#define RGB 2

/** Fields of struct jpeg_error_mgr. */
struct errors {
  void (*error_exit)(void *decoder);
  void (*emit_message)(void *decoder, int level);
  void (*output_message)(void *decoder);
  void (*format_message)(void *decoder, char *buffer);
  void (*reset)(void *decoder);
  int code;
  union {
    int numbers[8];
    char text[80];
  } parameters;
  int trace_level;
  long warnings;
  const char *const *messages;
  int last_message;
  const char *const *more_messages;
  int first_of_more, last_of_more;
  /* Ours, behind the library's. */
  jmp_buf failed;
};

/** The first fields of struct jpeg_decompress_struct, which all versions have in common. */
struct decoder {
  struct errors *errors;
  void *memory, *progress, *client_data;
  int is_decompressor, state;
  void *source;
  unsigned int width, height;
  int components, stored_colours, colours;
  unsigned int scale_numerator, scale_denominator;
  double gamma;
  int buffered, raw;
  int dct_method;
  int fancy_upsampling, block_smoothing, quantize, dither, two_passes, desired_colours;
  int enable_one_pass, enable_external, enable_two_passes;
  unsigned int output_width, output_height;
  int colour_components, output_components, recommended_rows, actual_colours;
  unsigned char **colour_map;
  unsigned int row;
};

/** Room for the whole structure of any version. */
union any_decoder {
  struct decoder known;
  char whole[2048];
};

/** The library's functions. */
static struct {
  int version;
  size_t size;
  struct errors *(*std_error)(struct errors *errors);
  void (*create)(struct decoder *decoder, int version, size_t size);
  void (*mem_src)(struct decoder *decoder, const unsigned char *file, unsigned long bytes);
  int (*read_header)(struct decoder *decoder, int require_image);
  int (*start)(struct decoder *decoder);
  void (*crop)(struct decoder *decoder, unsigned int *left, unsigned int *width);
  unsigned int (*skip)(struct decoder *decoder, unsigned int rows);
  unsigned int (*read)(struct decoder *decoder, unsigned char **rows, unsigned int count);
  int (*finish)(struct decoder *decoder);
  void (*destroy)(struct decoder *decoder);
} jpeg;

static void fail(void *decoder) { longjmp(((struct decoder *)decoder)->errors->failed, 1); }

/** Ends at the first warning: the caller decodes the whole image, and judges it. */
static void end_at_warning(void *decoder, int level) {
  if (level < 0) {
    fail(decoder);
  }
}

/** Returns the number that the library expects, where it refuses the one that it is given. */
static int expected(int version, size_t size) {
  union any_decoder decoder;
  struct errors errors;
  memset(&decoder, 0, sizeof decoder);
  decoder.known.errors = jpeg.std_error(&errors);
  errors.error_exit = fail;
  if (setjmp(errors.failed) == 0) {
    jpeg.create(&decoder.known, version, size);
    jpeg.destroy(&decoder.known);
    return 0;
  }
  return errors.parameters.numbers[0];
}

static void *function(void *library, const char *name) {
  return library == NULL ? NULL : dlsym(library, name);
}

static int load(const char *name) {
  void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  *(void **)&jpeg.std_error = function(library, "jpeg_std_error");
  *(void **)&jpeg.create = function(library, "jpeg_CreateDecompress");
  *(void **)&jpeg.mem_src = function(library, "jpeg_mem_src");
  *(void **)&jpeg.read_header = function(library, "jpeg_read_header");
  *(void **)&jpeg.start = function(library, "jpeg_start_decompress");
  *(void **)&jpeg.crop = function(library, "jpeg_crop_scanline");
  *(void **)&jpeg.skip = function(library, "jpeg_skip_scanlines");
  *(void **)&jpeg.read = function(library, "jpeg_read_scanlines");
  *(void **)&jpeg.finish = function(library, "jpeg_finish_decompress");
  *(void **)&jpeg.destroy = function(library, "jpeg_destroy_decompress");
  if (!jpeg.std_error || !jpeg.create || !jpeg.mem_src || !jpeg.read_header || !jpeg.start ||
      !jpeg.crop || !jpeg.skip || !jpeg.read || !jpeg.finish || !jpeg.destroy) {
    return 0;
  }
  jpeg.version = expected(-1, 0);
  int size = expected(jpeg.version, 0);
  jpeg.size = (size_t)size;
  return jpeg.version > 0 && size >= (int)sizeof(struct decoder) &&
         size <= (int)sizeof(union any_decoder) && expected(jpeg.version, jpeg.size) == 0;
}

/**
 * Loads the library. To be called once, before any other function.
 *
 * @return the version of its interface, 62 or more; 0 if it is missing or too old
 */
int32_t glimpse_jpeg_load(void) {
  /* The names on Debian and Red Hat, and on Ubuntu and Alpine. */
  return load("libjpeg.so.62") || load("libjpeg.so.8") ? jpeg.version : 0;
}

/** What Java passes, in its order; the last two are results. */
struct jpeg_job {
  /* The whole image, as its header has it, and at which fraction of its size it is decoded. */
  int64_t width, height, eighths;
  /* The part to decode, in pixels of the decoded image. */
  int64_t left, top, columns, rows;
  int64_t pixels_bytes;
  /* The columns that are written: the part's, and some more. */
  int64_t written_left, written_columns;
};

static int64_t scaled(int64_t length, int64_t eighths) { return (length * eighths + 7) / 8; }

/** Whether a number is in a range that no sum of two leaves. */
static int in_range(int64_t number, int64_t lowest) {
  return number >= lowest && number <= UINT16_MAX;
}

static int valid_job(const struct jpeg_job *job) {
  return in_range(job->width, 1) && in_range(job->height, 1) && in_range(job->eighths, 1) &&
         job->eighths <= 8 && in_range(job->left, 0) && in_range(job->columns, 1) &&
         in_range(job->top, 0) && in_range(job->rows, 1) && job->pixels_bytes >= 0 &&
         job->left + job->columns <= scaled(job->width, job->eighths) &&
         job->top + job->rows <= scaled(job->height, job->eighths);
}

/** Prepares for the part; returns false if the file is not the expected one. */
static int start_part(struct decoder *decoder, struct jpeg_job *job, const uint8_t *file, int64_t bytes) {
  jpeg.mem_src(decoder, file, (unsigned long)bytes);
  jpeg.read_header(decoder, 1);
  if (decoder->width != job->width || decoder->height != job->height ||
      decoder->components != SAMPLES) {
    return 0;
  }
  decoder->colours = RGB;
  decoder->scale_numerator = (unsigned int)job->eighths;
  decoder->scale_denominator = 8;
  jpeg.start(decoder);
  if (decoder->output_width != scaled(job->width, job->eighths) ||
      decoder->output_height != scaled(job->height, job->eighths) ||
      decoder->output_components != SAMPLES) {
    return 0;
  }
  unsigned int left = (unsigned int)job->left, columns = (unsigned int)job->columns;
  jpeg.crop(decoder, &left, &columns);
  job->written_left = left;
  job->written_columns = columns;
  return left <= job->left && left + columns >= job->left + job->columns &&
         decoder->output_width == columns &&
         job->pixels_bytes / (columns * SAMPLES) > job->rows;
}

/** Reads one row, as the library may return fewer than it is asked for. */
static void next_row(struct decoder *decoder, unsigned char *row) {
  unsigned char *rows[1] = {row};
  while (jpeg.read(decoder, rows, 1) == 0) {
  }
}

static void decode_part(struct decoder *decoder, const struct jpeg_job *job, uint8_t *pixels) {
  int64_t pitch = job->written_columns * SAMPLES;
  if (job->top > 0) {
    jpeg.skip(decoder, (unsigned int)job->top);
  }
  for (int64_t y = 0; y < job->rows; y++) {
    next_row(decoder, pixels + y * pitch);
  }
  /* All of the file is read, to see whether it is whole: skipping its last row would not do that. */
  unsigned int rest = decoder->output_height - decoder->row;
  if (rest > 1) {
    jpeg.skip(decoder, rest - 1);
  }
  if (rest > 0) {
    next_row(decoder, pixels + job->rows * pitch);
  }
  jpeg.finish(decoder);
}

/**
 * Decodes a part of an image in red, green and blue, whose file holds all colours in one scan.
 *
 * @param numbers the fields of struct jpeg_job
 * @param pixels receives rows of written_columns pixels of three bytes; has room for one row more
 * @return 0, or a negative number if the file has to be decoded otherwise: the library has an error
 *     or a warning, or another image is in it than expected; pixels then hold anything
 */
int32_t glimpse_jpeg_decode(int64_t *numbers, const uint8_t *file, int64_t bytes, uint8_t *pixels) {
  struct jpeg_job *job = (struct jpeg_job *)numbers;
  union any_decoder decoder;
  struct errors errors;
  if (!valid_job(job)) {
    return NOT_DECODED;
  }
  memset(&decoder, 0, sizeof decoder);
  decoder.known.errors = jpeg.std_error(&errors);
  errors.error_exit = fail;
  errors.emit_message = end_at_warning;
  /* Volatile, as it is read after a jump back. */
  volatile int result = NOT_DECODED;
  if (setjmp(errors.failed) == 0) {
    jpeg.create(&decoder.known, jpeg.version, jpeg.size);
    if (start_part(&decoder.known, job, file, bytes)) {
      decode_part(&decoder.known, job, pixels);
      result = DECODED;
    }
  }
  jpeg.destroy(&decoder.known);
  return result;
}
