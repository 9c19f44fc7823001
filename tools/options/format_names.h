// What --format accepts, for --help.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_OPTIONS_FORMAT_NAMES_H_
#define FPLAB_TOOLS_OPTIONS_FORMAT_NAMES_H_

namespace fplab::tools {

// See Name and FindFormat in fparith/float/format.h.
inline constexpr const char* kFormatNames =
    "f16, bf16, f32, f64, e5m2, e4m3, e3m4, e5m2fnuz, e4m3fnuz, e4m3b11fnuz, e3m2, e2m3, e2m1, "
    "e<exponent bits>p<precision> and b<bias>, fn, fnuz or f after it; sat last where it saturates (e4m3sat)";

// The same where statements are asked about: see ParseFloatType in fparith/statement/value_type.h.
inline constexpr const char* kFloatTypeNames =
    "f16, bf16, f32, f64, e5m2, e4m3, e3m4, e5m2fnuz, e4m3fnuz, e4m3b11fnuz, e3m2, e2m3, e2m1, "
    "e<exponent bits>p<precision> and b<bias>, fn, fnuz or f after it; sat last where it saturates (e4m3sat); on the "
    "model also x87, f128, e<up to 15>p<up to 113>";

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_OPTIONS_FORMAT_NAMES_H_
