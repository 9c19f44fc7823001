// Text that came from outside (paths, symbols, messages of the loader), made fit for a terminal or for JSON.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_FLOAT_OUTSIDE_TEXT_H_
#define FPLAB_FPARITH_FLOAT_OUTSIDE_TEXT_H_

#include <string>
#include <string_view>

#include <fplab/fparith/float/export.h>

namespace fplab {

// `text` as UTF-8 (RFC 3629): every byte that is no part of a well-formed character is written as \xNN, so that JSON
// can hold it. Well-formed text comes back as it is.
FPLAB_EXPORT std::string ValidUtf8(std::string_view text);

// `text` as one line that can't move a terminal's cursor, change its colours or reorder what stands beside it: as
// ValidUtf8, and control characters (C0, DEL, C1), line and paragraph separators and the characters that change the
// direction of writing are written as \n, \t, \xNN or \u{NNNN}.
FPLAB_EXPORT std::string Printable(std::string_view text);

}  // namespace fplab

#endif  // FPLAB_FPARITH_FLOAT_OUTSIDE_TEXT_H_
