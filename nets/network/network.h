// The deep linear network whose only nonlinearity is underflow: its configuration, parameters and forward pass.
//
// OpenAI, "Nonlinear Computation in Deep Linear Networks", 2017. With G a matmul in the matmul mode, E an element-wise
// operation in the element-wise mode and s = 2^scale_exponent (so that every scaling is exact unless it underflows):
//
//   first layer   h = E.scale( E.add( G(x, W), b ), 1/s )
//   later layers  h = E.add( G(h, W), E.scale(b, 1/s) )
//   last layer    o = E.scale( that, s )
//
// With s = 2^125 and flushing on in E alone, each layer's scaled output is shrunk to 0 below a magnitude of 0.5.
//
// Nearly all that G adds up in the later layers is subnormal, which costs an assist of a hundred cycles an instruction
// on many processors. A rescaled network holds s h instead of h and multiplies at scale 1; E still underflows:
//
//   first layer   s h = E.scale( E.scale( E.add( G(x, W), b ), 1/s ), s )
//   later layers  s h = E.scale( E.add( E.scale( G(s h, W), 1/s ), E.scale(b, 1/s) ), s )
//   last layer    o likewise
//
// It is the same function but for the rounding of sums: s G(h, W) is rounded to multiples of s 2^-149 (2^-24 for the
// post's s) where it lies below s 2^-126, and G(s h, W) is not.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_NETWORK_NETWORK_H_
#define FPLAB_NETS_NETWORK_NETWORK_H_

#include <cstdint>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/kernels/core/panel.h>
#include <fplab/kernels/layers/member_columns.h>
#include <fplab/kernels/matmul/updated_product.h>
#include <fplab/nets/config/config_field.h>

namespace fplab::nets {

struct NetworkConfig {
  std::vector<int> layers = {784, 512, 512, 10};  // widths, input and output included
  int scale_exponent = 125;                       // in [-126, 126]
  Mode matmul_mode = kIeee;
  Mode elementwise_mode = kFtzDaz;
  bool rescaled = false;  // G at scale 1, as said above

  int depth() const { return static_cast<int>(layers.size()) - 1; }  // number of weight matrices

  void ListFields(FieldList& list) {
    list.Add({"layers", "layers", "Widths, input and output included", Between(1, 65536)}, layers);
    list.Add({"scale_exponent", "scale-exponent", "The network computes at scale 2^-N", Between(-126, 126)},
             scale_exponent);
    list.Add({"matmul_mode", "matmul-mode", "Mode of the matmuls", Stated("none, ftz, daz or ftz+daz")}, matmul_mode,
             ParseMode);
    list.Add({"elementwise_mode", "elementwise-mode", "Mode of the element-wise operations",
              Stated("none, ftz, daz or ftz+daz")},
             elementwise_mode, ParseMode);
    list.Add({"rescaled", "rescaled",
              "Multiply at scale 1, underflow in the element-wise operations alone: the same but for rounding, and "
              "fast where subnormal numbers are slow",
              Stated("true or false")},
             rescaled);
  }

  friend bool operator==(const NetworkConfig&, const NetworkConfig&) = default;
};

// Throws Error: fewer than two widths or more than 257, a width outside [1, 65536], more than 2^28 weights (1 GiB), a
// scale exponent out of range, a mode that this machine lacks, or a rescaled network whose matmul should flush.
FPLAB_EXPORT void Validate(const NetworkConfig& config);

// The scale at which the network computes: "2^-125".
FPLAB_EXPORT std::string ScaleText(const NetworkConfig& config);

// What one layer learns; also the shape of its gradient and of its optimiser's moments.
struct FPLAB_EXPORT LayerParameters {
  LayerParameters(int inputs, int outputs);

  kernels::PanelMatrix weight;  // inputs x outputs
  kernels::AlignedBuffer bias;  // PanelCount(outputs) * 32 entries, zero past the last output
};
using Parameters = std::vector<LayerParameters>;

// All zeros, in the shapes of `config`.
FPLAB_EXPORT Parameters ZeroParameters(const NetworkConfig& config);

// Units whose gate is taken away: for each layer one flag a unit, nothing for a layer that has none, and nothing at all
// for a network that has none. The E operations of such a unit, the scaling of its bias included, run without flushing
// (ForwardPass::ApplyUnflushed): a network of nothing but linear units has the bits of one whose element-wise mode does
// not flush, or if it is rescaled differs from it by rounding only.
using LinearUnits = std::vector<std::vector<uint8_t>>;

struct Network {
  NetworkConfig config;
  Parameters parameters;
  LinearUnits linear = {};
};

// Weights drawn from N(0, 2 / inputs), biases 0 (the post's initialisation); a function of config.layers and seed.
FPLAB_EXPORT Network InitialNetwork(const NetworkConfig& config, uint64_t seed, kernels::Isa isa);

// The forward pass of a network on panels of up to 32 samples (units x samples). Holds the biases as they enter E.add,
// computed once; make a new one when the parameters have changed. Safe to use from many threads.
class FPLAB_EXPORT ForwardPass {
 public:
  // Keeps a reference to `network`. Aborts if network.linear does not fit its layers.
  ForwardPass(const Network& network, kernels::Isa isa);

