// A constructor that ends its process as if all were well.
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

[[gnu::constructor]] static void Prepare() { _exit(0); }
