// The main function that the benchmark programs share.
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <string>

#include <fplab/fparith/mode/control_word.h>
#include <fplab/kernels/core/processor_name.h>
#include "bench/peers/peers.h"
#include "bench/suites/machine.h"
#include "bench/suites/suite.h"

namespace fplab::bench {

int RunMain(int argc, char** argv, void (*register_benchmarks)()) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::AddCustomContext("cpu", kernels::ProcessorName());
  benchmark::AddCustomContext("compiler", CompilerName());
  benchmark::AddCustomContext("control_word", DescribeControlWord(ReadControlWord()));
  benchmark::AddCustomContext("best_isa", std::string(Name(kernels::BestIsa())));
  for (const Peer& peer : LoadPeers().present) benchmark::AddCustomContext(peer.name, peer.version);
  for (const std::string& reason : LoadPeers().absent) benchmark::AddCustomContext("absent", reason);
  register_benchmarks();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}

}  // namespace fplab::bench
