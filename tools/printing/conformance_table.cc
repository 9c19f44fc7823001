// Rendering the conformance matrix.
// SPDX-License-Identifier: Apache-2.0
#include "tools/printing/conformance_table.h"

#include <fmt/format.h>

#include <fplab/fparith/machine/conformance.h>

namespace fplab::tools {

void PrintConformanceMatrix() {
  constexpr const char* kRow = "{:<15} {:<14} {:<11} {:<13} {:<8} {:<7} {:<7} {:<9} {}\n";
  fmt::print(fmt::runtime(kRow), "family", "instruction", "isa", "operands", "path", "FTZ", "DAZ", "rounding", "flags");
  for (const machine::ConformanceRow& row : machine::MeasureConformance()) {
    fmt::print(fmt::runtime(kRow), row.family, row.mnemonic, row.isa, row.operands, Name(row.path),
               Name(row.flushes_outputs), Name(row.flushes_inputs), Name(row.rounding),
               row.raises_flags ? "yes" : "no");
  }
  fmt::print(
      "\nyes: obeys the mode; no: never flushes, or rounds one way only; always: flushes in every mode;\n"
      "-: no result can tell; ?: the machine lacks the mode that could.\n");
}

nlohmann::ordered_json ConformanceMatrixJson() {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const machine::ConformanceRow& row : machine::MeasureConformance()) {
    rows.push_back({{"family", row.family},
                    {"instruction", row.mnemonic},
                    {"isa", row.isa},
                    {"operands", row.operands},
                    {"path", Name(row.path)},
                    {"ftz", Name(row.flushes_outputs)},
                    {"daz", Name(row.flushes_inputs)},
                    {"rounding", Name(row.rounding)},
                    {"flags", row.raises_flags}});
  }
  return rows;
}

}  // namespace fplab::tools
