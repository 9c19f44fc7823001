// fplab identities: the catalogue of identities as a table of verdicts, each found by search.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/identity/catalogue.h>
#include <fplab/fparith/mode/control_word.h>
#include "tools/commands/command.h"
#include "tools/options/format_names.h"
#include "tools/options/search_options.h"
#include "tools/printing/value_text.h"

namespace fplab::tools {
namespace {

struct IdentitiesOptions {
  std::string format = "f32";
  std::string mode = "all";
  std::string on = "model";
  std::vector<int> rows;
  bool short_form = false;
  bool markdown = false;
  bool json = false;
  identity::SearchOptions search;
  EffortOptions effort;
};

// One entry with what the search found; no verdicts if it can't be put for the format and target.
struct Row {
  const identity::CatalogueEntry* entry;
  Format format;
  std::vector<statement::Target> targets;
  std::optional<identity::VerdictTable> found;
  std::vector<identity::ExpectedVerdict> expected;  // by mode
};

size_t FlushIndex(Mode mode) {
  const auto found = std::find(kFlushModes.begin(), kFlushModes.end(), mode);
  if (found == kFlushModes.end()) {
    throw Error("--mode: found \"{}\", expected none, ftz, daz, ftz+daz or all: the catalogue is about nearest-even",
                Name(mode));
  }
  return static_cast<size_t>(found - kFlushModes.begin());
}

bool Agrees(const Row& row, size_t m) {
  const identity::ModeVerdict& verdict = row.found->verdicts[m];
  return row.expected[m] == identity::ExpectedVerdict{verdict.verdict, verdict.up_to_sign_of_zero};
}

std::string Show(identity::Verdict verdict, bool up_to_sign_of_zero) {
  return fmt::format("{}{}", Name(verdict), up_to_sign_of_zero ? " up to the sign of zero" : "");
}

Row Examine(const identity::CatalogueEntry& entry, const IdentitiesOptions& options) {
  Row row{&entry,
          identity::OwnFormat(entry).value_or(ParseFormat(options.format)),
          options.search.targets,
          std::nullopt,
          {}};
  // The C library is on the machine only, whatever the arithmetic is asked of; and the machine may lack a mode.
  const bool model_only = options.search.targets == std::vector<statement::Target>{statement::Target::kModel};
  if (model_only && !identity::IsApplicable(entry, row.format, statement::Target::kModel)) {
    row.targets = {statement::Target::kHardware};
    if (!std::all_of(options.search.modes.begin(), options.search.modes.end(), HardwareSupports)) return row;
  }
  for (statement::Target target : row.targets) {
    if (!identity::IsApplicable(entry, row.format, target)) return row;
  }
  identity::SearchOptions search = options.search;
  search.targets = row.targets;
  row.found = identity::FindVerdicts(entry.statement, row.format, search);
  for (Mode mode : search.modes) row.expected.push_back(Expected(entry, FlushIndex(mode)));
  return row;
}

void PrintRow(const Row& row, const IdentitiesOptions& options) {
  const identity::CatalogueEntry& entry = *row.entry;
  if (!row.found) {
    fmt::print("{:>4} {}\n       not put: {} on {} lacks an operation or a mode\n", Label(entry), entry.statement,
               Name(row.format), options.on);
    return;
  }
  const bool own = identity::OwnFormat(entry).has_value();
  fmt::print("{:>4} {}{}{}\n", Label(entry), entry.statement, own ? fmt::format("   [{}]", Name(row.format)) : "",
             row.found->search.exhaustive ? "   (proved: every case was tried)" : "");
  for (size_t m = 0; m < row.found->verdicts.size(); ++m) {
    const identity::ModeVerdict& verdict = row.found->verdicts[m];
    std::string line =
        fmt::format("       {:<8} {}", Name(verdict.mode), Show(verdict.verdict, verdict.up_to_sign_of_zero));
    if (verdict.failure) {
      line += fmt::format(": not for {}", ShowOperands(row.found->expression, verdict.failure->operands));
    }
    if (verdict.by_overflow) {
      line += fmt::format("; by overflow or NaN not for {}",
                          ShowOperands(row.found->expression, verdict.by_overflow->operands));
    }
    if (!Agrees(row, m)) {
      line += fmt::format("   <-- the catalogue says: {}",
                          Show(row.expected[m].verdict, row.expected[m].up_to_sign_of_zero));
    }
    fmt::print("{}\n", line);
  }
}

// One line per statement: letters by mode.
void PrintShortRow(const Row& row) {
  std::string letters;
  bool agrees = true;
  for (size_t m = 0; row.found && m < row.found->verdicts.size(); ++m) {
    const identity::ModeVerdict& verdict = row.found->verdicts[m];
    letters += fmt::format("{}{}{} ", Letter(verdict.verdict), verdict.up_to_sign_of_zero ? '0' : ' ',
                           verdict.by_overflow ? '^' : ' ');
    agrees = agrees && Agrees(row, m);
  }
  fmt::print("{:>4} {:<17}{}{}\n", Label(*row.entry), row.found ? letters : "not put", row.entry->statement,
             agrees ? "" : fmt::format("   <-- the catalogue says: {}", row.entry->codes));
}

nlohmann::json Json(const Row& row) {
  nlohmann::json json = {{"row", Label(*row.entry)},
                         {"statement", row.entry->statement},
                         {"note", row.entry->note},
                         {"known", Name(row.entry->known)},
                         {"source", row.entry->source},
                         {"format", Name(row.format)},
                         {"applicable", row.found.has_value()},
                         {"verdicts", nlohmann::json::array()}};
  if (!row.found) return json;
  json["exhaustive"] = row.found->search.exhaustive;
  json["judged"] = row.found->search.Judged();
  for (size_t m = 0; m < row.found->verdicts.size(); ++m) {
    const identity::ModeVerdict& verdict = row.found->verdicts[m];
    nlohmann::json entry = {{"mode", Name(verdict.mode)},
                            {"verdict", Name(verdict.verdict)},
                            {"up_to_sign_of_zero", verdict.up_to_sign_of_zero},
                            {"expected", Name(row.expected[m].verdict)},
                            {"expected_up_to_sign_of_zero", row.expected[m].up_to_sign_of_zero},
                            {"agrees", Agrees(row, m)}};
    if (verdict.failure) {
      entry["counterexample"] = OperandsJson(row.found->expression, verdict.failure->operands);
      entry["targets_disagree"] = verdict.failure->targets_disagree;
    }
    if (verdict.by_overflow) {
      entry["by_overflow"] = OperandsJson(row.found->expression, verdict.by_overflow->operands);
    }
    json["verdicts"].push_back(entry);
  }
  return json;
}

std::string_view GroupStartingAt(int row) {
  for (const identity::CatalogueGroup& group : identity::CatalogueGroups()) {
    if (group.first_row == row) return group.name;
  }
  return "";
}

bool IsAsked(const IdentitiesOptions& options, const identity::CatalogueEntry& entry) {
  return options.rows.empty() || std::find(options.rows.begin(), options.rows.end(), entry.row) != options.rows.end();
}

int Run(IdentitiesOptions options) {
  if (options.markdown) {
    fmt::print("{}", identity::CatalogueMarkdown());
    return kDone;
  }
  options.search.targets = ParseTargets(options.on);
  options.search.modes = ParseModes(options.mode, options.on != "model");
  options.search.exhaustive_limit = uint64_t{1} << 20;
  options.effort.Apply(options.search);
  WatchedSearch watched(options.effort);
  options.search.progress = watched.Progress();
  for (Mode mode : options.search.modes) FlushIndex(mode);
  ParseFormat(options.format);
  nlohmann::json rows = nlohmann::json::array();
  int statements = 0, skipped = 0, disagreements = 0;
  std::string_view group;
  for (const identity::CatalogueEntry& entry : identity::Catalogue()) {
    if (InterruptGuard::Requested()) break;
    if (const std::string_view starting = GroupStartingAt(entry.row); !starting.empty()) group = starting;
    if (!IsAsked(options, entry)) continue;
    const Row row = Examine(entry, options);
    watched.Clear();
    ++(row.found ? statements : skipped);
    for (size_t m = 0; row.found && m < row.found->verdicts.size(); ++m) disagreements += Agrees(row, m) ? 0 : 1;
    if (options.json) {
      rows.push_back(Json(row));
      continue;
    }
    if (!group.empty()) fmt::print("{}\n", group);
    group = "";
    options.short_form ? PrintShortRow(row) : PrintRow(row, options);
  }
  if (statements + skipped == 0) throw Error("--row: the catalogue has rows 1 to {}", identity::Catalogue().back().row);
  if (options.json) {
    const nlohmann::json json = {
        {"format", options.format}, {"on", options.on}, {"rows", rows}, {"disagreements", disagreements}};
    fmt::print("{}\n", json.dump(2));
  } else {
    fmt::print("{} statements, {} modes: {} verdicts unlike the catalogue's", statements, options.search.modes.size(),
               disagreements);
    fmt::print("{}\n", skipped > 0 ? fmt::format("; {} statements could not be put", skipped) : "");
  }
  return watched.StatusOr(disagreements == 0 ? kDone : kRefuted);
}

}  // namespace

void AddIdentitiesCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<IdentitiesOptions>();
  options->effort.effort = "40000";
  CLI::App* command = app.add_subcommand(
      "identities", "405 rows of identities: how far each holds in each mode, found by search, with counterexamples.");
  command->add_option("--format", options->format, kFormatNames)->capture_default_str();
  command->add_option("--mode", options->mode, "none, ftz, daz, ftz+daz, or all")->capture_default_str();
  command->add_option("--on", options->on, "model, hardware or both")->capture_default_str();
  command->add_option("--row", options->rows, "Only these rows of the catalogue");
  options->effort.AddTo(*command);
  command->add_flag("--short", options->short_form,
                    "One line each: Y holds, N for normal inputs, U needs no subnormal intermediate, X fails; 0: up to "
                    "the sign of zero; ^: overflow and NaNs, which are set aside, break it");
  command->add_flag("--markdown", options->markdown, "Print the catalogue as a page, with sources, and search nothing");
  command->add_flag("--json", options->json, "Print JSON");
  command->footer(
      "Exit status: 0 all as the catalogue says, 1 some verdict is not, 2 wrong usage.\n"
      "Example: fplab identities --short    fplab identities --row 45 --row 60 --format f64 --on both");
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace fplab::tools
