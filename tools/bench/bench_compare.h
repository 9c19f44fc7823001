// `fplab bench --compare`: the rows of two runs beside each other.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_BENCH_BENCH_COMPARE_H_
#define FPLAB_TOOLS_BENCH_BENCH_COMPARE_H_

#include <string>
#include <vector>

#include "tools/bench/bench_json.h"

namespace fplab::tools {

// The object that `fplab bench --json` printed into the file, with figures of `topic`, "all": of any. Throws Error that
// names the file: it can't be read, is no JSON, or has none.
BenchJson ReadBench(const std::string& file, const std::string& topic);

// `now` and `before` as bench prints them, of one topic or of all. {rows[{topic, what, now, before, unit, ratio, low,
// high, verdict}], same_machine, only_now[], only_before[], geometric_mean{topic: ratio}}. A ratio above 1 is faster
// now, whatever the unit; low and high are the ends of its 95 % interval (sample.h), null where a run has no
// repetitions on record. The verdict is "faster", "slower" or "same": 1 is in the interval; "unknown" without one.
BenchJson CompareBench(const BenchJson& now, const BenchJson& before);

std::string CompareTable(const BenchJson& comparison);

// What warns a reader of both runs: another processor or compiler, other work beside, a clock that moved. Lines.
std::vector<std::string> CompareWarnings(const BenchJson& now, const BenchJson& before);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_BENCH_BENCH_COMPARE_H_
