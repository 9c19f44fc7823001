// Views of 2^26 rows and more, whose floats no int counts: every pass over panels reaches their last row.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include <fplab/fparith/float/bits.h>
#include <fplab/kernels/layers/elementwise.h>
#include <fplab/kernels/layers/nonlinearity.h>
#include <fplab/kernels/layers/reductions.h>
#include <fplab/kernels/layers/select.h>

namespace fplab::kernels {
namespace {

constexpr int kRows = (1 << 26) + 1;
constexpr size_t kBlock = size_t{16} << 20;  // bytes

// A panel of kRows rows in the memory of one block: the same pages over and over, one after the other. What is written
// to a row is written to every row of its place in the block, so a kernel's output is a panel of its own. Not valid()
// where the system refuses so much address space.
class HugePanel {
 public:
  HugePanel() {
    const int file = memfd_create("panel", 0);
    const bool made = file >= 0 && ftruncate(file, kBlock) == 0;
    // Reserved first, so that the blocks lie side by side.
    base_ = mmap(nullptr, kBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    valid_ = made && base_ != MAP_FAILED;
    for (size_t at = 0; valid_ && at < kBytes; at += kBlock) {
      valid_ = mmap(static_cast<char*>(base_) + at, kBlock, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0) !=
               MAP_FAILED;
    }
    if (file >= 0) close(file);
  }
  ~HugePanel() {
    if (base_ != MAP_FAILED) munmap(base_, kBytes);
  }
  HugePanel(const HugePanel&) = delete;
  HugePanel& operator=(const HugePanel&) = delete;

  bool valid() const { return valid_; }
  PanelView view() const { return {data(), kRows, kPanelWidth, 0}; }
  void Fill(float value) { std::fill_n(data(), kBlock / sizeof(float), value); }
  // Whether every float is this one.
  bool Is(float value) const {
    return std::all_of(data(), data() + kBlock / sizeof(float), [&](float x) { return ToBits(x) == ToBits(value); });
  }

 private:
  static constexpr size_t kBytes = (size_t{kRows} * kPanelWidth * sizeof(float) + kBlock - 1) / kBlock * kBlock;

  float* data() const { return static_cast<float*>(base_); }

  void* base_ = MAP_FAILED;
  bool valid_ = false;
};

class HugeView : public testing::Test {
 protected:
  void SetUp() override {
    if (!in_.valid() || !out_.valid()) GTEST_SKIP() << "the system does not give 16 GiB of addresses";
    in_.Fill(3);
    out_.Fill(-7);
  }

  HugePanel in_, out_;
};

TEST_F(HugeView, ASumOfPanelsReachesTheLastRow) {
  Add(in_.view(), in_.view(), out_.view(), {BestIsa(), kIeee});
  EXPECT_TRUE(out_.Is(6));
}

TEST_F(HugeView, AGateReachesTheLastRow) {
  in_.Fill(-0.0f);
  ZeroWhereZero(in_.view(), out_.view(), BestIsa());
  EXPECT_TRUE(out_.Is(0));
}

TEST_F(HugeView, ANonlinearityReachesTheLastRow) {
  ApplyNonlinearity(Nonlinearity::kElu, in_.view(), out_.view(), BestIsa());
  EXPECT_TRUE(out_.Is(3));
}

TEST_F(HugeView, ACountCountsEveryRow) {
  in_.Fill(0);
  EXPECT_EQ(CountZeros(in_.view(), BestIsa()), int64_t{kRows} * kPanelWidth);
}

TEST_F(HugeView, ASumOfColumnsReachesTheLastRow) {
  in_.Fill(0x1p-26f);
  std::vector<float> sums(kPanelWidth);
  ColumnSums(in_.view(), sums.data(), BestIsa());
  // 2^24 rows make 1/4, whose ulp is 2^-25: from there on each of the others is half of it and rounds away to even.
  for (float sum : sums) EXPECT_EQ(sum, 0.25f);
}

}  // namespace
}  // namespace fplab::kernels
