#include <lcms2.h>

// lcms2.h describes layouts by macros with arguments, which Swift does not see.

// Three bytes a pixel: red, green, blue.
static const cmsUInt32Number geoatlas_rgb = TYPE_RGB_8;
// The first of three equal bytes is the grey value.
static const cmsUInt32Number geoatlas_grey =
    COLORSPACE_SH(PT_GRAY) | CHANNELS_SH(1) | EXTRA_SH(2) | BYTES_SH(1);
// Red, green, blue and a fourth byte that stays as it is.
static const cmsUInt32Number geoatlas_rgba = TYPE_RGBA_8;
static const cmsUInt32Number geoatlas_grey_alpha =
    COLORSPACE_SH(PT_GRAY) | CHANNELS_SH(1) | EXTRA_SH(3) | BYTES_SH(1);
// Inks: 255 for full, or inverted 0 for full.
static const cmsUInt32Number geoatlas_cmyk = TYPE_CMYK_8;
static const cmsUInt32Number geoatlas_inverted_cmyk = TYPE_CMYK_8_REV;
