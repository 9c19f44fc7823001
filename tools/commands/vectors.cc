// fplab vectors: TestFloat's test vectors, computed on the model or the hardware, or checked against them.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/machine/hardware.h>
#include <fplab/fparith/model/function.h>
#include "tools/commands/command.h"
#include "tools/options/not_negative.h"
#include "tools/vectors/vectors_stream.h"

namespace fplab::tools {
namespace {

enum class Backend { kModel, kHardware, kKernel };

struct VectorsOptions {
  std::string function_name, on = "model", mode = "none", flush, tininess, rounding, nans;
  bool check = false, exact = false;
  uint64_t max_errors = 20;
};

struct Job {
  model::Function function;
  model::Environment environment;
  Backend backend;
  machine::Path path;
  bool tells_nans_apart = false;
};

Backend ParseBackend(const std::string& name) {
  if (name == "model") return Backend::kModel;
  if (name == "hardware") return Backend::kHardware;
  if (name == "kernel") return Backend::kKernel;
  throw Error("--on '{}' is not known; expected model, hardware or kernel", name);
}

machine::Path VectorPath(const model::Function& function) {
  if (const std::optional<machine::Path> path = machine::WidestPath(function)) return *path;
  throw Error("function '{}' is no vector instruction of this machine", Name(function));
}

Job MakeJob(const VectorsOptions& options) {
  Job job{model::ParseFunction(options.function_name),
          {ParseMode(options.mode)},
          ParseBackend(options.on),
          machine::Path::kScalar};
  if (options.exact) job.function.inexact = model::InexactFlag::kRaise;
  if (!options.rounding.empty()) job.environment.mode.rounding = ParseRounding(options.rounding);
  const bool model = job.backend == Backend::kModel;
  if (!model && !(options.flush.empty() && options.tininess.empty())) {
    throw Error("--flush and --tininess choose among models; the hardware has its own ({}, {} rounding)",
                Name(model::HardwareFlushSemantics()), Name(model::HardwareEnvironment(kIeee).tininess));
  }
  if (!options.flush.empty()) job.environment.flush = model::ParseFlushSemantics(options.flush);
  if (!options.tininess.empty()) job.environment.tininess = model::ParseTininess(options.tininess);
  if (!options.nans.empty()) {
    job.environment.nans = model::ParseNanRule(options.nans);
    job.tells_nans_apart = true;
    if (!model && job.environment.nans != model::HardwareNanRule()) {
      throw Error("--nans: the hardware returns the NaNs of {}, found {}", Name(model::HardwareNanRule()),
                  Name(job.environment.nans));
    }
  }
  if (job.backend == Backend::kKernel) job.path = VectorPath(job.function);
  // F16C and the like have no scalar form.
  if (job.backend == Backend::kHardware && !machine::HardwareHas(job.function, machine::Path::kScalar)) {
    job.path = machine::WidestPath(job.function).value_or(machine::Path::kScalar);
  }
  return job;
}

void Compute(const Job& job, const VectorBlock& block, std::vector<model::Outcome>& outcomes) {
  outcomes.resize(block.size());
  if (job.backend != Backend::kModel) {
    machine::Execute(job.function, job.path, job.environment.mode, block.a, block.b, block.c, outcomes);
    return;
  }
  const int arity = job.function.Arity();
  for (size_t i = 0; i < block.size(); ++i) {
    outcomes[i] =
        Evaluate(job.function, job.environment, block.a[i], arity > 1 ? block.b[i] : 0, arity > 2 ? block.c[i] : 0);
  }
}

void WriteAll(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) throw Error("stdout: write error");
}

// What an integer conversion returns with the invalid flag is the machine's choice, which TestFloat does not check
// either.
bool Agrees(const Job& job, const model::Outcome& got, const model::Outcome& expected) {
  const model::Function& function = job.function;
  const auto flags = static_cast<model::Flags>(got.flags & model::kIeeeFlags);
  if (flags != expected.flags) return false;
  const bool any_integer = function.ResultKind() == model::ValueKind::kInteger && (flags & model::kInvalid) != 0;
  if (any_integer) return true;
  return job.tells_nans_apart ? got.bits == expected.bits : function.SameResult(got.bits, expected.bits);
}

class Checker {
 public:
  explicit Checker(const VectorsOptions& options) : max_errors_(options.max_errors) {}

