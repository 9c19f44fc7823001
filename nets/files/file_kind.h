// What a file is that is not the one expected: by its first bytes.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_FILES_FILE_KIND_H_
#define FPLAB_NETS_FILES_FILE_KIND_H_

#include <cstddef>
#include <string>
#include <string_view>

#include <fplab/fparith/float/export.h>

namespace fplab::nets {

// As many of a file's first bytes as KindOf looks at.
inline constexpr size_t kKindBytes = 256;

// "an HTML page", "a zip archive", "text beginning \"404: Not Found\"": what a file looks like that begins with `head`.
// Empty for bytes that look like nothing in particular.
FPLAB_EXPORT std::string KindOf(std::string_view head);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_FILES_FILE_KIND_H_
