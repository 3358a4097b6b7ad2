// jpeglib.h uses FILE and size_t without declaring them.
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>
#include <jpeglib.h>
#include <jerror.h>

// For a damaged file, libjpeg returns by longjmp, which must not skip Swift frames. So the two
// calls that can fail, decode and encode, are made here, where setjmp is called.

typedef struct {
    struct jpeg_error_mgr base;
    jmp_buf escape;
    int damage;  // first warning that means lost picture data, 0 for none
    char message[JMSG_LENGTH_MAX];
} geoatlas_jpeg_errors;

static inline void geoatlas_jpeg_exit(j_common_ptr info) {
    geoatlas_jpeg_errors *errors = (geoatlas_jpeg_errors *)info->err;
    errors->base.format_message(info, errors->message);
    longjmp(errors->escape, 1);
}

static inline void geoatlas_jpeg_message(j_common_ptr info, int level) {
    geoatlas_jpeg_errors *errors = (geoatlas_jpeg_errors *)info->err;
    int code = errors->base.msg_code;
    if (level >= 0 || errors->damage) return;
    if (code == JWRN_EXTRANEOUS_DATA || code == JWRN_ADOBE_XFORM || code == JWRN_JFIF_MAJOR) return;
    errors->damage = code;
    errors->base.format_message(info, errors->message);
}

// Pixels of a JPEG: `channels` 3 (RGB) or 4 (CMYK as stored; inverted if `adobe`). Returns 0 and a
// malloc'ed buffer, 1 for damage (message), 2 when width * height exceeds `limit`.
// With `pixels` NULL only the header is read.
static inline int geoatlas_jpeg_decode(const unsigned char *bytes, size_t count, size_t limit,
                                       unsigned char **pixels, int *width, int *height,
                                       int *channels, int *adobe, char message[JMSG_LENGTH_MAX]) {
    struct jpeg_decompress_struct info;
    geoatlas_jpeg_errors errors;
    unsigned char *volatile buffer = NULL;
    memset(&errors, 0, sizeof errors);
    info.err = jpeg_std_error(&errors.base);
    errors.base.error_exit = geoatlas_jpeg_exit;
    errors.base.emit_message = geoatlas_jpeg_message;
    if (setjmp(errors.escape)) {
        memcpy(message, errors.message, JMSG_LENGTH_MAX);
        jpeg_destroy_decompress(&info);
        free(buffer);
        return 1;
    }
    jpeg_create_decompress(&info);
    jpeg_mem_src(&info, bytes, count);
    jpeg_read_header(&info, TRUE);
    *width = (int)info.image_width;
    *height = (int)info.image_height;
    if ((size_t)info.image_width * info.image_height > limit) {
        jpeg_destroy_decompress(&info);
        return 2;
    }
    if (pixels) {
        int cmyk = info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
        info.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
        *channels = cmyk ? 4 : 3;
        *adobe = info.saw_Adobe_marker;
        jpeg_start_decompress(&info);
        size_t row = (size_t)info.output_width * *channels;
        buffer = malloc(row * info.output_height);
        if (!buffer) ERREXIT1(&info, JERR_OUT_OF_MEMORY, 0);
        while (info.output_scanline < info.output_height) {
            JSAMPROW line = buffer + row * info.output_scanline;
            jpeg_read_scanlines(&info, &line, 1);
        }
        jpeg_finish_decompress(&info);
    }
    jpeg_destroy_decompress(&info);
    if (errors.damage) {
        memcpy(message, errors.message, JMSG_LENGTH_MAX);
        free(buffer);
        return 1;
    }
    if (pixels) *pixels = buffer;
    return 0;
}

// A JPEG of `width` x `height` RGB pixels into a malloc'ed buffer; 0, or 1 with a message.
static inline int geoatlas_jpeg_encode(const unsigned char *pixels, int width, int height,
                                       int quality, int fullChroma, unsigned char **bytes,
                                       unsigned long *count, char message[JMSG_LENGTH_MAX]) {
    struct jpeg_compress_struct info;
    geoatlas_jpeg_errors errors;
    memset(&errors, 0, sizeof errors);
    *bytes = NULL;
    *count = 0;
    info.err = jpeg_std_error(&errors.base);
    errors.base.error_exit = geoatlas_jpeg_exit;
    if (setjmp(errors.escape)) {
        memcpy(message, errors.message, JMSG_LENGTH_MAX);
        jpeg_destroy_compress(&info);
        free(*bytes);
        *bytes = NULL;
        return 1;
    }
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, bytes, count);
    info.image_width = width;
    info.image_height = height;
    info.input_components = 3;
    info.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, quality, TRUE);
    info.optimize_coding = TRUE;
    if (fullChroma) info.comp_info[0].h_samp_factor = info.comp_info[0].v_samp_factor = 1;
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < info.image_height) {
        JSAMPROW line = (JSAMPROW)(pixels + (size_t)info.next_scanline * width * 3);
        jpeg_write_scanlines(&info, &line, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    return 0;
}
