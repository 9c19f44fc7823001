// A library with a constructor of its own that has nothing to do with the control word.
// SPDX-License-Identifier: Apache-2.0
static int counter;

[[gnu::constructor]] static void Count() { ++counter; }

extern "C" int ScanFixtureCounter() { return counter; }
