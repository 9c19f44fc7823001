// Lemmas of rounded operations: signs, special cases, bounds and order.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/operation_lemmas.h>

#include <algorithm>
#include <array>

namespace fplab::proof {
namespace {

// The operand as the operation sees it, and what lemmas ask of it.
struct Seen {
  Word bits, magnitude;
  Lit sign, nan, infinite, zero;
};

class Lemmas {
 public:
  explicit Lemmas(const FloatCircuit& circuit)
      : circuit_(circuit),
        aig_(circuit.aig()),
        one_(circuit.Constant(circuit.format().One())),
        min_normal_(circuit.Constant(circuit.format().MinNormal())) {}

  Lit Of(const LemmaCase& x) const {
    const std::vector<Seen> in = SeenOf(x);
    const Seen r = Look(x.result);
    Lit all_finite = kTrue;
    for (const Seen& operand : in) all_finite = aig_.And(all_finite, !aig_.Or(operand.nan, operand.infinite));
    switch (x.operation) {
      case LemmaOperation::kAdd:
        return aig_.And(OfSum(in[0], in[1], r), NoInfinityOf(all_finite, r, x));
      case LemmaOperation::kMul:
        return aig_.And(OfProduct(in[0], in[1], r), NoInfinityOf(all_finite, r, x));
      case LemmaOperation::kDiv:
        return aig_.And(OfQuotient(in[0], in[1], r), NoInfinityOf(aig_.And(all_finite, !in[1].zero), r, x));
      case LemmaOperation::kSqrt:
        return aig_.And(OfRoot(in[0], r), NoInfinityOf(all_finite, r, x));
      case LemmaOperation::kFma:
        return aig_.And(OfFused(in[0], in[1], in[2], r), NoInfinityOf(all_finite, r, x));
    }
    return kTrue;
  }

  Lit OfPair(const LemmaCase& x, const LemmaCase& y) const {
    const std::vector<Seen> a = SeenOf(x), b = SeenOf(y);
    const Seen r = Look(x.result), s = Look(y.result);
    return aig_.And(SameOperands(a, b, x, y),
                    aig_.And(InOrder(x.operation, a, r, b, s), InOrder(x.operation, b, s, a, r)));
  }

 private:
  Seen Look(const Word& bits) const {
    return {
        bits, circuit_.Abs(bits), bits.back(), circuit_.IsNan(bits), circuit_.IsInfinite(bits), circuit_.IsZero(bits)};
  }
  std::vector<Seen> SeenOf(const LemmaCase& x) const {
    std::vector<Seen> seen;
    for (const Word& operand : x.operands) seen.push_back(Look(circuit_.FlushInput(operand)));
    return seen;
  }

  Lit Implies(Lit condition, Lit claim) const { return aig_.Or(!condition, claim); }
  Lit Same(Lit a, Lit b) const { return !aig_.Xor(a, b); }
  Lit All(std::initializer_list<Lit> lits) const { return AndOf(aig_, std::vector<Lit>(lits)); }
  // Of magnitudes of numbers; infinity is the greatest.
  Lit AtMost(const Word& a, const Word& b) const { return !LessWord(aig_, b, a); }
  // a <= b of numbers.
  Lit Ordered(const Seen& a, const Seen& b) const { return circuit_.LessEqual(a.bits, b.bits); }
  Lit IsFlushed() const { return circuit_.mode().flush_outputs; }

  Lit NoInfinityOf(Lit from_finite, const Seen& r, const LemmaCase& x) const {
    return Implies(aig_.And(from_finite, r.infinite), x.overflow);
  }

  Lit OfProduct(const Seen& a, const Seen& b, const Seen& r) const {
    const Lit nan = aig_.Or(aig_.Or(a.nan, b.nan), aig_.Or(aig_.And(a.infinite, b.zero), aig_.And(a.zero, b.infinite)));
    const Lit special =
        aig_.And(Implies(aig_.Or(a.zero, b.zero), r.zero), Implies(aig_.Or(a.infinite, b.infinite), r.infinite));
    const auto bound = [&](const Seen& factor, const Seen& other) {
      const Lit less = Implies(AtMost(factor.magnitude, one_), AtMost(r.magnitude, other.magnitude));
      const Lit more = Implies(aig_.And(AtMost(one_, factor.magnitude), AtMost(min_normal_, other.magnitude)),
                               AtMost(other.magnitude, r.magnitude));
      return aig_.And(less, more);
    };
    const Lit known = All({Same(r.sign, aig_.Xor(a.sign, b.sign)), special, bound(a, b), bound(b, a)});
    return aig_.And(Same(r.nan, nan), Implies(!nan, known));
  }

