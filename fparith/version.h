// The version of fplab; CMake reads it from here.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_VERSION_H_
#define FPLAB_FPARITH_VERSION_H_

#define FPLAB_VERSION "0.2.0"
#define FPLAB_VERSION_MAJOR 0
#define FPLAB_VERSION_MINOR 2
#define FPLAB_VERSION_PATCH 0

#endif  // FPLAB_FPARITH_VERSION_H_
