// A library that is linked with -ffast-math; the source has no part in it.
extern "C" float ScanFixtureAdd(float a, float b) { return a + b; }
