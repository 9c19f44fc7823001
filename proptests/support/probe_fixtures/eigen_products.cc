// Eigen's product and dot product as a plug-in, compiled as the rest of the build is.
// SPDX-License-Identifier: Apache-2.0
#include <Eigen/Core>

#include "tools/probe/fplab_plugin.h"

namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::Matrix<float, Eigen::Dynamic, 1>;

void Product(int m, int n, int k, const float* a, const float* b, float* c) {
  Eigen::Map<Matrix>(c, m, n).noalias() = Eigen::Map<const Matrix>(a, m, k) * Eigen::Map<const Matrix>(b, k, n);
}

float Dot(int k, const float* a, const float* b) {
  return Eigen::Map<const Vector>(a, k).dot(Eigen::Map<const Vector>(b, k));
}

const fplab_plugin_function functions[] = {{"eigen_product", "matmul", reinterpret_cast<fplab_any_function>(Product)},
                                           {"eigen_dot", "dot", reinterpret_cast<fplab_any_function>(Dot)},
                                           {nullptr, nullptr, nullptr}};
const fplab_plugin plugin = {FPLAB_PLUGIN_VERSION, functions, nullptr};

}  // namespace

extern "C" const fplab_plugin* fplab_get_plugin(void) { return &plugin; }
