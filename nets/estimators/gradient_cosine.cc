// Cosines in binary64, parameter by parameter in order.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/estimators/gradient_cosine.h>

#include <algorithm>
#include <cmath>

#include <fplab/fparith/mode/guest.h>

namespace fplab::nets {
namespace {

struct Products {
  double ab = 0, aa = 0, bb = 0;

  void Add(const float* a, const float* b, int count) {
    for (int i = 0; i < count; ++i) {
      ab += static_cast<double>(a[i]) * b[i];
      aa += static_cast<double>(a[i]) * a[i];
      bb += static_cast<double>(b[i]) * b[i];
    }
  }
  void Add(const Products& other) {
    ab += other.ab;
    aa += other.aa;
    bb += other.bb;
  }
  double Cosine() const { return aa == 0 || bb == 0 ? 0 : ab / (std::sqrt(aa) * std::sqrt(bb)); }
};

}  // namespace

namespace {

GradientCosine CosineInIeee(const Parameters& a, const Parameters& b) {
  GradientCosine cosine;
  Products all;
  for (size_t l = 0; l < a.size(); ++l) {
    Products layer;
    const kernels::ConstPanelView weights = a[l].weight.view(), others = b[l].weight.view();
    for (int p = 0; p < weights.panels(); ++p) {
      const int cols = std::min(kernels::kPanelWidth, weights.cols - p * kernels::kPanelWidth);
      for (int r = 0; r < weights.rows; ++r) {
        const ptrdiff_t row = ptrdiff_t{r} * kernels::kPanelWidth;
        layer.Add(weights.Panel(p) + row, others.Panel(p) + row, cols);
      }
    }
    layer.Add(a[l].bias.data(), b[l].bias.data(), weights.cols);
    cosine.layers.push_back(layer.Cosine());
    all.Add(layer);
  }
  cosine.all = all.Cosine();
  return cosine;
}

}  // namespace

GradientCosine CosineBetween(const Parameters& a, const Parameters& b) {
  return AsGuest([&] { return CosineInIeee(a, b); });
}

}  // namespace fplab::nets
