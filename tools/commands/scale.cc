// fplab scale: what more machines would bring a training, and the model beside what two ranks measure.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include <fplab/fparith/float/error.h>
#include <fplab/nets/estimators/gradient_estimator.h>
#include <fplab/nets/files/ordered_json.h>
#include "tools/commands/command.h"
#include "tools/options/network_options.h"
#include "tools/options/not_negative.h"
#include "tools/options/train_options.h"
#include "tools/pictures/chart.h"
#include "tools/ranks/process_ranks.h"
#include "tools/scale/scale_model.h"
#include "tools/sweep/sweep_plan.h"
#include "tools/terminal/interrupt.h"
#include "tools/terminal/progress_line.h"

namespace fplab::tools {
namespace {

using Json = nets::OrderedJson;

struct ScaleCommandOptions {
  std::vector<std::string> over;
  TrainOverrides fixed;
  ExecutionOptions execution;
  std::vector<int> machines = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};
  std::optional<double> latency, bandwidth, message;
  double seconds = 0.3;
  std::string picture;
  bool measure = false, json = false;

  std::vector<NamedLink> Links() const {
    if (!latency && !bandwidth && !message) return CommonLinks();
    return {{"this link", {latency.value_or(0), bandwidth.value_or(0), message.value_or(0)}}};
  }
  ScaleOptions Measuring() const {
    return {.isa = execution.ParsedIsa(), .threads = execution.threads, .seconds = seconds};
  }
};

// The trainings asked about: by default each evolution strategy.
std::vector<SweepCell> CellsOf(const ScaleCommandOptions& options, SweepData& data) {
  std::vector<SweepAxis> axes;
  for (const std::string& text : options.over) axes.push_back(ParseAxis(text));
  const std::vector<std::string> given = options.fixed.Given();
  if (axes.empty() && std::find(given.begin(), given.end(), "estimator") == given.end()) {
    axes.push_back({"estimator", {"activation", "lowrank", "gaussian"}});
  }
  if (!axes.empty()) return MakePlan(axes, options.fixed, data).cells;
  std::vector<SweepCell> cells = MakePlan({{"evaluate-every", {"1"}}}, options.fixed, data).cells;
  for (SweepCell& cell : cells) cell.name = Name(cell.config.estimator);
  return cells;
}

// A few batches, and steps without an end: how long one takes depends on neither.
void MakeShort(nets::TrainConfig& config, nets::TrainTest& data) {
  const auto keep = [](nets::Dataset& set, int samples) {
    if (set.count() <= samples) return;
    set.y.resize(static_cast<size_t>(samples));
    set.x.resize(static_cast<size_t>(samples) * static_cast<size_t>(set.features));
  };
  keep(data.train, 4 * config.batch);
  keep(data.test, 32);
  config.epochs = 10000;
  config.evaluate_every = 10000;
}

struct Answer {
  std::string name;
  std::vector<MachineShare> shares;
};

double SpeedUp(const Answer& answer, size_t i, Link link) {
  return answer.shares.front().compute * answer.shares.front().machines / answer.shares[i].Step(link);
}

Json ToJson(const std::vector<Answer>& answers, const std::vector<NamedLink>& links) {
  Json trainings = Json::array();
  for (const Answer& answer : answers) {
    Json rows = Json::array(), limits = Json::object();
    for (size_t i = 0; i < answer.shares.size(); ++i) {
      const MachineShare& share = answer.shares[i];
      Json steps = Json::object(), gains = Json::object();
      for (const NamedLink& link : links) {
        steps[link.name] = share.Step(link.link);
        gains[link.name] = SpeedUp(answer, i, link.link);
      }
      rows.push_back({{"machines", share.machines},
                      {"compute", share.compute},
                      {"exchanges", share.exchanges},
                      {"moved", share.moved},
                      {"step", steps},
                      {"speed_up", gains}});
    }
    for (const NamedLink& link : links) {
      const Limit limit = LimitOf(answer.shares, link.link);
      limits[link.name] = {{"machines", limit.machines}, {"reason", limit.reason}};
    }
    trainings.push_back({{"training", answer.name}, {"rows", rows}, {"limits", limits}});
  }
  return trainings;
}

void Print(const Answer& answer, const std::vector<NamedLink>& links) {
  fmt::print("{}\n  machines  compute ms     moved kB", answer.name);
  for (const NamedLink& link : links) fmt::print("{:>26}", link.name + ": step, gain");
  fmt::print("\n");
  for (size_t i = 0; i < answer.shares.size(); ++i) {
    const MachineShare& share = answer.shares[i];
    fmt::print("  {:8}  {:10.3f}  {:11.1f}", share.machines, share.compute * 1e3, share.moved / 1e3);
    for (const NamedLink& link : links) {
      fmt::print("{:>14.3f} ms {:7.2f}x", share.Step(link.link) * 1e3, SpeedUp(answer, i, link.link));
    }
    fmt::print("\n");
  }
  for (const NamedLink& link : links) {
    const Limit limit = LimitOf(answer.shares, link.link);
    fmt::print("  {}: {}\n", link.name,
               limit.reason.empty()
                   ? fmt::format("gains up to {} machines", limit.machines)
                   : fmt::format("doubling pays up to {} machines; then {}", limit.machines, limit.reason));
  }
}

Figure FigureOf(const std::vector<Answer>& answers, const std::vector<NamedLink>& links) {
  Figure figure;
  figure.columns = static_cast<int>(std::min<size_t>(3, links.size()));
  const int rows = (static_cast<int>(links.size()) + figure.columns - 1) / figure.columns;
  figure.width = 460 * figure.columns;
  figure.height = 400 * rows;
  for (const NamedLink& link : links) {
    Chart chart;
    chart.title = link.name;
    chart.x_label = "machines";
    chart.y_label = "times the speed of one";
    chart.log_x = 2;
    chart.log_y = true;
    Curve ideal{.name = "ideal", .style = CurveStyle::kDashed};
    for (const MachineShare& share : answers.front().shares) ideal.points.emplace_back(share.machines, share.machines);
    for (const Answer& answer : answers) {
      Curve curve{.name = answer.name};
      for (size_t i = 0; i < answer.shares.size(); ++i) {
        curve.points.emplace_back(answer.shares[i].machines, SpeedUp(answer, i, link.link));
      }
      chart.curves.push_back(curve);
    }
    chart.curves.push_back(ideal);
    figure.charts.push_back(chart);
  }
  return figure;
}

int RunModel(const ScaleCommandOptions& options) {
  SweepData data(options.execution.threads);
  const std::vector<SweepCell> cells = CellsOf(options, data);
  const InterruptGuard interrupt;
  ProgressLine line(!options.json);
  std::vector<Answer> answers;
  for (const SweepCell& cell : cells) {
    nets::TrainConfig config = cell.config;
    nets::TrainTest samples = data.Get(config);
    MakeShort(config, samples);
    Answer answer{cell.name, {}};
    for (const int machines : options.machines) {
      if (InterruptGuard::Requested()) return InterruptGuard::Status();
      line.Show([&] { return fmt::format("{}: the share of one of {} machines", cell.name, machines); });
      answer.shares.push_back(MeasureShare(config, samples, machines, options.Measuring()));
    }
    answers.push_back(std::move(answer));
  }
  line.Clear();
  const std::vector<NamedLink> links = options.Links();
  if (!options.picture.empty()) Draw(FigureOf(answers, links), options.picture);
  if (options.json) {
    fmt::print("{}\n", OneLine({{"threads", options.execution.threads},
                                {"isa", Name(options.execution.ParsedIsa())},
                                {"trainings", ToJson(answers, links)}}));
    return kDone;
  }
  for (const Answer& answer : answers) Print(answer, links);
  return kDone;
}

// The links that are measured: every latency with every bandwidth.
std::vector<Link> InjectedLinks(const ScaleCommandOptions& options) {
  std::vector<Link> links;
  const std::vector<double> latencies =
      options.latency ? std::vector<double>{*options.latency} : std::vector<double>{0, 1e-4, 1e-3, 1e-2};
  const std::vector<double> bandwidths =
      options.bandwidth ? std::vector<double>{*options.bandwidth} : std::vector<double>{0, 1e9, 1e8, 3e7};
  for (const double latency : latencies) {
    for (const double bandwidth : bandwidths) links.push_back({latency, bandwidth, options.message.value_or(0)});
  }
  return links;
}

// The busiest of shares that the ranks have measured at the same time.
MachineShare BusiestShare(nets::Ranks& ranks, const MachineShare& own) {
  MachineShare busiest = own;
  for (const std::string& text : ranks.Gather(fmt::format("[{},{}]", own.compute, own.moved))) {
    const Json share = Json::parse(text);
    busiest.compute = std::max(busiest.compute, share[0].get<double>());
    busiest.moved = std::max(busiest.moved, share[1].get<double>());
  }
  return busiest;
}

int RunMeasurement(const ScaleCommandOptions& options) {
  nets::Ranks& ranks = ProcessRanks::Get();
  if (ranks.count() == 1) throw Error("--measure: needs ranks that are there: mpirun -n 2 fplab scale --measure");
  SweepData data(options.execution.threads);
  Json rows = Json::array();
  for (const SweepCell& cell : CellsOf(options, data)) {
    nets::TrainConfig config = cell.config;
    nets::TrainTest samples = data.Get(config);
    MakeShort(config, samples);
    const MachineShare share =
        BusiestShare(ranks, MeasureRank(config, samples, ranks.rank(), ranks.count(), options.Measuring()));
    if (ranks.IsFirst() && !options.json) {
      fmt::print(
          "{}, {} ranks: a share of {:.3f} ms, {:.1f} kB a step\n  latency us  bandwidth MB/s  predicted ms  "
          "measured ms  ratio\n",
          cell.name, ranks.count(), share.compute * 1e3, share.moved / 1e3);
    }
    for (const Link link : InjectedLinks(options)) {
      SlowRanks slow(ranks, link);
      const double measured = MeasureStep(config, samples, slow, options.Measuring()), predicted = share.Step(link);
      rows.push_back({{"training", cell.name},
                      {"latency", link.latency},
                      {"bandwidth", link.bandwidth},
                      {"predicted", predicted},
                      {"measured", measured}});
      if (!ranks.IsFirst() || options.json) continue;
      fmt::print("  {:10.0f}  {:>14}  {:12.3f}  {:11.3f}  {:5.2f}\n", link.latency * 1e6,
                 link.bandwidth > 0 ? fmt::format("{:.0f}", link.bandwidth / 1e6) : "-", predicted * 1e3,
                 measured * 1e3, measured / predicted);
      std::fflush(stdout);
    }
  }
  if (ranks.IsFirst() && options.json) fmt::print("{}\n", OneLine({{"ranks", ranks.count()}, {"rows", rows}}));
  return kDone;
}

int Run(const ScaleCommandOptions& options) {
  options.execution.RequireValid();
  if (!options.picture.empty()) RequireDrawable("--picture", options.picture);
  for (size_t i = 0; i < options.machines.size(); ++i) {
    const int machines = options.machines[i];
    if (machines < 1 || machines > 65536) throw Error("--machines: found {}, expected 1 to 65536", machines);
    if (i == 0 && machines != 1)
      throw Error("--machines: found {} first, expected 1, which others are compared with", machines);
    if (i > 0 && machines <= options.machines[i - 1]) throw Error("--machines: expected growing numbers");
  }
  return options.measure ? RunMeasurement(options) : RunModel(options);
}

}  // namespace

