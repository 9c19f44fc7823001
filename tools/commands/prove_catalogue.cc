// The catalogue, proved row by row.
// SPDX-License-Identifier: Apache-2.0
#include "tools/commands/prove_catalogue.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/outside_text.h>
#include <fplab/fparith/identity/catalogue.h>
#include <fplab/nets/files/atomic_file.h>
#include <fplab/nets/files/ordered_json.h>
#include "tools/commands/command.h"
#include "tools/printing/proof_json.h"
#include "tools/printing/value_text.h"
#include "tools/terminal/interrupt.h"

namespace fplab::tools {
namespace {

constexpr size_t kMostOfAJournal = size_t{1} << 26;

constexpr std::array<proof::Answer, 5> kAnswers = {proof::Answer::kProved, proof::Answer::kProvedInRange,
                                                   proof::Answer::kRefuted, proof::Answer::kUndecided,
                                                   proof::Answer::kVacuous};

char Letter(std::string_view answer) {
  for (size_t i = 0; i < kAnswers.size(); ++i) {
    if (Name(kAnswers[i]) == answer) return "PrX?-"[i];
  }
  return ' ';
}

std::vector<Format> FormatsOf(const std::string& names) {
  std::vector<Format> formats;
  std::istringstream in(names);
  for (std::string name; std::getline(in, name, ',');) formats.push_back(ParseFormat(name));
  if (formats.empty()) throw Error("--format: found none, expected some, joined by commas");
  return formats;
}

struct Rows {
  int first = 1, last = std::numeric_limits<int>::max();
};

Rows RowsOf(const std::string& text) {
  Rows rows;
  if (text.empty()) return rows;
  const char* end = text.data() + text.size();
  const auto [dash, first_error] = std::from_chars(text.data(), end, rows.first);
  if (first_error == std::errc() && dash != end && *dash == '-') {
    const auto [rest, last_error] = std::from_chars(dash + 1, end, rows.last);
    if (last_error == std::errc() && rest == end && 1 <= rows.first && rows.first <= rows.last) return rows;
  }
  throw Error("--rows: found \"{}\", expected two numbers such as 1-85", Printable(text));
}

// The rows that were done, by what was asked.
class Journal {
 public:
  Journal(const std::string& path, const proof::ProveOptions& options) : path_(path), limits_(LimitsOf(options)) {
    if (path_.empty() || !std::filesystem::exists(path_)) return;
    const std::string text = nets::ReadFile(path_, kMostOfAJournal);
    size_t begin = 0;
    for (size_t number = 1; begin < text.size(); ++number) {
      const size_t end = text.find('\n', begin);
      if (end == std::string::npos) break;  // cut short: done again
      Take(text.substr(begin, end - begin), number);
      begin = end + 1;
    }
    // What was cut short goes, so that the next row begins a line.
    if (begin < text.size()) std::filesystem::resize_file(path_, begin);
  }

  const nlohmann::json* Find(const identity::CatalogueEntry& entry, const Format& format) const {
    const auto found = rows_.find(KeyOf(std::string(entry.statement), Name(format)));
    return found == rows_.end() ? nullptr : &found->second;
  }

  void Add(nlohmann::json row) {
    if (path_.empty()) return;
    row["limits"] = limits_;
    std::ofstream out(path_, std::ios::app);
    out << row.dump() << '\n';
    out.flush();
    if (!out) throw Error("{}: cannot write", path_);
  }

 private:
  static std::string LimitsOf(const proof::ProveOptions& options) {
    return fmt::format("{} conflicts, {} s", options.limits.conflicts.value_or(0),
                       options.limits.cpu_seconds.value_or(0));
  }
  static std::string KeyOf(const std::string& statement, const std::string& format) {
    return format + "\n" + statement;
  }

  void Take(const std::string& line, size_t number) {
    try {
      const nets::OrderedJson read = nets::ParseJson(line);
      if (read.is_discarded()) throw Error("no JSON");
      const nlohmann::json row = nlohmann::json::parse(read.dump());
      if (row.at("limits").get<std::string>() != limits_) return;
      if (row.at("modes").size() != kFlushModes.size()) throw Error("expected four modes");
      for (const nlohmann::json& mode : row["modes"]) {
        if (Letter(mode.at("answer").get<std::string>()) == ' ') throw Error("unknown answer");
        mode.at("how").get<std::string>();
        mode.at("cpu_seconds").get<double>();
      }
      rows_[KeyOf(row.at("statement"), row.at("format"))] = row;
    } catch (const nlohmann::json::exception&) {
      throw Error("{}: line {}: no row of this table", path_, number);
    } catch (const Error& error) {
      throw Error("{}: line {}: {}", path_, number, error.what());
    }
  }

