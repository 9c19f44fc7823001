// Names of modes and rounding directions.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/mode/mode.h>

#include <fplab/fparith/float/error.h>

namespace fplab {
namespace {

std::string_view FlushName(const Mode& mode) {
  if (mode.flush_outputs) return mode.flush_inputs ? "ftz+daz" : "ftz";
  return mode.flush_inputs ? "daz" : "none";
}

}  // namespace

std::string_view Name(Rounding rounding) {
  switch (rounding) {
    case Rounding::kNearestEven:
      return "nearest-even";
    case Rounding::kNearestAway:
      return "nearest-away";
    case Rounding::kTowardZero:
      return "toward-zero";
    case Rounding::kUp:
      return "up";
    case Rounding::kDown:
      return "down";
    case Rounding::kToOdd:
      return "to-odd";
  }
  return "?";
}

std::string Name(Mode mode) {
  std::string name(FlushName(mode));
  if (mode.rounding != Rounding::kNearestEven) name.append(",").append(Name(mode.rounding));
  return name;
}

Rounding ParseRounding(std::string_view name) {
  for (Rounding rounding : kAllRoundings) {
    if (name == Name(rounding)) return rounding;
  }
  throw Error("unknown rounding '{}': expected nearest-even, nearest-away, toward-zero, up or down", name);
}

Mode ParseMode(std::string_view name) {
  const size_t comma = name.find(',');
  Rounding rounding = Rounding::kNearestEven;
  if (comma != std::string_view::npos) rounding = ParseRounding(name.substr(comma + 1));
  for (Mode mode : kFlushModes) {
    if (name.substr(0, comma) == FlushName(mode)) {
      mode.rounding = rounding;
      return mode;
    }
  }
  throw Error("unknown mode '{}': expected none, ftz, daz or ftz+daz", name);
}

}  // namespace fplab
