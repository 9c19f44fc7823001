// What is true of libraries that others ship: every order that is found is confirmed on the exact model, in every
// output, and properties that hold of their code whatever the processor. Each where it is installed.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <thread>

#include <fplab/fparith/float/error.h>
#include "proptests/support/probe_lines.h"
#include "tools/probe/real_function.h"

namespace fplab::tools {
namespace {

constexpr const char* kOpenBlas = "libopenblas.so.0";
constexpr const char* kBlis = "libblis.so.4";
constexpr const char* kOneDnn = "libdnnl.so.2";
constexpr const char* kReferenceBlas = "/usr/lib/x86_64-linux-gnu/blas/libblas.so.3";

// Whether the library is there at all.
bool IsThere(const std::string& library) {
  try {
    ProbeChild(library, {});
    return true;
  } catch (const Error&) {
    return false;
  }
}

Strings Ask(const std::string& library, const std::string& function, const Strings& topics,
            const std::vector<ProductShape>& shapes = {}) {
  ProbeOptions options;
  options.shapes = shapes;
  return ProbeLines({.library = library, .function = function, .topics = topics, .options = options});
}

// Every order there is, and at least one: found, and confirmed on random operands.
void ExpectConfirmedOrders(const Strings& lines) {
  int orders = 0;
  for (const std::string& line : lines) {
    if (!line.starts_with("order|")) continue;
    ++orders;
    EXPECT_TRUE(Says(line, "; confirmed on ")) << line;
    EXPECT_FALSE(Says(line, "|more orders|")) << line;
  }
  EXPECT_GT(orders, 0);
}

const std::vector<ProductShape> kShapes = {{1, 1, 61}, {9, 5, 64}, {33, 17, 100}, {64, 64, 130}};

TEST(ProbePeers, TheReferenceBlasAddsRoundedProductsInAscendingOrderWhateverTheShape) {
  if (!IsThere(kReferenceBlas)) GTEST_SKIP() << "no " << kReferenceBlas;
  for (const char* function : {"sgemm_", "dgemm_"}) {
    const Strings lines = Ask(kReferenceBlas, function, {"order", "reproducibility"}, kShapes);
    ExpectConfirmedOrders(lines);
    for (const std::string& line : lines) {
      if (line.starts_with("order|")) {
        EXPECT_TRUE(Says(line, "|chain of ") && Says(line, ": k = 0, 1, ..., ") && Says(line, "; rounded products"))
            << line;
      }
      EXPECT_FALSE(Says(line, "|differs|")) << line;
    }
  }
  ExpectConfirmedOrders(Ask(kReferenceBlas, "sdot_", {"order"}));
  ExpectConfirmedOrders(Ask(kReferenceBlas, "sgemv_", {"order"}));
  ExpectConfirmedOrders(Ask(kReferenceBlas, "sasum_", {"order"}));
  EXPECT_TRUE(Says(Line(Ask(kReferenceBlas, "saxpy_", {"order"}), "fma|"), "|no: products are rounded"));
  EXPECT_TRUE(Says(Line(Ask(kReferenceBlas, "snrm2_", {"order"}), "overflow|"), "|none: it scales"));
}

TEST(ProbePeers, OpenBlasComputesInTheCallersModeOnTheCallersThreadAlone) {
  if (!IsThere(kOpenBlas)) GTEST_SKIP() << "no " << kOpenBlas;
  const Strings lines = Ask(kOpenBlas, "cblas_sgemm", {"order", "modes"}, kShapes);
  ExpectConfirmedOrders(lines);
  EXPECT_TRUE(Says(Line(lines, "FTZ|16x16x32, 1 thread|"), "|obeys the caller|")) << Line(lines, "FTZ|");
  if (std::thread::hardware_concurrency() > 1) {
    EXPECT_TRUE(Says(Line(lines, "FTZ|256x256x64, 2 threads|"), "|obeys the caller in part|")) << Line(lines, "FTZ|2");
  }
  EXPECT_TRUE(Says(Line(lines, "control word|calls|"), "|kept|"));
  for (const char* function : {"cblas_sdot", "cblas_ddot", "cblas_sgemv"}) {
    ExpectConfirmedOrders(Ask(kOpenBlas, function, {"order"}));
  }
}

TEST(ProbePeers, BlisGivesTheSameBitsWithAnyNumberOfThreads) {
  if (!IsThere(kBlis)) GTEST_SKIP() << "no " << kBlis;
  const Strings lines = Ask(kBlis, "cblas_sgemm", {"order", "reproducibility"}, kShapes);
  ExpectConfirmedOrders(lines);
  for (const std::string& line : lines) {
    if (line.starts_with("threads|")) {
      EXPECT_TRUE(Says(line, "|the same bits|")) << line;
    }
  }
  ExpectConfirmedOrders(Ask(kBlis, "sdot_", {"order"}));
}

TEST(ProbePeers, OneDnnFollowsConfirmedOrdersAndReadsNoOldC) {
  if (!IsThere(kOneDnn)) GTEST_SKIP() << "no " << kOneDnn;
  const Strings lines = Ask(kOneDnn, "dnnl_sgemm", {"order", "special-values"}, {{1, 1, 61}, {9, 5, 64}});
  ExpectConfirmedOrders(lines);
  EXPECT_TRUE(Says(Line(lines, "old c|"), "|c is not read|"));
}

TEST(ProbePeers, EigenFollowsConfirmedOrdersAndLosesNoNan) {
#ifdef PROBE_eigen
  const Strings lines = Ask(PROBE_eigen, "eigen_product", {"order", "special-values"}, kShapes);
  ExpectConfirmedOrders(lines);
  EXPECT_TRUE(Says(Line(lines, "0 * infinity|0 in a|"), "|NaN|"));
  ExpectConfirmedOrders(Ask(PROBE_eigen, "eigen_dot", {"order"}));
#else
  GTEST_SKIP() << "no Eigen when the tests were configured";
#endif
}

TEST(ProbePeers, LibxsmmFollowsConfirmedOrders) {
#ifdef PROBE_xsmm
  ExpectConfirmedOrders(Ask(PROBE_xsmm, "xsmm_product", {"order"}, {{4, 4, 64}, {33, 17, 100}}));
#else
  GTEST_SKIP() << "no libxsmm when the tests were configured";
#endif
}

// The error that the line of a mode says.
double ErrorIn(const Strings& lines, const std::string& mode) {
  const std::string line = Line(lines, "error|" + mode + "|");
  return std::strtod(line.c_str() + line.find('|', 7) + 1, nullptr);
}

TEST(ProbePeers, GlibcsRootsAreCorrectlyRoundedAndItsOtherFunctionsNearlyToNearest) {
  if (!HasRealFunctions()) GTEST_SKIP() << "no MPFR when this was configured";
  const Strings root = Ask("libm.so.6", "sqrtf", {"accuracy"});
  EXPECT_LE(ErrorIn(root, "none"), 0.5);
  EXPECT_GT(ErrorIn(root, "none"), 0.49);
  for (const char* mode : {"none,up", "none,down", "none,toward-zero", "ftz+daz,up"})
    EXPECT_LE(ErrorIn(root, mode), 1) << mode;
  for (const char* mode : {"none,up", "none,down", "none,toward-zero"}) {
    EXPECT_TRUE(Says(Line(root, std::string("rounding|") + mode), "|every result on the side that was asked for|"))
        << mode;
  }
  // Its sine of binary64 rounds to nearest whatever it is asked for.
  const std::string sine = Line(Ask("libm.so.6", "sin", {"accuracy"}), "rounding|none,up|");
  EXPECT_TRUE(Says(sine, "% of the results on the other side")) << sine;
  // What glibc's manual says of x86-64: an ulp at most, to nearest.
  for (const char* function : {"expf", "logf", "sinf", "exp", "cos"}) {
    const Strings lines = Ask("libm.so.6", function, {"accuracy"});
    EXPECT_LT(ErrorIn(lines, "none"), 1) << function;
    EXPECT_GT(ErrorIn(lines, "none"), 0.49) << function;
    EXPECT_TRUE(Says(Line(lines, "control word|calls|"), "|kept|")) << function;
  }
}

}  // namespace
}  // namespace fplab::tools
