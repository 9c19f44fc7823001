// The questions that a function is asked, a file each.
//
// Each appends findings, and throws LibraryEnded when the library ends in the midst of it, ProbeInterrupted when the
// user does.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PROBE_QUESTIONS_H_
#define FPLAB_TOOLS_PROBE_QUESTIONS_H_

#include <functional>
#include <string>
#include <vector>

#include "tools/probe/finding.h"
#include "tools/probe/library_session.h"
#include "tools/probe/product_run.h"

namespace fplab::tools {

struct ProbeOptions {
  std::vector<ProductShape> shapes = {};  // for the order; empty: the usual ones of the operation
  std::vector<int> threads = {};          // numbers of threads; empty: 1 and 2
  bool exhaustive = false;                // libm functions on every argument
  uint64_t seed = 1;
};

struct Question {
  LibrarySession& session;
  const ProbedFunction& function;
  const ProbeOptions& options;
  std::vector<Finding>& findings;
  // Says how far it is; may do nothing.
  std::function<void(const std::string&)> progress;

  ProbeChild& Child() const { return session.Child(function); }
  ProductRun Run(const ProductShape& shape, const OperandLayout& layout = {}) const {
    return {Child(), function.signature, shape, layout};
  }
  void Add(Finding finding) const { findings.push_back(std::move(finding)); }
  // The shape as the operation has it: one column, or one element.
  ProductShape Fit(const ProductShape& shape) const;
  // Numbers of threads that the library can be told, of those asked for: 1 alone if it can't.
  std::vector<int> Threads() const;
  // More than one, for questions about threads: 1 if the library can't be told.
  int ManyThreads() const;
};

// The order of additions, and whether products are fused, for each shape and number of threads.
void AskOrder(const Question& question);
// The same of a sum of magnitudes; whether kAxpy is fused; whether a norm's squares leave the range.
void AskVectors(const Question& question);
// Whether the same operands give the same bits: over runs, processes, threads, layouts, the rows beside them, and
// instruction sets where the library lets one choose.
void AskReproducibility(const Question& question);
// Whether it computes in the caller's mode, on its own threads too, and leaves the caller's control word alone.
void AskModes(const Question& question);
// Infinities, NaNs, zeros, overflow.
void AskSpecialValues(const Question& question);
// The largest error of a dot product in ulps of its exact value.
void AskAccuracy(const Question& question);
// How fast, beside our product and the multiply-add ceiling.
void AskSpeed(const Question& question);
// A function of one argument: its largest error in every mode.
void AskUnary(const Question& question);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PROBE_QUESTIONS_H_
