// Ridge regression: the best linear readout of given features, solved in one go instead of trained.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_ANALYSIS_RIDGE_REGRESSION_H_
#define FPLAB_NETS_ANALYSIS_RIDGE_REGRESSION_H_

#include <cstdint>
#include <span>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/kernels/core/panel.h>
#include <fplab/kernels/core/workers.h>

namespace fplab::nets {

// score(c) = intercept[c] + sum over f of x[f] * weight[f * classes + c]; the class is that of the greatest score.
struct FPLAB_EXPORT Readout {
  double lambda = 0;
  int features = 0, classes = 0;
  std::vector<double> weight, intercept;

  // Number of rows of x (samples x features) whose greatest score, the first of equals, is the label's.
  int64_t CountCorrect(kernels::ConstPanelView x, std::span<const uint8_t> labels) const;
};

// What a ridge solve needs to know of the samples: sums of products of two features, of features by class, and counts
// by class. The sums of 512 samples are sequential chains in binary32 (exact for features 0 and 1), those of sums
// binary64; they do not depend on the ISA or the number of workers.
class FPLAB_EXPORT RidgeMoments {
 public:
  RidgeMoments(int features, int classes);

  int64_t samples() const { return samples_; }

  // Adds samples: x is samples x features; a label is less than `classes`. Aborts if shapes do not fit.
  void Add(kernels::ConstPanelView x, std::span<const uint8_t> labels, kernels::Isa isa, kernels::Workers& workers);
  void Add(const RidgeMoments& other);

  // The readout that minimises, for the indicator of each class as target, the mean squared error plus lambda times the
  // mean variance of the features times the squared length of the weights; the intercept is free. lambda > 0. Features
  // that never vary get weight 0. Solved by Eigen (Cholesky) in binary64.
  Readout Solve(double lambda) const;

  // The mean squared error of a readout on these samples, summed over classes.
  double MeanSquaredError(const Readout& readout) const;

 private:
  int features_, classes_;
  int64_t samples_ = 0;
  std::vector<double> products_;     // features x features, where column <= row
  std::vector<double> class_sums_;   // features x classes
  std::vector<double> class_count_;  // samples of each class
};

// The readout of all samples, with the lambda among 10^-4, 10^-3, ..., 10 that has the least squared error on
// `held_out` after a fit to `fit`; the greatest of equals, and of no held-out samples.
FPLAB_EXPORT Readout SolveRidge(const RidgeMoments& fit, const RidgeMoments& held_out);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_ANALYSIS_RIDGE_REGRESSION_H_
