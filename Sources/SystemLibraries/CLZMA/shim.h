#include <lzma.h>

/* `LZMA_STREAM_INIT` is a compound initialiser, which Swift cannot see. */
static inline lzma_stream geoatlas_lzma_stream(void) {
    lzma_stream stream = LZMA_STREAM_INIT;
    return stream;
}
