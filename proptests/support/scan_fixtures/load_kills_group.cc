// A constructor that ends its process group.
// SPDX-License-Identifier: Apache-2.0
#include <csignal>

[[gnu::constructor]] static void Prepare() { kill(0, SIGTERM); }
