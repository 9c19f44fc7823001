// The names of functions, as TestFloat writes them.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/model/function.h>

#include <gtest/gtest.h>

#include <fplab/fparith/float/error.h>
#include "proptests/support/model_cases.h"

namespace fplab::model {
namespace {

TEST(FunctionNames, ParseBackAndOthersAreRefused) {
  for (const char* name : {"f32_add", "f16_mulAdd", "f64_le_quiet", "f64_eq_signaling", "ui64_to_f16", "f32_to_bf16",
                           "f64_to_i32_rx_near_maxMag", "f32_roundToInt_r_min", "f16_roundToInt_x", "e4m3_x86min",
                           "e6p10_to_ui64", "f32_to_f64", "f32_rem"}) {
    EXPECT_EQ(Name(ParseFunction(name)), name);
  }
  for (const char* name : {"", "f32", "f32_", "_add", "f32_rem_x", "f128_add", "f32_add_x", "i32_to_ui32", "f32_to_",
                           "f32_roundToInt_r_odd", "f32_to_f64_r_min", "extF80_add", "f32_to_i32_r_"}) {
    EXPECT_THROW(ParseFunction(name), Error) << name;
  }
}

TEST(FunctionNames, OfEveryFunctionOfEveryNamedFormatParseBackToIt) {
  for (const Format& format : kNamedFormats) {
    for (const Function& function : FunctionsOn(format)) {
      EXPECT_TRUE(ParseFunction(Name(function)) == function) << Name(function);
    }
  }
  for (const Format& format : kSmallFormats) {
    const Function function = Function::On(Operation::kAdd, format);
    EXPECT_TRUE(ParseFunction(Name(function)) == function) << Name(function);
  }
}

}  // namespace
}  // namespace fplab::model
