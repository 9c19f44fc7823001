/* What a library exports to be probed whole: which functions it has and how each is called. C89, no dependency.
 *
 * `fplab probe LIBRARY:FUNCTION --kind KIND` asks about a function of any library without this header. A library that
 * has fplab_get_plugin is asked what it has instead, and `fplab probe LIBRARY` asks about all of it:
 *
 *     #include <fplab/tools/fplab_plugin.h>
 *     static const fplab_plugin_function functions[] = {{"my_product", "matmul", (fplab_any_function)my_product}, {0}};
 *     static const fplab_plugin plugin = {FPLAB_PLUGIN_VERSION, functions, my_set_threads};
 *     const fplab_plugin* fplab_get_plugin(void) { return &plugin; }
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef FPLAB_TOOLS_PROBE_FPLAB_PLUGIN_H_
#define FPLAB_TOOLS_PROBE_FPLAB_PLUGIN_H_

#ifdef __cplusplus
extern "C" {
#endif

#define FPLAB_PLUGIN_VERSION 1

/* Any function; it is called as the type that its kind names. */
typedef void (*fplab_any_function)(void);

/* Kinds, matrices row-major without gaps:
 *
 *   matmul     void f(int m, int n, int k, const float* a, const float* b, float* c)     c = a*b, m x k times k x n
 *   matmul64   the same of double
 *   dot        float f(int k, const float* a, const float* b)
 *   dot64      double f(int k, const double* a, const double* b)
 *   f32        float f(float)
 *   f64        double f(double)
 *
 * or the name of a function whose interface it has: cblas_sgemm, sgemm_, cblas_sdot, dnnl_sgemm, ... (the list is in
 * `fplab probe --help`). Integers are 32 bits wide. */
typedef struct fplab_plugin_function {
  const char* name; /* as it is to be reported; need not be exported */
  const char* kind;
  fplab_any_function function;
} fplab_plugin_function;

typedef struct fplab_plugin {
  int version;                            /* FPLAB_PLUGIN_VERSION */
  const fplab_plugin_function* functions; /* the last has a null name */
  void (*set_threads)(int threads);       /* null: the functions compute on the calling thread alone */
} fplab_plugin;

/* To be defined by the plug-in. Called once, after it is loaded. */
const fplab_plugin* fplab_get_plugin(void);

#ifdef __cplusplus
}
#endif

#endif /* FPLAB_TOOLS_PROBE_FPLAB_PLUGIN_H_ */
