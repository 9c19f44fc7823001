// Questions one after another, each in a child that lives.
// SPDX-License-Identifier: Apache-2.0
#include "tools/probe/probe_library.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/outside_text.h>
#include <fplab/fparith/mode/control_word.h>

namespace fplab::tools {
namespace {

struct Topic {
  std::string name;
  void (*ask)(const Question& question);
  bool (*of)(const Signature& signature);
};

bool OfSums(const Signature& signature) { return signature.SumsProducts(); }

bool OfArrays(const Signature& signature) { return signature.operation != Operation::kUnary; }

bool OfVectors(const Signature& signature) { return OfArrays(signature) && !OfSums(signature); }
bool OfOne(const Signature& signature) { return signature.operation == Operation::kUnary; }

const std::vector<Topic>& Topics() {
  static const std::vector<Topic> topics = {
      {"order", AskOrder, OfSums},
      {"order", AskVectors, OfVectors},
      {"reproducibility", AskReproducibility, OfArrays},
      {"modes", AskModes, OfSums},
      {"special-values", AskSpecialValues, OfSums},
      {"accuracy", AskAccuracy, OfSums},
      {"accuracy", AskUnary, OfOne},
      {"speed", AskSpeed, OfSums},
  };
  return topics;
}

std::vector<Topic> ChosenTopics(const std::vector<std::string>& names) {
  if (names.empty()) return Topics();
  std::vector<Topic> chosen;
  for (const std::string& name : names) {
    const size_t before = chosen.size();
    std::copy_if(Topics().begin(), Topics().end(), std::back_inserter(chosen),
                 [&](const Topic& each) { return each.name == name; });
    if (chosen.size() == before) {
      throw Error("--only: no topic \"{}\", expected {}", name, fmt::join(ProbeTopics(), ", "));
    }
  }
  return chosen;
}

class LibraryProbe {
 public:
  explicit LibraryProbe(const ProbeRequest& request)
      : request_(request), topics_(ChosenTopics(request.topics)), session_(request.library, request.loading) {
    report_.library = request.library;
  }

  ProbeReport Run() {
    try {
      const std::vector<ProbedFunction> functions = Load();
      for (const ProbedFunction& function : functions) AskAll(function);
    } catch (const ProbeInterrupted&) {
      report_.finished = false;
    }
    return std::move(report_);
  }

 private:
  // The functions to be asked about; empty if the library did not survive loading.
  std::vector<ProbedFunction> Load() {
    try {
      ProbeChild& child = session_.Child();
      printed_by_loading_ = session_.Printed().first;
      ReportPrinting("while it is loaded", printed_by_loading_, report_.loading);
      ReportLoading(child);
      std::vector<ProbedFunction> functions = Choose(child);
      for (const ProbedFunction& function : functions) session_.Child(function);
      return functions;
    } catch (const LibraryEnded& end) {
      report_.loading.push_back({"loading", "", end.what(), "while the library was loaded, in a process of its own"});
      return {};
    }
  }

  std::vector<ProbedFunction> Choose(const ProbeChild& child) const {
    if (request_.function.empty()) {
      if (!request_.kind.empty()) throw Error("--kind: is about one function, LIBRARY:FUNCTION");
      if (child.functions().empty()) {
        throw Error("{}: defines no function that fplab knows; name one: LIBRARY:FUNCTION", request_.library);
      }
      return child.functions();
    }
    ProbedFunction function{.name = request_.function, .signature = {}, .kind = request_.kind};
    if (function.kind.empty()) {
      const auto listed = std::find_if(child.functions().begin(), child.functions().end(),
                                       [&](const ProbedFunction& each) { return each.name == request_.function; });
      if (listed != child.functions().end()) return {*listed};
      function.kind = FindKind(request_.function) ? request_.function : "matmul";
    }
    const std::optional<Signature> signature = FindKind(function.kind);
    if (!signature) throw Error("--kind: no kind \"{}\", expected {}", function.kind, KindNames());
    function.signature = *signature;
    return {function};
  }

  void ReportLoading(const ProbeChild& child) {
    const uint64_t before = child.word_before_loading(), after = child.word_after_loading();
    const bool same = (before & ModeMask()) == (after & ModeMask());
    report_.loading.push_back({"control word", "loading",
                               same ? "kept" : fmt::format("changed to {}", Name(DecodeMode(after))),
                               fmt::format("{} {:x} before, {:x} after", ControlWordName(), before, after)});
    report_.loading.push_back({"thread setting", "",
                               child.thread_setter().empty() ? "no function to set their number" : "can be set",
                               child.thread_setter()});
  }

  void ReportPrinting(const char* when, size_t bytes, std::vector<Finding>& findings) const {
    if (bytes == 0) return;
    findings.push_back({"printing", "", fmt::format("prints {} bytes {}", bytes, when),
                        fmt::format("it begins \"{}\"", Printable(session_.Printed().second))});
  }

  void AskAll(const ProbedFunction& function) {
    FunctionFindings about{.function = function, .findings = {}};
    int ended = 0;
    size_t printed = 0;  // by calls, in the child that printed most
    const auto count_printed = [&] {
      const size_t all = session_.Printed().first;
      printed = std::max(printed, all > printed_by_loading_ ? all - printed_by_loading_ : 0);
    };
    for (const Topic& topic : topics_) {
      if (!topic.of(function.signature)) continue;
      const std::string what = function.name + ": " + topic.name;
      request_.progress(what);
      const Question question{session_, function, request_.options, about.findings,
                              [&](const std::string& detail) { request_.progress(function.name + ": " + detail); }};
      try {
        topic.ask(question);
        count_printed();
      } catch (const LibraryEnded& end) {
        count_printed();
        about.findings.push_back(
            {"ends", topic.name, end.what(), fmt::format("while {} was asked for its {}", function.name, topic.name)});
        session_.Drop();
        // A function that ends whenever it is called has been heard.
        if (++ended == kMostEnds) break;
      } catch (const ProbeInterrupted&) {
        report_.functions.push_back(std::move(about));
        throw;
      }
    }
    ReportPrinting("while it is called", printed, about.findings);
    report_.functions.push_back(std::move(about));
  }

  // Topics in which a function may end its process before it is left alone.
  static constexpr int kMostEnds = 2;

  const ProbeRequest& request_;
  std::vector<Topic> topics_;
  LibrarySession session_;
  ProbeReport report_;
  size_t printed_by_loading_ = 0;
};

}  // namespace

const std::vector<std::string>& ProbeTopics() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Topic& topic : Topics()) {
      if (std::find(all.begin(), all.end(), topic.name) == all.end()) all.push_back(topic.name);
    }
    return all;
  }();
  return names;
}

ProbeReport ProbeLibrary(const ProbeRequest& request) { return LibraryProbe(request).Run(); }

}  // namespace fplab::tools
