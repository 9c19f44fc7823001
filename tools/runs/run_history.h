// How a run came to be: a line of history.jsonl each time it is begun or gone on with.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_RUNS_RUN_HISTORY_H_
#define FPLAB_TOOLS_RUNS_RUN_HISTORY_H_

#include <string>
#include <string_view>
#include <vector>

#include <fplab/nets/data/dataset.h>
#include <fplab/nets/files/run_directory.h>

namespace fplab::tools {

// What fplab was compiled with.
std::string CompilerName();

// The command line of this process, for AppendHistory: kept once, before there are other threads.
void KeepCommandLine(std::vector<std::string> words);

// Appends the time (UTC), the command line, fplab's version and commit, the compiler, the host, its processor, the
// instruction set and the threads, and the digests of the data if they are known here. Throws Error if it can't be
// written.
void AppendHistory(nets::RunDirectory& run, std::string_view isa, int threads,
                   const nets::DataDigests* digests = nullptr);

// The lines, oldest first; what is no JSON object is left out. Throws Error for a file that can't be read or is of more
// than a MiB.
std::vector<nets::OrderedJson> ReadHistory(const nets::RunDirectory& run);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_RUNS_RUN_HISTORY_H_
