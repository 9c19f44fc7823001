// Commands of fplab that write a folder, ended at any moment and gone on with until they are done.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_INTERRUPTED_WORK_H_
#define FPLAB_PROPTESTS_SUPPORT_INTERRUPTED_WORK_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "proptests/support/cli_process.h"

namespace fplab {

// A command that writes the folder that its last argument names.
struct Work {
  std::vector<std::string> arguments;  // all but the folder
  std::string mark;                    // once the folder holds this file, --resume goes on; empty: it begins anew
  std::filesystem::path made = {};     // what the folder is a copy of at first; empty: there is none
};

// A tenth of a second to a second each.
Work TrainingWork();
Work SweepWork();
Work DepthWork();
Work ReportWork(const std::filesystem::path& run);  // of a run that is done

// Every file below a folder and what it holds, but for the times in metrics, the lock, and the temporaries of reports,
// which nothing but training deletes.
std::vector<std::pair<std::string, std::string>> ContentOf(const std::filesystem::path& folder);

// Names of temporaries in the content.
std::vector<std::string> TemporariesIn(const std::vector<std::pair<std::string, std::string>>& content);

// In `folder`, where the work's own folder is called "work": what is there before it begins.
void MakeReady(const Work& work, const std::filesystem::path& folder);

// The command that begins the work there, or goes on with what is there.
std::vector<std::string> NextArguments(const Work& work, const std::filesystem::path& folder);

// Kills the work at random moments, `kills` times in all, some times for each folder, and each time lets it go on to
// the end, where what it leaves must be what it leaves uninterrupted (a failure of the test otherwise). Returns how
// often the work was killed before its end.
int KillAndGoOn(const Work& work, int kills, uint64_t seed);

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_INTERRUPTED_WORK_H_
