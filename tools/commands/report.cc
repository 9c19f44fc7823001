// fplab report: one web page about runs and sweeps, with everything in it.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include <fplab/fparith/float/error.h>
#include <fplab/nets/files/atomic_file.h>
#include "tools/commands/command.h"
#include "tools/options/network_options.h"
#include "tools/report/html.h"
#include "tools/report/report_comparison.h"
#include "tools/report/report_page.h"
#include "tools/sweep/sweep_plan.h"
#include "tools/terminal/progress_line.h"

namespace fplab::tools {
namespace {

namespace fs = std::filesystem;

struct ReportOptions {
  std::vector<std::string> folders;
  std::string out, picture, data;
  ExecutionOptions execution;
};

void RequireRunOrSweep(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) throw Error("{}: expected the folder of a run or of a sweep", folder.string());
  if (IsSweep(folder) || nets::Exists(folder / "config.json")) return;
  throw Error("{}: holds neither a run (config.json) nor a sweep (sweep.json)", folder.string());
}

// Runs side by side: a table and their test accuracies over what they took.
std::string Comparison(const std::vector<ComparedRun>& runs, PagePictures& pictures) {
  std::string html = "<h2>The runs beside each other</h2>\n" + ComparisonTable(runs) + "<div class=\"charts\">\n";
  for (const Chart& chart : ComparisonCharts(runs)) html += pictures.Add(chart);
  return html + "</div>\n";
}

int Run(const ReportOptions& options) {
  options.execution.RequireValid();
  if (!options.picture.empty()) RequireDrawable("--picture", options.picture);
  std::vector<ComparedRun> runs;
  for (const std::string& folder : options.folders) {
    RequireRunOrSweep(folder);
    if (!IsSweep(folder)) runs.push_back(ReadComparedRun(folder));
  }
  if (!options.picture.empty()) {
    if (runs.empty()) throw Error("--picture: found no run, expected at least one: sweeps have pictures of their own");
    Draw({.charts = ComparisonCharts(runs), .columns = 3, .width = 1380, .height = 420}, options.picture);
    fmt::print("picture {}\n", options.picture);
    return kDone;
  }
  const fs::path out = options.out.empty() ? fs::path(options.folders.front()) / "report.html" : fs::path(options.out);
  kernels::Workers workers(options.execution.threads);
  PagePictures pictures;
  ProgressLine line(true);
  std::string body = "<h1>fplab report</h1>\n";
  if (!pictures.available()) {
    body += "<p class=\"note\">gnuplot is not installed: the charts are missing, and named where they would be.</p>\n";
  }
  if (runs.size() > 1) body += Comparison(runs, pictures);
  for (const std::string& folder : options.folders) {
    const PageContext context{pictures, options.execution.ParsedIsa(), workers, options.data,
                              [&](const std::string& what) { line.Show([&] { return folder + ": " + what; }); }};
    body += IsSweep(folder) ? SweepSection(folder, context) : RunSection(folder, context);
  }
  line.Clear();
  const std::string page = HtmlPage("fplab: " + options.folders.front(), body);
  nets::WriteFileAtomically(out, page);
  if (!pictures.available()) fmt::print("gnuplot is not installed: the charts are missing\n");
  fmt::print("report  {} ({} kB, opens in any browser)\n", out.string(), (page.size() + 999) / 1000);
  return kDone;
}

}  // namespace

void AddReportCommand(CLI::App& app, int& status) {
  const auto options = std::make_shared<ReportOptions>();
  CLI::App* command = app.add_subcommand("report", "One self-contained web page about runs and sweeps.");
  command->footer(
      "Examples:\n"
      "  fplab report runs/mnist-activation-1                          writes report.html into the run's folder\n"
      "  fplab report runs/demo/es runs/demo/backprop --out both.html  runs beside each other\n"
      "  fplab report runs/a runs/b --picture both.svg                 their test accuracies in one picture\n"
      "Summary, curves, controls, misclassified images, first-layer weights, configuration and digest. The page loads\n"
      "nothing from anywhere. Curves are drawn by gnuplot; without it the page names what is missing.");
  command->add_option("folders", options->folders, "Folders of runs and sweeps")->required();
  CLI::Option* out = command->add_option("--out", options->out, "The page's file [report.html in the first folder]");
  command
      ->add_option("--picture", options->picture,
                   "Instead of the page, only the picture of the runs beside each other: a file, .svg or .png")
      ->excludes(out);
  command->add_option("--data", options->data, "Where the data of the runs lie now, if not where they were");
  options->execution.AddTo(*command);
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace fplab::tools
