// PropertyFailure: a property that does not hold. ModeFailures: the modes in which it did not, and the message, with
// the case as code and as a line for `fplab refute`. SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_PROPERTY_MODE_FAILURES_H_
#define FPLAB_PROPTESTS_PROPERTY_MODE_FAILURES_H_

#include <fmt/format.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <fplab/fparith/float/format.h>
#include <fplab/fparith/mode/mode.h>
#include <fplab/proptests/property/claim.h>
#include <fplab/proptests/property/kept_mode.h>
#include <fplab/proptests/property/named_bits.h>
#include <fplab/proptests/property/value_text.h>

namespace fplab::proptests {

// To RapidCheck a case that fails, which it then shrinks; to a test framework outside of RapidCheck an exception with a
// message.
class PropertyFailure : public std::runtime_error, public rc::detail::CaseResult {
 public:
  explicit PropertyFailure(const std::string& message)
      : std::runtime_error(message), rc::detail::CaseResult(rc::detail::CaseResult::Type::Failure, message) {}
};

// `fplab refute STATEMENT --at OPERANDS --mode MODE`: the statement's steps on the model at these operands.
inline std::string RefuteLine(const std::string& statement, const NamedBits& at, const std::optional<Result>& result,
                              Mode mode) {
  std::string operands;
  const Claim claim(statement, at, result);
  for (const statement::Variable& variable : claim.expression().variables) {
    operands += fmt::format("{}{}={}", operands.empty() ? "" : ",", variable.name,
                            StatementText(variable.type.format, claim.ValueOf(variable.name, at, result)));
  }
  // Quotes for a shell: no statement has an apostrophe. What has no variables is evaluated as it stands.
  const std::string where = operands.empty() ? "" : fmt::format(" --at '{}'", operands);
  const std::string format = at.format == kBinary32 ? "" : " --format " + Name(at.format);
  return fmt::format("fplab refute '{}'{} --mode {}{}", statement, where, Name(mode), format);
}

class ModeFailures {
 public:
  // `result`: what the function returned, if it did.
  void Add(Mode mode, const std::string& message, const std::string& statement = "",
           const std::optional<Result>& result = {}) {
    failures_.push_back({mode, message, statement, result});
  }

  // The mode to report: the first one that failed, or the one that the run of this thread keeps to, if that failed.
  // nullopt if there is none, and the case is to count as one that holds.
  std::optional<Mode> ToReport() const {
    KeptMode* const run = KeptMode::Current();
    if (failures_.empty()) return std::nullopt;
    if (run == nullptr) return failures_[0].mode;
    if (!run->mode) run->mode = failures_[0].mode;
    const bool failed =
        std::any_of(failures_.begin(), failures_.end(), [&](const Failure& f) { return f.mode == *run->mode; });
    return failed ? run->mode : std::nullopt;
  }

  // The whole message; precondition: `mode` failed, one of the `asked` modes. `at` and `code`: the case, if its
  // operands have names.
  std::string Text(Mode mode, size_t asked, const NamedBits* at, const std::string& code) const {
    std::vector<std::string> others;
    Failure shown;
    for (const Failure& failure : failures_) {
      if (failure.mode == mode) {
        shown = failure;
      } else {
        others.push_back(Name(failure.mode));
      }
    }
    std::string text = fmt::format("fails under {}", Name(mode));
    if (others.size() > 1 && others.size() + 1 == asked) {
      text += " (and under every other mode)";
    } else if (!others.empty()) {
      text += fmt::format(" (and under {})", fmt::join(others, "; "));
    }
    text += '\n';
    if (at != nullptr) {
      for (const NamedValue& operand : at->operands) {
        text += fmt::format("  {:<8}  {}\n", operand.name, ValueText(at->format, operand.bits));
      }
    }
    text += Indented(shown.message);
    if (at != nullptr) {
      text += fmt::format("this case alone, in the place of those that are drawn:\n  const auto at = {};\n", code);
      if (!shown.statement.empty()) {
        text += fmt::format("on the exact model, step by step:\n  {}\n",
                            RefuteLine(shown.statement, *at, shown.result, mode));
      }
    }
    return text;
  }

 private:
  struct Failure {
    Mode mode;
    std::string message;
    std::string statement;
    std::optional<Result> result;
  };

  static std::string Indented(const std::string& message) {
    std::string text;
    for (size_t begin = 0; begin < message.size();) {
      const size_t end = std::min(message.find('\n', begin), message.size());
      text += "  " + message.substr(begin, end - begin) + "\n";
      begin = end + 1;
    }
    return text;
  }

  std::vector<Failure> failures_;
};

}  // namespace fplab::proptests

#endif  // FPLAB_PROPTESTS_PROPERTY_MODE_FAILURES_H_
