// A constructor that calls a virtual function; its look-alike has the class and makes no object of it.
// SPDX-License-Identifier: Apache-2.0
static void Set(unsigned bits) {
  unsigned word;
  asm volatile("stmxcsr %0" : "=m"(word));
  word |= bits;
  asm volatile("ldmxcsr %0" : : "m"(word));
}

struct Base {
  virtual void Do() = 0;
  virtual ~Base() = default;
};
struct Setter : Base {
  void Do() override { Set(0x8040); }
};
struct Counter : Base {
  void Do() override { count = count + 1; }
  volatile int count = 0;
};

extern "C" Base* ScanFixtureSetter() { return new Setter; }
extern "C" Base* ScanFixtureCounter() { return new Counter; }

[[gnu::constructor]] static void Prepare() {
  Base* volatile object = SWITCHES ? ScanFixtureSetter() : ScanFixtureCounter();
  object->Do();
}
