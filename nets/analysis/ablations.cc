// Evaluating changed networks, and readouts of what their hidden units are.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/analysis/ablations.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include <fplab/fparith/mode/control_word.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/kernels/layers/elementwise.h>
#include <fplab/nets/analysis/ridge_regression.h>
#include <fplab/nets/data/batch.h>
#include <fplab/nets/network/accuracy.h>

namespace fplab::nets {
namespace {

enum class Feature { kPattern, kOutput };

// Samples whose features are in memory at once.
constexpr int kChunk = 128 * kernels::kPanelWidth;

// What some hidden layers of a network, or the inputs, are for the samples of a data set.
class HiddenFeatures {
 public:
  // Hidden layers first .. the last; the inputs if first is -1.
  HiddenFeatures(const Network& network, int first, Feature feature, kernels::Isa isa, kernels::Workers& workers)
      : forward_(network, isa), first_(first), feature_(feature), workers_(workers) {
    if (first < 0) {
      features_ = network.config.layers.front();
      return;
    }
    for (int l = first; l + 1 < forward_.depth(); ++l) features_ += forward_.layer(l).weight.cols();
  }

  int features() const { return features_; }
  kernels::Workers& workers() const { return workers_; }
  kernels::Isa isa() const { return forward_.isa(); }

  // Samples x features, of samples first .. first + count - 1.
  kernels::PanelMatrix Of(const Dataset& data, int first, int count) const {
    kernels::PanelMatrix out(count, features_);
    std::vector<int> indices(static_cast<size_t>(count));
    std::iota(indices.begin(), indices.end(), first);
    Batch batch(data.features, count);
    Gather(data, indices, workers_, batch);
    if (first_ < 0) return batch.rows;
    workers_.For(batch.panels(), kIeee, [&](int p, int) { Panel(batch, p, out); });
    return out;
  }

 private:
  void Panel(const Batch& batch, int p, kernels::PanelMatrix& out) const {
    std::vector<kernels::PanelMatrix> hidden = forward_.MakeHidden();
    std::vector<kernels::PanelMatrix> open = hidden;
    kernels::ConstPanelView input = WholePanel(batch.columns, p);
    int column = 0;
    for (int l = 0; l + 1 < forward_.depth(); ++l) {
      const auto at = static_cast<size_t>(l);
      const kernels::PanelView z = hidden[at].view();
      forward_.PreActivation(l, input, z);
      forward_.ApplyUnflushed(l, z, open[at].view());
      forward_.ApplyElementwise(l, z, z);
      input = z;
      if (l < first_) continue;
      for (int r = 0; r < z.rows; ++r, ++column) {
        for (int c = 0; c < batch.SamplesIn(p); ++c) {
          const float value = z.At(r, c);
          out.At(p * kernels::kPanelWidth + c, column) = feature_ == Feature::kOutput ? value * forward_.scale_up()
                                                         : value == open[at].At(r, c) ? 1.0f
                                                                                      : 0.0f;
        }
      }
    }
  }

  const ForwardPass forward_;
  int first_;
  Feature feature_;
  kernels::Workers& workers_;
  int features_ = 0;
};

std::span<const uint8_t> Labels(const Dataset& data, int first, int count) {
  return {data.y.data() + first, static_cast<size_t>(count)};
}

RidgeMoments MomentsOf(const HiddenFeatures& features, const Dataset& data, int begin, int end) {
  RidgeMoments moments(features.features(), data.classes);
  for (int first = begin; first < end; first += kChunk) {
    const int count = std::min(kChunk, end - first);
    const kernels::PanelMatrix x = features.Of(data, first, count);
    moments.Add(x.view(), Labels(data, first, count), features.isa(), features.workers());
  }
  return moments;
}

double AccuracyOf(const Readout& readout, const HiddenFeatures& features, const Dataset& data) {
  int64_t correct = 0;
  for (int first = 0; first < data.count(); first += kChunk) {
    const int count = std::min(kChunk, data.count() - first);
    const kernels::PanelMatrix x = features.Of(data, first, count);
    correct += readout.CountCorrect(x.view(), Labels(data, first, count));
  }
  return static_cast<double>(correct) / std::max(data.count(), 1);
}

class Controls {
 public:
  Controls(const Checkpoint& checkpoint, const TrainTest& data, kernels::Isa isa, kernels::Workers& workers,
           const std::function<void(const std::string&)>& starting)
      : trained_(EvaluatedNetwork(checkpoint)), data_(data), isa_(isa), workers_(workers), starting_(starting) {
    initial_ = InitialNetwork(trained_.config, checkpoint.config.seed, isa);
  }

