#include <hdf5.h>

// In HDF5 these are macros that call H5open() first. Swift cannot import such macros.
static inline unsigned geoatlas_H5F_ACC_RDONLY(void) { return H5F_ACC_RDONLY; }
static inline unsigned geoatlas_H5F_ACC_TRUNC(void) { return H5F_ACC_TRUNC; }
static inline unsigned geoatlas_H5F_OBJ_ALL(void) { return H5F_OBJ_ALL; }
static inline hid_t geoatlas_H5P_DATASET_CREATE(void) { return H5P_DATASET_CREATE; }
static inline hid_t geoatlas_H5P_FILE_ACCESS(void) { return H5P_FILE_ACCESS; }
static inline hid_t geoatlas_H5P_FILE_CREATE(void) { return H5P_FILE_CREATE; }
static inline hid_t geoatlas_H5P_GROUP_CREATE(void) { return H5P_GROUP_CREATE; }
static inline hid_t geoatlas_H5T_C_S1(void) { return H5T_C_S1; }
static inline hid_t geoatlas_H5T_NATIVE_UINT8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t geoatlas_H5T_NATIVE_INT16(void) { return H5T_NATIVE_INT16; }
static inline hid_t geoatlas_H5T_NATIVE_INT32(void) { return H5T_NATIVE_INT32; }
static inline hid_t geoatlas_H5T_NATIVE_INT64(void) { return H5T_NATIVE_INT64; }
static inline hid_t geoatlas_H5T_NATIVE_FLOAT(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t geoatlas_H5T_NATIVE_DOUBLE(void) { return H5T_NATIVE_DOUBLE; }

// Length of a message, which may quote a path.
enum { geoatlas_H5E_length = 5000 };

// The topmost entry of the error stack is the call of this program; the last entry is the cause.
static inline herr_t geoatlas_H5E_keep_deepest(unsigned n, const H5E_error2_t *entry, void *text) {
    (void)n;
    if (entry->desc) {
        char *target = (char *)text;
        size_t length = 0;
        while (entry->desc[length] && length < geoatlas_H5E_length - 1) {
            target[length] = entry->desc[length];
            length++;
        }
        target[length] = 0;
    }
    return 0;
}
static inline void geoatlas_H5E_deepest(char text[geoatlas_H5E_length]) {
    text[0] = 0;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, geoatlas_H5E_keep_deepest, text);
}
static inline void geoatlas_H5E_silence(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }
static inline hid_t geoatlas_H5F_OBJ_EVERYWHERE(void) { return (hid_t)H5F_OBJ_ALL; }
