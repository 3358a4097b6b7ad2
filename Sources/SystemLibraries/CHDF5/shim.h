#include <hdf5.h>

// HDF5 names these by macros that call H5open() first; Swift does not see such macros.
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
