// GradientRecord: what an estimator records of a batch, layer by layer, and the weight gradient that follows from it.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_ESTIMATORS_GRADIENT_RECORD_H_
#define FPLAB_NETS_ESTIMATORS_GRADIENT_RECORD_H_

#include <fplab/fparith/float/export.h>
#include <fplab/nets/data/batch.h>
#include <fplab/nets/estimators/gradient_estimator.h>
#include <fplab/nets/network/network.h>
#include <fplab/nets/network/parameter_share.h>

namespace fplab::nets {

// For each layer the inputs of the samples, in units of the pre-activation (h times s), and the derivative of the mean
// loss with respect to their pre-activations times s. Samples are rows.
class FPLAB_EXPORT GradientRecord {
 public:
  GradientRecord(const NetworkConfig& config, int samples);

  // Whether this tape has the shapes of GradientRecord(config, samples).
  bool Fits(const NetworkConfig& config, int samples) const;

  // Records, for the samples of panel p of the batch, the input of layer l >= 1 (units x samples) and the deltas of
  // layer l. Panels may be recorded at the same time.
  void RecordInput(int l, int p, kernels::ConstPanelView input);
  void RecordDelta(int l, int p, kernels::ConstPanelView delta);

  // Every rank has recorded its own panels (Ranks::Own) of the batch and seen `statistics` of them, one for each panel
  // of the batch. Afterwards each has of all what it needs for its share of the gradient, and all statistics.
  void Exchange(const std::vector<ParameterShare>& shares, Ranks& ranks, std::vector<StepStatistics>& statistics);

  // gradient, in `share`: weights as the sequential chain over the samples of input times delta, biases as the sum of
  // the deltas over the samples; a later layer's bias that is flushed on entering has derivative 0.
  void Gradient(const ForwardPass& forward, const Batch& batch, const ParameterShare& share, kernels::Workers& workers,
                Parameters& gradient) const;

 private:
  // What was recorded of samples first .. last-1 and is needed for the gradient in `share`.
  void AddPieces(const ParameterShare& share, int first, int last, Pieces& pieces);

  std::vector<kernels::PanelMatrix> inputs_;  // samples x units, of layers 1 ...; the first layer's input is the batch
  std::vector<kernels::PanelMatrix> deltas_;  // samples x units
};

}  // namespace fplab::nets

#endif  // FPLAB_NETS_ESTIMATORS_GRADIENT_RECORD_H_
