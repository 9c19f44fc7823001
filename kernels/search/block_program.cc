// Statements run on blocks.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/search/block_program.h>

#include <algorithm>
#include <optional>

#include <fplab/fparith/identity/search.h>
#include <fplab/fparith/mode/guest.h>

namespace fplab::kernels {
namespace {

BlockStep StepOf(const statement::Expression& expression, const statement::Instruction& instruction,
                 statement::Target target, ExactForm exact, int lane_bits) {
  BlockStep step;
  step.op = instruction.op;
  step.target = target;
  step.result = instruction.type;
  step.operand = instruction.args[0] < 0 ? instruction.type : expression.ArgumentType(instruction, 0);
  step.environment = expression.EnvironmentIn(instruction.Under(kIeee));
  step.exact = exact;
  step.by_instructions = target == statement::Target::kModel && instruction.ieee && !instruction.rounding &&
                         statement::IsUnderMode(instruction.op) && HasInstructions(step, lane_bits);
  return step;
}

template <typename T>
constexpr int kLaneBits = static_cast<int>(sizeof(T) * 8);

bool IsLeaf(const statement::Instruction& instruction) {
  return instruction.op == statement::Op::kVariable || instruction.op == statement::Op::kConstant;
}

}  // namespace

template <typename T>
bool BlockProgram<T>::Has(const statement::Expression& expression, statement::Target target) {
  if (expression.HasWide()) return false;
  const std::vector<ExactForm> exact = ExactForms(expression);
  for (size_t i = 0; i < expression.program.size(); ++i) {
    const statement::Instruction& instruction = expression.program[i];
    BlockStep step = StepOf(expression, instruction, target, exact[i], kLaneBits<T>);
    if (IsLeaf(instruction)) step.op = statement::Op::kSelect;  // of a type that lanes hold
    if (!HasBlockStep(step, kLaneBits<T>)) return false;
  }
  return true;
}

template <typename T>
BlockProgram<T>::BlockProgram(const statement::Expression& expression, statement::Target target, bool all_values,
                              Isa isa)
    : expression_(expression),
      target_(target),
      all_values_(all_values),
      claim_(expression.Under(expression.claim)),
      slots_(expression.program.size()),
      strata_(kBlock),
      kernels_(BlockKernels<T>::For(isa)) {
  if (expression.condition) condition_ = expression.Under(*expression.condition);
  const std::vector<ExactForm> exact = ExactForms(expression);
  for (size_t i = 0; i < slots_.size(); ++i) {
    const statement::Instruction& instruction = expression.program[i];
    const size_t lanes = instruction.type.kind == statement::Kind::kExact ? kExactLanes<T> : kBlock;
    Slot& slot = slots_[i];
    slot.values.assign(lanes, instruction.op == statement::Op::kConstant ? static_cast<T>(instruction.value) : T{0});
    slot.step = StepOf(expression, instruction, target, exact[i], kLaneBits<T>);
    const auto argument = [&](size_t position) -> const T* {
      return instruction.args[position] < 0 ? nullptr : At(instruction.args[position]).values.data();
    };
    slot.a = argument(0);
    slot.b = argument(1);
    slot.c = argument(2);
  }
}

template <typename T>
void BlockProgram<T>::Load(const statement::Cases& cases, size_t first, size_t count) {
  constexpr size_t kVector = kAlignment / sizeof(T);
  count_ = count;
  lanes_ = (count + kVector - 1) / kVector * kVector;
  for (size_t i = 0; i < slots_.size(); ++i) {
    const statement::Instruction& instruction = expression_.program[i];
    if (instruction.op != statement::Op::kVariable) continue;
    const uint64_t* from = cases[instruction.value].data() + first;
    T* to = slots_[i].values.data();
    for (size_t k = 0; k < count; ++k) to[k] = static_cast<T>(from[k]);
  }
}

template <typename T>
void BlockProgram<T>::Run(const std::vector<int>& part, Mode mode) {
  std::optional<ScopedGuest> guest;
  std::optional<Mode> guest_mode;
  for (const int index : part) {
    const statement::Instruction& instruction = expression_.At(index);
    if (IsLeaf(instruction)) continue;
    Slot& slot = At(index);
    const bool is_exact = slot.step.IsExact();
    if (statement::IsUnderMode(instruction.op) || is_exact) {
      const Mode own = is_exact ? kIeee : instruction.Under(mode);
      slot.step.environment.mode = own;
      const bool executes = is_exact || target_ == statement::Target::kHardware || slot.step.by_instructions;
      if (executes && guest_mode != own) {
        guest.reset();
        guest.emplace(own);
        guest_mode = own;
      }
    }
    kernels_.operate(slot.step, slot.a, slot.b, slot.c, slot.values.data(), lanes_);
  }
}

template <typename T>
void BlockProgram<T>::Admit(uint64_t* admitted) {
  if (!expression_.condition) {
    for (size_t w = 0; w < kBlock / 64; ++w) {
      const size_t first = w * 64;
      admitted[w] = first >= count_ ? 0 : ~uint64_t{0} >> (64 - std::min<size_t>(64, count_ - first));
    }
    return;
  }
  Run(condition_, kIeee);
  kernels_.bits(At(*expression_.condition).values.data(), admitted, count_);
}

template <typename T>
void BlockProgram<T>::Claim(Mode mode, uint64_t* holds) {
  Run(claim_, mode);
  kernels_.bits(At(expression_.claim).values.data(), holds, count_);
}

template <typename T>
void BlockProgram<T>::Classify(Rounding rounding, uint8_t* strata) {
  const Mode mode{rounding, false, false};
  Run(claim_, mode);
  std::fill(strata_.begin(), strata_.end(), static_cast<T>(identity::kLastStratum));
  for (const int index : claim_) {
    const statement::Instruction& instruction = expression_.At(index);
    if (!instruction.type.IsNumber() || instruction.op == statement::Op::kConstant) continue;
    const Slot& slot = At(index);
    kernels_.lower_strata(slot.step, all_values_, slot.a, slot.b, slot.c, slot.values.data(), strata_.data(), lanes_);
  }
  for (size_t i = 0; i < count_; ++i) {
    const T stratum = strata_[i];
    // Special is the least there is, whatever was not seen.
    strata[i] = static_cast<uint8_t>(stratum > kUnsure ? identity::kUnsureStratum : stratum & (kUnsure - 1));
  }
}

template class BlockProgram<uint32_t>;
template class BlockProgram<uint64_t>;

std::unique_ptr<identity::BlockJudge> CompileBlocks(const statement::Expression& expression, statement::Target target,
                                                    bool all_values, Isa isa) {
  if (isa == Isa::kFallback) return nullptr;
  // Which of two NaNs instructions return depends on the order of the operands, and compilers take the one of a vector
  // sum or product as they like.
  if (target == statement::Target::kHardware && all_values && expression.TellsNansApart()) return nullptr;
  if (expression.NeedsNanRule()) return nullptr;
  if (BlockProgram<uint32_t>::Has(expression, target)) {
    return std::make_unique<BlockProgram<uint32_t>>(expression, target, all_values, isa);
  }
  if (BlockProgram<uint64_t>::Has(expression, target)) {
    return std::make_unique<BlockProgram<uint64_t>>(expression, target, all_values, isa);
  }
  return nullptr;
}

}  // namespace fplab::kernels
