// From instructions to circuits.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/statement_circuit.h>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/proof/nan_circuit.h>

namespace fplab::proof {

using statement::Instruction;
using statement::Kind;
using statement::Op;
using statement::Type;

namespace {

StatementCircuit::Step OfBits(Word bits) {
  StatementCircuit::Step step;
  step.bits = std::move(bits);
  return step;
}
StatementCircuit::Step OfTruth(Lit truth) { return OfBits({truth}); }
StatementCircuit::Step OfResult(const FloatResult& result) {
  return {result.bits, result.inexact, result.underflow, result.overflow, result.divide_by_zero, result.invalid, {}};
}
StatementCircuit::Step OfExact(ExactCircuit exact) {
  StatementCircuit::Step step;
  step.exact = std::move(exact);
  return step;
}

size_t WidthOf(const Type& type) {
  return static_cast<size_t>(type.IsNumber() ? type.format.Width() : type.IsInteger() ? type.width : 1);
}

Word Extended(const Type& type, const Word& integer, size_t width) {
  return type.is_signed ? SignExtended(integer, width) : ZeroExtended(integer, width);
}

// An exponent to scale by, brought to 15 bits: every number is scaled beyond the range by less.
BoundedInteger Exponent(Aig& aig, const Type& type, const Word& integer) {
  constexpr size_t kWidth = 15;
  const Word exponent = Extended(type, integer, 65);
  const Word low = Slice(exponent, 0, kWidth);
  const Lit negative = exponent.back();
  const Word wrong = XorWith(aig, Slice(exponent, kWidth - 1, exponent.size() - kWidth + 1), negative);
  Word most(kWidth, !negative);
  most.back() = negative;
  constexpr int64_t kMost = (int64_t{1} << (kWidth - 1)) - 1;
  return {MuxWord(aig, OrOf(aig, wrong), most, low), -kMost - 1, kMost};
}

// The direction of an operation that has its own; that of the mode otherwise.
Rounding DirectionOf(Op op, Rounding of_mode) {
  switch (op) {
    case Op::kCeil:
      return Rounding::kUp;
    case Op::kFloor:
      return Rounding::kDown;
    case Op::kTrunc:
      return Rounding::kTowardZero;
    case Op::kRound:
      return Rounding::kNearestAway;
    case Op::kRoundEven:
      return Rounding::kNearestEven;
    default:
      return of_mode;
  }
}

}  // namespace

std::vector<Word> StatementCircuit::Operands(Aig& aig, const statement::Expression& expression) {
  std::vector<Word> operands;
  for (const statement::Variable& variable : expression.variables) {
    operands.push_back(InputWord(aig, WidthOf(variable.type)));
  }
  return operands;
}

StatementCircuit::StatementCircuit(Aig& aig, const statement::Expression& expression, const std::vector<Word>& operands,
                                   const CircuitMode& mode, OperationLemmas* lemmas)
    : aig_(aig),
      expression_(expression),
      operands_(operands),
      mode_(mode),
      lemmas_(lemmas),
      tells_nans_apart_(expression.NeedsNanRule()),
      steps_(expression.program.size()) {}

void StatementCircuit::Refuse(const Instruction& instruction) const {
  throw Error("\"{}\" has no circuit", expression_.TextOf(instruction));
}

const StatementCircuit::Step& StatementCircuit::At(int index) {
  // In the order of the program, so that no statement is too deep.
  for (const int i : expression_.Under(index)) {
    std::optional<Step>& step = steps_[static_cast<size_t>(i)];
    if (!step) step = Build(expression_.At(i));
  }
  return *steps_[static_cast<size_t>(index)];
}

const Word& StatementCircuit::Argument(const Instruction& instruction, size_t position) {
  return steps_[static_cast<size_t>(instruction.args[position])]->bits;
}

FloatCircuit StatementCircuit::CircuitOf(const Format& format, const Instruction& instruction) const {
  CircuitMode mode = mode_;
  if (instruction.ieee) {
    mode.flush_outputs = mode.flush_inputs = kFalse;
    mode.rounding = Rounding::kNearestEven;
  }
  if (instruction.keeps_outputs) mode.flush_outputs = kFalse;
  if (instruction.keeps_inputs) mode.flush_inputs = kFalse;
  if (instruction.rounding) mode.rounding = *instruction.rounding;
  return FloatCircuit(aig_, format, mode);
}

StatementCircuit::Step StatementCircuit::Build(const Instruction& instruction) {
  const Op op = instruction.op;
  if (expression_.IsWide(instruction)) Refuse(instruction);
  if (op == Op::kVariable) return OfBits(operands_[instruction.value]);
  if (op == Op::kConstant) return OfBits(ConstantWord(instruction.value, WidthOf(instruction.type)));
  if (op == Op::kRounded) Refuse(instruction);
  if (instruction.type.kind == Kind::kExact || op >= Op::kExactEqual) return Exactly(instruction);
  if (IsUnderMode(op)) return UnderMode(instruction);
  switch (op) {
    case Op::kNot:
      return OfTruth(!Argument(instruction, 0)[0]);
    case Op::kAnd:
      return OfTruth(aig_.And(Argument(instruction, 0)[0], Argument(instruction, 1)[0]));
    case Op::kOr:
      return OfTruth(aig_.Or(Argument(instruction, 0)[0], Argument(instruction, 1)[0]));
    case Op::kSelect:
      return OfBits(MuxWord(aig_, Argument(instruction, 0)[0], Argument(instruction, 1), Argument(instruction, 2)));
    case Op::kFlags: {
      const Step& of = *steps_[static_cast<size_t>(instruction.args[0])];
      return OfBits(ZeroExtended({of.inexact, of.underflow, of.overflow, of.divide_by_zero, of.invalid}, 8));
    }
    default:
      break;
  }
  return expression_.ArgumentType(instruction, 0).IsInteger() ? OnInteger(instruction) : OnNumber(instruction);
}

StatementCircuit::Step StatementCircuit::UnderMode(const Instruction& instruction) {
  Step step = WithCanonicalNan(instruction);
  if (tells_nans_apart_ && instruction.type.IsNumber()) TellNans(instruction, step);
  return step;
}

// In the place of the canonical NaN that of the rule.
void StatementCircuit::TellNans(const Instruction& instruction, Step& step) {
  const Type& operand = expression_.ArgumentType(instruction, 0);
  // MINPS and MAXPS return an operand as it is.
  if (!operand.IsNumber() || instruction.op == Op::kMin || instruction.op == Op::kMax) return;
  const FloatCircuit circuit = CircuitOf(operand.format, instruction);
  const NanCircuit nans(circuit, expression_.arithmetic.nans);
  const Lit is_nan = FloatCircuit(aig_, instruction.type.format, circuit.mode()).IsNan(step.bits);
  const Word& a = Argument(instruction, 0);
  Word nan;
  if (instruction.op == Op::kFma) {
    const Word &b = Argument(instruction, 1), &c = Argument(instruction, 2);
    nan = nans.OfFma(a, b, c);
    step.invalid = aig_.And(step.invalid, !nans.FmaIsQuiet(a, b, c));
  } else if (instruction.op == Op::kConvert) {
    nan = nans.OfConversion(instruction.type.format, a);
  } else if (instruction.args[1] < 0 || instruction.op == Op::kScale) {
    nan = nans.Of({a});
  } else {
    nan = nans.Of({a, Argument(instruction, 1)});
  }
  step.bits = MuxWord(aig_, is_nan, nan, step.bits);
}

StatementCircuit::Step StatementCircuit::WithCanonicalNan(const Instruction& instruction) {
  const Type& operand = expression_.ArgumentType(instruction, 0);
  const Word& a = Argument(instruction, 0);
  if (instruction.op == Op::kFromInteger) {
    const model::IntegerType type = ModelTypeOf(operand);
    return OfResult(
        CircuitOf(instruction.type.format, instruction).FromInteger(type, Extended(operand, a, IntegerWidth(type))));
  }
  const FloatCircuit circuit = CircuitOf(operand.format, instruction);
  const auto b = [&]() -> const Word& { return Argument(instruction, 1); };
  switch (instruction.op) {
    case Op::kAdd:
      return OfResult(Arithmetic(LemmaOperation::kAdd, circuit, {a, b()}));
    case Op::kSub:
      return OfResult(Arithmetic(LemmaOperation::kAdd, circuit, {a, circuit.Negate(b())}));
    case Op::kMul:
      return OfResult(Arithmetic(LemmaOperation::kMul, circuit, {a, b()}));
    case Op::kDiv:
      return OfResult(Arithmetic(LemmaOperation::kDiv, circuit, {a, b()}));
    case Op::kFma:
      return OfResult(Arithmetic(LemmaOperation::kFma, circuit, {a, b(), Argument(instruction, 2)}));
    case Op::kSqrt:
      return OfResult(Arithmetic(LemmaOperation::kSqrt, circuit, {a}));
    case Op::kConvert:
      return OfResult(circuit.Convert(instruction.type.format, a));
    case Op::kScale:
      return OfResult(circuit.ScaleB(a, Exponent(aig_, expression_.ArgumentType(instruction, 1), b())));
    case Op::kCeil:
    case Op::kFloor:
    case Op::kTrunc:
    case Op::kRint:
    case Op::kRound:
    case Op::kRoundEven:
      return OfResult(circuit.RoundToIntegral(DirectionOf(instruction.op, circuit.mode().rounding), a));
    default:
      break;
  }
  // What picks or compares operands has flags of its own, which the circuits do not tell.
  for (const Instruction& other : expression_.program) {
    if (other.op == Op::kFlags && &expression_.At(other.args[0]) == &instruction) Refuse(instruction);
  }
  switch (instruction.op) {
    case Op::kMin:
      return OfBits(circuit.X86Min(a, b()));
    case Op::kMax:
      return OfBits(circuit.X86Max(a, b()));
    case Op::kMinimumNumber:
      return OfBits(circuit.MinimumNumber(a, b()));
    case Op::kMaximumNumber:
      return OfBits(circuit.MaximumNumber(a, b()));
    case Op::kMinimum:
      return OfBits(circuit.Minimum(a, b()));
    case Op::kMaximum:
      return OfBits(circuit.Maximum(a, b()));
    case Op::kMinNum:
      return OfBits(circuit.MinNum(a, b()));
    case Op::kMaxNum:
      return OfBits(circuit.MaxNum(a, b()));
    case Op::kEqualInMode:
      return OfTruth(circuit.EqualInMode(a, b()));
    case Op::kLessInMode:
      return OfTruth(circuit.LessInMode(a, b()));
    case Op::kLessEqualInMode:
      return OfTruth(circuit.LessEqualInMode(a, b()));
    default:
      Refuse(instruction);
  }
}

FloatResult StatementCircuit::Arithmetic(LemmaOperation operation, const FloatCircuit& circuit,
                                         const std::vector<Word>& operands) {
  if (operation == LemmaOperation::kFma) {
    // The exact product is the other factor, with the same special cases and flags.
    const Word one = circuit.Constant(circuit.format().One());
    for (const size_t factor : {0, 1}) {
      const bool negative = operands[factor] == circuit.Negate(one);
      if (operands[factor] != one && !negative) continue;
      rewritten_ = "fma by 1 as a sum";
      const Word& other = operands[1 - factor];
      return Arithmetic(LemmaOperation::kAdd, circuit, {negative ? circuit.Negate(other) : other, operands[2]});
    }
  }
  if (lemmas_ != nullptr && lemmas_->Has(operation, circuit)) return lemmas_->Result(operation, circuit, operands);
  switch (operation) {
    case LemmaOperation::kAdd:
      return circuit.Add(operands[0], operands[1]);
    case LemmaOperation::kMul:
      return circuit.Mul(operands[0], operands[1]);
    case LemmaOperation::kDiv:
      return circuit.Div(operands[0], operands[1]);
    case LemmaOperation::kSqrt:
      return circuit.Sqrt(operands[0]);
    case LemmaOperation::kFma:
      return circuit.Fma(operands[0], operands[1], operands[2]);
  }
  return {};
}

StatementCircuit::Step StatementCircuit::OnNumber(const Instruction& instruction) {
  const Format& format = expression_.ArgumentType(instruction, 0).format;
  const FloatCircuit circuit(aig_, format, CircuitMode{});
  const Word& a = Argument(instruction, 0);
  const auto b = [&]() -> const Word& { return Argument(instruction, 1); };
  switch (instruction.op) {
    case Op::kNegate:
      return OfBits(circuit.Negate(a));
    case Op::kAbs:
      return OfBits(circuit.Abs(a));
    case Op::kCopySign:
      return OfBits(circuit.CopySign(a, b()));
    case Op::kNextUp:
      return OfBits(circuit.NextUp(a));
    case Op::kNextDown:
      return OfBits(circuit.NextDown(a));
    case Op::kUlp:
      return OfBits(circuit.Ulp(a));
    case Op::kBits:
      return OfBits(ZeroExtended(a, WidthOf(instruction.type)));
    case Op::kUlps:
      return OfBits(Ulps(circuit, a, b()));
    case Op::kToInteger:
      return ToInteger(instruction);
    case Op::kEqual:
      return OfTruth(circuit.SameValue(a, b()));
    case Op::kSame:
      return OfTruth(circuit.SameBits(a, b()));
    case Op::kLess:
      return OfTruth(circuit.Less(a, b()));
    case Op::kLessEqual:
      return OfTruth(circuit.LessEqual(a, b()));
    case Op::kIsFinite:
      return OfTruth(circuit.IsFinite(a));
    case Op::kIsNan:
      return OfTruth(circuit.IsNan(a));
    case Op::kIsInfinite:
      return OfTruth(circuit.IsInfinite(a));
    case Op::kIsZero:
      return OfTruth(circuit.IsZero(a));
    case Op::kIsSignaling:
      return OfTruth(circuit.IsSignalingNan(a));
    case Op::kSignBit:
      return OfTruth(circuit.SignBit(a));
    case Op::kIsNormal:
      return OfTruth(circuit.IsNormal(a));
    case Op::kIsSubnormal:
      return OfTruth(circuit.IsSubnormal(a));
    case Op::kIsInteger:
      return OfTruth(aig_.And(circuit.IsFinite(a), circuit.SameBits(circuit.Trunc(a).bits, a)));
    case Op::kIsPowerOfTwo:
      return OfTruth(circuit.IsPowerOfTwo(a));
    default:
      Refuse(instruction);
  }
}

Word StatementCircuit::Ulps(const FloatCircuit& circuit, const Word& a, const Word& b) {
  const auto rank = [&](const Word& x) {
    const Word magnitude = ZeroExtended(circuit.Abs(x), 66);
    return Increment(aig_, XorWith(aig_, magnitude, circuit.SignBit(x)), circuit.SignBit(x)).bits;
  };
  const Word difference = SubtractWords(aig_, rank(a), rank(b)).bits;
  const Lit negative = difference.back();
  const Word distance = Slice(Increment(aig_, XorWith(aig_, difference, negative), negative).bits, 0, 64);
  const Lit nan_a = circuit.IsNan(a), nan_b = circuit.IsNan(b);
  const Word of_nan = XorWith(aig_, ConstantWord(0, 64), aig_.Xor(nan_a, nan_b));
  return MuxWord(aig_, aig_.Or(nan_a, nan_b), of_nan, distance);
}

// Truncated as x86 does; saturated and wrapped results have no circuit.
StatementCircuit::Step StatementCircuit::ToInteger(const Instruction& instruction) {
  if (instruction.value != static_cast<uint64_t>(statement::OutOfRange::kX86)) Refuse(instruction);
  const Type wide = instruction.type.width >= 32 ? instruction.type : Type::Integer(32, true);
  const model::IntegerType type = ModelTypeOf(wide);
  const FloatCircuit circuit(aig_, expression_.ArgumentType(instruction, 0).format, CircuitMode{});
  const Word converted = circuit.ToInteger(type, Rounding::kTowardZero, Argument(instruction, 0)).bits;
  // Of 8- and 16-bit types the low bits, whether it fits or not.
  return OfBits(Slice(converted, 0, WidthOf(instruction.type)));
}

StatementCircuit::Step StatementCircuit::OnInteger(const Instruction& instruction) {
  const Type& operand = expression_.ArgumentType(instruction, 0);
  const Word& a = Argument(instruction, 0);
  const auto b = [&]() -> const Word& { return Argument(instruction, 1); };
  const auto less = [&](const Word& x, const Word& y) {
    if (!operand.is_signed) return LessWord(aig_, x, y);
    Word p = x, q = y;
    p.back() = !p.back();
    q.back() = !q.back();
    return LessWord(aig_, p, q);
  };
  const auto each = [&](auto combine) {
    Word bits(a.size());
    for (size_t i = 0; i < a.size(); ++i) bits[i] = combine(a[i], b()[i]);
    return bits;
  };
  // Widths are powers of two: the count modulo the width is its low bits.
  const auto count = [&] {
    size_t bits = 0;
    while ((size_t{1} << bits) < a.size()) ++bits;
    return Slice(b(), 0, bits);
  };
  switch (instruction.op) {
    case Op::kFromBits:
      return OfBits(Slice(a, 0, WidthOf(instruction.type)));
    case Op::kIntConvert:
      return OfBits(Extended(operand, a, WidthOf(instruction.type)));
    case Op::kIntNegate:
      return OfBits(Increment(aig_, Not(a), kTrue).bits);
    case Op::kIntNot:
      return OfBits(Not(a));
    case Op::kIntAdd:
      return OfBits(AddWords(aig_, a, b(), kFalse).bits);
    case Op::kIntSub:
      return OfBits(SubtractWords(aig_, a, b()).bits);
    case Op::kIntMul:
      return OfBits(Slice(Multiply(aig_, a, b()), 0, a.size()));
    case Op::kIntAnd:
      return OfBits(each([&](Lit x, Lit y) { return aig_.And(x, y); }));
    case Op::kIntOr:
      return OfBits(each([&](Lit x, Lit y) { return aig_.Or(x, y); }));
    case Op::kIntXor:
      return OfBits(each([&](Lit x, Lit y) { return aig_.Xor(x, y); }));
    case Op::kIntShiftLeft:
      return OfBits(ShiftLeft(aig_, a, count()));
    case Op::kIntShiftRight: {
      const Lit fill = operand.is_signed ? a.back() : kFalse;
      // Of the complement zeros come in, so of the number ones.
      const Word shifted = ShiftRightSticky(aig_, XorWith(aig_, a, fill), count()).bits;
      return OfBits(XorWith(aig_, shifted, fill));
    }
    case Op::kIntEqual:
      return OfTruth(EqualWords(aig_, a, b()));
    case Op::kIntLess:
      return OfTruth(less(a, b()));
    case Op::kIntLessEqual:
      return OfTruth(!less(b(), a));
    default:
      Refuse(instruction);
  }
}

// Whether `equation` says that an operation returned the real result (exact(x op y)): then its flags tell.
std::optional<Lit> StatementCircuit::WasExact(const Instruction& equation) {
  const auto value_of = [&](int index) -> int {
    const Instruction& instruction = expression_.At(index);
    return instruction.op == Op::kExactValue ? instruction.args[0] : -1;
  };
  const auto is_value = [&](int index, int of) { return of >= 0 && value_of(index) == of; };
  const auto is_operation = [&](int index, Op op, int a, int b) {
    const Instruction& instruction = expression_.At(index);
    return instruction.op == op && is_value(instruction.args[0], a) && is_value(instruction.args[1], b);
  };
  const int left = value_of(equation.args[0]), right = value_of(equation.args[1]);
  const Instruction* operation = nullptr;
  int index = -1;
  if (left >= 0) {
    const Instruction& result = expression_.At(left);
    const Op exact = result.op == Op::kAdd ? Op::kExactAdd : result.op == Op::kSub ? Op::kExactSub : Op::kExactMul;
    const bool binary = result.op == Op::kAdd || result.op == Op::kSub || result.op == Op::kMul;
    const bool converted = result.op == Op::kConvert && right == result.args[0];
    if (converted || (binary && is_operation(equation.args[1], exact, result.args[0], result.args[1]))) index = left;
  }
  if (right >= 0 && index < 0) {  // q * b == a, r * r == a
    const Instruction& product = expression_.At(equation.args[0]);
    const int first = product.op == Op::kExactMul ? value_of(product.args[0]) : -1;
    if (first >= 0) {
      const Instruction& result = expression_.At(first);
      const bool divided =
          result.op == Op::kDiv && result.args[0] == right && is_value(product.args[1], result.args[1]);
      const bool root = result.op == Op::kSqrt && result.args[0] == right && is_value(product.args[1], first);
      if (divided || root) index = first;
    }
  }
  if (index < 0) return std::nullopt;
  operation = &expression_.At(index);
  // Where what stands for an infinity or a NaN is a number, flags do not tell.
  const Format& format = operation->type.format;
  if (format.IsFinite(format.InfiniteResult(false))) return std::nullopt;
  const Step& step = *steps_[static_cast<size_t>(index)];
  const FloatCircuit result(aig_, operation->type.format, CircuitMode{});
  Lit exact = aig_.And(result.IsFinite(step.bits), aig_.And(!step.inexact, !step.underflow));
  Lit flushed = kFalse;
  const Lit daz = CircuitOf(kBinary32, *operation).mode().flush_inputs;
  for (size_t i = 0; i < 3 && operation->args[i] >= 0; ++i) {
    const FloatCircuit circuit(aig_, expression_.ArgumentType(*operation, i).format, CircuitMode{});
    exact = aig_.And(exact, circuit.IsFinite(Argument(*operation, i)));
    flushed = aig_.Or(flushed, aig_.And(daz, circuit.IsSubnormal(Argument(*operation, i))));
  }
  return aig_.Mux(flushed, FlushedExactly(*operation), exact);
}

// Whether the operation returns the real result although an operand was flushed: only zeros can.
Lit StatementCircuit::FlushedExactly(const Instruction& operation) {
  if (operation.op == Op::kConvert || operation.op == Op::kDiv || operation.op == Op::kSqrt) return kFalse;
  const FloatCircuit circuit(aig_, expression_.ArgumentType(operation, 0).format, CircuitMode{});
  const Word &a = Argument(operation, 0), &b = Argument(operation, 1);
  const Lit subnormal_a = circuit.IsSubnormal(a), subnormal_b = circuit.IsSubnormal(b);
  if (operation.op == Op::kMul) {
    // A zero times anything finite; a subnormal of a product that is not zero is lost.
    const Lit zero = aig_.Or(circuit.IsZero(a), circuit.IsZero(b));
    return aig_.And(zero, aig_.And(circuit.IsFinite(a), circuit.IsFinite(b)));
  }
  const Word other = operation.op == Op::kAdd ? circuit.Negate(b) : b;
  return aig_.And(aig_.And(subnormal_a, subnormal_b), circuit.SameBits(a, other));
}

StatementCircuit::Step StatementCircuit::Exactly(const Instruction& instruction) {
  const auto exact = [&](size_t position) -> const ExactCircuit& {
    return *steps_[static_cast<size_t>(instruction.args[position])]->exact;
  };
  switch (instruction.op) {
    case Op::kExactValue:
      return OfExact(ExactValueOf(aig_, expression_.ArgumentType(instruction, 0).format, Argument(instruction, 0)));
    case Op::kExactAdd:
      return OfExact(ExactSum(aig_, exact(0), exact(1)));
    case Op::kExactSub:
      return OfExact(ExactSum(aig_, exact(0), ExactNegated(aig_, exact(1))));
    case Op::kExactNegate:
      return OfExact(ExactNegated(aig_, exact(0)));
    case Op::kExactAbs:
      return OfExact(ExactMagnitude(aig_, exact(0)));
    case Op::kExactMul: {
      const Instruction &a = expression_.At(instruction.args[0]), &b = expression_.At(instruction.args[1]);
      if (a.op != Op::kExactValue || b.op != Op::kExactValue) Refuse(instruction);
      const Format &format = expression_.ArgumentType(a, 0).format, &other = expression_.ArgumentType(b, 0).format;
      if (format != other) Refuse(instruction);
      return OfExact(ExactProductOf(aig_, format, Argument(a, 0), Argument(b, 0)));
    }
    case Op::kExactMin:
    case Op::kExactMax: {
      const bool min = instruction.op == Op::kExactMin;
      const Lit second = min ? ExactLess(aig_, exact(1), exact(0)) : ExactLess(aig_, exact(0), exact(1));
      ExactCircuit chosen = ExactChoice(aig_, second, exact(1), exact(0));
      // Of an infinity or a NaN there is no real number, whichever it is.
      chosen.finite = aig_.And(exact(0).finite, exact(1).finite);
      return OfExact(chosen);
    }
    case Op::kExactEqual:
      if (const std::optional<Lit> was_exact = WasExact(instruction)) return OfTruth(*was_exact);
      return OfTruth(ExactEqual(aig_, exact(0), exact(1)));
    case Op::kExactLess:
      return OfTruth(ExactLess(aig_, exact(0), exact(1)));
    case Op::kExactLessEqual: {
      const Lit finite = aig_.And(exact(0).finite, exact(1).finite);
      return OfTruth(aig_.And(finite, !ExactLess(aig_, exact(1), exact(0))));
    }
    default:
      Refuse(instruction);
  }
}

}  // namespace fplab::proof
