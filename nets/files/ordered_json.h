// OrderedJson: JSON whose keys keep the order in which they were set; and the parser for JSON that comes from outside.
//
// The headers of training (trainer.h, checkpoint.h and what they include) do without it, so that who includes them
// needs no JSON library.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_FILES_ORDERED_JSON_H_
#define FPLAB_NETS_FILES_ORDERED_JSON_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include <fplab/fparith/float/export.h>

namespace fplab::nets {

// A nlohmann::json converts to it.
using OrderedJson = nlohmann::ordered_json;

// What fplab writes has some five levels and forty fields. Deeper text would exhaust the stack of whoever walks through
// it (the library prints and compares by recursion); more fields an object, the time to make it: each is looked for
// among those before it.
inline constexpr int kMaxJsonDepth = 64;
inline constexpr int kMaxJsonFields = 256;

// The value that all of `text` is; a discarded value (is_discarded()) for what is not JSON, and for what is nested
// deeper or has more fields in an object than the limits above. Throws nothing. Every JSON that is read goes through it
// or through safetensors.h. Time and memory: proportional to the size of `text`.
FPLAB_EXPORT OrderedJson ParseJson(std::string_view text);

// A value for a message: on one line of ASCII, and no longer than 60 characters.
FPLAB_EXPORT std::string ShortText(const OrderedJson& value);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_FILES_ORDERED_JSON_H_
