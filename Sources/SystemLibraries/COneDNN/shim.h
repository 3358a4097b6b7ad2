#include <oneapi/dnnl/dnnl.h>

// oneDNN runs on GNU OpenMP here. Its header comes with a C compiler that need
// not be installed, and these two calls are all we use of it.
void omp_set_num_threads(int count);
int omp_get_max_threads(void);
