#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <png.h>

// For a damaged file, libpng returns by longjmp, which must not skip Swift frames. So decode and
// encode are made here, where setjmp is called.

typedef struct {
    const unsigned char *bytes;
    size_t count;
    size_t position;
    char message[200];
} geoatlas_png_source;

typedef struct {
    unsigned char *bytes;
    size_t count;
    size_t capacity;
} geoatlas_png_sink;

static inline void geoatlas_png_fail(png_structp png, png_const_charp text) {
    geoatlas_png_source *source = png_get_error_ptr(png);
    if (source) {
        strncpy(source->message, text, sizeof source->message - 1);
    }
    longjmp(png_jmpbuf(png), 1);
}

static inline void geoatlas_png_ignore(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static inline void geoatlas_png_take(png_structp png, png_bytep bytes, size_t count) {
    geoatlas_png_source *source = png_get_io_ptr(png);
    if (count > source->count - source->position) png_error(png, "the file ends too early");
    memcpy(bytes, source->bytes + source->position, count);
    source->position += count;
}

// Pixels of a PNG as RGBA bytes, palette, grey, transparency and 16 bits (upper byte) expanded.
// Returns 0 and a malloc'ed buffer, 1 for damage (message), 2 when width * height exceeds `limit`.
// With `pixels` NULL only the header is read.
static inline int geoatlas_png_decode(const unsigned char *bytes, size_t count, size_t limit,
                                      unsigned char **pixels, int *width, int *height,
                                      char message[200]) {
    geoatlas_png_source source = {bytes, count, 0, {0}};
    unsigned char *volatile buffer = NULL;
    png_bytep *volatile rows = NULL;
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source, geoatlas_png_fail,
                                             geoatlas_png_ignore);
    if (!png) return 1;
    // Created before setjmp, because a variable that changes after setjmp has an undefined value
    // after longjmp.
    png_infop info = png_create_info_struct(png);
    if (setjmp(png_jmpbuf(png))) {
        memcpy(message, source.message, sizeof source.message);
        png_destroy_read_struct(&png, &info, NULL);
        free(buffer);
        free((void *)rows);
        return 1;
    }
    if (!info) png_error(png, "out of memory");
    png_set_read_fn(png, &source, geoatlas_png_take);
    png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
    png_read_info(png, info);
    *width = (int)png_get_image_width(png, info);
    *height = (int)png_get_image_height(png, info);
    if ((size_t)*width * (size_t)*height > limit) {
        png_destroy_read_struct(&png, &info, NULL);
        return 2;
    }
    if (pixels) {
        png_set_strip_16(png);
        png_set_expand(png);
        png_set_gray_to_rgb(png);
        png_set_add_alpha(png, 0xff, PNG_FILLER_AFTER);
        png_set_interlace_handling(png);
        png_read_update_info(png, info);
        size_t row = png_get_rowbytes(png, info);
        if (row != (size_t)*width * 4) png_error(png, "unknown pixel layout");
        buffer = malloc(row * (size_t)*height);
        rows = malloc(sizeof(png_bytep) * (size_t)*height);
        if (!buffer || !rows) png_error(png, "out of memory");
        for (int y = 0; y < *height; y++) rows[y] = buffer + row * (size_t)y;
        png_read_image(png, (png_bytep *)rows);
        png_read_end(png, NULL);
        *pixels = buffer;
    }
    png_destroy_read_struct(&png, &info, NULL);
    free((void *)rows);
    return 0;
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

// A PNG of `width` x `height` RGB pixels into a malloc'ed buffer; 0, or 1 with a message.
static inline int geoatlas_png_encode(const unsigned char *pixels, int width, int height,
                                      unsigned char **bytes, size_t *count, char message[200]) {
    geoatlas_png_source errors = {NULL, 0, 0, {0}};
    geoatlas_png_sink sink = {NULL, 0, 0};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &errors, geoatlas_png_fail,
                                              geoatlas_png_ignore);
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
    png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, 8, PNG_COLOR_TYPE_RGB,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (int y = 0; y < height; y++) {
        png_write_row(png, (png_const_bytep)(pixels + (size_t)y * (size_t)width * 3));
    }
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    *bytes = sink.bytes;
    *count = sink.count;
    return 0;
}
