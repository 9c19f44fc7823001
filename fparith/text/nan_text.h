// NaNs as text that tells them apart: sign, quiet or signaling, payload.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_TEXT_NAN_TEXT_H_
#define FPLAB_FPARITH_TEXT_NAN_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/float/format.h>

namespace fplab {

// "nan", "-nan", "nan(0x1)" of a quiet NaN whose fraction below its top bit is 1 (as C23's strtod takes a payload in
// parentheses), "snan(0x1)" of a signaling one. Precondition: format.IsNan(bits).
FPLAB_EXPORT std::string NanText(const Format& format, uint64_t bits);

// The inverse, in any capitalisation, with the payload in hexadecimal after 0x or in decimal and a sign before; nullopt
// for any other text. Throws Error that quotes the text: a NaN or a payload that the format lacks, or a signaling NaN
// without payload, which would be an infinity.
FPLAB_EXPORT std::optional<uint64_t> FindNan(const Format& format, std::string_view text);

}  // namespace fplab

#endif  // FPLAB_FPARITH_TEXT_NAN_TEXT_H_