  Lit OfQuotient(const Seen& a, const Seen& b, const Seen& r) const {
    const Lit nan = aig_.Or(aig_.Or(a.nan, b.nan), aig_.Or(aig_.And(a.zero, b.zero), aig_.And(a.infinite, b.infinite)));
    const Lit special =
        All({Implies(aig_.Or(a.zero, b.infinite), r.zero), Implies(aig_.Or(b.zero, a.infinite), r.infinite)});
    const Lit against_one = aig_.And(Implies(AtMost(a.magnitude, b.magnitude), AtMost(r.magnitude, one_)),
                                     Implies(AtMost(b.magnitude, a.magnitude), AtMost(one_, r.magnitude)));
    const Lit less = Implies(AtMost(one_, b.magnitude), AtMost(r.magnitude, a.magnitude));
    const Lit more = Implies(aig_.And(AtMost(b.magnitude, one_), AtMost(min_normal_, a.magnitude)),
                             AtMost(a.magnitude, r.magnitude));
    const Lit known = All({Same(r.sign, aig_.Xor(a.sign, b.sign)), special, against_one, less, more});
    return aig_.And(Same(r.nan, nan), Implies(!nan, known));
  }

  Lit OfRoot(const Seen& a, const Seen& r) const {
    const Lit nan = aig_.Or(a.nan, aig_.And(a.sign, !a.zero));
    const Lit special = aig_.And(Implies(a.zero, r.zero), Same(a.infinite, r.infinite));
    const Lit above =
        Implies(AtMost(one_, a.magnitude), aig_.And(AtMost(one_, r.magnitude), AtMost(r.magnitude, a.magnitude)));
    const Lit below = Implies(AtMost(a.magnitude, one_), AtMost(r.magnitude, one_));
    const Lit more = Implies(aig_.And(AtMost(a.magnitude, one_), AtMost(min_normal_, a.magnitude)),
                             AtMost(a.magnitude, r.magnitude));
    return aig_.And(Same(r.nan, nan), Implies(!nan, All({Same(r.sign, a.sign), special, above, below, more})));
  }

  // What the sum is at least and at most, seen from one of its terms: flushing takes it to zero at most.
  Lit BesideTerm(const Seen& term, Lit other_negative, Lit other_zero, const Seen& r) const {
    const Lit keeps = aig_.Or(!IsFlushed(), aig_.Or(term.zero, AtMost(min_normal_, term.magnitude)));
    const Lit up = aig_.And(aig_.Or(!other_negative, other_zero), aig_.Or(term.sign, keeps));
    const Lit down = aig_.And(aig_.Or(other_negative, other_zero), aig_.Or(!term.sign, keeps));
    return aig_.And(Implies(up, Ordered(term, r)), Implies(down, Ordered(r, term)));
  }

  Lit OfSum(const Seen& a, const Seen& b, const Seen& r) const {
    const Lit opposed = aig_.And(aig_.And(a.infinite, b.infinite), aig_.Xor(a.sign, b.sign));
    const Lit nan = aig_.Or(aig_.Or(a.nan, b.nan), opposed);
    const Lit sign = Implies(Same(a.sign, b.sign), Same(r.sign, a.sign));
    const Lit cancels = aig_.And(aig_.Xor(a.sign, b.sign), EqualWords(aig_, a.magnitude, b.magnitude));
    const Lit special = aig_.And(Implies(aig_.Or(a.infinite, b.infinite), r.infinite), Implies(cancels, r.zero));
    const Lit beside = aig_.And(BesideTerm(a, b.sign, b.zero, r), BesideTerm(b, a.sign, a.zero, r));
    return aig_.And(Same(r.nan, nan), Implies(!nan, All({sign, special, beside})));
  }

