// fplab: the command line. Parsing, the list of subcommands, and what becomes of their errors.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/outside_text.h>
#include <fplab/fparith/version.h>
#include "tools/commands/command.h"
#include "tools/options/help_format.h"
#include "tools/options/unexpected.h"
#include "tools/ranks/process_ranks.h"
#include "tools/runs/run_history.h"
#include "tools/terminal/note.h"
#include "tools/terminal/standard_streams.h"

namespace fplab::tools {
namespace {

// One line, whatever text from outside the message quotes. Of several ranks it ends all, and says which it is: what all
// have to say, the first says for them.
int Fail(std::string_view message) {
  const nets::Ranks& ranks = ProcessRanks::Get();
  if (ranks.count() == 1) {
    WriteNote("fplab: {}\n", Printable(message));
    return kUsage;
  }
  if (!ranks.IsFirst()) std::this_thread::sleep_for(std::chrono::milliseconds(500));
  WriteNote("fplab: rank {}: {}\n", ranks.rank(), Printable(message));
  return ProcessRanks::End(kUsage);
}

// Lets several ranks have no subcommand but those that they do together.
void RefuseToRanks(CLI::App& app) {
  if (ProcessRanks::Get().count() == 1) return;
  for (CLI::App* command : app.get_subcommands({})) {
    const std::string name = command->get_name();
    if (name == "train" || name == "sweep" || name == "scale") continue;
    command->preparse_callback(
        [name](size_t) { throw Error("{} is for one process; mpirun is for train, sweep and scale", name); });
  }
}

int Run(int argc, char** argv) {
  CLI::App app{"A laboratory for floating-point arithmetic at the edge of underflow.", "fplab"};
  app.set_version_flag("--version", FPLAB_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Environment: FPLAB_DATA, where data sets lie; FPLAB_MNIST_MIRROR, URLs to fetch MNIST from; XDG_CACHE_HOME, "
      "where it "
      "is kept (~/.cache); COLUMNS, the width of help where there is no terminal; PATH, where gnuplot, z3 and cvc5 are "
      "looked for.");
  app.formatter(std::make_shared<HelpFormat>());  // the subcommands', too
  int status = kDone;
  AddTrainCommand(app, status);
  AddEvalCommand(app, status);
  AddLinearizeCommand(app, status);
  AddSweepCommand(app, status);
  AddScaleCommand(app, status);
  AddReportCommand(app, status);
  AddRegionsCommand(app, status);
  AddExplainCommand(app, status);
  AddIdentitiesCommand(app, status);
  AddDataCommand(app, status);
  AddVectorsCommand(app, status);
  AddDepthCommand(app, status);
  AddEnvCommand(app, status);
  AddProveCommand(app, status);
  AddRefuteCommand(app, status);
  AddBoundCommand(app, status);
  AddScanCommand(app, status);
  AddProbeCommand(app, status);
#ifdef FPLAB_WITH_BENCH
  AddBenchCommand(app, status);
#endif
  RefuseToRanks(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {  // --help
      app.exit(error);
      FlushStandardOutput();
      return kDone;
    }
    const std::string unexpected = UnexpectedText(app);
    return Fail(fmt::format("{} (see fplab --help)", unexpected.empty() ? error.what() : unexpected));
  }
  FlushStandardOutput();
  return status;
}

}  // namespace
}  // namespace fplab::tools

int main(int argc, char** argv) {
  fplab::tools::OccupyStandardStreams();
  fplab::tools::KeepCommandLine({argv, argv + argc});
  std::optional<fplab::tools::ProcessRanks> ranks;
  try {
    ranks.emplace();
    return fplab::tools::Run(argc, argv);
  } catch (const fplab::Error& error) {
    return fplab::tools::Fail(error.what());
  } catch (const std::system_error& error) {
    const bool printing = std::ferror(stdout) != 0;  // fmt::print throws these too
    return fplab::tools::Fail(printing ? fmt::format("standard output: {}", error.code().message())
                                       : fmt::format("unexpected failure: {}", error.what()));
  } catch (const std::exception& error) {
    return fplab::tools::Fail(fmt::format("unexpected failure: {}", error.what()));
  }
}