  const NetworkConfig& config() const { return network_.config; }
  const LayerParameters& layer(int l) const { return network_.parameters[static_cast<size_t>(l)]; }
  int depth() const { return network_.config.depth(); }
  kernels::Execution matmul() const { return {isa_, network_.config.matmul_mode}; }
  kernels::Execution elementwise() const { return {isa_, network_.config.elementwise_mode}; }
  kernels::Isa isa() const { return isa_; }

  // What a hidden layer's output in units of its pre-activation times s is multiplied by where it is held: 1/s, or 1 in
  // a rescaled network; and the inverse.
  float scale_down() const { return rescaled() ? 1.0f : scale_down_; }
  float scale_up() const { return rescaled() ? 1.0f : scale_up_; }

  // The bias of layer l as it counts in E.add: for later layers E.scale(b, 1/s), under DAZ with subnormals made zero,
  // hence 0 while |b| < 0.5 in the post's net, except in linear units.
  const kernels::AlignedBuffer& entering_bias(int l) const { return biases_[static_cast<size_t>(l)]; }

  // z = G(input, W_l).
  void PreActivation(int l, kernels::ConstPanelView input, kernels::PanelView z) const;

  // E's operations of layer l as one step for UpdatedProducts. Precondition: a hidden layer that is not the first and
  // has no linear units.
  kernels::ElementwiseStep HiddenStep(int l) const;

  // Whether unit j of layer l is one of network.linear; no padding is. Whether any unit of the layer is.
  bool IsLinear(int l, int j) const;
  bool HasLinearUnits(int l) const;
  // The element-wise mode with its flushing taken away.
  Mode open_mode() const { return {network_.config.elementwise_mode.rounding, false, false}; }

  // out = what E makes of z in layer l; out may be z. z may be a slice of the layer's units that begins at first_unit.
  void ApplyElementwise(int l, kernels::ConstPanelView z, kernels::PanelView out, int first_unit = 0) const;
  // out = what E's operations on z make without flushing, with the biases as they enter above: a unit's gate fires
  // where ApplyElementwise gives another number. In a rescaled network that is one sum at scale 1: all that the way to
  // 1/s and back would do without flushing is to round.
  void ApplyUnflushed(int l, kernels::ConstPanelView z, kernels::PanelView out, int first_unit = 0) const;
  // The same with other biases in the place of entering_bias(l), one a row or a group's own, after EnterBias.
  // Precondition: the network has no linear units.
  void ApplyElementwise(int l, kernels::ConstPanelView z, const float* bias, kernels::PanelView out) const;
  void ApplyElementwise(int l, kernels::ConstPanelView z, kernels::MemberView bias, kernels::PanelView out) const;
  // Replaces biases of layer l by what they count in E.add.
  void EnterBias(int l, float* bias, size_t count) const;

  // Logits of a panel of inputs; `hidden` is scratch of MakeHidden's shape, left holding every hidden layer's output.
  void Logits(kernels::ConstPanelView input, std::vector<kernels::PanelMatrix>& hidden,
              kernels::PanelView logits) const;

  // One (units x 32) matrix per hidden layer.
  std::vector<kernels::PanelMatrix> MakeHidden() const;

 private:
  template <typename Bias>
  void ApplyElementwiseIn(Mode mode, int l, kernels::ConstPanelView z, Bias bias, kernels::PanelView out) const;
  bool rescaled() const { return network_.config.rescaled; }

  const Network& network_;
  kernels::Isa isa_;
  float scale_down_, scale_up_;  // 1/s and s
  std::vector<kernels::AlignedBuffer> biases_;
  std::vector<kernels::AlignedBuffer> open_biases_;  // of a rescaled network: the same at scale 1
};

}  // namespace fplab::nets

#endif  // FPLAB_NETS_NETWORK_NETWORK_H_
