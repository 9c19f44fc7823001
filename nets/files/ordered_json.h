// OrderedJson: JSON whose keys keep the order in which they were set.
//
// The headers of training (trainer.h, checkpoint.h and what they include) do without it, so that who includes them
// needs no JSON library.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_FILES_ORDERED_JSON_H_
#define FPLAB_NETS_FILES_ORDERED_JSON_H_

#include <nlohmann/json.hpp>

namespace fplab::nets {

// A nlohmann::json converts to it.
using OrderedJson = nlohmann::ordered_json;

}  // namespace fplab::nets

#endif  // FPLAB_NETS_FILES_ORDERED_JSON_H_
