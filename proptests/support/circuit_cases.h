// Circuits beside the model: 64 cases at a time, in the four flushing modes, every bit and every flag.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_CIRCUIT_CASES_H_
#define FPLAB_PROPTESTS_SUPPORT_CIRCUIT_CASES_H_

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <fplab/fparith/model/model.h>
#include <fplab/fparith/proof/float_circuit.h>
#include "proptests/support/model_cases.h"

namespace fplab {

using CircuitOperands = std::array<uint64_t, 3>;
using Planes = std::array<uint64_t, 64>;  // [i] bit j is bit i of the j-th of 64 words

inline Planes Transposed(Planes rows) {
  uint64_t mask = 0x00000000ffffffffu;
  for (size_t j = 32; j != 0; j /= 2, mask ^= mask << j) {
    for (size_t k = 0; k < 64; k = (k + j + 1) & ~j) {
      const uint64_t t = (rows[k] >> j ^ rows[k + j]) & mask;
      rows[k] ^= t << j;
      rows[k + j] ^= t;
    }
  }
  return rows;
}

// Directions of the standard, and to odd.
inline std::vector<Rounding> CircuitRoundings() {
  std::vector<Rounding> roundings(kAllRoundings.begin(), kAllRoundings.end());
  roundings.push_back(Rounding::kToOdd);
  return roundings;
}

// Which operations a comparison has.
enum class CircuitGroup { kUnary, kBinary, kArithmetic, kFma };  // kArithmetic: those of kBinary that round

// One graph with FTZ, DAZ and operands as inputs, and what the model makes of the same.
class CircuitComparison {
 public:
  using Model = std::function<model::Outcome(const model::Environment&, const CircuitOperands&)>;
  struct Operation {
    std::string name;
    proof::Word bits;
    std::optional<std::array<proof::Lit, 6>>
        flags;  // in the order of model::Flags; the model's are not compared without
    Model model;
  };

  // environment.mode's flushing is ignored: all four are compared.
  CircuitComparison(CircuitGroup group, const Format& format, const model::Environment& environment,
                    proof::CircuitFault fault = proof::CircuitFault::kNone)
      : format_(format), environment_(environment) {
    const proof::CircuitMode mode{
        environment.mode.rounding, aig_.Input(),      aig_.Input(),
        environment.tininess,      environment.flush, proof::Constant(environment.positive_zero)};
    const proof::FloatCircuit circuit(aig_, format, mode, fault);
    const proof::Word a = circuit.Input(), b = circuit.Input(), c = circuit.Input();
    switch (group) {
      case CircuitGroup::kUnary:
        AddUnary(circuit, a);
        break;
      case CircuitGroup::kBinary:
        AddBinary(circuit, a, b);
        break;
      case CircuitGroup::kArithmetic:
        AddArithmetic(circuit, a, b);
        break;
      case CircuitGroup::kFma:
        AddOne("fma", circuit.Fma(a, b, c), [format](const model::Environment& e, const CircuitOperands& x) {
          return model::Fma(format, e, x[0], x[1], x[2]);
        });
        break;
    }
  }

  // The first difference as text, empty if there is none. Precondition: at most 64 cases.
  std::string Difference(std::span<const CircuitOperands> cases) {
    std::vector<uint64_t> inputs(2);
    for (size_t i = 0; i < 3; ++i) {
      Planes rows{};
      for (size_t j = 0; j < cases.size(); ++j) rows[j] = cases[j][i];
      rows = Transposed(rows);
      inputs.insert(inputs.end(), rows.begin(), rows.begin() + format_.Width());
    }
    for (const Mode& mode : kFlushModes) {
      inputs[0] = mode.flush_outputs ? ~uint64_t{0} : 0;
      inputs[1] = mode.flush_inputs ? ~uint64_t{0} : 0;
      simulation_.Run(inputs);
      model::Environment environment = environment_;
      environment.mode.flush_outputs = mode.flush_outputs;
      environment.mode.flush_inputs = mode.flush_inputs;
      for (const Operation& operation : operations_) {
        const std::string difference = DifferenceOf(operation, environment, cases);
        if (!difference.empty()) return difference;
      }
    }
    return "";
  }

