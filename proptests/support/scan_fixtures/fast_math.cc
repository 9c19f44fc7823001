// A library that is linked with -ffast-math; the source has no part in it.
// SPDX-License-Identifier: Apache-2.0
extern "C" float ScanFixtureAdd(float a, float b) { return a + b; }
