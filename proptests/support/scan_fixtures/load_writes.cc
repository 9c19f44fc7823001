// A constructor that writes a large file, already unlinked.
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

static char block[1 << 20];

[[gnu::constructor]] static void Prepare() {
  std::FILE* file = std::tmpfile();
  for (int i = 0; file != nullptr && i < 64; ++i) std::fwrite(block, 1, sizeof block, file);
}
