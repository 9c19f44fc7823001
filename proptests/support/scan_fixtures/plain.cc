// A library with a constructor of its own that has nothing to do with the control word.
static int counter;

[[gnu::constructor]] static void Count() { ++counter; }

extern "C" int ScanFixtureCounter() { return counter; }
