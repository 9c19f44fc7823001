// FailureOf: runs a property as RapidCheck does and gives the message if it does not hold, for runners of every kind
// (proptests/runners).
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_PROPERTY_CHECK_H_
#define FPLAB_PROPTESTS_PROPERTY_CHECK_H_

#include <fmt/format.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include <fplab/proptests/property/kept_mode.h>

namespace fplab::proptests {

// Cases of a property, unless the environment's RC_PARAMS has max_success: RapidCheck's own 100 are few for
// so many strata.
inline constexpr int kCases = 1000;

// nullopt if `property` holds of kCases cases. Otherwise the message, shrunk case included; so also if too many cases
// were discarded. `name` is what RapidCheck calls it in RC_PARAMS="reproduce=...". RC_PARAMS="seed=1" pins what is
// drawn.
template <typename Property>
std::optional<std::string> FailureOf(const std::string& name, Property&& property) {
  using namespace rc::detail;
  TestParams params = configuration().testParams;
  const char* environment = std::getenv("RC_PARAMS");
  if (environment == nullptr || std::string_view(environment).find("max_success") == std::string_view::npos) {
    params.maxSuccess = kCases;
  }
  const TestMetadata metadata{name, name};
  const KeptMode run;
  const TestResult result = checkProperty(toProperty(std::forward<Property>(property)), metadata, params);
  if (result.template is<SuccessResult>()) return std::nullopt;
  if (!result.template is<FailureResult>()) {
    std::ostringstream message;
    printResultMessage(result, message);
    return message.str();
  }
  const FailureResult& failure = result.template get<FailureResult>();
  std::string text = fmt::format("false of the case below, after {} for which it holds, and {} steps of shrinking\n",
                                 failure.numSuccess, failure.reproduce.shrinkPath.size());
  // A case with names is in the description.
  for (const auto& [type, value] : failure.counterExample) {
    if (!std::string_view(type).starts_with("fplab::proptests::Case<")) text += fmt::format("{}: {}\n", type, value);
  }
  return text + failure.description;
}

}  // namespace fplab::proptests

#endif  // FPLAB_PROPTESTS_PROPERTY_CHECK_H_
