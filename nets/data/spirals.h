// Spirals: two classes in the plane that no line separates, for trying things out in seconds.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_DATA_SPIRALS_H_
#define FPLAB_NETS_DATA_SPIRALS_H_

#include <fplab/fparith/float/export.h>
#include <fplab/nets/data/dataset.h>

namespace fplab::nets {

// 4,000 training and 1,000 test points (features 2, classes 2) on two Archimedean spirals of one and a half turns
// around the origin, one the other turned by half a turn, with noise of standard deviation 0.02 (the gap between the
// arms is 1/3); coordinates within [-1.1, 1.1]. The same bits on every machine.
FPLAB_EXPORT TrainTest MakeSpirals();

}  // namespace fplab::nets

#endif  // FPLAB_NETS_DATA_SPIRALS_H_
