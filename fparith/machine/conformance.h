// The conformance matrix: which instruction families of this machine obey flushing and rounding, measured by executing
// them.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_MACHINE_CONFORMANCE_H_
#define FPLAB_FPARITH_MACHINE_CONFORMANCE_H_

#include <string>
#include <string_view>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/machine/hardware.h>

namespace fplab::machine {

// How an instruction takes one part of the mode.
enum class Conformance : uint8_t {
  kObeys,          // does what the mode says
  kNever,          // ignores it: never flushes; always rounds the same way
  kAlways,         // ignores it: flushes in every mode
  kNotApplicable,  // no result of it can tell: exact, or never subnormal
  kUnsupported,    // the machine does not have the mode that would tell
};

// One instruction on one path.
struct ConformanceRow {
  std::string family;    // "add", "mul", "fma", "div", "sqrt", "min/max", "compare", "round", "narrow", "widen", ...
  std::string mnemonic;  // "VFMADD", "CVTPD2PS" ...
  std::string isa;       // the CPU feature it needs
  std::string operands;  // "f64 -> f32"; "f32" where operand and result agree
  Path path;
  Conformance flushes_outputs;  // FTZ
  Conformance flushes_inputs;   // DAZ
  Conformance rounding;
  bool raises_flags;  // sets sticky exception flags at all
};

// Measured now, a few microseconds each, in an order fit for a table.
FPLAB_EXPORT std::vector<ConformanceRow> MeasureConformance();

// "yes", "no", "always", "-", "?".
FPLAB_EXPORT std::string_view Name(Conformance conformance);

}  // namespace fplab::machine

#endif  // FPLAB_FPARITH_MACHINE_CONFORMANCE_H_
