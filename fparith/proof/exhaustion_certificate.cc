// Writing, reading and recomputing certificates of exhaustion.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/exhaustion_certificate.h>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <optional>
#include <string_view>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/outside_text.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/proof/certificate.h>
#include <fplab/fparith/statement/evaluator.h>

namespace fplab::proof {
namespace {

using statement::Expression;
using statement::Instruction;

constexpr std::string_view kTitle = "fplab exhaustion 1";

bool Same(const Instruction& a, const Instruction& b) {
  return a.op == b.op && a.type == b.type && a.ieee == b.ieee && a.keeps_outputs == b.keeps_outputs &&
         a.keeps_inputs == b.keeps_inputs && a.rounding == b.rounding && a.args == b.args && a.value == b.value &&
         a.upper == b.upper;
}

// Whether the text means this program.
bool Says(const Expression& expression, bool signed_zeros) {
  try {
    const Expression parsed = statement::ParseExpression(expression.text, expression.format, {signed_zeros, "", {}});
    return parsed.claim == expression.claim && parsed.condition == expression.condition &&
           std::equal(parsed.program.begin(), parsed.program.end(), expression.program.begin(),
                      expression.program.end(), Same);
  } catch (const Error&) {
    return false;
  }
}

std::string_view OperandsText(bool all_values) { return all_values ? "every bit pattern" : "finite numbers"; }

using Fields = std::map<std::string, std::string, std::less<>>;

// "name value" lines after the title; comments begin with '#'.
Fields ReadFields(const std::filesystem::path& path) {
  std::ifstream in(path);
  if (!in) throw Error("'{}' can't be read", path.string());
  constexpr size_t kMostLine = size_t{1} << 21;
  Fields fields;
  std::string line;
  for (bool titled = false; std::getline(in, line);) {
    if (line.size() > kMostLine) throw Error("'{}': a line is too long", path.string());
    if (line.empty() || line[0] == '#') continue;
    if (!titled && line != kTitle) break;
    const size_t space = std::min(line.find(' '), line.size());
    if (titled) fields.emplace(line.substr(0, space), line.substr(std::min(space + 1, line.size())));
    titled = true;
  }
  if (fields.empty()) throw Error("'{}': expected a certificate that begins with \"{}\"", path.string(), kTitle);
  return fields;
}

const std::string& FieldOf(const Fields& fields, std::string_view name, const std::filesystem::path& path) {
  const auto found = fields.find(name);
  if (found == fields.end()) throw Error("'{}': the line \"{}\" is missing", path.string(), name);
  return found->second;
}

uint64_t NumberOf(const Fields& fields, std::string_view name, const std::filesystem::path& path, int base) {
  const std::string& text = FieldOf(fields, name, path);
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw Error("'{}': {}: found \"{}\", expected a whole number", path.string(), name, Printable(text));
  }
  return value;
}

// Which of two words a line says; the second is true.
bool ChoiceOf(const Fields& fields, std::string_view name, std::string_view no, std::string_view yes,
              const std::filesystem::path& path) {
  const std::string& text = FieldOf(fields, name, path);
  if (text != no && text != yes) {
    throw Error("'{}': {}: found \"{}\", expected {} or {}", path.string(), name, Printable(text), no, yes);
  }
  return text == yes;
}

}  // namespace

bool WriteExhaustionCertificate(const std::filesystem::path& path, const Expression& expression, Mode mode,
                                bool all_values) {
  if (!expression.HasHardwareFlushing() || expression.NeedsNanRule()) return false;
  const bool signed_zeros = !Says(expression, false);
  if (signed_zeros && !Says(expression, true)) return false;
  const identity::ExhaustionDigest all = identity::DigestOfAll(expression, mode, all_values, kMostCertified);
  std::string variables;
  for (const statement::Variable& variable : expression.variables) {
    variables += fmt::format("{}{}: {}", variables.empty() ? "" : ", ", variable.name, Name(variable.type));
  }
  WriteWhole(path, [&](std::ostream& out) {
    out << kTitle << "\n"
        << "# Every tuple of operands was tried that meets the condition, after \"when\" (computed without flushing).\n"
        << "# digest: the sum modulo 2^64, over these tuples in any order, of the 64-bit FNV-1a hash of: each "
           "operand's\n"
        << "# pattern as 8 bytes, the least significant first, integers extended to 64 bits, in the order of "
           "variables;\n"
        << "# of each wide operand the pattern above its low 64 bits, likewise, in the same order;\n"
        << "# and one byte, 1 where the statement is true, 0 where it is false, 2 where it is false and some result,\n"
        << "# computed without flushing, overflows or is NaN. Checked by: fplab prove --check FILE\n"
        << fmt::format("statement {}\nformat {}\nmode {}\nequality {}\nflush-semantics {}\noperands {}\n",
                       expression.text, Name(expression.format), Name(mode), signed_zeros ? "bits" : "values",
                       model::Name(model::HardwareFlushSemantics()), OperandsText(all_values))
        << fmt::format("variables {}\ntuples {}\nfails {}\nfails-by-overflow {}\ndigest {:016x}\n", variables,
                       all.tuples, all.fails, all.fails_by_overflow, all.digest);
  });
  return true;
}

ExhaustionCheck CheckExhaustionCertificate(const std::filesystem::path& path) {
  const Fields fields = ReadFields(path);
  ExhaustionCheck check;
  check.statement = FieldOf(fields, "statement", path);
  check.format = FieldOf(fields, "format", path);
  check.mode = FieldOf(fields, "mode", path);
  const bool signed_zeros = ChoiceOf(fields, "equality", "values", "bits", path);
  const bool all_values = ChoiceOf(fields, "operands", OperandsText(false), OperandsText(true), path);
  const std::string& semantics = FieldOf(fields, "flush-semantics", path);
  if (model::ParseFlushSemantics(semantics) != model::HardwareFlushSemantics()) {
    throw Error("'{}' is of a machine that flushes by semantics {}, this one by {}", path.string(), semantics,
                model::Name(model::HardwareFlushSemantics()));
  }
  check.claimed = {NumberOf(fields, "tuples", path, 10), NumberOf(fields, "fails", path, 10),
                   NumberOf(fields, "fails-by-overflow", path, 10), NumberOf(fields, "digest", path, 16)};
  const Expression expression =
      statement::ParseExpression(check.statement, statement::ParseFloatType(check.format), {signed_zeros, "", {}});
  statement::RequireTarget(expression, statement::Target::kModel);
  check.recomputed = identity::DigestOfAll(expression, ParseMode(check.mode), all_values, kMostCertified);
  return check;
}

}  // namespace fplab::proof
