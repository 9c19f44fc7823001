// CheckGTest: a property of RapidCheck as an assertion of GoogleTest.
//
//   TEST(Mean, LiesBetween) { fplab::proptests::CheckGTest([] { ... }); }
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_RUNNERS_GTEST_H_
#define FPLAB_PROPTESTS_RUNNERS_GTEST_H_

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

#include <fplab/proptests/property/check.h>

namespace fplab::proptests {

// A failure of the running test, at the caller's line, unless the property holds (check.h).
template <typename Property>
void CheckGTest(Property&& property, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  const ::testing::TestInfo* test = ::testing::UnitTest::GetInstance()->current_test_info();
  const std::string name = test == nullptr ? "" : std::string(test->test_suite_name()) + "/" + test->name();
  const std::optional<std::string> failure = FailureOf(name, std::forward<Property>(property));
  if (failure) ADD_FAILURE_AT(file, line) << *failure;
}

}  // namespace fplab::proptests

#endif  // FPLAB_PROPTESTS_RUNNERS_GTEST_H_
