// A constructor that stops its process.
// SPDX-License-Identifier: Apache-2.0
#include <csignal>

[[gnu::constructor]] static void Prepare() { raise(SIGSTOP); }