  Lit OfFused(const Seen& a, const Seen& b, const Seen& c, const Seen& r) const {
    const Lit infinite = aig_.Or(a.infinite, b.infinite), sign = aig_.Xor(a.sign, b.sign);
    const Lit zero = aig_.Or(a.zero, b.zero);
    const Lit opposed = aig_.And(aig_.And(infinite, c.infinite), aig_.Xor(sign, c.sign));
    const Lit nan = aig_.Or(OrOf(aig_, std::array{a.nan, b.nan, c.nan}), aig_.Or(aig_.And(infinite, zero), opposed));
    const Lit signs = Implies(Same(sign, c.sign), Same(r.sign, c.sign));
    const Lit special = Implies(aig_.Or(infinite, c.infinite), r.infinite);
    return aig_.And(Same(r.nan, nan), Implies(!nan, All({signs, special, BesideTerm(c, sign, zero, r)})));
  }

  Lit SameOperands(const std::vector<Seen>& a, const std::vector<Seen>& b, const LemmaCase& x,
                   const LemmaCase& y) const {
    const auto same = [&](size_t i, size_t j) { return EqualWords(aig_, a[i].bits, b[j].bits); };
    Lit all = kTrue;
    for (size_t i = 0; i < a.size(); ++i) all = aig_.And(all, same(i, i));
    const bool commutes = x.operation != LemmaOperation::kDiv && x.operation != LemmaOperation::kSqrt;
    if (commutes) {
      const Lit swapped = aig_.And(same(0, 1), same(1, 0));
      all = aig_.Or(all, a.size() > 2 ? aig_.And(swapped, same(2, 2)) : swapped);
    }
    return Implies(all, EqualWords(aig_, x.result, y.result));
  }

  // Whether the exact magnitudes of the products of a and of b are in this order, so far as their factors tell.
  Lit LesserProduct(const std::vector<Seen>& a, const std::vector<Seen>& b) const {
    const auto at_most = [&](size_t i, size_t j) { return AtMost(a[i].magnitude, b[j].magnitude); };
    return aig_.Or(aig_.And(at_most(0, 0), at_most(1, 1)), aig_.And(at_most(0, 1), at_most(1, 0)));
  }

  // Where the operands say that the exact value of a is at most that of b, r is at most s.
  Lit InOrder(LemmaOperation operation, const std::vector<Seen>& a, const Seen& r, const std::vector<Seen>& b,
              const Seen& s) const {
    const Lit numbers = !aig_.Or(r.nan, s.nan);
    switch (operation) {
      case LemmaOperation::kAdd: {
        const auto ordered = [&](size_t i, size_t j) { return Ordered(a[i], b[j]); };
        const Lit terms = aig_.Or(aig_.And(ordered(0, 0), ordered(1, 1)), aig_.And(ordered(0, 1), ordered(1, 0)));
        return Implies(aig_.And(numbers, terms), Ordered(r, s));
      }
      case LemmaOperation::kMul:
        return MagnitudesInOrder(aig_.And(numbers, LesserProduct(a, b)), r, s);
      case LemmaOperation::kDiv: {
        const Lit lesser = aig_.And(AtMost(a[0].magnitude, b[0].magnitude), AtMost(b[1].magnitude, a[1].magnitude));
        return MagnitudesInOrder(aig_.And(numbers, lesser), r, s);
      }
      case LemmaOperation::kSqrt:
        return Implies(aig_.And(numbers, Ordered(a[0], b[0])), Ordered(r, s));
      case LemmaOperation::kFma:
        return Implies(All({numbers, ProductsInOrder(a, b), Ordered(a[2], b[2])}), Ordered(r, s));
    }
    return kTrue;
  }

  // Rounding up and down treat the signs differently.
  Lit MagnitudesInOrder(Lit condition, const Seen& r, const Seen& s) const {
    const Rounding rounding = circuit_.mode().rounding;
    const bool by_sign = rounding == Rounding::kUp || rounding == Rounding::kDown;
    const Lit alike = by_sign ? Same(r.sign, s.sign) : kTrue;
    return Implies(aig_.And(condition, alike), AtMost(r.magnitude, s.magnitude));
  }