 private:
  void AddOne(const std::string& name, const proof::FloatResult& result, Model model) {
    operations_.push_back({name, result.bits,
                           std::array{result.inexact, result.underflow, result.overflow, result.divide_by_zero,
                                      result.invalid, result.denormal},
                           std::move(model)});
  }
  // Without flags.
  void AddPlain(const std::string& name, const proof::Word& bits, Model model) {
    operations_.push_back({name, bits, std::nullopt, std::move(model)});
  }

  void AddArithmetic(const proof::FloatCircuit& x, const proof::Word& a, const proof::Word& b) {
    const Format f = format_;
    const auto of = [f](auto* function) {
      return
          [f, function](const model::Environment& e, const CircuitOperands& v) { return function(f, e, v[0], v[1]); };
    };
    AddOne("add", x.Add(a, b), of(&model::Add));
    AddOne("mul", x.Mul(a, b), of(&model::Mul));
    AddOne("div", x.Div(a, b), of(&model::Div));
  }

  void AddBinary(const proof::FloatCircuit& x, const proof::Word& a, const proof::Word& b) {
    const Format f = format_;
    const auto of = [f](auto* function) {
      return
          [f, function](const model::Environment& e, const CircuitOperands& v) { return function(f, e, v[0], v[1]); };
    };
    const auto quiet = [f](auto* function) {
      return [f, function](const model::Environment& e, const CircuitOperands& v) {
        return function(f, e, v[0], v[1], model::NanComparison::kQuiet);
      };
    };
    const auto plain = [](auto function) {
      return [function](const model::Environment&, const CircuitOperands& v) {
        return model::Outcome{static_cast<uint64_t>(function(v[0], v[1])), 0};
      };
    };
    AddArithmetic(x, a, b);
    AddOne("sub", x.Sub(a, b), of(&model::Sub));
    AddPlain("min", x.X86Min(a, b), of(&model::X86Min));
    AddPlain("max", x.X86Max(a, b), of(&model::X86Max));
    AddPlain("minimumNumber", x.MinimumNumber(a, b), of(&model::MinimumNumber));
    AddPlain("maximumNumber", x.MaximumNumber(a, b), of(&model::MaximumNumber));
    AddPlain("minNum", x.MinNum(a, b), of(&model::MinNum));
    AddPlain("maxNum", x.MaxNum(a, b), of(&model::MaxNum));
    AddPlain("minimum", x.Minimum(a, b), of(&model::Minimum));
    AddPlain("maximum", x.Maximum(a, b), of(&model::Maximum));
    AddPlain("eq_mode", {x.EqualInMode(a, b)}, quiet(&model::Equal));
    AddPlain("lt_mode", {x.LessInMode(a, b)}, quiet(&model::Less));
    AddPlain("le_mode", {x.LessEqualInMode(a, b)}, quiet(&model::LessEqual));
    const model::Environment ieee{};
    const auto in_ieee = [ieee, quiet](auto* function) {
      return
          [ieee, call = quiet(function)](const model::Environment&, const CircuitOperands& v) { return call(ieee, v); };
    };
    AddPlain("equal", {x.Equal(a, b)}, in_ieee(&model::Equal));
    AddPlain("less", {x.Less(a, b)}, in_ieee(&model::Less));
    AddPlain("less or equal", {x.LessEqual(a, b)}, in_ieee(&model::LessEqual));
    AddPlain("same bits", {x.SameBits(a, b)}, plain([f](uint64_t v, uint64_t w) { return f.SameBits(v, w); }));
    AddPlain("same value", {x.SameValue(a, b)}, plain([f](uint64_t v, uint64_t w) {
               return (f.IsNan(v) && f.IsNan(w)) || (!f.IsNan(v) && !f.IsNan(w) && f.Rank(v) == f.Rank(w));
             }));
    AddPlain("copysign", x.CopySign(a, b), plain([f](uint64_t v, uint64_t w) { return f.CopySign(v, w); }));
  }

