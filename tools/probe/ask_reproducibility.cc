// The same operands in other circumstances, and whether the bits are the same.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "tools/probe/questions.h"

namespace fplab::tools {
namespace {

// The variable by which a library lets its user choose instructions, and values of it.
struct InstructionChoice {
  const char* symbol;  // that tells the library
  const char* variable;
  std::vector<const char*> values;
};

const std::vector<InstructionChoice>& InstructionChoices() {
  static const std::vector<InstructionChoice> choices = {
      {"openblas_set_num_threads",
       "OPENBLAS_CORETYPE",
       {"Prescott", "Nehalem", "Sandybridge", "Haswell", "Zen", "SkylakeX"}},
      // BLIS's numbers of penryn, sandybridge, haswell and skx (bli_type_defs.h of 0.9).
      {"bli_thread_set_num_threads", "BLIS_ARCH_TYPE", {"5", "4", "3", "0"}},
      {"dnnl_sgemm", "DNNL_MAX_CPU_ISA", {"SSE41", "AVX", "AVX2", "AVX512_CORE"}},
      {"libxsmm_sgemm", "LIBXSMM_TARGET", {"wsm", "snb", "hsw", "skx"}},
  };
  return choices;
}

// Results of the same product by name of the circumstances, in their order.
class Comparison {
 public:
  Comparison(const Question& question, std::string topic, std::string at, ProductShape shape)
      : question_(question), topic_(std::move(topic)), at_(std::move(at)), shape_(question.Fit(shape)) {}

  const ProductShape& shape() const { return shape_; }

  void Add(const std::string& name, std::vector<uint64_t> bits) {
    names_.push_back(name);
    results_.push_back(std::move(bits));
  }

  // One line: the same, or the first outputs that differ.
  void Report(const std::string& what) const {
    for (size_t r = 1; r < results_.size(); ++r) {
      const auto [mine, theirs] = std::mismatch(results_[0].begin(), results_[0].end(), results_[r].begin());
      if (mine == results_[0].end()) continue;
      const auto index = static_cast<int>(mine - results_[0].begin());
      size_t count = 0;
      for (size_t i = 0; i < results_[0].size(); ++i) count += results_[0][i] != results_[r][i] ? 1 : 0;
      const Format& format = question_.function.signature.is_double ? kBinary64 : kBinary32;
      const int columns = std::max(1, shape_.n);
      question_.Add({topic_, at_, "differs",
                     fmt::format("{}; {} against {}: c({}, {}) = {} and {}, {} of {} outputs differ", what, names_[r],
                                 names_[0], index / columns, index % columns, ShowBits(format, *mine),
                                 ShowBits(format, *theirs), count, results_[0].size())});
      return;
    }
    question_.Add({topic_, at_, "the same bits", what});
  }

