// The conformance matrix as fplab env prints it.
#ifndef FPLAB_TOOLS_ENV_MATRIX_H_
#define FPLAB_TOOLS_ENV_MATRIX_H_

#include <nlohmann/json.hpp>

namespace fplab::tools {

// Measures the matrix and prints it as a table.
void PrintConformanceMatrix();

// Measures the matrix: an array with one object per instruction.
nlohmann::ordered_json ConformanceMatrixJson();

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_ENV_MATRIX_H_
