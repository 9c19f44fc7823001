// Where functions begin and end, by the table that exceptions are unwound with: stripped files have it too.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_FRAME_TABLE_H_
#define FPLAB_TOOLS_SCAN_FRAME_TABLE_H_

#include <vector>

#include "tools/scan/elf_image.h"

namespace fplab::tools {

// The functions, and parts of functions, that .eh_frame_hdr lists, ascending and disjoint, inside the image's
// executable ranges. Empty if the file has no such table or it can't be read: no error, for nothing depends on it but
// how finely code is told apart. Reads what GCC, Clang and the linkers write: 4-byte offsets (LSB core, 10.6).
std::vector<ElfImage::Range> FrameTableFunctions(const ElfImage& image);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_FRAME_TABLE_H_
