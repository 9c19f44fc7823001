// The launcher's environment, and MPI where it is built in.
// SPDX-License-Identifier: Apache-2.0
#include "tools/ranks/process_ranks.h"

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <string_view>
#include <thread>

#include <fplab/fparith/float/error.h>
#ifdef FPLAB_WITH_MPI
#include "tools/ranks/mpi_ranks.h"
#endif

namespace fplab::tools {
namespace {

nets::OneRank alone;
nets::Ranks* living = nullptr;

// -1 where the variable is absent or no number.
int Number(const char* variable) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return -1;
  const std::string_view digits = text;
  int number = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc() && end == digits.data() + digits.size() ? number : -1;
}

}  // namespace

Launch LaunchOfProcess() {
  // Open MPI; MPICH's and Intel's launchers, and srun --mpi=pmi2, which speak PMI; MVAPICH.
  constexpr const char* kVariables[][2] = {{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
                                           {"PMI_RANK", "PMI_SIZE"},
                                           {"MV2_COMM_WORLD_RANK", "MV2_COMM_WORLD_SIZE"}};
  for (const auto& [rank, count] : kVariables) {
    const Launch launch{Number(rank), Number(count)};
    if (launch.rank >= 0 && launch.count > launch.rank) return launch;
  }
  // srun says how many tasks its step has, but of a batch script too, which is one process: only PMIx means a rank.
  const Launch step{Number("SLURM_PROCID"), Number("SLURM_STEP_NUM_TASKS")};
  if (std::getenv("PMIX_RANK") != nullptr && step.rank >= 0 && step.count > step.rank) return step;
  return {};
}

nets::Ranks& ProcessRanks::Get() { return living == nullptr ? alone : *living; }

#ifdef FPLAB_WITH_MPI

namespace {
std::unique_ptr<MpiRanks> mpi;
}  // namespace

ProcessRanks::ProcessRanks() {
  if (LaunchOfProcess().count == 1) return;
  mpi = MpiRanks::Begin();
  living = mpi.get();
}

ProcessRanks::~ProcessRanks() {
  if (mpi != nullptr) MpiRanks::Finish(std::move(mpi));
  living = nullptr;
}

void ProcessRanks::SetPatience(double seconds) {
  if (mpi != nullptr) mpi->SetPatience(seconds);
}

int ProcessRanks::End(int status) {
  if (mpi != nullptr) mpi->Abort(status);
  return status;
}

#else

ProcessRanks::ProcessRanks() {
  const Launch launch = LaunchOfProcess();
  if (launch.count == 1) return;
  // One line for all: the launcher ends the others when the first has failed.
  if (launch.rank > 0) std::this_thread::sleep_for(std::chrono::seconds(5));
  throw Error(
      "started {} times over by mpirun, but built without MPI: configure with -DFPLAB_MPI=ON (tools/setup --mpi)",
      launch.count);
}

ProcessRanks::~ProcessRanks() = default;

void ProcessRanks::SetPatience(double) {}

int ProcessRanks::End(int status) { return status; }

#endif

}  // namespace fplab::tools