  void Check(const Job& job, const VectorBlock& block, const std::vector<model::Outcome>& outcomes) {
    lines_ += block.size();
    for (size_t i = 0; i < block.size(); ++i) {
      if (Agrees(job, outcomes[i], block.expected[i])) continue;
      if (++errors_ > max_errors_) continue;
      const int digits = job.function.ResultDigits();
      std::string operands = fmt::format("{:0{}X}", block.a[i], job.function.OperandDigits());
      if (!block.b.empty()) operands += fmt::format(" {:0{}X}", block.b[i], job.function.OperandDigits());
      if (!block.c.empty()) operands += fmt::format(" {:0{}X}", block.c[i], job.function.OperandDigits());
      fmt::print("line {}: {} => {:0{}X} {:02X}, expected {:0{}X} {:02X}\n", block.first_line + i, operands,
                 outcomes[i].bits, digits, outcomes[i].flags & model::kIeeeFlags, block.expected[i].bits, digits,
                 block.expected[i].flags);
    }
  }

  int Finish(const Job& job) const {
    if (lines_ == 0) throw Error("stdin: no lines to check; expected vectors of {}", Name(job.function));
    fmt::print("{}: {} lines, {} mismatch{}\n", Name(job.function), lines_, errors_, errors_ == 1 ? "" : "es");
    return errors_ == 0 ? kDone : kRefuted;
  }

 private:
  uint64_t max_errors_, lines_ = 0, errors_ = 0;
};

int Run(const VectorsOptions& options) {
  const Job job = MakeJob(options);
  VectorReader reader(stdin, "stdin", job.function, options.check);
  VectorBlock block;
  std::vector<model::Outcome> outcomes;
  Checker checker(options);
  std::string text;
  while (reader.Read(block)) {
    Compute(job, block, outcomes);
    if (options.check) {
      checker.Check(job, block, outcomes);
      continue;
    }
    text.clear();
    AppendVectorLines(job.function, block, outcomes, text);
    WriteAll(text);
  }
  return options.check ? checker.Finish(job) : kDone;
}

}  // namespace

void AddVectorsCommand(CLI::App& app, int& status) {
  CLI::App* command =
      app.add_subcommand("vectors",
                         "Compute or check TestFloat's vectors on stdin.\n"
                         "Example: testfloat_gen f32 2 | fplab vectors f32_add --on hardware | testfloat_ver f32_add\n"
                         "Example: testfloat_gen f64_mulAdd | fplab vectors f64_mulAdd --check");
  auto options = std::make_shared<VectorsOptions>();
  command->add_option("function", options->function_name, "TestFloat's name: f32_add, f64_mulAdd, f16_to_i32, ...")
      ->required();
  command->add_option("--on", options->on, "model, hardware (scalar) or kernel (the widest vector instruction)");
  command->add_option("--mode", options->mode, "none, ftz, daz, ftz+daz; with a rounding after a comma");
  command->add_option("--flush", options->flush, "What ftz means on the model: A, B, C or D (default A)");
  command->add_option("--tininess", options->tininess, "before or after rounding, on the model (default after)");
  command->add_option("--rounding", options->rounding, "nearest-even, nearest-away, toward-zero, up or down");
  command->add_option(
      "--nans", options->nans,
      "Which NaN the model returns: canonical, x86, arm or riscv; --check then compares NaNs' bits, too");
  command->add_flag("--check", options->check, "Compare with the result and flags on each line; exit 1 on a mismatch");
  command->add_flag("--exact", options->exact, "Functions that round to an integer raise inexact (testfloat -exact)");
  command->add_option("--errors", options->max_errors, "Mismatches to print (default 20)")->check(NotNegative());
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace fplab::tools
