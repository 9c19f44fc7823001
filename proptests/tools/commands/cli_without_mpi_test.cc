// Under mpirun, an fplab that was built without MPI says so.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "proptests/support/cli_process.h"
#include "proptests/support/scratch_folder.h"

namespace fplab {
namespace {

// As Open MPI's and as PMI's launchers tell a process what it is.
TEST(CliWithoutMpi, OneOfSeveralProcessesIsRefusedAndOneAloneIsNot) {
  const ScratchFolder scratch;
  const std::vector<std::string> train = {"train",  "--data",  "glyphs", "--train-limit", "100", "--layers",
                                          "784,10", "--batch", "50",     "--epochs",      "1",   "--out"};
  for (const auto& [rank, count] :
       {std::pair("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"), {"PMI_RANK", "PMI_SIZE"}}) {
    std::vector<std::string> arguments = train;
    arguments.push_back(rank);
    const CliResult refused = RunCli(arguments, {.folder = scratch.path(), .environment = {{rank, "0"}, {count, "2"}}});
    EXPECT_EQ(refused.status, 2);
    EXPECT_EQ(
        refused.err,
        "fplab: started 2 times over by mpirun, but built without MPI: configure with -DFPLAB_MPI=ON (tools/setup "
        "--mpi)\n");
    EXPECT_FALSE(std::filesystem::exists(scratch / rank));
    EXPECT_EQ(RunCli(arguments, {.folder = scratch.path(), .environment = {{rank, "0"}, {count, "1"}}}).status, 0);
  }
}

}  // namespace
}  // namespace fplab
