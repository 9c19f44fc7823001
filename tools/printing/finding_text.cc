// Findings, traces and counts as text.
// SPDX-License-Identifier: Apache-2.0
#include "tools/printing/finding_text.h"

#include <fmt/format.h>

#include <algorithm>

#include <fplab/fparith/text/float_text.h>
#include "tools/printing/value_text.h"

namespace fplab::tools {
namespace {

constexpr size_t kWidestStep = 40;

WideBits BitsOf(const identity::Step& step) { return step.type.IsWide() ? step.wide : WideBits{step.bits}; }

std::string ShowStep(const identity::Step& step) { return ShowValue(step.type, BitsOf(step)); }

bool SameValue(const identity::Step& a, const identity::Step& b) {
  return a.type.IsWide() ? a.type.wide.SameBits(a.wide, b.wide) : a.type.SameBits(a.bits, b.bits);
}

// A step's piece of the statement; a long one by its ends.
std::string ShortText(const std::string& text) {
  if (text.size() <= kWidestStep) return text;
  const size_t half = kWidestStep / 2 - 2;
  return text.substr(0, half) + " .. " + text.substr(text.size() - half);
}

// What a piece of text takes several instructions for ("<=>", raises()) is told once, by the last one.
std::vector<identity::Step> StepsOf(const statement::Expression& expression, const std::vector<uint64_t>& operands,
                                    statement::Target target, Mode mode) {
  const std::vector<identity::Step> steps = identity::TraceClaim(expression, operands, target, mode);
  std::vector<identity::Step> shown;
  for (size_t i = 0; i < steps.size(); ++i) {
    const bool is_last = i + 1 == steps.size() || steps[i + 1].text != steps[i].text;
    if (is_last || steps[i].type.IsFloat()) shown.push_back(steps[i]);
  }
  return shown;
}

// The evaluation of one case, step by step; what IEEE mode makes of a step beside it where that differs.
std::string StepLines(const statement::Expression& expression, const std::vector<uint64_t>& operands,
                      statement::Target target, Mode mode) {
  const std::vector<identity::Step> steps = StepsOf(expression, operands, target, mode);
  const std::vector<identity::Step> ieee = StepsOf(expression, operands, target, kIeee);
  size_t width = 0;
  for (const identity::Step& step : steps) width = std::max(width, ShortText(step.text).size());
  std::string lines;
  for (size_t i = 0; i < steps.size(); ++i) {
    lines += fmt::format("    {:<{}}  {}", ShortText(steps[i].text), width, ShowStep(steps[i]));
    if (steps[i].flags != 0) lines += fmt::format("  ({})", model::DescribeFlags(steps[i].flags));
    if (!SameValue(steps[i], ieee[i])) {
      lines += fmt::format("   in IEEE mode {}", ShowStep(ieee[i]));
    }
    lines += '\n';
  }
  return lines;
}

std::string DisagreementLines(const statement::Expression& expression, const identity::ModeFinding& finding) {
  const std::vector<uint64_t>& operands = finding.failure->operands;
  const auto model = identity::TraceClaim(expression, operands, statement::Target::kModel, finding.mode);
  const auto hardware = identity::TraceClaim(expression, operands, statement::Target::kHardware, finding.mode);
  std::string lines;
  for (size_t i = 0; i < model.size(); ++i) {
    lines += fmt::format("    {}  model {}, hardware {}\n", model[i].text, ShowStep(model[i]), ShowStep(hardware[i]));
  }
  return lines;
}

// What a counterexample is called.
std::string FailureWords(const identity::SearchOptions& options) {
  switch (options.question) {
    case identity::Question::kFailsOnly:
      return fmt::format("refuted, while it holds under {},", Name(options.reference));
    case identity::Question::kDiffers:
      return fmt::format("its truth differs from that under {}", Name(options.reference));
    case identity::Question::kFails:
      break;
  }
  return "refuted";
}

// How far from overflow and underflow the statement fails.
std::string ReachLines(const identity::Refutation& refutation, const identity::ModeFinding& finding) {
  std::string line;
  switch (finding.last) {
    case identity::Stratum::kSpecial:
      line = "only where a result overflows or is NaN";
      break;
    case identity::Stratum::kFinite:
      line = "only with subnormal operands";
      break;
    case identity::Stratum::kNormalInputs:
      line = "only where a result is subnormal, or underflows";
      break;
    case identity::Stratum::kNoUnderflow:
      if (finding.last_failure) {
        return fmt::format("    also where nothing underflows: {}\n",
                           ShowOperands(refutation.expression, finding.last_failure->operands));
      }
      return "";
  }
  if (finding.last_failure) {
    line += fmt::format(", also for {}", ShowOperands(refutation.expression, finding.last_failure->operands));
  }
  return fmt::format("    {} {}\n", refutation.search.exhaustive ? "it fails" : "found", line);
}

std::string HoldsText(const identity::Refutation& refutation, const identity::SearchOptions& options) {
  const statement::Expression& expression = refutation.expression;
  const identity::SearchResult& search = refutation.search;
  const size_t variables = expression.variables.size();
  if (!search.exhaustive)
    return fmt::format("no counterexample among {} {}\n", search.Judged(), TupleName(variables, true));
  if (variables == 0) return "holds\n";
  const bool restricted = search.excluded > 0 || search.outside > 0;
  return fmt::format("holds for every {}{}{}: all {} {} were tried\n", options.all_values ? "" : "finite ",
                     TupleName(variables, false), restricted ? " that meets the condition" : "", search.Judged(),
                     TupleName(variables, true));
}

// What was found in a mode, without its name.
std::string Describe(const identity::Refutation& refutation, const identity::ModeFinding& finding,
                     const identity::SearchOptions& options) {
  if (refutation.search.Judged() == 0) return "vacuous: nothing meets the condition\n";
  if (!finding.failure) return HoldsText(refutation, options);
  if (finding.failure->targets_disagree) {
    return "model and hardware disagree\n" + DisagreementLines(refutation.expression, finding);
  }
  std::string text = fmt::format("{} on the {}{}\n", FailureWords(options), Name(finding.failure->target),
                                 refutation.search.simplest ? ", the simplest of all" : "");
  text += StepLines(refutation.expression, finding.failure->operands, finding.failure->target, finding.mode);
  return text + ReachLines(refutation, finding);
}

// Paragraphs under the names of the modes that share them.
class Paragraphs {
 public:
  void Add(const std::string& mode, const std::string& text) {
    const auto same = std::find(texts_.begin(), texts_.end(), text);
    if (same == texts_.end()) {
      modes_.push_back(mode);
      texts_.push_back(text);
    } else {
      modes_[static_cast<size_t>(same - texts_.begin())] += ", " + mode;
    }
  }

