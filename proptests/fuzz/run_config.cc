// Fuzzes config.json: what is read and written again is the same configuration.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/training/config_json.h>
#include "proptests/fuzz/fuzz.h"

namespace fplab::fuzz {
namespace {

void Try(std::string_view text) {
  nets::TrainConfig config;
  if (!Accepted([&] { config = nets::TrainConfigFromJson(nets::OrderedJson::parse(text, nullptr, false), "input"); }))
    return;
  const nets::OrderedJson json = nets::ToJson(config);
  Require(nets::TrainConfigFromJson(json, "again") == config, "a configuration is read as it was written");
  Require(nets::Differences(config, config).empty(), "a configuration does not differ from itself");
}

}  // namespace
}  // namespace fplab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fplab::fuzz::Try(fplab::fuzz::Text(data, size));
  return 0;
}