  void AddUnary(const proof::FloatCircuit& x, const proof::Word& a) {
    const Format f = format_;
    const auto plain = [](auto function) {
      return [function](const model::Environment&, const CircuitOperands& v) {
        return model::Outcome{static_cast<uint64_t>(function(v[0])), 0};
      };
    };
    AddOne("sqrt", x.Sqrt(a),
           [f](const model::Environment& e, const CircuitOperands& v) { return model::Sqrt(f, e, v[0]); });
    AddOne("square", x.Mul(a, a),
           [f](const model::Environment& e, const CircuitOperands& v) { return model::Mul(f, e, v[0], v[0]); });
    const auto add_conversion = [&](const Format& to) {
      AddOne("to " + Name(to), x.Convert(to, a),
             [f, to](const model::Environment& e, const CircuitOperands& v) { return model::Convert(f, to, e, v[0]); });
    };
    for (const Format& to : kNamedFormats) add_conversion(to);
    for (const Format& to : kSmallFormats) add_conversion(to);
    for (Rounding rounding : CircuitRoundings()) {
      AddOne(fmt::format("to integral {}", Name(rounding)), x.RoundToIntegral(rounding, a),
             [f, rounding](model::Environment e, const CircuitOperands& v) {
               e.mode.rounding = rounding;
               return model::RoundToIntegral(f, e, v[0], model::InexactFlag::kRaise);
             });
    }
    for (int64_t n : {-3000, -7, -1, 0, 1, 3, 2200}) {
      AddOne(fmt::format("scaled by {}", n), x.ScaleB(a, proof::BoundedConstant(n)),
             [f, n](const model::Environment& e, const CircuitOperands& v) { return model::ScaleB(f, e, v[0], n); });
    }
    const proof::Word low = proof::Slice(a, 0, 3);  // and by what the operand's own last bits say
    AddOne("scaled by its last bits", x.ScaleB(a, proof::Plus(aig_, proof::BoundedUnsigned(low, 0, 7), -4)),
           [f](const model::Environment& e, const CircuitOperands& v) {
             return model::ScaleB(f, e, v[0], static_cast<int64_t>(v[0] & 7) - 4);
           });
    for (model::IntegerType type : {model::IntegerType::kInt32, model::IntegerType::kUint32, model::IntegerType::kInt64,
                                    model::IntegerType::kUint64}) {
      AddInteger(x, a, type);
    }
    AddPlain("flush input", x.FlushInput(a), [f](const model::Environment& e, const CircuitOperands& v) {
      const bool flushed = e.mode.flush_inputs && f.IsSubnormal(v[0]);
      return model::Outcome{flushed ? f.WithSign(f.SignBit(v[0]) && !e.positive_zero, 0) : v[0], 0};
    });
    AddPlain("is nan", {x.IsNan(a)}, plain([f](uint64_t v) { return f.IsNan(v); }));
    AddPlain("is infinite", {x.IsInfinite(a)}, plain([f](uint64_t v) { return f.IsInfinite(v); }));
    AddPlain("is finite", {x.IsFinite(a)}, plain([f](uint64_t v) { return f.IsFinite(v); }));
    AddPlain("is zero", {x.IsZero(a)}, plain([f](uint64_t v) { return f.IsZero(v); }));
    AddPlain("is normal", {x.IsNormal(a)}, plain([f](uint64_t v) { return f.IsNormal(v); }));
    AddPlain("is subnormal", {x.IsSubnormal(a)}, plain([f](uint64_t v) { return f.IsSubnormal(v); }));
    AddPlain("is signaling", {x.IsSignalingNan(a)}, plain([f](uint64_t v) { return f.IsSignalingNan(v); }));
    AddPlain("negate", x.Negate(a), plain([f](uint64_t v) { return f.Negate(v); }));
    AddPlain("abs", x.Abs(a), plain([f](uint64_t v) { return f.Abs(v); }));
    AddPlain("next up", x.NextUp(a), plain([f](uint64_t v) { return model::NextUp(f, v); }));
    AddPlain("next down", x.NextDown(a), plain([f](uint64_t v) { return model::NextDown(f, v); }));
    // By their definitions.
    AddPlain("ulp", x.Ulp(a), plain([f](uint64_t v) {
               if (!f.IsFinite(v)) return f.CanonicalNan();
               const int field = std::max(f.ExponentField(v), 1) - f.FractionBits();
               return field > 0 ? static_cast<uint64_t>(field) << f.FractionBits()
                                : uint64_t{1} << (field + f.FractionBits() - 1);
             }));
    AddPlain("is power of two", {x.IsPowerOfTwo(a)}, plain([f](uint64_t v) {
               if (!f.IsFinite(v) || f.SignBit(v)) return false;
               return f.IsSubnormal(v) ? std::has_single_bit(v) : f.IsNormal(v) && f.Fraction(v) == 0;
             }));
  }

