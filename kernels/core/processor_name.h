// ProcessorName: what a measurement, or a run, is worth little without.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_CORE_PROCESSOR_NAME_H_
#define FPLAB_KERNELS_CORE_PROCESSOR_NAME_H_

#include <string>

#include <fplab/fparith/float/export.h>

namespace fplab::kernels {

// "AMD EPYC (cpu family 25, model 17)", as the system names its first processor; where it names none, the machine's
// kind ("aarch64"). May be called from any thread.
FPLAB_EXPORT std::string ProcessorName();

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_CORE_PROCESSOR_NAME_H_
