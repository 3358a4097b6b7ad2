// jpeglib.h uses FILE and size_t without declaring them.
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>
#include <jpeglib.h>
#include <jerror.h>

// For a damaged file, libjpeg returns by longjmp, which must not skip Swift frames. So each call that
// can fail is made here, after setjmp.

typedef struct {
    struct jpeg_error_mgr base;
    jmp_buf escape;
    int damage;  // first warning that means lost picture data, 0 for none
    char message[JMSG_LENGTH_MAX];
} geoatlas_jpeg_errors;

static inline void geoatlas_jpeg_exit(j_common_ptr info) {
    geoatlas_jpeg_errors *errors = (geoatlas_jpeg_errors *)info->err;
    if (!errors->damage) errors->base.format_message(info, errors->message);
    longjmp(errors->escape, 1);
}

// A file that is being decoded.
typedef struct {
    geoatlas_jpeg_errors errors;
    struct jpeg_progress_mgr progress;
    struct jpeg_decompress_struct info;
    size_t work;        // blocks read so far, over all scans
    size_t work_limit;  // 0 for none
    int is_exhausted;   // whether the limit ended the decoding
    int is_empty;       // whether damage came before the first row of blocks
    int is_broken;      // whether the header could not be read
} geoatlas_jpeg;

static inline void geoatlas_jpeg_warning(j_common_ptr info, int level) {
    geoatlas_jpeg *reader = (geoatlas_jpeg *)info->err;
    int code = reader->errors.base.msg_code;
    if (level >= 0 || reader->errors.damage) return;
    if (code == JWRN_EXTRANEOUS_DATA || code == JWRN_ADOBE_XFORM || code == JWRN_JFIF_MAJOR) return;
    reader->errors.damage = code;
    reader->errors.base.format_message(info, reader->errors.message);
    reader->is_empty = reader->info.input_scan_number <= 1 && reader->info.input_iMCU_row == 0;
}

// libjpeg calls this for each row of blocks that it reads from the file.
static inline void geoatlas_jpeg_progress(j_common_ptr common) {
    geoatlas_jpeg *reader = (geoatlas_jpeg *)common->err;
    j_decompress_ptr info = &reader->info;
    size_t rows = info->comps_in_scan == 1 ? info->cur_comp_info[0]->v_samp_factor : 1;
    reader->work += rows * info->MCUs_per_row * info->blocks_in_MCU;
    if (reader->work_limit && reader->work > reader->work_limit) {
        reader->is_exhausted = 1;
        longjmp(reader->errors.escape, 1);
    }
}

// Reads the header. NULL without memory.
static inline geoatlas_jpeg *geoatlas_jpeg_open(const unsigned char *bytes, size_t count) {
    geoatlas_jpeg *reader = calloc(1, sizeof(geoatlas_jpeg));
    if (!reader) return NULL;
    reader->info.err = jpeg_std_error(&reader->errors.base);
    reader->errors.base.error_exit = geoatlas_jpeg_exit;
    reader->errors.base.emit_message = geoatlas_jpeg_warning;
    reader->progress.progress_monitor = geoatlas_jpeg_progress;
    if (setjmp(reader->errors.escape)) {
        reader->is_broken = 1;
        return reader;
    }
    jpeg_create_decompress(&reader->info);
    reader->info.progress = &reader->progress;
    jpeg_mem_src(&reader->info, bytes, count);
    jpeg_save_markers(&reader->info, JPEG_APP0 + 2, 0xFFFF);
    jpeg_read_header(&reader->info, TRUE);
    return reader;
}

static inline int geoatlas_jpeg_is_cmyk(const geoatlas_jpeg *reader) {
    return reader->info.jpeg_color_space == JCS_CMYK || reader->info.jpeg_color_space == JCS_YCCK;
}

// Bytes that libjpeg keeps for the whole picture: the coefficients, if it comes in several scans.
static inline size_t geoatlas_jpeg_memory(geoatlas_jpeg *reader) {
    if (!jpeg_has_multiple_scans(&reader->info)) return 0;
    size_t blocks = 0;
    for (int index = 0; index < reader->info.num_components; index++) {
        const jpeg_component_info *component = &reader->info.comp_info[index];
        blocks += (size_t)component->width_in_blocks * component->height_in_blocks;
    }
    return blocks * sizeof(JBLOCK);
}