  // The operand's pattern as an integer, its top bit repeated.
  void AddInteger(const proof::FloatCircuit& x, const proof::Word& a, model::IntegerType type) {
    const Format f = format_;
    const auto name = static_cast<int>(type);
    AddOne(fmt::format("from integer type {}", name), x.FromInteger(type, SignExtended(a, proof::IntegerWidth(type))),
           [f, type](const model::Environment& e, const CircuitOperands& v) {
             const uint64_t integer = f.SignBit(v[0]) ? v[0] | ~f.Mask() : v[0];
             return model::FromInteger(f, e, type, integer);
           });
    for (Rounding rounding : CircuitRoundings()) {
      AddOne(fmt::format("to integer type {} {}", name, Name(rounding)), x.ToInteger(type, rounding, a),
             [f, type, rounding](model::Environment e, const CircuitOperands& v) {
               e.mode.rounding = rounding;
               return model::ToInteger(f, e, type, v[0], model::InexactFlag::kRaise);
             });
    }
  }

  std::string DifferenceOf(const Operation& operation, const model::Environment& environment,
                           std::span<const CircuitOperands> cases) const {
    Planes bits{}, flags{};
    for (size_t j = 0; j < cases.size(); ++j) {
      const model::Outcome outcome = operation.model(environment, cases[j]);
      bits[j] = outcome.bits;
      flags[j] = outcome.flags;
    }
    bits = Transposed(bits);
    flags = Transposed(flags);
    uint64_t differ = 0;
    for (size_t i = 0; i < 64; ++i) {
      differ |= bits[i] ^ (i < operation.bits.size() ? simulation_[operation.bits[i]] : 0);
      if (operation.flags && i < 6) differ |= flags[i] ^ simulation_[(*operation.flags)[i]];
    }
    if (cases.size() < 64) differ &= (uint64_t{1} << cases.size()) - 1;
    return differ == 0 ? "" : Describe(operation, environment, cases, static_cast<size_t>(std::countr_zero(differ)));
  }

  std::string Describe(const Operation& operation, const model::Environment& environment,
                       std::span<const CircuitOperands> cases, size_t lane) const {
    uint64_t bits = 0;
    for (size_t i = 0; i < operation.bits.size(); ++i) bits |= (simulation_[operation.bits[i]] >> lane & 1) << i;
    model::Flags flags = 0;
    for (size_t i = 0; i < 6 && operation.flags; ++i) {
      flags = static_cast<model::Flags>(flags | (simulation_[(*operation.flags)[i]] >> lane & 1) << i);
    }
    const model::Outcome model = operation.model(environment, cases[lane]);
    return fmt::format("{} {} of {:#x} {:#x} {:#x} in mode {}, tininess {}, flush {}: circuit {:#x} {}, model {:#x} {}",
                       Name(format_), operation.name, cases[lane][0], cases[lane][1], cases[lane][2],
                       Name(environment.mode), Name(environment.tininess), Name(environment.flush), bits,
                       model::DescribeFlags(flags), model.bits, model::DescribeFlags(model.flags));
  }

  Format format_;
  model::Environment environment_;
  proof::Aig aig_;
  proof::Simulation simulation_{aig_};
  std::vector<Operation> operations_;
};

// The 48 environments that differ by more than the flushing mode.
inline std::vector<model::Environment> EnvironmentsBesideFlushing() {
  std::vector<model::Environment> environments;
  for (Rounding rounding : CircuitRoundings()) {
    for (model::Tininess tininess : kAllTininess) {
      for (model::FlushSemantics flush : kAllFlushSemantics) {
        environments.push_back({{rounding, false, false}, tininess, flush});
      }
    }
  }
  return environments;
}

// The first difference among `count` cases that make(index) gives, in batches of 64.
template <typename Make>
std::string DifferenceAmong(CircuitComparison& comparison, uint64_t count, const Make& make) {
  std::vector<CircuitOperands> batch;
  for (uint64_t i = 0; i < count; ++i) {
    batch.push_back(make(i));
    if (batch.size() < 64 && i + 1 < count) continue;
    const std::string difference = comparison.Difference(batch);
    if (!difference.empty()) return difference;
    batch.clear();
  }
  return "";
}

inline CircuitOperands SplitIndex(uint64_t index, int width) {
  const uint64_t mask = (uint64_t{1} << width) - 1;
  return {index & mask, index >> width & mask, index >> (2 * width) & mask};
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_CIRCUIT_CASES_H_
