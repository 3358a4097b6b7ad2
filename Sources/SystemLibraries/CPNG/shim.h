#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <png.h>

// For a damaged file, libpng returns by longjmp, which must not skip Swift frames. So each call that
// can fail is made here, after setjmp.

// A file that is being decoded.
typedef struct {
    const unsigned char *bytes;
    size_t count;
    size_t position;
    char message[200];  // what is wrong, empty if nothing is
    png_structp png;
    png_infop info;
} geoatlas_png;

typedef struct {
    unsigned char *bytes;
    size_t count;
    size_t capacity;
} geoatlas_png_sink;

static inline void geoatlas_png_fail(png_structp png, png_const_charp text) {
    geoatlas_png *reader = png_get_error_ptr(png);
    if (reader && !reader->message[0]) {
        strncpy(reader->message, text, sizeof reader->message - 1);
    }
    longjmp(png_jmpbuf(png), 1);
}

// Of all warnings only that of a wrong checksum is kept.
static inline void geoatlas_png_warn(png_structp png, png_const_charp text) {
    geoatlas_png *reader = png_get_error_ptr(png);
    if (reader && !reader->message[0] && strstr(text, "IDAT: CRC error")) {
        strncpy(reader->message, text, sizeof reader->message - 1);
    }
}

static inline void geoatlas_png_take(png_structp png, png_bytep bytes, size_t count) {
    geoatlas_png *reader = png_get_io_ptr(png);
    if (count > reader->count - reader->position) png_error(png, "the file ends too early");
    memcpy(bytes, reader->bytes + reader->position, count);
    reader->position += count;
}

// Reads the header. NULL without memory. If `message` is not empty, the header is damaged.
static inline geoatlas_png *geoatlas_png_open(const unsigned char *bytes, size_t count) {
    geoatlas_png *reader = calloc(1, sizeof(geoatlas_png));
    if (!reader) return NULL;
    reader->bytes = bytes;
    reader->count = count;
    reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, geoatlas_png_fail,
                                         geoatlas_png_warn);
    reader->info = reader->png ? png_create_info_struct(reader->png) : NULL;
    if (!reader->info) {
        png_destroy_read_struct(&reader->png, NULL, NULL);
        free(reader);
        return NULL;
    }
    if (setjmp(png_jmpbuf(reader->png))) return reader;
    png_set_read_fn(reader->png, reader, geoatlas_png_take);
    png_set_user_limits(reader->png, 0x7fffffff, 0x7fffffff);
    png_read_info(reader->png, reader->info);
    return reader;
}

// Begins to decode to RGB or, with transparency, RGBA bytes; palette, grey and 16 bits (upper byte)
// are expanded. Rows of an interlaced picture come pass by pass. Returns the number of channels, or 0
// for damage.
static inline int geoatlas_png_start(geoatlas_png *reader) {
    png_structp png = reader->png;
    if (setjmp(png_jmpbuf(png))) return 0;
    int has_alpha = (png_get_color_type(png, reader->info) & PNG_COLOR_MASK_ALPHA)
        || png_get_valid(png, reader->info, PNG_INFO_tRNS);
    // A wrong checksum of picture data is told, but the picture is shown if it can be unpacked.
    png_set_crc_action(png, PNG_CRC_WARN_USE, PNG_CRC_WARN_DISCARD);
    png_set_strip_16(png);
    png_set_expand(png);
    png_set_gray_to_rgb(png);
    png_read_update_info(png, reader->info);
    int channels = has_alpha ? 4 : 3;
    if (png_get_channels(png, reader->info) != channels || png_get_bit_depth(png, reader->info) != 8)
        png_error(png, "unknown pixel layout");
    return channels;
}

// The next row. 0, or 1 for damage.
static inline int geoatlas_png_row(geoatlas_png *reader, unsigned char *row) {
    if (setjmp(png_jmpbuf(reader->png))) return 1;
    png_read_row(reader->png, row, NULL);
    return 0;
}

// Reads to the end of the file, so that damage there is seen.
static inline void geoatlas_png_finish(geoatlas_png *reader) {
    if (setjmp(png_jmpbuf(reader->png))) return;
    png_read_end(reader->png, NULL);
}

static inline void geoatlas_png_close(geoatlas_png *reader) {
    png_destroy_read_struct(&reader->png, &reader->info, NULL);
    free(reader);
}

// The ICC profile, which belongs to the reader; NULL without one.
static inline const unsigned char *geoatlas_png_profile(geoatlas_png *reader, unsigned int *count) {
    png_charp name;
    png_bytep profile;
    int compression;
    png_uint_32 length;
    if (setjmp(png_jmpbuf(reader->png))) return NULL;
    if (!png_get_iCCP(reader->png, reader->info, &name, &compression, &profile, &length)) return NULL;
    *count = length;
    return profile;
}

static inline void geoatlas_png_give(png_structp png, png_bytep bytes, size_t count) {
    geoatlas_png_sink *sink = png_get_io_ptr(png);
    if (sink->count + count > sink->capacity) {
        size_t capacity = (sink->count + count) * 2;
        unsigned char *grown = realloc(sink->bytes, capacity);
        if (!grown) png_error(png, "out of memory");
        sink->bytes = grown;
        sink->capacity = capacity;
    }
    memcpy(sink->bytes + sink->count, bytes, count);
    sink->count += count;
}

static inline void geoatlas_png_flush(png_structp png) { (void)png; }

// A PNG of `width` x `height` pixels, RGB with 3 channels and RGBA with 4, into a malloc'ed buffer; 0, or
// 1 with a message.
static inline int geoatlas_png_encode(const unsigned char *pixels, int width, int height,
                                      int channels, unsigned char **bytes, size_t *count,
                                      char message[200]) {
    geoatlas_png errors = {0};
    geoatlas_png_sink sink = {NULL, 0, 0};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &errors, geoatlas_png_fail,
                                              geoatlas_png_warn);
    if (!png) return 1;
    png_infop info = png_create_info_struct(png);
    if (setjmp(png_jmpbuf(png))) {
        memcpy(message, errors.message, sizeof errors.message);
        png_destroy_write_struct(&png, &info);
        free(sink.bytes);
        return 1;
    }
    if (!info) png_error(png, "out of memory");
    png_set_write_fn(png, &sink, geoatlas_png_give, geoatlas_png_flush);
    png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, 8,
                 channels == 4 ? PNG_COLOR_TYPE_RGBA : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    size_t row = (size_t)width * (size_t)channels;
    for (int y = 0; y < height; y++) {
        png_write_row(png, (png_const_bytep)(pixels + (size_t)y * row));
    }
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    *bytes = sink.bytes;
    *count = sink.count;
    return 0;
}
