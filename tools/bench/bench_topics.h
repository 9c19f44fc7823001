// The topics of `fplab bench`: each measures and returns a JSON object, which a table is printed from.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_BENCH_BENCH_TOPICS_H_
#define FPLAB_TOOLS_BENCH_BENCH_TOPICS_H_

#include <string>

#include "tools/bench/bench_json.h"
#include "tools/bench/machine_watch.h"

namespace fplab::tools {

struct BenchOptions {
  bool quick = false;
  bool progress = false;          // a line on stderr that says what is being measured
  MachineWatch* watch = nullptr;  // looks after each shape, if there is one
};

// Each row has its figure's values by repetition, "repetitions".
// {ceiling_gflops, ceilings{isa/threads: gflops}, peers{name: version}, absent_peers[], rows[{group, m, n, k, threads,
// isa, gflops, layout, row_major_gflops, panels_gflops, spread, share_of_ceiling, peers{name: gflops}, best_peer,
// ratio_to_best}], summary{...}}. Medians; a share is of the ceiling of the same instruction set and threads.
BenchJson MeasureMatmul(const BenchOptions& options);
// {peers{name: version}, absent_peers[], rows[{batch, n, k, isa, gflops, share_of_ceiling, weights_gbytes_per_second,
// share_of_read, peers{name: gflops}, spread}], invariance[{who, holds, batches[{batch, outputs, differing}]}]}. One
// thread; share_of_read: what is read of the matrix a second, over what one core reads of memory.
BenchJson MeasureBatch(const BenchOptions& options);
// {rows[{operation, isa, floats, gbytes_per_second, gitems_per_second, share_of_copy, share_of_ceiling, spread}]}.
// share_of_ceiling: of multiplications and multiply-adds at the rate of the ceiling of the instruction set; null for
// copy.
BenchJson MeasureElementwise(const BenchOptions& options);
// {rows[{function, isa, gitems_per_second, ratio_to_standard_library, share_of_ceiling, spread}]}.
BenchJson MeasureRandom(const BenchOptions& options);
// {ticks_per_ns, rows[{operation, operands, mode, ticks, ns, subnormal_operands, subnormal_results, spread}]}.
BenchJson MeasureSubnormals(const BenchOptions& options);
// {rescaled, rows[{estimator, threads, samples_per_second, seconds_per_epoch, member_samples_per_second,
// share_of_bound: of the speed of its matmuls and noise alone, null but for `lowrank` and `gaussian`, spread}],
// pytorch: null or {version, threads, samples_per_second, seconds_per_epoch}, absent_peers[]}. PyTorch trains the gated
// estimator's network, where /usr/bin/python3 has it. An epoch has 60,000 samples.
BenchJson MeasureTraining(const BenchOptions& options);

std::string MatmulTable(const BenchJson& matmul);
std::string BatchTable(const BenchJson& batch);
std::string ElementwiseTable(const BenchJson& elementwise);
std::string RandomTable(const BenchJson& random);
std::string SubnormalsTable(const BenchJson& subnormals);
std::string TrainingTable(const BenchJson& training);

// GFLOP/s of the square products over size, one thread, the ceiling at the top of the axis. By gnuplot, as SVG or PNG
// by the name's end. Throws Error if it can't be written.
void DrawMatmul(const BenchJson& matmul, const std::string& file);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_BENCH_BENCH_TOPICS_H_
