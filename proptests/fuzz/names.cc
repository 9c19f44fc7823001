// Fuzzes the names of formats, modes, functions and semantics: what is read has a name that is read as the same thing.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/float/format.h>
#include <fplab/fparith/mode/mode.h>
#include <fplab/fparith/model/function.h>
#include "proptests/fuzz/fuzz.h"

namespace fplab::fuzz {
namespace {

template <typename Parse>
void RequireName(Parse parse, std::string_view text) {
  decltype(parse(text)) value{};
  if (!Accepted([&] { value = parse(text); })) return;
  Require(parse(Name(value)) == value, "a thing's name is read as that thing");
}

}  // namespace
}  // namespace fplab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace fplab;
  const std::string_view text = fuzz::Text(data, size);
  fuzz::RequireName(ParseFormat, text);
  fuzz::RequireName(ParseMode, text);
  fuzz::RequireName(ParseRounding, text);
  fuzz::RequireName(model::ParseFunction, text);
  fuzz::RequireName(model::ParseFlushSemantics, text);
  fuzz::RequireName(model::ParseTininess, text);
  return 0;
}
