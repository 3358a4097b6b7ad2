#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

// libheif is loaded while the program runs, where it is installed, so neither its headers nor the
// library are needed to build. The declarations below are those of libheif/heif.h, whose functions
// and numbers have stayed the same since version 1.1.

typedef struct {
    int code;
    int subcode;
    const char *message;
} geoatlas_heif_error;

typedef struct {
    void *(*context_alloc)(void);
    void (*context_free)(void *);
    geoatlas_heif_error (*read)(void *context, const void *bytes, size_t count, const void *options);
    geoatlas_heif_error (*primary)(void *context, void **handle);
    void (*handle_release)(const void *handle);
    int (*handle_width)(const void *handle);
    int (*handle_height)(const void *handle);
    size_t (*profile_size)(const void *handle);
    geoatlas_heif_error (*profile)(const void *handle, void *bytes);
    geoatlas_heif_error (*decode)(const void *handle, void **image, int colours, int chroma,
                                  const void *options);
    void (*image_release)(const void *image);
    int (*image_width)(const void *image, int channel);
    int (*image_height)(const void *image, int channel);
    const uint8_t *(*plane)(const void *image, int channel, int *stride);
    int (*top_level_count)(void *context);
} geoatlas_heif_library;

// heif_colorspace_RGB, heif_chroma_interleaved_RGBA, heif_channel_interleaved.
enum { geoatlas_heif_rgb = 1, geoatlas_heif_rgba = 11, geoatlas_heif_interleaved = 10 };

// The functions of the library; 0 when it is not installed.
static inline int geoatlas_heif_load(geoatlas_heif_library *library) {
    void *file = dlopen("libheif.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!file) file = dlopen("libheif.1.dylib", RTLD_NOW | RTLD_LOCAL);
    if (!file) return 0;
#define GEOATLAS_HEIF(member, name) *(void **)&library->member = dlsym(file, name)
    GEOATLAS_HEIF(context_alloc, "heif_context_alloc");
    GEOATLAS_HEIF(context_free, "heif_context_free");
    GEOATLAS_HEIF(read, "heif_context_read_from_memory_without_copy");
    GEOATLAS_HEIF(primary, "heif_context_get_primary_image_handle");
    GEOATLAS_HEIF(handle_release, "heif_image_handle_release");
    GEOATLAS_HEIF(handle_width, "heif_image_handle_get_width");
    GEOATLAS_HEIF(handle_height, "heif_image_handle_get_height");
    GEOATLAS_HEIF(profile_size, "heif_image_handle_get_raw_color_profile_size");
    GEOATLAS_HEIF(profile, "heif_image_handle_get_raw_color_profile");
    GEOATLAS_HEIF(decode, "heif_decode_image");
    GEOATLAS_HEIF(image_release, "heif_image_release");
    GEOATLAS_HEIF(image_width, "heif_image_get_width");
    GEOATLAS_HEIF(image_height, "heif_image_get_height");
    GEOATLAS_HEIF(plane, "heif_image_get_plane_readonly");
    GEOATLAS_HEIF(top_level_count, "heif_context_get_number_of_top_level_images");
#undef GEOATLAS_HEIF
    void **functions = (void **)library;
    for (size_t index = 0; index < sizeof *library / sizeof(void *); index++) {
        if (!functions[index]) return 0;
    }
    return 1;
}
