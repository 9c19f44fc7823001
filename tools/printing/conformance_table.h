// The conformance matrix as fplab env prints it.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PRINTING_CONFORMANCE_TABLE_H_
#define FPLAB_TOOLS_PRINTING_CONFORMANCE_TABLE_H_

#include <nlohmann/json.hpp>

namespace fplab::tools {

// Measures the matrix and prints it as a table.
void PrintConformanceMatrix();

// Measures the matrix: an array with one object per instruction.
nlohmann::ordered_json ConformanceMatrixJson();

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PRINTING_CONFORMANCE_TABLE_H_
