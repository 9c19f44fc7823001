// A constructor that crashes.
// SPDX-License-Identifier: Apache-2.0
#include <csignal>

[[gnu::constructor]] static void Prepare() { raise(SIGSEGV); }
