// Finding, asking and understanding z3 and cvc5.
// SPDX-License-Identifier: Apache-2.0
#include "tools/solvers/smt_solver.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/outside_text.h>
#include "tools/scan/limited_program.h"

namespace fplab::tools {
namespace {

using Verdict = SmtAnswer::Verdict;

struct Known {
  const char* name;
  std::vector<std::string> arguments;  // to read a question from standard input
};

const std::array<Known, 2>& KnownSolvers() {
  static const std::array<Known, 2> known = {
      {{"z3", {"-smt2", "-in"}}, {"cvc5", {"--lang=smt2", "--produce-models", "-"}}}};
  return known;
}

LoadLimits LimitsFor(unsigned seconds) {
  LoadLimits limits;
  limits.seconds = seconds;
  limits.cpu_seconds = seconds + 1;
  limits.memory = uint64_t{4} << 30;
  limits.report = uint64_t{1} << 20;
  return limits;
}

std::optional<std::string> FindOnPath(const std::string& name) {
  const char* variable = std::getenv("PATH");
  std::string_view rest = variable == nullptr ? "" : variable;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(':'), rest.size());
    const std::filesystem::path path = std::filesystem::path(rest.substr(0, end)) / name;
    rest.remove_prefix(std::min(end + 1, rest.size()));
    std::error_code error;
    const bool is_file = path.is_absolute() && std::filesystem::is_regular_file(path, error);
    if (is_file && access(path.c_str(), X_OK) == 0) return path.string();
  }
  return std::nullopt;
}

// The first word of digits and dots.
std::string VersionIn(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find_first_of(" \n", at), text.size());
    const std::string_view word = text.substr(at, end - at);
    const bool digits = word.find_first_not_of("0123456789.") == std::string_view::npos;
    if (digits && word.size() < 20 && word.find('.') != std::string_view::npos) return std::string(word);
    at = end + 1;
  }
  return "";
}

constexpr std::string_view kSpaces = " \t\r\n";

// A literal of a bit vector at the beginning of the text: #x.., #b.., or (_ bv..
std::optional<uint64_t> ValueAt(std::string_view text) {
  int base = 0;
  if (text.starts_with("#x")) base = 16;
  if (text.starts_with("#b")) base = 2;
  const bool decimal = text.starts_with("(_ bv");
  if (base == 0 && !decimal) return std::nullopt;
  text.remove_prefix(decimal ? 5 : 2);
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, decimal ? 10 : base);
  if (error != std::errc{} || end == text.data()) return std::nullopt;
  return value;
}

// Of ((name value) (name value)): a name is a symbol, or stands between bars. Empty if it is anything else.
std::vector<uint64_t> ValuesIn(std::string_view text) {
  std::vector<uint64_t> values;
  const auto skip = [&](std::string_view what) {
    text.remove_prefix(std::min(text.find_first_not_of(kSpaces), text.size()));
    const bool is_there = text.starts_with(what);
    if (is_there) text.remove_prefix(what.size());
    return is_there;
  };
  if (!skip("(")) return {};
  while (skip("(")) {
    const bool quoted = skip("|");
    const size_t name_end = quoted ? text.find('|') : text.find_first_of(kSpaces);
    if (name_end == std::string_view::npos) return {};
    text.remove_prefix(name_end + 1);
    text.remove_prefix(std::min(text.find_first_not_of(kSpaces), text.size()));
    const std::optional<uint64_t> value = ValueAt(text);
    const size_t value_end = text.starts_with("(") ? text.find(')') + 1 : text.find(')');
    if (!value || value_end == std::string_view::npos || value_end == 0) return {};
    text.remove_prefix(value_end);
    if (!skip(")")) return {};
    values.push_back(*value);
  }
  return skip(")") ? values : std::vector<uint64_t>();
}

std::string FirstLine(std::string_view text) {
  constexpr size_t kMost = 80;
  text.remove_prefix(std::min(text.find_first_not_of(kSpaces), text.size()));
  std::string line(text.substr(0, std::min({text.find('\n'), text.size(), kMost})));
  return Printable(line);
}

}  // namespace

std::string_view Name(Verdict verdict) {
  static constexpr std::array<std::string_view, 5> kNames = {"sat", "unsat", "unknown", "time is up", "no answer"};
  return kNames[static_cast<size_t>(verdict)];
}

std::vector<SmtSolver> FindSmtSolvers(const std::atomic<bool>* interrupt) {
  constexpr unsigned kVersionSeconds = 5;
  std::vector<SmtSolver> solvers;
  for (const Known& known : KnownSolvers()) {
    const std::optional<std::string> path = FindOnPath(known.name);
    if (!path) continue;
    const ProgramResult said = RunLimitedProgram(*path, {"--version"}, "", LimitsFor(kVersionSeconds), interrupt);
    solvers.push_back({known.name, *path, VersionIn(said.output)});
  }
  return solvers;
}

SmtAnswer ReadSmtAnswer(std::string_view output) {
  SmtAnswer answer;
  output.remove_prefix(std::min(output.find_first_not_of(kSpaces), output.size()));
  const std::string_view word = output.substr(0, output.find_first_of(kSpaces));
  if (word == "sat") answer = {Verdict::kSatisfiable, ValuesIn(output.substr(word.size())), "", 0};
  if (word == "unsat") answer.verdict = Verdict::kUnsatisfiable;
  if (word == "unknown") answer.verdict = Verdict::kUnknown;
  if (word == "timeout") answer.verdict = Verdict::kLate;
  if (answer.verdict != Verdict::kFailed) return answer;
  answer.why = word.empty() ? "it printed nothing" : fmt::format("it printed \"{}\"", FirstLine(output));
  return answer;
}

SmtAnswer AskSmtSolver(const SmtSolver& solver, const std::string& question, unsigned seconds,
                       const std::atomic<bool>* interrupt) {
  const auto known = std::find_if(KnownSolvers().begin(), KnownSolvers().end(),
                                  [&](const Known& candidate) { return candidate.name == solver.name; });
  if (known == KnownSolvers().end()) throw Error("\"{}\" is no solver that is known", solver.name);
  const ProgramResult result =
      RunLimitedProgram(solver.path, known->arguments, question, LimitsFor(seconds), interrupt);
  SmtAnswer answer;
  if (result.end == ProgramResult::End::kExited) {
    answer = ReadSmtAnswer(result.output);
    const bool failed = answer.verdict == Verdict::kFailed && result.status != 0;
    if (failed) answer.why += fmt::format(", {}", result.why);
  } else if (result.end == ProgramResult::End::kLate) {
    answer.verdict = Verdict::kLate;
  } else {
    answer.why = "it " + result.why;
  }
  answer.seconds = result.seconds;
  return answer;
}

}  // namespace fplab::tools
