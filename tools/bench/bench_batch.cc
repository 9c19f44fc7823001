// fplab bench batch: one row of a product and many, their bits and their speed.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "bench/peers/peers.h"
#include "bench/suites/batch.h"
#include "bench/suites/suite.h"
#include "tools/bench/bench_run.h"
#include "tools/bench/bench_topics.h"
#include "tools/terminal/interrupt.h"
#include "tools/terminal/note.h"

namespace fplab::tools {
namespace {

constexpr double kGiga = 1e-9;
constexpr int kJudgedWidth = 512;  // of the products whose bits are compared

BenchJson BatchRow(const BenchRun& run, const bench::MatmulShape& shape, kernels::Isa isa) {
  const Sample ours = run.Get(fmt::format("matmul/ours-row-major/{}/{}", Name(isa), shape.Name()), "FLOPS");
  const double ceiling = run.Get(fmt::format("ceiling/{}/threads:1", Name(isa)), "FLOPS").Median();
  const double weights = 4.0 * shape.n * shape.k, operations = 2.0 * shape.m * shape.n * shape.k;
  const double bytes = ours.Median() / operations * weights;
  double read = 0;
  for (const std::string& name : run.Names()) {
    if (name.starts_with("read/")) read = run.Get(name, "bytes_per_second").Median();
  }
  BenchJson peers = BenchJson::object();
  for (const bench::Peer& peer : bench::LoadPeers().present) {
    const Sample sample = run.Get(fmt::format("matmul/{}/{}", peer.name, shape.Name()), "FLOPS");
    if (!sample.empty()) peers[peer.name] = sample.Median() * kGiga;
  }
  return {{"batch", shape.m},
          {"n", shape.n},
          {"k", shape.k},
          {"isa", Name(isa)},
          {"gflops", ours.Median() * kGiga},
          {"share_of_ceiling", ours.Median() / ceiling},
          {"weights_gbytes_per_second", bytes * kGiga},
          {"share_of_read", bytes / read},
          {"peers", peers},
          {"spread", ours.Spread()},
          {"repetitions", Scaled(ours, kGiga)}};
}

BenchJson InvarianceJson(const bench::BatchInvariance& invariance) {
  BenchJson batches = BenchJson::array();
  for (const bench::BatchDifference& difference : invariance.batches) {
    batches.push_back(
        {{"batch", difference.batch}, {"outputs", difference.outputs}, {"differing", difference.differing}});
  }
  return {{"who", invariance.who}, {"holds", invariance.Holds()}, {"batches", batches}};
}

}  // namespace

BenchJson MeasureBatch(const BenchOptions& options) {
  const std::vector<bench::MatmulShape> shapes = bench::BatchShapes(options.quick);
  bench::RegisterCeiling();
  bench::RegisterRead();
  bench::RegisterMatmul(shapes);
  const kernels::Isa isa = kernels::BestIsa();
  BenchJson rows = BenchJson::array();
  for (size_t i = 0; i < shapes.size() && !InterruptGuard::Requested(); ++i) {
    if (options.progress) WriteNote("\rbatch: {} of {} ", i + 1, shapes.size());
    if (options.watch != nullptr) options.watch->Look();
    BenchRun run(options.quick ? 3 : 5, 0.02);
    run.Run(fmt::format("^(matmul/(ours-row-major/{}|[^/]*)/{}|ceiling/.*/threads:1|read/.*)$", Name(isa),
                        shapes[i].Name()));
    rows.push_back(BatchRow(run, shapes[i], isa));
  }
  if (options.progress) WriteNote("\n");
  BenchJson invariance = BenchJson::array();
  for (const bench::BatchInvariance& one : bench::MeasureInvariance(kJudgedWidth, isa)) {
    invariance.push_back(InvarianceJson(one));
  }
  BenchJson result;
  for (const bench::Peer& peer : bench::LoadPeers().present) result["peers"][peer.name] = peer.version;
  result["absent_peers"] = bench::LoadPeers().absent;
  result["rows"] = rows;
  result["invariance"] = invariance;
  return result;
}

std::string BatchTable(const BenchJson& batch) {
  std::string out =
      "Rows times one matrix, one thread, GFLOP/s. read: what is read of the matrix a second, over what one core can "
      "read of memory.\n";
  const BenchJson peers = batch.value("peers", BenchJson::object());
  out += fmt::format("{:>5} {:>6} {:>6} {:<8} {:>8} {:>8} {:>7} {:>6}", "rows", "N", "K", "isa", "ours", "ceiling",
                     "read", "spread");
  for (const auto& [name, version] : peers.items()) out += fmt::format(" {:>8}", name);
  out += "\n";
  for (const BenchJson& row : batch["rows"]) {
    out += fmt::format("{:>5} {:>6} {:>6} {:<8} {:>8.1f} {:>7.1f}% {:>6.0f}% {:>5.1f}%", row["batch"].get<int>(),
                       row["n"].get<int>(), row["k"].get<int>(), row["isa"].get<std::string>(),
                       row["gflops"].get<double>(), 100 * row["share_of_ceiling"].get<double>(),
                       100 * row["share_of_read"].get<double>(), 100 * row["spread"].get<double>());
    for (const auto& [name, version] : peers.items()) {
      const auto found = row["peers"].find(name);
      out += found == row["peers"].end() ? fmt::format(" {:>8}", "-") : fmt::format(" {:>8.1f}", found->get<double>());
    }
    out += "\n";
  }
  out += fmt::format("\nRows of a batch times {0} x {0}, beside the same row alone:\n", kJudgedWidth);
  for (const BenchJson& one : batch["invariance"]) {
    out += fmt::format("  {:<9} ", one["who"].get<std::string>());
    if (one["holds"].get<bool>()) {
      out += "the same bits, whatever the batch\n";
      continue;
    }
    for (const BenchJson& difference : one["batches"]) {
      out += fmt::format(" of {} rows {:.0f} % of the outputs have other bits;", difference["batch"].get<int>(),
                         100.0 * difference["differing"].get<int>() / difference["outputs"].get<int>());
    }
    out.back() = '\n';
  }
  return out;
}

}  // namespace fplab::tools
