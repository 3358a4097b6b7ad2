#include <oneapi/dnnl/dnnl.h>

// oneDNN uses GNU OpenMP here. The header of OpenMP belongs to a C compiler that need not be
// installed, and only these two functions of it are used.
void omp_set_num_threads(int count);
int omp_get_max_threads(void);
