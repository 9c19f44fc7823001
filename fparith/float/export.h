// FPLAB_EXPORT: what a shared library of fplab shows of itself; everything without it is hidden.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_FLOAT_EXPORT_H_
#define FPLAB_FPARITH_FLOAT_EXPORT_H_

#define FPLAB_EXPORT __attribute__((visibility("default")))

#endif  // FPLAB_FPARITH_FLOAT_EXPORT_H_