  std::string path_, limits_;
  std::map<std::string, nlohmann::json> rows_;
};

// How many of each answer, for what the catalogue says holds and for the rest.
class Counts {
 public:
  void Add(const identity::CatalogueEntry& entry, const nlohmann::json& row) {
    for (size_t m = 0; m < kFlushModes.size(); ++m) {
      // The catalogue sets overflow aside: what it says holds is true in range.
      const bool holds = identity::Expected(entry, m).verdict == identity::Verdict::kHolds;
      const nlohmann::json& mode = row["modes"][m];
      const char letter = Letter(mode["answer"].get<std::string>());
      ++(holds ? true_ : others_)[letter];
      if (holds && (letter == 'P' || letter == 'r')) ++by_means_[MeansOf(mode["how"].get<std::string>())];
    }
  }

  void Print(const Format& format) const {
    fmt::print(
        "{}: true by the catalogue: {} proved, {} proved in range, {} undecided, {} refuted; others: {} refuted, {} "
        "undecided, {} proved\n",
        Name(format), Of(true_, 'P'), Of(true_, 'r'), Of(true_, '?'), Of(true_, 'X'), Of(others_, 'X'),
        Of(others_, '?'), Of(others_, 'P') + Of(others_, 'r'));
    std::string means;
    for (const auto& [name, count] : by_means_)
      means += fmt::format("{}{} by {}", means.empty() ? "" : ", ", count, name);
    if (!means.empty()) fmt::print("    of what is proved {}\n", means);
  }

  bool Contradicts() const { return Of(true_, 'X') > 0 || Of(others_, 'P') > 0; }

 private:
  static int Of(const std::map<char, int>& counts, char letter) {
    const auto found = counts.find(letter);
    return found == counts.end() ? 0 : found->second;
  }

  // Of an answer's "how".
  static std::string MeansOf(const std::string& how) {
    if (how.starts_with("all ")) return "trying all";
    if (how.find("by lemmas") != std::string::npos) return "lemmas";
    if (how.find("SAT, ") != std::string::npos) return "SAT";
    return "rewriting";
  }

  std::map<char, int> true_, others_;
  std::map<std::string, int> by_means_;
};

void PrintRow(const identity::CatalogueEntry& entry, const Format& format, const nlohmann::json& row) {
  std::string letters, how;
  double seconds = 0;
  for (const nlohmann::json& mode : row["modes"]) {
    const std::string answer = mode["answer"];
    letters += fmt::format("{} ", Letter(answer));
    seconds += mode["cpu_seconds"].get<double>();
    if (answer == Name(proof::Answer::kUndecided)) how = fmt::format("   [{}]", mode["how"].get<std::string>());
  }
  fmt::print("{:>4} {:<4} {} {:7.2f} s  {}{}\n", Label(entry), Name(format), letters, seconds, entry.statement, how);
  std::fflush(stdout);
}

}  // namespace

int ProveCatalogue(const CatalogueTable& table) {
  const std::vector<Format> formats = FormatsOf(table.formats);
  const Rows asked_rows = RowsOf(table.rows);
  Journal journal(table.journal, table.prove);
  nlohmann::json rows = nlohmann::json::array();
  bool contradicts = false;
  for (const Format& asked : formats) {
    if (InterruptGuard::Requested()) break;
    Counts counts;
    for (const identity::CatalogueEntry& entry : identity::Catalogue()) {
      if (InterruptGuard::Requested()) break;
      if (entry.row < asked_rows.first || entry.row > asked_rows.last) continue;
      const Format format = identity::OwnFormat(entry).value_or(asked);
      if (!identity::IsApplicable(entry, format, statement::Target::kModel)) continue;
      nlohmann::json row;
      if (const nlohmann::json* done = journal.Find(entry, format)) {
        row = *done;
      } else {
        row = ProofJson(proof::Prove(entry.statement, format, table.prove, {}));
        if (InterruptGuard::Requested()) break;  // its answer may be that it was interrupted
        row["row"] = Label(entry);
        journal.Add(row);
      }
      counts.Add(entry, row);
      if (!table.json) PrintRow(entry, format, row);
      rows.push_back(std::move(row));
    }
    if (!table.json) counts.Print(asked);
    contradicts = contradicts || counts.Contradicts();
  }
  if (table.json) fmt::print("{}\n", rows.dump(2));
  return contradicts ? kRefuted : kDone;
}

}  // namespace fplab::tools
