// Signature: how a function is called, and what it computes; the names by which the functions of libraries are known.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PROBE_SIGNATURE_H_
#define FPLAB_TOOLS_PROBE_SIGNATURE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fplab::tools {

// What a function computes. kProduct: c = alpha*a*b + beta*c; kMatrixVector: the same of one column; kDot: of one row
// and one column; kAxpy: c = alpha*b + c elementwise.
enum class Operation : uint8_t { kProduct, kMatrixVector, kDot, kNorm, kAbsoluteSum, kAxpy, kUnary };

// Whose conventions it is called by. kPlain is that of fplab_plugin.h.
enum class Interface : uint8_t { kPlain, kCblas, kFortran, kDnnl };

struct Signature {
  Operation operation = Operation::kProduct;
  Interface interface = Interface::kPlain;
  bool is_double = false;

  friend bool operator==(const Signature&, const Signature&) = default;

  int element_size() const { return is_double ? 8 : 4; }
  // Whether it sums products of two operands, whose order can be asked for.
  bool SumsProducts() const { return operation <= Operation::kDot; }
  // Whether rows may have gaps between them, and alpha and beta may be given.
  bool HasStrides() const { return interface != Interface::kPlain; }
};

// A name and what it means: of a function that libraries export, or a kind of fplab_plugin.h.
struct KnownFunction {
  std::string_view name;
  Signature signature;
};

// Those of BLAS (cblas_ and Fortran), oneDNN and libxsmm, then those of libm.
const std::vector<KnownFunction>& KnownFunctions();

// The signature of a kind: matmul, matmul64, dot, dot64, f32, f64, or the name of a known function.
std::optional<Signature> FindKind(std::string_view kind);

// "matmul, matmul64, dot, dot64, f32, f64, cblas_sgemm, ...", without those of libm.
std::string KindNames();

// "product of binary32, cblas"
std::string Name(const Signature& signature);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PROBE_SIGNATURE_H_
