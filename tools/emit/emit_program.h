// EmitProgram: a counterexample as code that reproduces it.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_EMIT_EMIT_PROGRAM_H_
#define FPLAB_TOOLS_EMIT_EMIT_PROGRAM_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fplab/fparith/statement/evaluator.h>
#include <fplab/fparith/statement/expression.h>

namespace fplab::tools {

enum class EmitLanguage : uint8_t { kC, kCpp, kPython, kRust, kTestFloat };

// "c", "c++", "python", "rust", "testfloat". Throws Error that lists them.
EmitLanguage ParseEmitLanguage(std::string_view name);

// A program that computes the claim for these operands in `mode`, each step in the mode that it is under, and compares
// every step with the bits that `target` gives here. Its exit status is 1 where the statement is false and every step
// has these bits, 0 where it is true, 3 where some step has others; 2 where it cannot set the mode. Operands come from
// bit patterns, and nothing that a compiler may fold or move is left to it. For kTestFloat instead a line for each step
// that is one of TestFloat's functions: its name, operands, result and flags, after "# MODE" where the mode changes.
//
// The programs have binary32, binary64, integers, + - * /, fma sqrt floor ceil trunc rint round fmod rem min max,
// signs, comparisons, conversions, choices, bits and from_bits, as far as the language has them. Throws Error that
// names the step for any other, and for a mode that no control word has.
std::string EmitProgram(EmitLanguage language, const statement::Expression& expression,
                        const std::vector<uint64_t>& operands, statement::Target target, Mode mode);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_EMIT_EMIT_PROGRAM_H_
