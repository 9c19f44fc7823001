// FPCore 2.0, FPBench's language of benchmarks (fpbench.org/spec/fpcore-2.0.html), read as statements.
//
// What is read: decimal, hexadecimal and rational numbers, (digits m e 2) and (digits m e 10), the constants, + - * /
// sqrt fma fabs copysign fmin fmax (C's: min_num and max_num) floor ceil trunc round nearbyint fmod remainder hypot
// fdim, < > <= >= == != of any number of arguments, and or not, isfinite isinf isnan isnormal signbit, if, let, let*,
// cast, ! with :precision (binary16 binary32 binary64 binary80 binary128 bfloat16, (float exponent-bits bits)) and
// :round; :pre, :name.
// Other properties are skipped. Loops, tensors, other functions and other formats are an Error that names line and
// column.
//
// What it means: an operation rounds once, in the format of its context, binary64 if nothing says another. An operand
// of a narrower format is converted first, which is exact but for flushing; one of a wider format is an Error, as its
// conversion would round before the operation does; (cast x) says that it should. Numbers are rounded to the format and
// in the direction of their context. Comparisons that an `if` decides by are the program's: under the mode. Those that
// the body itself or :pre is made of are judged outside it, as in any statement.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_STATEMENT_FPCORE_H_
#define FPLAB_FPARITH_STATEMENT_FPCORE_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/statement/value_type.h>

namespace fplab::statement {

// One FPCore in the language of fparith/statement/expression.h. Names that this language reserves or can't spell are
// changed: "x'" and "max" become "x_" and "max_".
struct FPLAB_EXPORT FpCore {
  std::string name;                    // :name, or the symbol after FPCore; may be empty
  Type format;                         // that of the statement: of numbers, narrow or wide
  std::vector<std::string> arguments;  // as the statement names them
  bool is_truth = false;               // the body is true or false; otherwise it is a number
  std::string condition;               // :pre; may be empty

  // The body as a statement, without the condition. A body that is a number needs a claim about `result`, such as
  // "finite(result)" or "result <= max(x, y)". Throws Error if it has none, and for a claim about a truth value.
  std::string Statement(std::string_view claim = "") const;

  std::vector<std::pair<std::string, std::string>> definitions;  // names and values, in order
  std::string body;
  std::vector<std::pair<std::string, Type>> annotations;  // arguments of formats of their own
};

// Every FPCore of `text`, one at least. Throws Error, "line 3, column 7: ...", for what is none, and for what is
// outside the part of the language that is read.
FPLAB_EXPORT std::vector<FpCore> ReadFpCores(std::string_view text);

// Those that can be read; of each other one `refusals` gets the message. Throws Error where the text is no list of
// FPCores at all.
FPLAB_EXPORT std::vector<FpCore> ReadFpCores(std::string_view text, std::vector<std::string>& refusals);

}  // namespace fplab::statement

#endif  // FPLAB_FPARITH_STATEMENT_FPCORE_H_