  std::string Text() const {
    std::string all;
    for (size_t i = 0; i < modes_.size(); ++i) all += modes_[i] + ": " + texts_[i];
    return all;
  }

 private:
  std::vector<std::string> modes_, texts_;
};

std::string CountLines(const identity::Refutation& refutation) {
  const identity::SearchResult& search = refutation.search;
  const std::string many = TupleName(refutation.expression.variables.size(), true);
  std::string lines;
  if (search.stopped) lines += fmt::format("stopped after {} of {} {}\n", search.tried, search.total, many);
  if (search.excluded > 0) lines += fmt::format("{} {} do not meet the condition\n", search.excluded, many);
  return lines + LiteralLines(refutation.expression);
}

nlohmann::json StepsJson(const statement::Expression& expression, const std::vector<uint64_t>& operands,
                         statement::Target target, Mode mode) {
  nlohmann::json list = nlohmann::json::array();
  for (const identity::Step& step : identity::TraceClaim(expression, operands, target, mode)) {
    nlohmann::json entry = {{"text", step.text}, {"value", ValueJson(step.type, BitsOf(step))}};
    if (step.type.IsFloat()) {
      entry["format"] = Name(step.type);
      entry["flags"] = model::DescribeFlags(step.flags);
    }
    list.push_back(entry);
  }
  return list;
}

std::string_view StratumWord(identity::Stratum stratum) {
  switch (stratum) {
    case identity::Stratum::kSpecial:
      return "overflow or NaN";
    case identity::Stratum::kFinite:
      return "subnormal operands";
    case identity::Stratum::kNormalInputs:
      return "subnormal results";
    case identity::Stratum::kNoUnderflow:
      break;
  }
  return "no underflow";
}

}  // namespace

std::string FindingText(const identity::Refutation& refutation, const identity::SearchOptions& options) {
  Paragraphs paragraphs;
  for (const identity::ModeFinding& finding : refutation.findings) {
    paragraphs.Add(Name(finding.mode), Describe(refutation, finding, options));
  }
  return paragraphs.Text() + CountLines(refutation);
}

std::string LiteralLines(const statement::Expression& expression) {
  std::string lines;
  for (const statement::InexactLiteral& literal : expression.inexact_literals) {
    // As a decimal, unless that is how it was written.
    const nlohmann::json value = ValueJson(literal.type, literal.bits);
    const bool as_hex = value["decimal"] == literal.text;
    lines += fmt::format("{} is {} in {}\n", literal.text, value[as_hex ? "hex" : "decimal"].get<std::string>(),
                         Name(literal.type));
  }
  return lines;
}

std::string FindingWord(const identity::Refutation& refutation, const identity::ModeFinding& finding) {
  if (refutation.search.Judged() == 0) return "vacuous";
  if (finding.failure) return "refuted";
  return refutation.search.exhaustive ? "proved" : "open";
}

nlohmann::json FindingJson(const identity::Refutation& refutation, const identity::SearchOptions& options) {
  const statement::Expression& expression = refutation.expression;
  nlohmann::json modes = nlohmann::json::array();
  for (const identity::ModeFinding& finding : refutation.findings) {
    nlohmann::json entry = {{"mode", Name(finding.mode)},
                            {"answer", FindingWord(refutation, finding)},
                            {"holds", !finding.failure && refutation.search.Judged() > 0}};
    if (finding.failure) {
      const identity::Failure& failure = *finding.failure;
      entry["fails_with"] = StratumWord(finding.last);
      entry["counterexample"] = {{"operands", OperandsJson(expression, failure.operands)},
                                 {"on", Name(failure.target)},
                                 {"simplest", refutation.search.simplest},
                                 {"targets_disagree", failure.targets_disagree},
                                 {"steps", StepsJson(expression, failure.operands, failure.target, finding.mode)},
                                 {"ieee_steps", StepsJson(expression, failure.operands, failure.target, kIeee)}};
      if (finding.last_failure) entry["last_counterexample"] = OperandsJson(expression, finding.last_failure->operands);
    }
    modes.push_back(entry);
  }
  nlohmann::json literals = nlohmann::json::array();
  for (const statement::InexactLiteral& literal : expression.inexact_literals) {
    literals.push_back(
        {{"text", literal.text}, {"format", Name(literal.type)}, {"value", ValueJson(literal.type, literal.bits)}});
  }
  nlohmann::json json = {{"statement", expression.text},
                         {"format", Name(expression.format)},
                         {"holds", refutation.Holds()},
                         {"exhaustive", refutation.search.exhaustive},
                         {"tried", refutation.search.tried},
                         {"stopped", refutation.search.stopped},
                         {"excluded", refutation.search.excluded},
                         {"judged", refutation.search.Judged()},
                         {"rounded_literals", literals},
                         {"modes", modes}};
  if (options.question != identity::Question::kFails) json["reference"] = Name(options.reference);
  return json;
}

std::string TraceText(const statement::Expression& expression, const std::vector<uint64_t>& operands,
                      const std::vector<Mode>& modes, statement::Target target) {
  Paragraphs paragraphs;
  for (const Mode mode : modes) {
    const bool holds = identity::TraceClaim(expression, operands, target, mode).back().bits != 0;
    paragraphs.Add(Name(mode), fmt::format("{} on the {}\n{}", holds ? "holds" : "fails", Name(target),
                                           StepLines(expression, operands, target, mode)));
  }
  return paragraphs.Text();
}

nlohmann::json TraceJson(const statement::Expression& expression, const std::vector<uint64_t>& operands,
                         const std::vector<Mode>& modes, statement::Target target) {
  nlohmann::json list = nlohmann::json::array();
  for (const Mode mode : modes) {
    const bool holds = identity::TraceClaim(expression, operands, target, mode).back().bits != 0;
    list.push_back({{"mode", Name(mode)}, {"holds", holds}, {"steps", StepsJson(expression, operands, target, mode)}});
  }
  return {{"statement", expression.text},
          {"format", Name(expression.format)},
          {"operands", OperandsJson(expression, operands)},
          {"on", Name(target)},
          {"modes", list}};
}

}  // namespace fplab::tools
