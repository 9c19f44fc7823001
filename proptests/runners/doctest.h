// CheckDoctest: a property of RapidCheck as an assertion of doctest.
//
//   TEST_CASE("the mean lies between") { fplab::proptests::CheckDoctest([] { ... }); }
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_RUNNERS_DOCTEST_H_
#define FPLAB_PROPTESTS_RUNNERS_DOCTEST_H_

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>

#include <fplab/proptests/property/check.h>

namespace fplab::proptests {

// A failed assertion of the running test case, at the caller's line, unless the property holds (check.h): one that lets
// the test case go on.
template <typename Property>
void CheckDoctest(Property&& property, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  const ::doctest::TestCaseData* test = ::doctest::getContextOptions()->currentTest;
  const std::optional<std::string> failure =
      FailureOf(test == nullptr ? "" : test->m_name, std::forward<Property>(property));
  if (failure) {
    DOCTEST_ADD_FAIL_CHECK_AT(file, line, ::doctest::String(failure->c_str()));
  } else {
    DOCTEST_CHECK_MESSAGE(true, "the property holds");
  }
}

}  // namespace fplab::proptests

#endif  // FPLAB_PROPTESTS_RUNNERS_DOCTEST_H_
