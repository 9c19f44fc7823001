// Ridge regression on Eigen.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/analysis/ridge_regression.h>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <functional>
#include <utility>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/kernels/matmul/matmul.h>

namespace fplab::nets {
namespace {

// Samples whose products are summed in one chain.
constexpr int kPiece = 512;

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using PanelRows = Eigen::Matrix<float, Eigen::Dynamic, kernels::kPanelWidth, Eigen::RowMajor>;

Eigen::Map<const Matrix> AsMatrix(const std::vector<double>& values, int rows, int cols) {
  return {values.data(), rows, cols};
}

void AddTo(std::vector<double>& to, const std::vector<double>& from) {
  std::transform(to.begin(), to.end(), from.begin(), to.begin(), std::plus<>());
}

}  // namespace

int64_t Readout::CountCorrect(kernels::ConstPanelView x, std::span<const uint8_t> labels) const {
  return AsGuest([&] {
    FPLAB_CHECK(x.cols == features && std::cmp_equal(x.rows, labels.size()), "readout: features do not fit");
    const auto weights = AsMatrix(weight, features, classes);
    Matrix scores = Eigen::Map<const Eigen::RowVectorXd>(intercept.data(), classes).replicate(x.rows, 1);
    for (int p = 0; p < x.panels(); ++p) {
      const int count = std::min(kernels::kPanelWidth, features - p * kernels::kPanelWidth);
      const Eigen::Map<const PanelRows> panel(x.Panel(p), x.rows, kernels::kPanelWidth);
      scores.noalias() += panel.leftCols(count).cast<double>() * weights.middleRows(p * kernels::kPanelWidth, count);
    }
    int64_t correct = 0;
    for (int i = 0; i < x.rows; ++i) {
      Eigen::Index best = 0;
      scores.row(i).maxCoeff(&best);
      correct += std::cmp_equal(best, labels[static_cast<size_t>(i)]);
    }
    return correct;
  });
}

RidgeMoments::RidgeMoments(int features, int classes)
    : features_(features),
      classes_(classes),
      products_(static_cast<size_t>(features) * static_cast<size_t>(features)),
      class_sums_(static_cast<size_t>(features) * static_cast<size_t>(classes)),
      class_count_(static_cast<size_t>(classes)) {}

void RidgeMoments::Add(kernels::ConstPanelView x, std::span<const uint8_t> labels, kernels::Isa isa,
                       kernels::Workers& workers) {
  FPLAB_CHECK(x.cols == features_ && std::cmp_equal(x.rows, labels.size()), "ridge: features do not fit");
  samples_ += x.rows;
  AsGuest([&] {
    for (uint8_t label : labels) class_count_[label] += 1;
  });
  const auto features = static_cast<size_t>(features_), classes = static_cast<size_t>(classes_);
  // A task computes the rows of one panel of features, up to the diagonal.
  workers.For(x.panels(), kIeee, [&](int p, int) {
    const int count = std::min(kernels::kPanelWidth, features_ - p * kernels::kPanelWidth);
    kernels::PanelMatrix chains(count, std::min(features_, (p + 1) * kernels::kPanelWidth));
    for (int first = 0; first < x.rows; first += kPiece) {
      const kernels::ConstPanelView piece = x.Rows(first, std::min(kPiece, x.rows - first));
      kernels::MatmulTransposed(piece.Panels(p, 1), piece.Panels(0, p + 1), chains.view(), {isa, kIeee});
      for (int r = 0; r < count; ++r) {
        double* row = products_.data() + static_cast<size_t>(p * kernels::kPanelWidth + r) * features;
        for (int c = 0; c < chains.cols(); ++c) row[c] += static_cast<double>(chains.At(r, c));
      }
    }
    for (int i = 0; i < x.rows; ++i) {
      const float* sample = x.Panel(p) + ptrdiff_t{i} * kernels::kPanelWidth;
      double* sums =
          class_sums_.data() + static_cast<size_t>(p * kernels::kPanelWidth) * classes + labels[static_cast<size_t>(i)];
      for (int r = 0; r < count; ++r) sums[static_cast<size_t>(r) * classes] += static_cast<double>(sample[r]);
    }
  });
}

void RidgeMoments::Add(const RidgeMoments& other) {
  AsGuest([&] {
    FPLAB_CHECK(features_ == other.features_ && classes_ == other.classes_, "ridge: moments of other features");
    samples_ += other.samples_;
    AddTo(products_, other.products_);
    AddTo(class_sums_, other.class_sums_);
    AddTo(class_count_, other.class_count_);
  });
}

Readout RidgeMoments::Solve(double lambda) const {
  return AsGuest([&] {
    FPLAB_CHECK(lambda > 0, "ridge: lambda must be positive");
    const auto count = static_cast<double>(std::max<int64_t>(samples_, 1));
    const auto sums = AsMatrix(class_sums_, features_, classes_);
    const Eigen::VectorXd mean = sums.rowwise().sum() / count;
    const Eigen::RowVectorXd target = AsMatrix(class_count_, 1, classes_) / count;
    Matrix covariance = AsMatrix(products_, features_, features_) / count - mean * mean.transpose();
    const Matrix shared = sums / count - mean * target;
    // What rounding leaves of a feature that never varies may be negative.
    const double variance = covariance.trace() / features_;
    covariance.diagonal().array() += lambda * (variance > 1e-12 ? variance : 1.0);
    const Matrix weights = Eigen::LLT<Matrix, Eigen::Lower>(covariance).solve(shared);
    const Eigen::RowVectorXd intercept = target - mean.transpose() * weights;
    return Readout{lambda,
                   features_,
                   classes_,
                   {weights.data(), weights.data() + weights.size()},
                   {intercept.data(), intercept.data() + intercept.size()}};
  });
}

double RidgeMoments::MeanSquaredError(const Readout& readout) const {
  return AsGuest([&] {
    // |xW + c - t|^2 summed: with G the products, S the sums by class, m the sum of the features and n the counts.
    const auto weights = AsMatrix(readout.weight, features_, classes_);
    const auto intercept = AsMatrix(readout.intercept, 1, classes_);
    const auto sums = AsMatrix(class_sums_, features_, classes_);
    const auto counts = AsMatrix(class_count_, 1, classes_);
    const Matrix product = AsMatrix(products_, features_, features_).selfadjointView<Eigen::Lower>() * weights;
    const Eigen::RowVectorXd feature_sum = sums.rowwise().sum().transpose();
    const auto count = static_cast<double>(samples_);
    const double squares = weights.cwiseProduct(product).sum() + count * intercept.squaredNorm() + count;
    const double mixed = (feature_sum * weights).cwiseProduct(intercept).sum() - weights.cwiseProduct(sums).sum() -
                         intercept.cwiseProduct(counts).sum();
    return (squares + 2 * mixed) / std::max(count, 1.0);
  });
}

Readout SolveRidge(const RidgeMoments& fit, const RidgeMoments& held_out) {
  return AsGuest([&] {
    double best_lambda = 10;
    double least = held_out.MeanSquaredError(fit.Solve(best_lambda));
    for (double lambda : {1.0, 1e-1, 1e-2, 1e-3, 1e-4}) {
      if (held_out.samples() == 0) break;
      const double error = held_out.MeanSquaredError(fit.Solve(lambda));
      if (error >= least) continue;
      least = error;
      best_lambda = lambda;
    }
    RidgeMoments all = fit;
    all.Add(held_out);
    return all.Solve(best_lambda);
  });
}

}  // namespace fplab::nets