  std::vector<Ablation> Run() {
    const NetworkConfig& config = trained_.config;
    const auto evaluated = [&](const char* id, const char* name, auto change) {
      Network network = trained_;
      change(network.config);
      AddEvaluated(id, name, network);
    };
    evaluated("as-trained", "as trained", [](NetworkConfig&) {});
    evaluated("gradual", "gradual underflow in the element-wise operations",
              [](NetworkConfig& c) { c.elementwise_mode = kIeee; });
    evaluated("scale-0", "scale 2^0", [](NetworkConfig& c) { c.scale_exponent = 0; });
    AddEvaluated("flat", "collapsed to one linear layer", Flatten(trained_));
    const auto matmul_in = [](Mode mode) {
      return [mode](NetworkConfig& c) {
        c.matmul_mode = mode;
        c.rescaled = false;  // products at scale 1 do not underflow
      };
    };
    evaluated("matmul-ftz", "FTZ inside the matmul", matmul_in(kFtz));
    evaluated("matmul-ftz-daz", "FTZ and DAZ inside the matmul", matmul_in(kFtzDaz));
    evaluated("daz", "element-wise operations: DAZ only", [](NetworkConfig& c) {
      c.elementwise_mode = kDaz;
      c.rescaled = false;  // on its way back to scale 1 a rescaled network reads, and flushes, what it wrote
    });
    evaluated("ftz", "element-wise operations: FTZ only", [](NetworkConfig& c) { c.elementwise_mode = kFtz; });

    const int last = config.depth() - 2;
    AddSolved("pattern-last", "ridge on the pattern of the last hidden layer", trained_, last, Feature::kPattern);
    AddSolved("pattern-all", "ridge on the patterns of all hidden layers", trained_, 0, Feature::kPattern);
    AddSolved("outputs-last", "ridge on the outputs of the last hidden layer", trained_, last, Feature::kOutput);
    AddSolved("untrained-pattern-last", "before training: pattern, last layer", initial_, last, Feature::kPattern);
    AddSolved("untrained-pattern-all", "before training: patterns, all layers", initial_, 0, Feature::kPattern);
    AddSolved("untrained-outputs-last", "before training: outputs, last layer", initial_, last, Feature::kOutput);
    AddSolved("inputs", "ridge on the inputs", trained_, -1, Feature::kOutput);
    return std::move(controls_);
  }

 private:
  void Starting(const char* name) {
    if (starting_) AsGuest([&] { starting_(name); });
  }

  void AddEvaluated(const char* id, const char* name, const Network& network) {
    Starting(name);
    Ablation control{id, name};
    if (HardwareSupports(network.config.matmul_mode) && HardwareSupports(network.config.elementwise_mode)) {
      control.train = Evaluate(network, data_.train, isa_, workers_).accuracy;
      control.test = Evaluate(network, data_.test, isa_, workers_).accuracy;
    }
    controls_.push_back(control);
  }

  void AddSolved(const char* id, const char* name, const Network& network, int first, Feature feature) {
    Starting(name);
    Ablation control{id, name};
    const bool inputs = id == std::string_view("inputs");
    if (inputs || network.config.depth() > 1) {
      const HiddenFeatures features(network, first, feature, isa_, workers_);
      const int samples = data_.train.count(), fitted = samples - samples / 6;
      const Readout readout =
          SolveRidge(MomentsOf(features, data_.train, 0, fitted), MomentsOf(features, data_.train, fitted, samples));
      control.train = AccuracyOf(readout, features, data_.train);
      control.test = AccuracyOf(readout, features, data_.test);
      control.lambda = readout.lambda;
    }
    controls_.push_back(control);
  }

  const Network trained_;
  Network initial_;
  const TrainTest& data_;
  kernels::Isa isa_;
  kernels::Workers& workers_;
  const std::function<void(const std::string&)>& starting_;
  std::vector<Ablation> controls_;
};

}  // namespace

std::vector<Ablation> RunAblations(const Checkpoint& checkpoint, const TrainTest& data, kernels::Isa isa,
                                   kernels::Workers& workers,
                                   const std::function<void(const std::string& name)>& starting) {
  RequireFit(checkpoint.network.config, data.train);
  RequireFit(checkpoint.network.config, data.test);
  return AsGuest([&] { return Controls(checkpoint, data, isa, workers, starting).Run(); });
}

}  // namespace fplab::nets