void AddScaleCommand(CLI::App& app, int& status) {
  const auto options = std::make_shared<ScaleCommandOptions>();
  CLI::App* command = app.add_subcommand("scale", "What more machines would bring a training, by a measured model.");
  command->footer(
      "Examples:\n"
      "  fplab scale --picture scale.png                   the evolution strategies on 1 to 1024 machines like this\n"
      "  fplab scale --estimator lowrank --over batch=1024,4096,16384\n"
      "  fplab scale --latency 5e-6 --bandwidth 3e9        with a link of yours, in seconds and bytes a second\n"
      "  mpirun -n 2 fplab scale --measure --threads 1     the model beside ranks with such links between them\n"
      "Each machine's share of a step is measured on this machine, the bytes of its exchanges are counted; what the\n"
      "link takes is assumed. Options of `fplab train` say what is trained.");
  command->add_option("--over", options->over, "FIELD=VALUE,VALUE,...: an option of train, as in sweep");
  options->fixed.AddTo(*command);
  options->execution.AddTo(*command);
  command->add_option("--machines", options->machines, "How many, from 1 on")->delimiter(',')->capture_default_str();
  command->add_option("--latency", options->latency, "Seconds of an exchange's first byte")->check(NotNegative());
  command->add_option("--bandwidth", options->bandwidth, "Bytes a second into a machine; 0: no limit")
      ->check(NotNegative());
  command->add_option("--message", options->message, "Seconds that each message takes besides")->check(NotNegative());
  command->add_option("--seconds", options->seconds, "For which a share is measured")
      ->check(NotNegative())
      ->capture_default_str();
  command->add_option("--picture", options->picture, "Draw the gain over the machines, .svg or .png");
  command->add_flag("--measure", options->measure, "Under mpirun: compare the model with what the ranks take");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace fplab::tools
