// fplab explain: numbers in one format: their parts, their neighbours, and what each mode makes of them.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <memory>
#include <string>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/outside_text.h>
#include <fplab/fparith/model/model.h>
#include <fplab/fparith/text/float_text.h>
#include <fplab/fparith/text/nan_text.h>
#include "tools/commands/command.h"
#include "tools/options/arithmetic_options.h"
#include "tools/options/format_names.h"
#include "tools/options/input_lines.h"
#include "tools/printing/value_text.h"

namespace fplab::tools {
namespace {

struct ExplainOptions {
  std::vector<std::string> numbers;
  std::string file;
  std::string format = "f32";
  std::string rounding = "nearest-even";
  bool bits = false;
  ArithmeticOptions arithmetic;  // of it only the rule of NaNs
  bool json = false;
};

struct Number {
  Format format;
  std::string text;
  ReadNumber read;
};

uint64_t ParseBits(const Format& format, const std::string& text) {
  std::string_view digits = text;
  if (digits.starts_with("0x") || digits.starts_with("0X")) digits.remove_prefix(2);
  uint64_t bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits, 16);
  const bool whole = error == std::errc() && end == digits.data() + digits.size() && !digits.empty();
  if (!whole || (bits & ~format.Mask()) != 0) {
    throw Error("--bits: found \"{}\", expected up to {} hexadecimal digits of {}", text, format.HexDigits(),
                Name(format));
  }
  return bits;
}

Number Parse(const ExplainOptions& options, const std::string& text) {
  const Format format = ParseFormat(options.format);
  const Rounding rounding = ParseRounding(options.rounding);
  return {format, text, options.bits ? ReadNumber{ParseBits(format, text)} : ParseNumber(format, text, rounding)};
}

// The numbers on the command line, or those of the file.
std::vector<Number> ParseAll(const ExplainOptions& options) {
  if (options.numbers.empty() == options.file.empty()) {
    throw Error("expected numbers, or --file FILE with a number on each line (- for standard input)");
  }
  std::vector<Number> numbers;
  for (const std::string& text : options.numbers) numbers.push_back(Parse(options, text));
  if (options.file.empty()) return numbers;
  for (const InputLine& line : ReadInputLines(options.file, "numbers")) {
    try {
      numbers.push_back(Parse(options, line.text));
    } catch (const Error& error) {
      throw Error("{}: line {}: {}", options.file, line.number, error.what());
    }
  }
  return numbers;
}

std::string ClassOf(const Format& format, uint64_t bits) {
  if (format.IsNan(bits)) return format.IsSignalingNan(bits) ? "signaling NaN" : "quiet NaN";
  if (format.IsInfinite(bits)) return "infinity";
  if (format.IsZero(bits)) return "zero";
  return format.IsSubnormal(bits) ? "subnormal" : "normal";
}

// Exponent of the unit that the significand, as an integer, counts.
int UnitExponent(const Format& format, uint64_t bits) {
  const int field = format.ExponentField(bits);
  return format.MinExponent() - format.FractionBits() + (field > 0 ? field - 1 : 0);
}

uint64_t Significand(const Format& format, uint64_t bits) {
  return format.Fraction(bits) | (format.ExponentField(bits) > 0 ? format.MinNormal() : 0);
}

// Gap to the next greater magnitude, as text: it need not be a number of the format.
std::string UlpText(const Format& format, uint64_t bits) { return fmt::format("0x1p{}", UnitExponent(format, bits)); }

// What an operation makes of it in a mode: as an operand (of a multiplication by 1, with flushing of results off), as a
// result (of the exact operation that gives it, with flushing of operands off), and through a multiplication by 1.
struct InMode {
  Mode mode;
  uint64_t as_operand, as_result, times_one;
  model::Flags flags;
};

InMode Observe(const Number& number, const model::Environment& arithmetic, Mode mode) {
  const auto times_one = [&](bool flush_outputs, bool flush_inputs) {
    model::Environment environment = arithmetic;
    environment.mode = {mode.rounding, flush_outputs, flush_inputs};
    return model::Mul(number.format, environment, number.read.bits, number.format.One());
  };
  const model::Outcome both = times_one(mode.flush_outputs, mode.flush_inputs);
  return {mode, times_one(false, mode.flush_inputs).bits, times_one(mode.flush_outputs, false).bits, both.bits,
          both.flags};
}

std::vector<InMode> ObserveAll(const ExplainOptions& options, const Number& number) {
  std::vector<InMode> list;
  const model::Environment arithmetic = options.arithmetic.Arithmetic();
  for (Mode mode : kFlushModes) list.push_back(Observe(number, arithmetic, mode));
  return list;
}

void PrintLine(const char* name, const std::string& value) { fmt::print("{:<13}{}\n", name, value); }

void PrintFinite(const Number& number) {
  const Format& format = number.format;
  const uint64_t bits = number.read.bits;
  const int field = format.ExponentField(bits);
  PrintLine("decimal", Decimal(format, bits));
  PrintLine("exactly", ExactDecimal(format, bits));
  PrintLine("hexadecimal", HexFloat(format, bits));
  PrintLine("sign", format.SignBit(bits) ? "1 (minus)" : "0 (plus)");
  PrintLine("exponent", fmt::format("{} (field {})", field > 0 ? field - format.Bias() : format.MinExponent(), field));
  PrintLine("significand", fmt::format("{} * 2^{}", Significand(format, bits), UnitExponent(format, bits)));
  PrintLine("ulp", UlpText(format, bits));
  PrintLine("next down", ShowValue(format, model::NextDown(format, bits)));
  PrintLine("next up", ShowValue(format, model::NextUp(format, bits)));
}

void PrintNan(const Number& number) {
  const Format& format = number.format;
  if (!model::HasPayloads(format)) return;
  PrintLine("sign", format.SignBit(number.read.bits) ? "1 (minus)" : "0 (plus)");
  PrintLine("payload",
            fmt::format("0x{:x} of {} bits", number.read.bits & model::PayloadMask(format), format.FractionBits() - 1));
}

// The value, a NaN with what it carries.
std::string Hex(const Format& format, uint64_t bits) {
  return format.IsNan(bits) ? NanText(format, bits) : HexFloat(format, bits);
}

// What became of the text on its way into the format; empty: nothing.
std::string RoundingWords(const ExplainOptions& options, const Number& number) {
  if (!number.read.overflow) return number.read.exact ? "" : fmt::format(", rounded ({})", options.rounding);
  const Format& format = number.format;
  const char* why = format.InfinityIsNan()                          ? ", and there is no infinity"
                    : format.IsFinite(format.InfiniteResult(false)) ? ", and the format saturates"
                                                                    : "";
  return fmt::format(", overflow ({}): beyond the largest finite number, {}{}", options.rounding,
                     Decimal(format, format.MaxFinite()), why);
}

void Print(const ExplainOptions& options, const Number& number) {
  const Format& format = number.format;
  const uint64_t bits = number.read.bits;
  fmt::print("{} in {}: {}{}\n", Printable(number.text), Name(format), ClassOf(format, bits),
             RoundingWords(options, number));
  PrintLine("bits", fmt::format("{}  {}", HexBits(format, bits), BitFields(format, bits)));
  if (format.IsFinite(bits)) PrintFinite(number);
  if (format.IsNan(bits)) PrintNan(number);
  fmt::print("{:<13}{:<24}{:<24}{}\n", "mode", "as an operand", "as a result", "times one");
  for (const InMode& seen : ObserveAll(options, number)) {
    fmt::print("{:<13}{:<24}{:<24}{} ({})\n", Name(seen.mode), Hex(format, seen.as_operand),
               Hex(format, seen.as_result), Hex(format, seen.times_one), model::DescribeFlags(seen.flags));
  }
}

nlohmann::json Json(const ExplainOptions& options, const Number& number) {
  const Format& format = number.format;
  const uint64_t bits = number.read.bits;
  nlohmann::json json = {{"text", ValidUtf8(number.text)},
                         {"format", Name(format)},
                         {"class", ClassOf(format, bits)},
                         {"exact", number.read.exact},
                         {"overflow", number.read.overflow},
                         {"value", ValueJson(format, bits)},
                         {"fields", BitFields(format, bits)},
                         {"sign", format.SignBit(bits) ? 1 : 0},
                         {"exponent_field", format.ExponentField(bits)}};
  if (format.IsFinite(bits)) {
    json["exact_decimal"] = ExactDecimal(format, bits);
    json["significand"] = Significand(format, bits);
    json["unit_exponent"] = UnitExponent(format, bits);
    json["ulp"] = UlpText(format, bits);
    json["next_down"] = ValueJson(format, model::NextDown(format, bits));
    json["next_up"] = ValueJson(format, model::NextUp(format, bits));
  }
  if (format.IsNan(bits) && model::HasPayloads(format)) {
    json["payload"] = fmt::format("0x{:x}", bits & model::PayloadMask(format));
  }
  for (const InMode& seen : ObserveAll(options, number)) {
    json["modes"].push_back({{"mode", Name(seen.mode)},
                             {"as_operand", ValueJson(format, seen.as_operand)},
                             {"as_result", ValueJson(format, seen.as_result)},
                             {"times_one", ValueJson(format, seen.times_one)},
                             {"flags", model::DescribeFlags(seen.flags)}});
  }
  return json;
}

// Paragraphs apart by an empty line; as JSON one number alone is no list, unless it comes from a file.
void PrintAll(const ExplainOptions& options, const std::vector<Number>& numbers) {
  nlohmann::json list = nlohmann::json::array();
  for (const Number& number : numbers) {
    if (options.json) {
      list.push_back(Json(options, number));
    } else {
      if (&number != &numbers.front()) fmt::print("\n");
      Print(options, number);
    }
  }
  const bool alone = options.file.empty() && numbers.size() == 1;
  if (options.json) fmt::print("{}\n", alone ? list[0].dump(2) : list.dump(2));
}

}  // namespace

void AddExplainCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<ExplainOptions>();
  CLI::App* command =
      app.add_subcommand("explain", "Numbers: their parts, their neighbours, what each mode makes of them.");
  command->add_option("numbers", options->numbers,
                      "Decimal (1e-40), hexadecimal (0x1.8p-126), inf, nan, nan(0x1), snan(0x1), or with --bits bit "
                      "patterns (0x00400000)");
  command->add_option("--file", options->file, "Numbers, one a line, # for comments; - for standard input");
  command->add_option("--format", options->format, kFormatNames)->capture_default_str();
  command->add_flag("--bits", options->bits, "The number is a bit pattern; without it 0x10 is the number sixteen");
  command->add_option("--rounding", options->rounding, "nearest-even, nearest-away, toward-zero, up, down")
      ->capture_default_str();
  options->arithmetic.AddNansTo(*command);
  command->add_flag("--json", options->json, "Print JSON");
  command->footer(
      "Example: fplab explain 1e-40 --format f32    fplab explain --bits 0x7f800001    fplab explain -- 0.1 -0.1");
  command->callback([options, &status] {
    options->arithmetic.Arithmetic();  // refuses a rule that it does not know before anything is printed
    PrintAll(*options, ParseAll(*options));
    status = kDone;
  });
}

}  // namespace fplab::tools
