// fplab bench matmul: GFLOP/s of ours and of the peers by shape.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "bench/peers/peers.h"
#include "bench/suites/ceiling.h"
#include "bench/suites/suite.h"
#include "tools/bench/bench_run.h"
#include "tools/bench/bench_topics.h"
#include "tools/terminal/interrupt.h"
#include "tools/terminal/note.h"

namespace fplab::tools {
namespace {

constexpr double kGiga = 1e-9;

double Gflops(const BenchRun& run, const std::string& name) { return run.Get(name, "FLOPS").Median() * kGiga; }

std::string CeilingName(kernels::Isa isa, int threads) {
  return fmt::format("ceiling/{}/threads:{}", Name(isa), threads);
}

BenchJson PeersOf(const BenchRun& run, const bench::MatmulShape& shape) {
  BenchJson peers = BenchJson::object();
  for (const bench::Peer& peer : bench::LoadPeers().present) {
    const double gflops = Gflops(run, fmt::format("matmul/{}/{}", peer.name, shape.Name()));
    if (gflops > 0) peers[peer.name] = gflops;
  }
  return peers;
}

// One shape on one instruction set. `run` holds the shape's repetitions and the ceilings measured among them.
BenchJson Row(const BenchRun& run, const bench::MatmulShape& shape, kernels::Isa isa) {
  const auto ours = [&](const char* layout) {
    return run.Get(fmt::format("matmul/ours-{}/{}/{}", layout, Name(isa), shape.Name()), "FLOPS");
  };
  const char* layout = "row-major";
  for (const char* other : {"panels", "prepared-row-major", "prepared-panels"}) {
    if (ours(other).Median() > ours(layout).Median()) layout = other;
  }
  const Sample best_of_ours = ours(layout);
  const double gflops = best_of_ours.Median() * kGiga;
  BenchJson row = {{"group", shape.group},
                   {"m", shape.m},
                   {"n", shape.n},
                   {"k", shape.k},
                   {"threads", shape.threads},
                   {"isa", Name(isa)},
                   {"gflops", gflops},
                   {"layout", layout},
                   {"row_major_gflops", ours("row-major").Median() * kGiga},
                   {"panels_gflops", ours("panels").Median() * kGiga},
                   {"spread", best_of_ours.Spread()},
                   {"repetitions", Scaled(best_of_ours, kGiga)},
                   {"share_of_ceiling", gflops / Gflops(run, CeilingName(isa, shape.threads))},
                   {"peers", PeersOf(run, shape)}};
  std::string best;
  for (const auto& [name, value] : row["peers"].items()) {
    if (best.empty() || value > row["peers"][best]) best = name;
  }
  row["best_peer"] = best.empty() ? BenchJson() : BenchJson(best);
  row["ratio_to_best"] = best.empty() ? BenchJson() : BenchJson(gflops / row["peers"][best].get<double>());
  return row;
}

// "r", "p", and "R", "P" for prepared products.
char LayoutLetter(const std::string& layout) {
  const bool prepared = layout.starts_with("prepared");
  return layout.ends_with("row-major") ? (prepared ? 'R' : 'r') : (prepared ? 'P' : 'p');
}

// Over the rows of the best instruction set.
BenchJson Summary(const BenchJson& rows) {
  double logs = 0, worst = HUGE_VAL;
  int count = 0;
  std::string worst_shape;
  BenchJson scaling = BenchJson::array();
  for (const BenchJson& row : rows) {
    if (row["isa"] != Name(kernels::BestIsa())) continue;
    const auto text = [&row] {
      return fmt::format("{}x{}x{}", row["m"].get<int>(), row["n"].get<int>(), row["k"].get<int>());
    };
    if (row["threads"] == 1 && !row["ratio_to_best"].is_null()) {
      const double ratio = row["ratio_to_best"];
      logs += std::log(ratio);
      ++count;
      if (ratio < worst) {
        worst = ratio;
        worst_shape = text();
      }
    }
    for (const BenchJson& single : rows) {
      if (row["threads"] != 2 || single["threads"] != 1 || single["isa"] != row["isa"]) continue;
      if (single["m"] != row["m"] || single["n"] != row["n"] || single["k"] != row["k"]) continue;
      scaling.push_back(
          {{"shape", text()}, {"two_threads_over_one", row["gflops"].get<double>() / single["gflops"].get<double>()}});
    }
  }
  BenchJson summary = {{"isa", Name(kernels::BestIsa())}};
  if (count > 0) {
    summary["geometric_mean_ratio_to_best"] = std::exp(logs / count);
    summary["least_ratio_to_best"] = worst;
    summary["least_ratio_shape"] = worst_shape;
  }
  summary["scaling"] = scaling;
  return summary;
}

}  // namespace

BenchJson MeasureMatmul(const BenchOptions& options) {
  const std::vector<bench::MatmulShape> shapes = bench::MatmulShapes(options.quick);
  bench::RegisterCeiling();
  bench::RegisterMatmul(shapes);
  const int repetitions = options.quick ? 3 : 5;
  std::map<std::string, Sample> ceilings;  // over all shapes, by "isa/threads:t"
  BenchJson rows = BenchJson::array();
  for (size_t i = 0; i < shapes.size() && !InterruptGuard::Requested(); ++i) {
    const bench::MatmulShape& shape = shapes[i];
    if (options.progress) WriteNote("\rmatmul: shape {} of {} ", i + 1, shapes.size());
    if (options.watch != nullptr) options.watch->Look();
    const std::string filter =
        fmt::format("^(matmul/.*/{}|ceiling/.*/threads:{})(/real_time)?$", shape.Name(), shape.threads);
    BenchRun run(repetitions, options.quick ? 0.01 : 0.02);
    run.Run(filter);
    for (kernels::Isa isa : kernels::SupportedIsas()) {
      if (!bench::HasCeiling(isa)) continue;
      rows.push_back(Row(run, shape, isa));
      const Sample ceiling = run.Get(CeilingName(isa, shape.threads), "FLOPS");
      std::vector<double>& values = ceilings[fmt::format("{}/threads:{}", Name(isa), shape.threads)].values;
      values.insert(values.end(), ceiling.values.begin(), ceiling.values.end());
    }
  }
  if (options.progress) WriteNote("\n");

  BenchJson result;
  result["ceiling_gflops"] = ceilings[fmt::format("{}/threads:1", Name(kernels::BestIsa()))].Median() * kGiga;
  for (const auto& [name, ceiling] : ceilings) result["ceilings"][name] = ceiling.Median() * kGiga;
  for (const bench::Peer& peer : bench::LoadPeers().present) result["peers"][peer.name] = peer.version;
  result["absent_peers"] = bench::LoadPeers().absent;
  result["rows"] = rows;
  result["summary"] = Summary(rows);
  return result;
}

std::string MatmulTable(const BenchJson& matmul) {
  std::string out =
      "GFLOP/s, medians. Ours is the best of: r row-major with packed weights, p panels, R and P the same prepared "
      "(short "
      "products).\n";
  out += "Ceilings (fused multiply-adds on registers):";
  for (const auto& [name, gflops] : matmul["ceilings"].items())
    out += fmt::format(" {} {:.1f}", name, gflops.get<double>());
  out += "\n";
  const BenchJson peers = matmul.value("peers", BenchJson::object());
  for (const auto& [name, version] : peers.items()) out += fmt::format("  {}: {}\n", name, version.get<std::string>());
  for (const auto& reason : matmul["absent_peers"]) out += fmt::format("  skipped: {}\n", reason.get<std::string>());

  out += fmt::format("\n{:>5} {:>5} {:>5} {:>3} {:<8} {:>8}  {:>7} {:>6}", "M", "N", "K", "thr", "isa", "ours",
                     "ceiling", "spread");
  for (const auto& [name, version] : peers.items()) out += fmt::format(" {:>8}", name);
  out += fmt::format(" {:>8}\n", "ratio");
  for (const BenchJson& row : matmul["rows"]) {
    out += fmt::format("{:>5} {:>5} {:>5} {:>3} {:<8} {:>8.1f}{} {:>6.1f}% {:>5.1f}%", row["m"].get<int>(),
                       row["n"].get<int>(), row["k"].get<int>(), row["threads"].get<int>(),
                       row["isa"].get<std::string>(), row["gflops"].get<double>(), LayoutLetter(row["layout"]),
                       100 * row["share_of_ceiling"].get<double>(), 100 * row["spread"].get<double>());
    for (const auto& [name, version] : peers.items()) {
      const auto found = row["peers"].find(name);
      out += found == row["peers"].end() ? fmt::format(" {:>8}", "-") : fmt::format(" {:>8.1f}", found->get<double>());
    }
    out +=
        row["ratio_to_best"].is_null() ? "        -\n" : fmt::format(" {:>8.2f}\n", row["ratio_to_best"].get<double>());
  }

  const BenchJson& summary = matmul["summary"];
  if (summary.contains("geometric_mean_ratio_to_best")) {
    out += fmt::format("\n{}, one thread, against the best peer: geometric mean {:.3f}, least {:.3f} ({})\n",
                       summary["isa"].get<std::string>(), summary["geometric_mean_ratio_to_best"].get<double>(),
                       summary["least_ratio_to_best"].get<double>(), summary["least_ratio_shape"].get<std::string>());
  }
  for (const BenchJson& entry : summary["scaling"]) {
    out += fmt::format("two threads over one, {}: {:.2f}\n", entry["shape"].get<std::string>(),
                       entry["two_threads_over_one"].get<double>());
  }
  return out;
}

}  // namespace fplab::tools
