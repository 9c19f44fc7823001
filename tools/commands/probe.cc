// fplab probe: what the arithmetic of a shared library does, found by calling it.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/nets/files/atomic_file.h>
#include "tools/commands/command.h"
#include "tools/pictures/chart.h"
#include "tools/probe/probe_library.h"
#include "tools/probe/probe_text.h"
#include "tools/report/report_page.h"
#include "tools/terminal/interrupt.h"
#include "tools/terminal/note.h"
#include "tools/terminal/progress_line.h"

namespace fplab::tools {
namespace {

struct ProbeCommandOptions {
  std::string target;
  std::string kind;
  std::vector<std::string> topics;
  std::vector<std::string> shapes;
  std::vector<int> threads;
  std::string picture, html;
  bool exhaustive = false;
  bool json = false;
};

// "64x32x256"
ProductShape ParseShape(const std::string& text) {
  int numbers[3] = {};
  const char* at = text.data();
  const char* end = at + text.size();
  for (int i = 0; i < 3; ++i) {
    const auto [next, error] = std::from_chars(at, end, numbers[i]);
    const bool follows = i == 2 ? next == end : next != end && *next == 'x';
    if (error != std::errc() || !follows || numbers[i] < 1) {
      throw Error("--shape: expected MxNxK such as 64x32x256, found \"{}\"", text);
    }
    at = next + 1;
  }
  if (numbers[0] > 1000 || numbers[1] > 1000 || numbers[2] > 4000) {
    throw Error("--shape: expected at most 1000x1000x4000, found \"{}\"", text);
  }
  return {numbers[0], numbers[1], numbers[2]};
}

// A library's path may hold colons: what follows the last one is a function if it looks like one, and no file has the
// whole name.
void SplitTarget(const std::string& target, ProbeRequest& request) {
  request.library = target;
  const size_t colon = target.rfind(':');
  std::error_code ignored;
  if (colon == std::string::npos || std::filesystem::exists(target, ignored)) return;
  if (target.find('/', colon) != std::string::npos) return;
  request.library = target.substr(0, colon);
  request.function = target.substr(colon + 1);
  if (request.library.empty() || request.function.empty())
    throw Error("expected LIBRARY or LIBRARY:FUNCTION, found \"{}\"", target);
}

void WritePage(const ProbeReport& report, const Figure& figure, const std::string& file) {
  std::string pictures;
  PagePictures drawn;
  if (!figure.charts.empty()) {
    pictures = drawn.Add("orders of addition", [&figure](const std::string& svg) { Draw(figure, svg); });
  }
  nets::WriteFileAtomically(file, ProbePage(report, pictures));
}

int Run(const ProbeCommandOptions& options) {
  ProbeRequest request;
  SplitTarget(options.target, request);
  request.kind = options.kind;
  request.topics = options.topics;
  for (const std::string& shape : options.shapes) request.options.shapes.push_back(ParseShape(shape));
  request.options.threads = options.threads;
  request.options.exhaustive = options.exhaustive;
  if (!options.picture.empty()) RequireDrawable("--picture", options.picture);
  if (!options.html.empty()) RequireWritable("--html", options.html);

  const InterruptGuard interrupt;
  ProgressLine line(true, std::chrono::seconds(30));
  request.loading.interrupt = &InterruptGuard::Flag();
  request.progress = [&line](const std::string& what) { line.Show([&what] { return what; }); };
  const ProbeReport report = ProbeLibrary(request);
  line.Clear();

  if (options.json) {
    fmt::print("{}\n", ProbeJson(report).dump(2));
  } else {
    fmt::print("{}", ProbeText(report));
  }
  const Figure figure = ProbeFigure(report);
  if (!options.html.empty()) WritePage(report, figure, options.html);
  if (!options.picture.empty() && figure.charts.empty()) {
    WriteNote("fplab: --picture: no order was found that could be drawn\n");
  } else if (!options.picture.empty()) {
    Draw(figure, options.picture);
  }
  return InterruptGuard::Requested() ? InterruptGuard::Status() : kDone;
}

}  // namespace

void AddProbeCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<ProbeCommandOptions>();
  CLI::App* command = app.add_subcommand(
      "probe",
      "What the arithmetic of a shared library does: order of additions, modes, special values, error, speed.");
  command
      ->add_option("library", options->target,
                   "A file, or a name that the loader looks for; with :FUNCTION one function instead of all known")
      ->type_name("LIBRARY[:FUNCTION]")
      ->required();
  command->add_option("--kind", options->kind, "What the function is called like: " + KindNames() + " [by its name]");
  command->add_option("--only", options->topics, fmt::format("Of {} these alone", fmt::join(ProbeTopics(), ", ")))
      ->delimiter(',');
  command->add_option("--shape", options->shapes, "MxNxK whose order is asked for [some usual ones]")->delimiter(',');
  command->add_option("--threads", options->threads, "Numbers of threads, where the library can be told [1,2]")
      ->delimiter(',')
      ->check(CLI::Range(1, 256));
  command->add_flag("--exhaustive", options->exhaustive, "Functions of binary32 at all 2^32 arguments: minutes each");
  command->add_option("--picture", options->picture, "Draws the orders found: FILE.svg or .png")->type_name("FILE");
  command->add_option("--html", options->html, "Writes a web page of it all")->type_name("FILE");
  command->add_flag("--json", options->json, "Print JSON");
  command->footer(
      "The library runs in a process of its own, with your rights: ask about files that you are ready to run. What\n"
      "it does to that process (crashes, exits, hangs, prints) is part of the report. Exit status: 0 once it has\n"
      "reported, whatever it found; 2 wrong usage; 130 by Ctrl-C, with what is known so far.\n"
      "Example: fplab probe libopenblas.so.0:cblas_sgemm    fplab probe ./libmine.so:f --kind matmul");
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace fplab::tools
