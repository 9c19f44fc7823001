// Tape: what an estimator records of a batch, layer by layer, and the weight gradient that follows from it.
#ifndef FPLAB_NETS_TAPE_H_
#define FPLAB_NETS_TAPE_H_

#include "nets/batch.h"
#include "nets/network.h"

namespace fplab {

// For each layer the inputs of the samples, in units of the pre-activation (h times s), and the derivative of the mean
// loss with respect to their pre-activations times s. Samples are rows.
class Tape {
 public:
  Tape(const NetworkConfig& config, int samples);

  // Whether this tape has the shapes of Tape(config, samples).
  bool Fits(const NetworkConfig& config, int samples) const;

  // Records, for the samples of panel p of the batch, the input of layer l >= 1 (units x samples) and the deltas of
  // layer l. Panels may be recorded at the same time.
  void RecordInput(int l, int p, ConstPanelView input);
  void RecordDelta(int l, int p, ConstPanelView delta);

  // gradient: weights as the sequential chain over the samples of input times delta, biases as the sum of the deltas
  // over the samples; a later layer's bias that is flushed on entering has derivative 0.
  void Gradient(const ForwardPass& forward, const Batch& batch, Workers& workers, Parameters& gradient) const;

 private:
  std::vector<PanelMatrix> inputs_;  // samples x units, of layers 1 ...; the first layer's input is the batch
  std::vector<PanelMatrix> deltas_;  // samples x units
};

}  // namespace fplab

#endif  // FPLAB_NETS_TAPE_H_