  Lit ProductsInOrder(const std::vector<Seen>& a, const std::vector<Seen>& b) const {
    const auto zero = [&](const std::vector<Seen>& x) { return aig_.Or(x[0].zero, x[1].zero); };
    const auto negative = [&](const std::vector<Seen>& x) { return aig_.Xor(x[0].sign, x[1].sign); };
    const Lit a_not_above = aig_.Or(zero(a), negative(a)), b_not_below = aig_.Or(zero(b), !negative(b));
    const Lit both_positive = aig_.And(aig_.And(!negative(a), b_not_below), LesserProduct(a, b));
    const Lit both_negative = aig_.And(aig_.And(a_not_above, negative(b)), LesserProduct(b, a));
    return aig_.Or(aig_.And(a_not_above, b_not_below), aig_.Or(both_positive, both_negative));
  }

  const FloatCircuit& circuit_;
  Aig& aig_;
  Word one_, min_normal_;
};

bool SameMode(const CircuitMode& a, const CircuitMode& b) {
  return a.rounding == b.rounding && a.flush_outputs == b.flush_outputs && a.flush_inputs == b.flush_inputs;
}

bool SameOperation(const FloatCircuit& a, LemmaOperation of_a, const FloatCircuit& b, LemmaOperation of_b) {
  return of_a == of_b && a.format() == b.format() && SameMode(a.mode(), b.mode());
}

}  // namespace

std::string_view Name(LemmaOperation operation) {
  static constexpr std::array<std::string_view, 5> kNames = {"sums", "products", "quotients", "square roots",
                                                             "fused multiply-adds"};
  return kNames[static_cast<size_t>(operation)];
}

bool HasLemmas(const FloatCircuit& circuit) {
  const CircuitMode& mode = circuit.mode();
  return circuit.format().HasInfinity() && !circuit.format().saturates &&
         mode.flush != model::FlushSemantics::kNoSubnormals && mode.positive_zero == kFalse;
}

Lit LemmaOf(const FloatCircuit& circuit, const LemmaCase& x) { return Lemmas(circuit).Of(x); }

Lit LemmaOfPair(const FloatCircuit& circuit, const LemmaCase& x, const LemmaCase& y) {
  return Lemmas(circuit).OfPair(x, y);
}

const FloatResult& OperationLemmas::Result(LemmaOperation operation, const FloatCircuit& circuit,
                                           const std::vector<Word>& operands) {
  for (const Unknown& unknown : unknowns_) {
    const bool same = SameOperation(unknown.circuit, unknown.known.operation, circuit, operation);
    if (same && unknown.known.operands == operands) return unknown.result;
  }
  FloatResult result;
  result.bits = circuit.Input();
  for (Lit* flag : {&result.inexact, &result.underflow, &result.overflow, &result.divide_by_zero, &result.invalid,
                    &result.denormal, &result.tiny}) {
    *flag = aig_.Input();
  }
  unknowns_.push_back({circuit, {operation, operands, result.bits, result.overflow}, result});
  return unknowns_.back().result;
}

std::vector<Lit> OperationLemmas::Constraints() const {
  std::vector<Lit> constraints;
  for (size_t i = 0; i < unknowns_.size(); ++i) {
    const Unknown& x = unknowns_[i];
    constraints.push_back(LemmaOf(x.circuit, x.known));
    for (size_t j = 0; j < i; ++j) {
      const Unknown& y = unknowns_[j];
      if (!SameOperation(x.circuit, x.known.operation, y.circuit, y.known.operation)) continue;
      constraints.push_back(LemmaOfPair(x.circuit, x.known, y.known));
    }
  }
  return constraints;
}

std::string OperationLemmas::Text() const {
  std::string text;
  for (const LemmaOperation operation : {LemmaOperation::kAdd, LemmaOperation::kMul, LemmaOperation::kDiv,
                                         LemmaOperation::kSqrt, LemmaOperation::kFma}) {
    const bool any = std::any_of(unknowns_.begin(), unknowns_.end(),
                                 [&](const Unknown& unknown) { return unknown.known.operation == operation; });
    if (any) text += (text.empty() ? "" : ", ") + std::string(Name(operation));
  }
  return text + " by lemmas";
}

}  // namespace fplab::proof
