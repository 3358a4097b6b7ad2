#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

// A file in memory. libtiff asks for it through the functions below.
typedef struct {
    const unsigned char *bytes;
    size_t count;
    size_t position;
    char message[200];  // the first error
} geoatlas_tiff_source;

static inline tmsize_t geoatlas_tiff_read(thandle_t handle, void *target, tmsize_t count) {
    geoatlas_tiff_source *source = handle;
    size_t left = source->position < source->count ? source->count - source->position : 0;
    size_t taken = (size_t)count < left ? (size_t)count : left;
    memcpy(target, source->bytes + (left ? source->position : 0), taken);
    source->position += taken;
    return (tmsize_t)taken;
}

static inline tmsize_t geoatlas_tiff_write(thandle_t handle, void *bytes, tmsize_t count) {
    (void)handle;
    (void)bytes;
    (void)count;
    return -1;
}

static inline toff_t geoatlas_tiff_seek(thandle_t handle, toff_t offset, int whence) {
    geoatlas_tiff_source *source = handle;
    switch (whence) {
    case SEEK_CUR: offset += source->position; break;
    case SEEK_END: offset += source->count; break;
    }
    source->position = offset;
    return offset;
}

static inline int geoatlas_tiff_close(thandle_t handle) {
    (void)handle;
    return 0;
}

static inline toff_t geoatlas_tiff_size(thandle_t handle) {
    return ((geoatlas_tiff_source *)handle)->count;
}

static inline int geoatlas_tiff_map(thandle_t handle, void **base, toff_t *size) {
    geoatlas_tiff_source *source = handle;
    *base = (void *)source->bytes;
    *size = source->count;
    return 1;
}

static inline void geoatlas_tiff_unmap(thandle_t handle, void *base, toff_t size) {
    (void)handle;
    (void)base;
    (void)size;
}

// Keeps the first error of a file. Its handle is what was given to TIFFClientOpen.
static inline void geoatlas_tiff_error(thandle_t handle, const char *module, const char *format,
                                       va_list values) {
    (void)module;
    geoatlas_tiff_source *source = handle;
    if (source && !source->message[0]) {
        vsnprintf(source->message, sizeof source->message, format, values);
    }
}

// Makes libtiff give its errors to the file that they are about, and print none. Call it once.
static inline void geoatlas_tiff_prepare(void) {
    TIFFSetWarningHandler(NULL);
    TIFFSetErrorHandler(NULL);
    TIFFSetErrorHandlerExt(geoatlas_tiff_error);
}

static inline TIFF *geoatlas_tiff_open(geoatlas_tiff_source *source) {
    return TIFFClientOpen("picture", "r", source, geoatlas_tiff_read, geoatlas_tiff_write,
                          geoatlas_tiff_seek, geoatlas_tiff_close, geoatlas_tiff_size,
                          geoatlas_tiff_map, geoatlas_tiff_unmap);
}

// Swift cannot call functions with a variable number of arguments, so tags are read here.
typedef struct {
    uint32_t width, height;
    uint32_t subfile;  // bits of TIFFTAG_SUBFILETYPE
    uint16_t bits, samples, planar, photometric, compression, sample_format;
    uint16_t extra;      // meaning of the first extra sample; 0 for none
    uint16_t ink_set;
    int has_photometric;
    int is_tiled;
    uint32_t tile_width, tile_height;
} geoatlas_tiff_header;

static inline geoatlas_tiff_header geoatlas_tiff_tags(TIFF *tiff) {
    geoatlas_tiff_header header = {0};
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &header.width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &header.height);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SUBFILETYPE, &header.subfile);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &header.bits);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &header.samples);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &header.planar);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &header.compression);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &header.sample_format);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_INKSET, &header.ink_set);
    header.has_photometric = TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &header.photometric);
    uint16_t extras = 0;
    uint16_t *meanings = NULL;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extras, &meanings);
    if (extras && meanings) header.extra = meanings[0];
    header.is_tiled = TIFFIsTiled(tiff);
    if (header.is_tiled) {
        TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &header.tile_width);
        TIFFGetField(tiff, TIFFTAG_TILELENGTH, &header.tile_height);
    }
    // The JPEG decoder then gives RGB instead of YCbCr.
    if (header.compression == COMPRESSION_JPEG && header.photometric == PHOTOMETRIC_YCBCR) {
        TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    }
    return header;
}

// Red, green and blue of the palette, 2^bits each; 0 without one.
static inline int geoatlas_tiff_palette(TIFF *tiff, uint16_t **red, uint16_t **green,
                                        uint16_t **blue) {
    return TIFFGetField(tiff, TIFFTAG_COLORMAP, red, green, blue);
}

// The ICC profile, which belongs to the file; NULL without one.
static inline const unsigned char *geoatlas_tiff_profile(TIFF *tiff, uint32_t *count) {
    void *profile = NULL;
    return TIFFGetField(tiff, TIFFTAG_ICCPROFILE, count, &profile) ? profile : NULL;
}
