// Evaluation in fixed pieces of the data, and the linear network that the weights amount to without the gate.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/network/accuracy.h>

#include <algorithm>
#include <memory>
#include <numeric>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/kernels/layers/loss.h>
#include <fplab/kernels/layers/reductions.h>
#include <fplab/nets/data/batch.h>

namespace fplab::nets {
namespace {

struct PieceResult {
  explicit PieceResult(const NetworkConfig& config) : zeros(static_cast<size_t>(config.depth())), fired(config) {}

  int64_t correct = 0;
  double loss = 0;
  std::vector<int64_t> zeros;
  GateCounts fired;
};

// What one worker needs, piece after piece.
struct Scratch {
  explicit Scratch(const ForwardPass& forward) : outputs(forward.MakeHidden()) {
    outputs.emplace_back(forward.config().layers.back(), kernels::kPanelWidth);
    open = outputs;
  }

  kernels::Workers serial{1};
  std::vector<int> indices;
  std::unique_ptr<Batch> batch;
  std::vector<kernels::PanelMatrix> outputs, open;  // open: what comes out without flushing
  kernels::AlignedBuffer loss = kernels::AlignedBuffer(kernels::kPanelWidth);
};

kernels::ConstPanelView OnlySamples(const kernels::PanelMatrix& matrix, int samples) {
  kernels::ConstPanelView view = matrix.view();
  view.cols = samples;
  return view;
}

void EvaluatePiece(const ForwardPass& forward, const Dataset& data, int first, int count, Scratch& scratch,
                   PieceResult& result) {
  scratch.indices.resize(static_cast<size_t>(count));
  std::iota(scratch.indices.begin(), scratch.indices.end(), first);
  if (!scratch.batch || scratch.batch->samples() != count)
    scratch.batch = std::make_unique<Batch>(data.features, count);
  const Batch& batch = *scratch.batch;
  Gather(data, scratch.indices, scratch.serial, *scratch.batch);
  std::vector<kernels::PanelMatrix>&outputs = scratch.outputs, &open = scratch.open;
  const kernels::PanelMatrix& logits = outputs.back();
  kernels::AlignedBuffer& loss = scratch.loss;
  for (int p = 0; p < batch.panels(); ++p) {
    const int samples = batch.SamplesIn(p);
    const int32_t* labels = batch.labels.data() + p * kernels::kPanelWidth;
    kernels::ConstPanelView input = WholePanel(batch.columns, p);
    for (int l = 0; l < forward.depth(); ++l) {
      const auto at = static_cast<size_t>(l);
      const kernels::PanelView z = outputs[at].view();
      forward.PreActivation(l, input, z);
      forward.ApplyUnflushed(l, z, open[at].view());
      forward.ApplyElementwise(l, z, z);
      const kernels::ConstPanelView out = OnlySamples(outputs[at], samples);
      result.zeros[at] += kernels::CountZeros(out, forward.isa());
      result.fired.Count(l, out, OnlySamples(open[at], samples), forward.isa());
      input = z;
    }
    kernels::SoftmaxCrossEntropy(logits.view(), labels, loss.data(), forward.isa());
    for (int i = 0; i < samples; ++i) result.loss += loss[static_cast<size_t>(i)];
    result.correct += kernels::CountCorrect(OnlySamples(logits, samples), labels, forward.isa());
  }
}

}  // namespace

void RequireFit(const NetworkConfig& config, const Dataset& data) {
  Validate(data);
  if (config.layers.front() != data.features) {
    throw Error("layers: the input width is {}, but {} has {} features", config.layers.front(), data.name,
                data.features);
  }
  if (config.layers.back() != data.classes) {
    throw Error("layers: the output width is {}, but {} has {} classes", config.layers.back(), data.name, data.classes);
  }
}

namespace {

// Integers in the order in which FromIntegers takes them: exact, whatever the order of adding up.
std::vector<int64_t> ToIntegers(const PieceResult& result) {
  std::vector<int64_t> integers = {result.correct};
  integers.insert(integers.end(), result.zeros.begin(), result.zeros.end());
  for (const std::vector<int32_t>& layer : result.fired.fired()) {
    integers.insert(integers.end(), layer.begin(), layer.end());
  }
  return integers;
}

PieceResult FromIntegers(const NetworkConfig& config, const std::vector<int64_t>& integers) {
  PieceResult result(config);
  auto next = integers.begin();
  result.correct = *next++;
  for (int64_t& zeros : result.zeros) zeros = *next++;
  std::vector<std::vector<int32_t>> fired = result.fired.fired();
  for (std::vector<int32_t>& layer : fired) {
    for (int32_t& unit : layer) unit = static_cast<int32_t>(*next++);
  }
  result.fired = GateCounts(std::move(fired));
  return result;
}

// The integers of all ranks' totals added up.
PieceResult AddUpOverRanks(const NetworkConfig& config, const PieceResult& own, Ranks& ranks) {
  std::vector<std::vector<int64_t>> of_rank(static_cast<size_t>(ranks.count()), ToIntegers(own));
  std::vector<Pieces> pieces;
  for (std::vector<int64_t>& integers : of_rank) pieces.push_back({PieceOf(integers.data(), integers.size())});
  ranks.Share(pieces);
  std::vector<int64_t> sum(of_rank.front().size());
  for (const std::vector<int64_t>& integers : of_rank) {
    for (size_t i = 0; i < sum.size(); ++i) sum[i] += integers[i];
  }
  return FromIntegers(config, sum);
}

Accuracy EvaluateInIeee(const Network& network, const Dataset& data, kernels::Isa isa, kernels::Workers& workers,
                        Ranks& ranks) {
  RequireFit(network.config, data);
  const ForwardPass forward(network, isa);
  const int pieces = (data.count() + kSamplesOfATask - 1) / kSamplesOfATask;
  std::vector<PieceResult> results(static_cast<size_t>(pieces), PieceResult(network.config));
  std::vector<std::unique_ptr<Scratch>> scratch(static_cast<size_t>(workers.count()));
  const ItemRange mine = ranks.Own(pieces);
  workers.For(mine.count(), kIeee, [&](int task, int worker) {
    const int i = mine.first + task;
    std::unique_ptr<Scratch>& own = scratch[static_cast<size_t>(worker)];
    if (!own) own = std::make_unique<Scratch>(forward);
    const int first = i * kSamplesOfATask;
    EvaluatePiece(forward, data, first, std::min(kSamplesOfATask, data.count() - first), *own,
                  results[static_cast<size_t>(i)]);
  });

  PieceResult total(network.config);
  std::vector<double> losses(results.size());
  for (int i = mine.first; i < mine.last; ++i) {
    const PieceResult& result = results[static_cast<size_t>(i)];
    total.correct += result.correct;
    losses[static_cast<size_t>(i)] = result.loss;
    for (size_t l = 0; l < total.zeros.size(); ++l) total.zeros[l] += result.zeros[l];
    total.fired.Add(result.fired);
  }
  if (ranks.count() > 1) {
    total = AddUpOverRanks(network.config, total, ranks);
    std::vector<Pieces> of_rank;
    for (int r = 0; r < ranks.count(); ++r) {
      const ItemRange range = ItemsOf(r, ranks.count(), pieces);
      of_rank.push_back({PieceOf(losses.data() + range.first, static_cast<size_t>(range.count()))});
    }
    ranks.Share(of_rank);
  }
  for (const double loss : losses) total.loss += loss;  // in the order of the samples
  const double count = std::max(data.count(), 1);
  Accuracy accuracy{
      static_cast<double>(total.correct) / count, total.loss / count, {}, total.fired.Summary(data.count())};
  for (size_t l = 0; l < total.zeros.size(); ++l) {
    accuracy.zeros.push_back(static_cast<double>(total.zeros[l]) / (count * network.config.layers[l + 1]));
  }
  return accuracy;
}

}  // namespace

Accuracy Evaluate(const Network& network, const Dataset& data, kernels::Isa isa, kernels::Workers& workers) {
  OneRank alone;
  return Evaluate(network, data, isa, workers, alone);
}

Accuracy Evaluate(const Network& network, const Dataset& data, kernels::Isa isa, kernels::Workers& workers,
                  Ranks& ranks) {
  return AsGuest([&] { return EvaluateInIeee(network, data, isa, workers, ranks); });
}

namespace {

Network FlattenInIeee(const Network& network) {
  // The collapsed weight times s is W1 W2 ...: the scalings by 1/s and s cancel, as they do for a network that is
  // linear. A bias enters after its layer and goes through the layers above.
  const std::vector<int>& widths = network.config.layers;
  const int inputs = widths.front();
  int outputs = widths[1];
  const auto in = static_cast<size_t>(inputs);
  std::vector<double> product(in * static_cast<size_t>(outputs));
  std::vector<double> bias(network.parameters[0].bias.begin(), network.parameters[0].bias.begin() + outputs);
  for (int i = 0; i < inputs; ++i) {
    for (int j = 0; j < outputs; ++j) {
      product[static_cast<size_t>(i) * static_cast<size_t>(outputs) + static_cast<size_t>(j)] =
          network.parameters[0].weight.At(i, j);
    }
  }
  for (size_t l = 1; l < network.parameters.size(); ++l) {
    const LayerParameters& layer = network.parameters[l];
    const int next = widths[l + 1];
    const auto multiply = [&](const double* row, double* to) {
      for (int k = 0; k < outputs; ++k) {
        for (int j = 0; j < next; ++j) to[j] += row[k] * layer.weight.At(k, j);
      }
    };
    std::vector<double> longer(in * static_cast<size_t>(next));
    for (size_t i = 0; i < in; ++i) {
      multiply(product.data() + i * static_cast<size_t>(outputs), longer.data() + i * static_cast<size_t>(next));
    }
    std::vector<double> carried(layer.bias.begin(), layer.bias.begin() + next);
    multiply(bias.data(), carried.data());
    product = std::move(longer);
    bias = std::move(carried);
    outputs = next;
  }

  NetworkConfig config{{inputs, outputs}, 0, kIeee, kIeee};
  Network flat{config, ZeroParameters(config)};
  for (int i = 0; i < inputs; ++i) {
    for (int j = 0; j < outputs; ++j) {
      flat.parameters[0].weight.At(i, j) =
          static_cast<float>(product[static_cast<size_t>(i) * static_cast<size_t>(outputs) + static_cast<size_t>(j)]);
    }
  }
  std::copy(bias.begin(), bias.end(), flat.parameters[0].bias.begin());
  return flat;
}

}  // namespace

Network Flatten(const Network& network) {
  return AsGuest([&] { return FlattenInIeee(network); });
}

}  // namespace fplab::nets