 private:
  const Question& question_;
  std::string topic_, at_;
  ProductShape shape_;
  std::vector<std::string> names_;
  std::vector<std::vector<uint64_t>> results_;
};

// Random operands of the seed, the same wherever they lie; all outputs.
std::vector<uint64_t> Product(const Question& question, const ProductShape& shape, int threads = 1,
                              const OperandLayout& layout = {}) {
  ProductRun run = question.Run(shape, layout);
  run.FillRandom(question.options.seed);
  run.threads = threads;
  if (question.function.signature.operation == Operation::kAxpy) {
    run.alpha = ValueOfBits(run.format(), run.A(0, 0));
    for (int j = 0; j < shape.n; ++j) run.SetC(0, j, run.B(0, shape.n - 1 - j));
  }
  run.Go();
  return run.AllC();
}

// Large enough for several threads and blocks.
ProductShape LargeShape(const Question& question) {
  switch (question.function.signature.operation) {
    case Operation::kProduct:
      return {96, 80, 700};
    case Operation::kMatrixVector:
      return {700, 1, 1000};
    case Operation::kAxpy:
      return {1, 200'000, 1};
    default:
      return {1, 1, 200'000};
  }
}

void AskRuns(const Question& question) {
  Comparison comparison(question, "runs", "", LargeShape(question));
  const int threads = question.ManyThreads();
  for (int run = 0; run < 10; ++run) {
    comparison.Add(fmt::format("run {}", run), Product(question, comparison.shape(), threads));
  }
  question.session.Drop();
  for (int run = 10; run < 20; ++run) {
    comparison.Add(fmt::format("run {}, in another process,", run), Product(question, comparison.shape(), threads));
  }
  comparison.Report(fmt::format("{}, 20 runs on {} thread{}, in two processes", Name(comparison.shape()), threads,
                                threads == 1 ? "" : "s"));
}

void AskThreads(const Question& question) {
  if (question.Child().thread_setter().empty()) {
    return question.Add({"threads", "", "not asked", "the library has no function to set their number"});
  }
  std::vector<ProductShape> shapes = {LargeShape(question)};
  if (question.function.signature.operation == Operation::kProduct) {
    shapes.insert(shapes.end(), {{300, 250, 40}, {8, 10, 3000}, {1, 500, 500}});
  }
  for (const ProductShape& shape : shapes) {
    Comparison comparison(question, "threads", Name(question.Fit(shape)), shape);
    for (const int threads : {1, 2, 3, 4}) {
      comparison.Add(fmt::format("{} threads", threads), Product(question, comparison.shape(), threads));
    }
    comparison.Report("1, 2, 3 and 4 threads");
  }
}

void AskAlignment(const Question& question) {
  Comparison comparison(question, "alignment", "", {33, 29, 130});
  const int element = question.function.signature.element_size();
  comparison.Add("at multiples of 4096 bytes", Product(question, comparison.shape()));
  for (int shift = element; shift < 64; shift += element) {
    for (const OperandLayout& layout :
         {OperandLayout{.shift_a = shift}, OperandLayout{.shift_b = shift}, OperandLayout{.shift_c = shift}}) {
      const char* which = layout.shift_a > 0 ? "a" : layout.shift_b > 0 ? "b" : "c";
      comparison.Add(fmt::format("{} at {} bytes past them", which, shift),
                     Product(question, comparison.shape(), 1, layout));
    }
  }
  comparison.Report(
      fmt::format("{}, each operand at every multiple of {} bytes within 64", Name(comparison.shape()), element));
}

void AskLeadingDimensions(const Question& question) {
  if (!question.function.signature.HasStrides()) return;
  const bool vectors = question.function.signature.operation != Operation::kProduct;
  Comparison comparison(question, vectors ? "steps" : "leading dimensions", "", {33, 29, 130});
  comparison.Add("without gaps", Product(question, comparison.shape()));
  for (const int gap : {1, 2, 3, 7, 16}) {
    comparison.Add(fmt::format("gaps of {}", gap),
                   Product(question, comparison.shape(), 1, {.gap_a = gap, .gap_b = gap, .gap_c = gap}));
  }
  comparison.Report(fmt::format("{}, gaps of 1, 2, 3, 7 and 16 elements between {}", Name(comparison.shape()),
                                vectors ? "elements (of a matrix: rows)" : "rows"));
}

// Row i of a product of few rows and of many.
void AskBatch(const Question& question) {
  const Operation operation = question.function.signature.operation;
  if (operation != Operation::kProduct && operation != Operation::kMatrixVector) return;
  constexpr int kRows = 100;
  for (const ProductShape& asked : {ProductShape{kRows, 64, 300}, ProductShape{kRows, 10, 512}}) {
    const ProductShape whole = question.Fit(asked);
    std::vector<std::vector<uint64_t>> rows;  // of a
    std::vector<uint64_t> all;
    {
      ProductRun run = question.Run(whole);
      run.FillRandom(question.options.seed);
      for (int i = 0; i < kRows; ++i) rows.push_back(run.RowOfA(i));
      run.Go();
      all = run.AllC();
    }
    Comparison comparison(question, "batch", Name(whole), whole);
    comparison.Add(fmt::format("the product of {} rows", kRows), all);
    for (const int batch : {1, 2, 4, 8, 17, 50}) {
      std::vector<uint64_t> pieces;
      // b is the same; a's rows come `batch` at a time, and the last ones fewer.
      for (int first = 0; first < kRows; first += batch) {
        const int count = std::min(batch, kRows - first);
        ProductRun run = question.Run({count, whole.n, whole.k});
        run.FillRandom(question.options.seed);
        for (int i = 0; i < count; ++i) {
          const std::vector<uint64_t>& row = rows[static_cast<size_t>(first + i)];
          for (int k = 0; k < whole.k; ++k) run.SetA(i, k, row[static_cast<size_t>(k)]);
        }
        run.Go();
        const std::vector<uint64_t> piece = run.AllC();
        pieces.insert(pieces.end(), piece.begin(), piece.end());
      }
      comparison.Add(fmt::format("products of {} row{}", batch, batch == 1 ? "" : "s"), pieces);
    }
    comparison.Report(fmt::format("row i of a product of {} rows against products of 1, 2, 4, 8, 17 and 50", kRows));
    if (operation == Operation::kMatrixVector) return;
  }
}

// What the library is told by a variable, a process each.
void AskInstructionSets(const Question& question) {
  const InstructionChoice* choice = nullptr;
  const std::vector<ProbedFunction>& functions = question.Child().functions();
  for (const InstructionChoice& each : InstructionChoices()) {
    const bool has = question.Child().thread_setter() == each.symbol ||
                     std::any_of(functions.begin(), functions.end(),
                                 [&](const ProbedFunction& function) { return function.name == each.symbol; });
    if (has && choice == nullptr) choice = &each;
  }
  if (choice == nullptr) return;
  const ProductShape shape = question.Fit({33, 29, 130});
  std::map<std::vector<uint64_t>, std::vector<std::string>> groups;  // of choices, by their bits
  groups[Product(question, shape)].push_back("its own choice");
  std::string failed;
  for (const char* value : choice->values) {
    LoadingOptions loading = question.session.options();
    loading.environment.emplace_back(choice->variable, value);
    LibrarySession session(question.session.library(), loading);
    const Question other{session, question.function, question.options, question.findings, question.progress};
    try {
      groups[Product(other, shape)].push_back(value);
    } catch (const LibraryEnded& end) {
      failed += fmt::format("; with {}: {}", value, end.what());
    }
  }
  std::string text;
  for (const auto& [bits, names] : groups)
    text += fmt::format("{}{{{}}}", text.empty() ? "" : ", ", fmt::join(names, ", "));
  question.Add({"instruction sets", choice->variable, groups.size() == 1 ? "the same bits" : "differ",
                fmt::format("{}, the same bits within each of {}{}", Name(shape), text, failed)});
}

}  // namespace

void AskReproducibility(const Question& question) {
  question.progress("runs");
  AskRuns(question);
  question.progress("threads");
  AskThreads(question);
  AskAlignment(question);
  AskLeadingDimensions(question);
  question.progress("batches");
  AskBatch(question);
  question.progress("instruction sets");
  AskInstructionSets(question);
}

}  // namespace fplab::tools
