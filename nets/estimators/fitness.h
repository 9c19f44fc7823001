// Fitness: from the losses of a population's antithetic pairs to the weights of their perturbations in the estimate.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_ESTIMATORS_FITNESS_H_
#define FPLAB_NETS_ESTIMATORS_FITNESS_H_

#include <span>
#include <string_view>
#include <vector>

#include <fplab/fparith/float/export.h>

namespace fplab::nets {

enum class Fitness {
  kDifference,  // L+ - L-: unshaped; with it the estimate is unbiased
  kZScore,      // (L+ - L-) / root mean square of that over the population (its expectation is 0 by symmetry)
  kRanks,  // rank(L+) - rank(L-), ranks of all members' losses, from -1/2 to 1/2; equal losses share their mean rank
  kSign,   // sign(L+ - L-)
};

FPLAB_EXPORT std::string_view Name(Fitness fitness);       // "difference", "z-score", "ranks", "sign"
FPLAB_EXPORT Fitness ParseFitness(std::string_view name);  // throws Error

// Mean losses of the two members of a pair.
struct PairLoss {
  double plus = 0, minus = 0;
};

// One number a pair, positive where the perturbation made the loss greater. A loss that is NaN counts as greater than
// every other in kRanks and kSign; in the others it spreads.
FPLAB_EXPORT std::vector<double> Shape(Fitness fitness, std::span<const PairLoss> pairs);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_ESTIMATORS_FITNESS_H_
