// The conformance matrix says of each instruction what its manual says, and leaves no instruction out.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/machine/conformance.h>

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <tuple>

#include <fplab/fparith/mode/control_word.h>

namespace fplab::machine {
namespace {

// "FTZ DAZ rounding flags", as in the table of `fplab env --matrix`.
std::string Columns(const ConformanceRow& row) {
  const auto text = [](Conformance conformance) { return std::string(Name(conformance)); };
  return text(row.flushes_outputs) + " " + text(row.flushes_inputs) + " " + text(row.rounding) + " " +
         (row.raises_flags ? "yes" : "no");
}

std::string LabelOf(const ConformanceRow& row) { return row.mnemonic + " " + row.operands; }

TEST(Conformance, ArithmeticOfBinary32AndBinary64ObeysTheWholeMode) {
  // What a machine without FTZ alone can't be asked about outputs, it says so.
  const std::string outputs = HardwareSupports(kFtz) ? "yes" : "?";
  std::set<std::tuple<std::string, std::string, Path>> seen;
  for (const ConformanceRow& row : MeasureConformance()) {
    if (row.family == "add" || row.family == "mul" || row.family == "fma" || row.family == "div") {
      EXPECT_EQ(Columns(row), outputs + " yes yes yes") << LabelOf(row) << ", " << Name(row.path);
      seen.insert({row.family, row.operands, row.path});
    }
    if (row.family == "sqrt" || row.family == "round") {
      EXPECT_EQ(Columns(row), "- yes yes yes") << LabelOf(row) << ", " << Name(row.path);
    }
    if (row.family == "compare") {
      EXPECT_EQ(Columns(row), "- yes - yes") << LabelOf(row) << ", " << Name(row.path);
    }
  }
  for (const char* family : {"add", "mul", "div"}) {
    for (const char* format : {"f32", "f64"}) EXPECT_EQ(seen.count({family, format, Path::kScalar}), 1u) << family;
  }
}

TEST(Conformance, EveryInstructionIsARowAndNoneIsTwo) {
  std::set<std::tuple<std::string, std::string, Path, std::string>> seen;
  for (const ConformanceRow& row : MeasureConformance()) {
    EXPECT_TRUE(seen.insert({row.mnemonic, row.operands, row.path, row.isa}).second) << LabelOf(row);
    EXPECT_FALSE(row.family.empty() || row.mnemonic.empty() || row.isa.empty() || row.operands.empty());
  }
  // What the model knows and a row stands for, the machine executes.
  const auto has = [&](const char* family) {
    for (const ConformanceRow& row : MeasureConformance()) {
      if (row.family == family) return true;
    }
    return false;
  };
  using model::Function;
  EXPECT_EQ(has("fma"), HardwareHas(Function::On(model::Operation::kFma, kBinary32), Path::kScalar) ||
                            WidestPath(Function::On(model::Operation::kFma, kBinary32)).has_value());
  EXPECT_EQ(has("narrow"), HardwareHas(Function::Conversion(kBinary64, kBinary32), Path::kScalar));
  EXPECT_EQ(has("widen"), HardwareHas(Function::Conversion(kBinary32, kBinary64), Path::kScalar));
}

TEST(Conformance, IsTheSameEveryTimeItIsMeasured) {
  const auto first = MeasureConformance(), second = MeasureConformance();
  ASSERT_EQ(first.size(), second.size());
  for (size_t i = 0; i < first.size(); ++i) EXPECT_EQ(Columns(first[i]), Columns(second[i])) << LabelOf(first[i]);
}

TEST(Conformance, TheTablesWordsAreFive) {
  EXPECT_EQ(Name(Conformance::kObeys), "yes");
  EXPECT_EQ(Name(Conformance::kNever), "no");
  EXPECT_EQ(Name(Conformance::kAlways), "always");
  EXPECT_EQ(Name(Conformance::kNotApplicable), "-");
  EXPECT_EQ(Name(Conformance::kUnsupported), "?");
}

#if defined(__x86_64__)

// Intel SDM volume 2, by instruction and operands, on every path alike: MIN returns an operand as it is, but for DAZ;
// VCVTPH2PS ignores DAZ and VCVTPS2PH FTZ; VCVTNEPS2BF16 and VDPBF16PS neither consult nor update MXCSR and flush both;
// RCPPS and RSQRTPS flush whatever MXCSR says; VRCP14PS and VRSQRT14PS obey it; none of the estimates rounds or raises.
const std::map<std::string, std::string> kByTheManual = {
    {"MIN f32", "no yes - yes"},
    {"MIN f64", "no yes - yes"},
    {"CVTSD2SS f64 -> f32", "yes yes yes yes"},
    {"CVTPD2PS f64 -> f32", "yes yes yes yes"},
    {"VCVTPD2PS f64 -> f32", "yes yes yes yes"},
    {"VCVTPS2PH f32 -> f16", "no yes yes yes"},
    {"VCVTNEPS2BF16 f32 -> bf16", "always always no no"},
    {"CVTSS2SD f32 -> f64", "- yes - yes"},
    {"CVTPS2PD f32 -> f64", "- yes - yes"},
    {"VCVTPS2PD f32 -> f64", "- yes - yes"},
    {"VCVTPH2PS f16 -> f32", "- no - yes"},
    {"CVTSS2SI f32 -> i32", "- yes yes yes"},
    {"CVTSS2SI f32 -> i64", "- yes yes yes"},
    {"CVTSD2SI f64 -> i32", "- yes yes yes"},
    {"CVTSD2SI f64 -> i64", "- yes yes yes"},
    {"CVTSI2SS i32 -> f32", "- - yes yes"},
    {"CVTSI2SS i64 -> f32", "- - yes yes"},
    {"CVTSI2SD i32 -> f64", "- - - no"},
    {"CVTSI2SD i64 -> f64", "- - yes yes"},
    {"VDPBF16PS bf16 -> f32", "always always - no"},
    {"RCPSS f32", "always always no no"},
    {"RCPPS f32", "always always no no"},
    {"VRCPPS f32", "always always no no"},
    {"VRCP14PS f32", "yes yes no no"},
    {"RSQRTSS f32", "- always no no"},
    {"RSQRTPS f32", "- always no no"},
    {"VRSQRTPS f32", "- always no no"},
    {"VRSQRT14PS f32", "- yes no no"},
};

TEST(Conformance, InstructionsOfX86DoWhatTheirManualSays) {
  std::set<std::string> seen;
  for (const ConformanceRow& row : MeasureConformance()) {
    const auto found = kByTheManual.find(LabelOf(row));
    if (found == kByTheManual.end()) continue;
    EXPECT_EQ(Columns(row), found->second) << LabelOf(row) << ", " << Name(row.path);
    seen.insert(LabelOf(row));
  }
  // SSE2 is part of the architecture; what is above it a machine may lack.
  for (const auto& [label, columns] : kByTheManual) {
    EXPECT_TRUE(label[0] == 'V' || seen.count(label) == 1) << label;
  }
}

#endif

}  // namespace
}  // namespace fplab::machine
