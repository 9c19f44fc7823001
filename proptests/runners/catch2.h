// CheckCatch2: a property of RapidCheck as an assertion of Catch2, version 2 or 3.
//
//   TEST_CASE("the mean lies between") { fplab::proptests::CheckCatch2([] { ... }); }
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_RUNNERS_CATCH2_H_
#define FPLAB_PROPTESTS_RUNNERS_CATCH2_H_

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_test_macros.hpp>
#include <catch2/interfaces/catch_interfaces_capture.hpp>
#else
#include <catch2/catch.hpp>
#endif

#include <cstdio>
#include <optional>
#include <string>
#include <utility>

#include <fplab/proptests/property/check.h>

namespace fplab::proptests {

// A failed assertion of the running test case, at the caller's line, unless the property holds (check.h): one that lets
// the test case go on. Catch2 breaks long lines, so the message stands on stderr, too, as it is.
template <typename Property>
void CheckCatch2(Property&& property, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  const std::optional<std::string> failure =
      FailureOf(::Catch::getResultCapture().getCurrentTestName(), std::forward<Property>(property));
  if (failure) std::fprintf(stderr, "%s:%d: %s\n", file, line, failure->c_str());
  // No macro of Catch2, whose names depend on its configuration.
  ::Catch::AssertionHandler assertion(::Catch::StringRef("CheckCatch2"),
                                      ::Catch::SourceLineInfo(file, static_cast<size_t>(line)), ::Catch::StringRef(),
                                      ::Catch::ResultDisposition::ContinueOnFailure);
  assertion.handleMessage(failure ? ::Catch::ResultWas::ExplicitFailure : ::Catch::ResultWas::Ok,
                          std::string(failure.value_or("")));
  assertion.complete();
}

}  // namespace fplab::proptests

#endif  // FPLAB_PROPTESTS_RUNNERS_CATCH2_H_
