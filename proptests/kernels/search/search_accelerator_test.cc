// Searches on threads and by vectors find what a search without them finds.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/search/search_accelerator.h>

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fplab/fparith/identity/identity.h>
#include <fplab/fparith/mode/control_word.h>

namespace fplab::kernels {
namespace {

using identity::Question;
using identity::SearchOptions;
using identity::SearchResult;

void ExpectSameResult(const SearchResult& a, const SearchResult& b) {
  EXPECT_EQ(a.exhaustive, b.exhaustive);
  EXPECT_EQ(a.simplest, b.simplest);
  EXPECT_EQ(a.stopped, b.stopped);
  EXPECT_EQ(a.total, b.total);
  EXPECT_EQ(a.tried, b.tried);
  EXPECT_EQ(a.excluded, b.excluded);
  EXPECT_EQ(a.outside, b.outside);
  EXPECT_EQ(a.in_range, b.in_range);
  ASSERT_EQ(a.failures.size(), b.failures.size());
  for (size_t m = 0; m < a.failures.size(); ++m) {
    for (size_t s = 0; s < identity::kStrata; ++s) {
      ASSERT_EQ(a.failures[m][s].has_value(), b.failures[m][s].has_value()) << m << " " << s;
      if (!a.failures[m][s]) continue;
      EXPECT_EQ(a.failures[m][s]->operands, b.failures[m][s]->operands) << m << " " << s;
    }
  }
}

std::vector<std::shared_ptr<identity::Accelerator>> Accelerators() {
  std::vector<std::shared_ptr<identity::Accelerator>> accelerators;
  for (const Isa isa : SupportedIsas()) accelerators.push_back(std::make_shared<SearchAccelerator>(2, isa));
  for (const int threads : {1, 3}) accelerators.push_back(std::make_shared<SearchAccelerator>(threads));
  return accelerators;
}

struct Asked {
  const char* statement;
  Format format;
  Question question = Question::kFails;
};

TEST(SearchAccelerator, FindsTheSameOnEveryIsaAndNumberOfThreadsAndWithout) {
  const Asked asked[] = {
      {"(a+b)-b == a", kBinary32},
      {"a-b == 0 => a == b", kBinary32},
      {"a/b*b == a when abs(b) > 1", kBinary32},
      {"x/2*2 == x", kBinary32, Question::kFailsOnly},
      {"a*b == b*a", kBinary16},
      {"fma(a,b,c) == a*b+c when a < b", kBfloat16, Question::kDiffers},
      {"sqrt(a)*sqrt(a) == a", kBinary64},
      {"real(a*b == b*a) and real(a+b <= b)", kBinary32},
      {"a+b >= a when b >= 0 and a > 1 and a < 2", kE5M2},
      {"from_bits(bits(a) + 1) == next_up(a) when a > 0", kBinary32},
      {"0.1+0.2 == 0.3", kBinary64},
      {"(n: i16) * n >= 0", kBinary32},
  };
  for (const Asked& question : asked) {
    SCOPED_TRACE(question.statement);
    const statement::Expression expression = statement::ParseExpression(question.statement, question.format);
    SearchOptions options;
    options.cases = 300000;
    options.exhaustive_limit = uint64_t{1} << 16;
    options.question = question.question;
    const SearchResult alone = identity::Search(expression, options);
    for (const auto& accelerator : Accelerators()) {
      options.accelerator = accelerator;
      ExpectSameResult(identity::Search(expression, options), alone);
    }
  }
}

TEST(SearchAccelerator, FindsTheSameOnHardwareWhateverTheCallersMode) {
  const statement::Expression expression = statement::ParseExpression("(a+b)-b == a or a*b > 1", kBinary32);
  SearchOptions options;
  options.targets = {statement::Target::kHardware};
  options.modes.clear();
  for (const Mode& mode : {kIeee, kFtzDaz, kFtz}) {
    if (HardwareSupports(mode)) options.modes.push_back(mode);
  }
  const SearchResult alone = identity::Search(expression, options);
  for (const auto& accelerator : Accelerators()) {
    options.accelerator = accelerator;
    const ScopedMode up({Rounding::kUp, false, false});
    const SearchResult found = identity::Search(expression, options);
    ExpectSameResult(found, alone);
  }
}

TEST(SearchAccelerator, ProvesAStatementOfOneBinary16NumberByEveryValue) {
  SearchOptions options;
  options.modes = {kIeee, kFtz};
  options.accelerator = std::make_shared<SearchAccelerator>(2);
  const identity::Refutation holds = identity::Refute("floor(a) <= a", kBinary16, options);
  EXPECT_TRUE(holds.search.exhaustive);
  EXPECT_TRUE(holds.Holds());
  EXPECT_EQ(holds.search.Judged(), 2u * (kBinary16.MaxFinite() + 1));
  const identity::Refutation fails = identity::Refute("floor(a) < a or rint(a) == a", kBinary16, options);
  EXPECT_TRUE(fails.Holds());
}

TEST(SearchAccelerator, ASearchThatIsStoppedSaysHowFarItCame) {
  SearchOptions options;
  options.cases = uint64_t{1} << 22;
  options.accelerator = std::make_shared<SearchAccelerator>(2);
  options.progress = [](uint64_t done, uint64_t) { return done < 300000; };
  const SearchResult found = identity::Search(statement::ParseExpression("a+b == b+a", kBinary32), options);
  EXPECT_TRUE(found.stopped);
  EXPECT_FALSE(found.exhaustive);
  EXPECT_GE(found.tried, 300000u);
  EXPECT_LT(found.tried, found.total);
}

TEST(SearchAccelerator, ASearchAfterACleanPartFindsWhatTheWholeOneFinds) {
  for (const int bound : {8000, 15000, 20000, 31000}) {
    SCOPED_TRACE(bound);
    SearchOptions options;
    options.modes = {kIeee};
    options.all_strata = false;
    // Pairs that come late in the order of patterns, of four chunks that are all tried.
    const auto asked = [](int limit) {
      return statement::ParseExpression(
          "bits(a) < " + std::to_string(limit) + " when b >= 1 and b < 1.0078125 and a > 0", kBinary16);
    };
    const SearchResult whole = identity::Search(asked(bound), options);
    options.after = identity::Search(asked(bound - 3000), options).clean;
    const SearchResult rest = identity::Search(asked(bound), options);
    EXPECT_LE(rest.clean.tried, rest.tried);
    EXPECT_GE(rest.clean.chunks, options.after.chunks);
    EXPECT_EQ(rest.exhaustive, whole.exhaustive);
    ASSERT_TRUE(identity::LastStratum(whole.failures[0]));
    ASSERT_EQ(identity::LastStratum(rest.failures[0]), identity::LastStratum(whole.failures[0]));
    const auto finite = static_cast<size_t>(*identity::LastStratum(whole.failures[0]));
    EXPECT_EQ(rest.failures[0][finite]->operands, whole.failures[0][finite]->operands);
  }
}

TEST(SearchAccelerator, EffortIsANumberOfCasesOfTheStatement) {
  SearchOptions options;
  options.accelerator = std::make_shared<SearchAccelerator>(2);
  options.effort = identity::Effort::kQuick;
  const auto total = [&](const char* text) {
    return identity::Search(statement::ParseExpression(text, kBinary64), options).total;
  };
  EXPECT_EQ(total("a+b == b+a"), uint64_t{1} << 18);
  EXPECT_EQ(total("real(a+b == b+a)"), uint64_t{1} << 14);
}

}  // namespace
}  // namespace fplab::kernels
