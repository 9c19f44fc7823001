// refute, prove and bound, for Python: what the commands of these names print, as text and as JSON.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <pybind11/stl.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/fparith/proof/prove.h>
#include <fplab/kernels/search/search_accelerator.h>
#include "tools/options/arithmetic_options.h"
#include "tools/options/search_options.h"
#include "tools/printing/bound_text.h"
#include "tools/printing/finding_text.h"
#include "tools/printing/proof_json.h"
#include "tools/printing/proof_text.h"
#include "tools/printing/refinement_text.h"
#include "tools/printing/value_text.h"
#include "tools/python/bindings.h"
#include "tools/python/interruptible.h"

namespace fplab::python {
namespace {

namespace py = pybind11;

// What a question came to.
struct Answered {
  std::string text;                                        // as the command prints it
  std::string json;                                        // as the command prints it with --json
  std::vector<std::pair<std::string, std::string>> types;  // of the variables, by name
};

// Words that the three questions share.
struct Words {
  std::string statement, format, mode, on, when;
  bool all_values, signed_zeros;
  tools::EffortOptions effort;
  tools::ArithmeticOptions arithmetic;

  statement::ExpressionOptions Parsing() const { return {signed_zeros, when, {}, arithmetic.Arithmetic()}; }
  bool AllValues() const { return all_values || arithmetic.AsksOfNans(); }
  std::string Heading(const std::string& text, const std::string& format_name) const {
    return fmt::format("{}   ({}, {})\n", text, format_name, on + arithmetic.Text());
  }
};

// Reads a word of `words` and takes it away, so that what is left is known by nobody.
template <typename T>
T Take(const py::dict& words, const char* name) {
  if (!words.contains(name)) throw Error("{}: is missing", name);
  const py::object value = words[name];
  PyDict_DelItemString(words.ptr(), name);
  try {
    return value.cast<T>();
  } catch (const py::cast_error&) {
    constexpr bool kText = std::is_same_v<T, std::string>;
    constexpr bool kTruth = std::is_same_v<T, bool>;
    constexpr bool kReal = std::is_floating_point_v<T>;
    throw py::type_error(fmt::format("{}: found {}, expected {}", name, Py_TYPE(value.ptr())->tp_name,
                                     kText    ? "a string"
                                     : kTruth ? "True or False"
                                     : kReal  ? "a number"
                                              : "a whole number in range"));
  }
}

Words TakeWords(const py::dict& words) {
  Words taken;
  taken.statement = Take<std::string>(words, "statement");
  taken.format = Take<std::string>(words, "format");
  taken.mode = Take<std::string>(words, "mode");
  taken.on = Take<std::string>(words, "on");
  taken.when = Take<std::string>(words, "when");
  taken.all_values = Take<bool>(words, "all_values");
  taken.signed_zeros = Take<bool>(words, "signed_zeros");
  taken.arithmetic.flush = Take<std::string>(words, "flush");
  taken.arithmetic.positive_zero = Take<bool>(words, "positive_zero");
  taken.arithmetic.nans = Take<std::string>(words, "nans");
  taken.effort.effort = Take<std::string>(words, "effort");
  taken.effort.seed = Take<uint64_t>(words, "seed");
  taken.effort.seconds = Take<double>(words, "seconds");
  if (!(taken.effort.seconds >= 0)) throw Error("seconds: found {}, expected at least 0", taken.effort.seconds);
  taken.effort.execution.threads = Take<int>(words, "threads");
  taken.effort.execution.isa = Take<std::string>(words, "isa");
  return taken;
}

std::vector<std::pair<std::string, std::string>> TypesOf(const statement::Expression& expression) {
  std::vector<std::pair<std::string, std::string>> types;
  for (const statement::Variable& variable : expression.variables) {
    types.emplace_back(variable.name, Name(variable.type));
  }
  return types;
}

identity::SearchOptions SearchOf(const Words& words, const std::atomic<bool>& stop) {
  identity::SearchOptions search;
  search.targets = tools::ParseTargets(words.on);
  search.all_values = words.AllValues();
  words.effort.Apply(search);
  const auto begin = std::chrono::steady_clock::now();
  search.progress = [&stop, begin, seconds = words.effort.seconds](uint64_t, uint64_t) {
    const std::chrono::duration<double> so_far = std::chrono::steady_clock::now() - begin;
    return !stop && (seconds <= 0 || so_far.count() < seconds);
  };
  return search;
}

Answered RefuteRewrite(const Words& words, const statement::Freedom& freedom, identity::SearchOptions search) {
  if (words.on != "model") throw Error("mode {}: is asked of the model, found on={}", Name(freedom), words.on);
  const statement::Refinement refinement = statement::RefinementOf(
      statement::ParseExpression(words.statement, statement::ParseFloatType(words.format), words.Parsing()), freedom);
  search.modes = {freedom.mode};
  const identity::Refutation found = identity::Refute(refinement.expression, search);
  return {words.Heading(refinement.expression.text, Name(refinement.expression.format)) +
              tools::RefinementText(found, refinement, freedom),
          tools::RefinementJson(found, refinement, freedom).dump(), TypesOf(refinement.expression)};
}

Answered Refute(const Words& words, const std::string& only_under, const std::vector<std::string>& differs,
                const std::atomic<bool>& stop) {
  identity::SearchOptions search = SearchOf(words, stop);
  if (const auto freedom = statement::FindFreedom(words.mode)) return RefuteRewrite(words, *freedom, search);
  search.modes = tools::ParseModes(words.mode, words.on != "model");
  tools::TakeQuestion(only_under, differs, search);
  const identity::Refutation found =
      identity::Refute(words.statement, statement::ParseFloatType(words.format), search, words.Parsing());
  return {words.Heading(found.expression.text, Name(found.expression.format)) + tools::FindingText(found, search),
          tools::FindingJson(found, search).dump(), TypesOf(found.expression)};
}

Answered Bound(const Words& words, const std::string& against, const std::atomic<bool>& stop) {
  identity::SearchOptions search = SearchOf(words, stop);
  search.modes = tools::ParseModes(words.mode, words.on != "model");
  const identity::ErrorBounds found = identity::BoundError(words.statement, statement::ParseFloatType(words.format),
                                                           search, against, words.when, words.arithmetic.Arithmetic());
  return {words.Heading(words.statement, words.format) + tools::BoundText(found),
          tools::BoundJson(found, words.statement, words.format, against).dump(), TypesOf(found.expression)};
}

Answered Prove(const Words& words, int conflicts, const std::atomic<bool>& stop) {
  proof::ProveOptions prove;
  prove.all_values = words.AllValues();
  prove.seed = words.effort.seed;
  if (conflicts < 0) throw Error("conflicts: found {}, expected at least 0", conflicts);
  prove.limits.conflicts = conflicts;
  if (words.effort.seconds > 0) prove.limits.cpu_seconds = words.effort.seconds;
  prove.limits.interrupt = &stop;
  words.effort.execution.RequireValid();
  prove.accelerator =
      std::make_shared<kernels::SearchAccelerator>(words.effort.execution.threads, words.effort.execution.ParsedIsa());
  const statement::Expression parsed =
      statement::ParseExpression(words.statement, statement::ParseFloatType(words.format), words.Parsing());
  const std::string heading = fmt::format("{}   ({}{})\n", parsed.text, Name(parsed.format), words.arithmetic.Text());
  if (const auto freedom = statement::FindFreedom(words.mode)) {
    const statement::Refinement refinement = statement::RefinementOf(parsed, *freedom);
    prove.modes = {freedom->mode};
    const proof::Proof found = proof::Prove(refinement.expression, prove);
    nlohmann::json json = tools::ProofJson(found);
    json["modes"][0]["mode"] = Name(*freedom);
    return {heading + tools::RewriteProofText(found.answers[0], refinement, *freedom), json.dump(),
            TypesOf(refinement.expression)};
  }
  prove.every = words.mode == "every" || words.mode.starts_with("every,");
  prove.modes = tools::ParseModes(prove.every ? "all" + words.mode.substr(5) : words.mode, false);
  const proof::Proof found = proof::Prove(parsed, prove);
  std::string text = heading;
  for (const proof::ModeAnswer& answer : found.answers) text += tools::ProofLine(parsed, answer, prove.every);
  return {text + tools::LiteralLines(parsed), tools::ProofJson(found, prove.every).dump(), TypesOf(parsed)};
}

// Asks on a thread that computes in IEEE mode, and that Ctrl-C stops.
template <typename Ask>
Answered Watched(const Ask& ask) {
  std::optional<Answered> answered;
  RunInterruptibly([&](const std::atomic<bool>& stop) { answered = AsGuest([&] { return ask(stop); }); });
  return *std::move(answered);
}

py::tuple ToTuple(const Answered& answered) { return py::make_tuple(answered.text, answered.json, answered.types); }

}  // namespace

void AddStatements(py::module_& module) {
  module.def(
      "refute",
      [](const py::dict& given) {
        const Words words = TakeWords(given);
        const auto only_under = Take<std::string>(given, "only_under");
        const auto differs = Take<std::vector<std::string>>(given, "differs");
        return ToTuple(Watched([&](const auto& stop) { return Refute(words, only_under, differs, stop); }));
      },
      py::arg("words"), "What `fplab refute` prints, as text and as JSON, and the types of the variables.");
  module.def(
      "bound",
      [](const py::dict& given) {
        const Words words = TakeWords(given);
        const auto against = Take<std::string>(given, "against");
        return ToTuple(Watched([&](const auto& stop) { return Bound(words, against, stop); }));
      },
      py::arg("words"), "The same of `fplab bound`.");
  module.def(
      "prove",
      [](const py::dict& given) {
        const Words words = TakeWords(given);
        const auto conflicts = Take<int>(given, "conflicts");
        return ToTuple(Watched([&](const auto& stop) { return Prove(words, conflicts, stop); }));
      },
      py::arg("words"), "The same of `fplab prove`.");
}

}  // namespace fplab::python
