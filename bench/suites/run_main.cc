// The main function that the benchmark programs share.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <string>

#include "bench/machine.h"
#include "bench/peers.h"
#include "bench/suite.h"
#include "fparith/control_word.h"

namespace fplab::bench {

int RunMain(int argc, char** argv, void (*register_benchmarks)()) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::AddCustomContext("cpu", CpuName());
  benchmark::AddCustomContext("compiler", CompilerName());
  benchmark::AddCustomContext("control_word", DescribeControlWord(ReadControlWord()));
  benchmark::AddCustomContext("best_isa", std::string(Name(BestIsa())));
  for (const Peer& peer : LoadPeers().present) benchmark::AddCustomContext(peer.name, peer.version);
  for (const std::string& reason : LoadPeers().absent) benchmark::AddCustomContext("absent", reason);
  register_benchmarks();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}

}  // namespace fplab::bench