// Begins to decode to RGB, or to CMYK as stored, with sides divided by 1, 2, 4 or 8. 0, or 1 for damage.
static inline int geoatlas_jpeg_start(geoatlas_jpeg *reader, int divisor, size_t work_limit) {
    if (setjmp(reader->errors.escape)) return 1;
    reader->work_limit = work_limit;
    reader->info.out_color_space = geoatlas_jpeg_is_cmyk(reader) ? JCS_CMYK : JCS_RGB;
    reader->info.scale_num = 1;
    reader->info.scale_denom = divisor;
    jpeg_start_decompress(&reader->info);
    return 0;
}

// The next row. 0, or 1 when there is no more because of damage.
static inline int geoatlas_jpeg_row(geoatlas_jpeg *reader, unsigned char *row) {
    if (setjmp(reader->errors.escape)) return 1;
    jpeg_read_scanlines(&reader->info, &row, 1);
    return 0;
}

// Reads to the end of the file, so that damage there is seen.
static inline void geoatlas_jpeg_finish(geoatlas_jpeg *reader) {
    if (setjmp(reader->errors.escape)) {
        if (!reader->errors.damage) reader->errors.damage = JWRN_JPEG_EOF;
        return;
    }
    jpeg_finish_decompress(&reader->info);
}

static inline void geoatlas_jpeg_close(geoatlas_jpeg *reader) {
    jpeg_destroy_decompress(&reader->info);
    free(reader);
}

// The ICC profile, malloc'ed; NULL without one.
static inline unsigned char *geoatlas_jpeg_profile(geoatlas_jpeg *reader, unsigned int *count) {
    unsigned char *profile = NULL;
    if (setjmp(reader->errors.escape)) return NULL;
    return jpeg_read_icc_profile(&reader->info, &profile, count) ? profile : NULL;
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

// The same coefficients with optimised Huffman codes, and all APP segments, into a malloc'ed buffer; 0,
// or 1 with a message.
static inline int geoatlas_jpeg_recode(const unsigned char *source, size_t source_count,
                                       unsigned char **bytes, unsigned long *count,
                                       char message[JMSG_LENGTH_MAX]) {
    struct jpeg_decompress_struct from;
    struct jpeg_compress_struct to;
    geoatlas_jpeg_errors errors;
    memset(&errors, 0, sizeof errors);
    *bytes = NULL;
    *count = 0;
    from.err = to.err = jpeg_std_error(&errors.base);
    errors.base.error_exit = geoatlas_jpeg_exit;
    // Both exist before setjmp, so that both can be destroyed after an error.
    jpeg_create_decompress(&from);
    jpeg_create_compress(&to);
    if (setjmp(errors.escape)) {
        memcpy(message, errors.message, JMSG_LENGTH_MAX);
        jpeg_destroy_compress(&to);
        jpeg_destroy_decompress(&from);
        free(*bytes);
        *bytes = NULL;
        return 1;
    }
    jpeg_mem_src(&from, source, source_count);
    for (int marker = 1; marker < 16; marker++) jpeg_save_markers(&from, JPEG_APP0 + marker, 0xFFFF);
    jpeg_read_header(&from, TRUE);
    jvirt_barray_ptr *coefficients = jpeg_read_coefficients(&from);
    jpeg_copy_critical_parameters(&from, &to);
    to.arith_code = FALSE;
    to.optimize_coding = TRUE;
    jpeg_mem_dest(&to, bytes, count);
    jpeg_write_coefficients(&to, coefficients);
    for (jpeg_saved_marker_ptr marker = from.marker_list; marker; marker = marker->next) {
        // libjpeg writes the mark of Adobe itself.
        if (marker->marker == JPEG_APP0 + 14 && to.write_Adobe_marker) continue;
        jpeg_write_marker(&to, marker->marker, marker->data, marker->data_length);
    }
    jpeg_finish_compress(&to);
    jpeg_destroy_compress(&to);
    jpeg_destroy_decompress(&from);
    return 0;
}
