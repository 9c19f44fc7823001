// Mode: the floating-point environment of an operation, as data.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_MODE_MODE_H_
#define FPLAB_FPARITH_MODE_MODE_H_

#include <array>
#include <string>
#include <string_view>

#include <fplab/fparith/float/export.h>

namespace fplab {

// IEEE 754-2019 section 4.3. kNearestAway exists in the model only: no supported machine has it for binary arithmetic.
// kToOdd neither: what is inexact goes to the neighbour whose last bit is 1 (Boldo and Melquiond, IEEE Transactions on
// Computers 57(4), 2008), beyond the range to max finite.
enum class Rounding { kNearestEven, kNearestAway, kTowardZero, kUp, kDown, kToOdd };

// Those of the standard: the modes that can be asked for by name.
inline constexpr std::array<Rounding, 5> kAllRoundings = {Rounding::kNearestEven, Rounding::kNearestAway,
                                                          Rounding::kTowardZero, Rounding::kUp, Rounding::kDown};

// Rounding direction, and what happens to subnormal numbers on either side of an operation. Flushing keeps the sign.
struct Mode {
  Rounding rounding = Rounding::kNearestEven;
  bool flush_outputs = false;  // FTZ: a result that underflows becomes zero
  bool flush_inputs = false;   // DAZ: a subnormal operand counts as zero

  friend constexpr bool operator==(const Mode&, const Mode&) = default;
};

inline constexpr Mode kIeee{};
inline constexpr Mode kFtz{Rounding::kNearestEven, true, false};
inline constexpr Mode kDaz{Rounding::kNearestEven, false, true};
inline constexpr Mode kFtzDaz{Rounding::kNearestEven, true, true};

// The four flushing modes under round-to-nearest-even, in the order in which tables list them.
inline constexpr std::array<Mode, 4> kFlushModes = {kIeee, kFtz, kDaz, kFtzDaz};

// "nearest-even", "nearest-away", "toward-zero", "up", "down", "to-odd".
FPLAB_EXPORT std::string_view Name(Rounding rounding);

// "none", "ftz", "daz" or "ftz+daz"; a rounding direction other than nearest-even follows after a comma ("ftz,up").
FPLAB_EXPORT std::string Name(Mode mode);

// The inverses of Name, for kAllRoundings. Throw Error that lists the accepted names.
FPLAB_EXPORT Rounding ParseRounding(std::string_view name);
FPLAB_EXPORT Mode ParseMode(std::string_view name);

}  // namespace fplab

#endif  // FPLAB_FPARITH_MODE_MODE_H_
