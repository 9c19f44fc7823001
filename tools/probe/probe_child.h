// A library loaded in a child process: its functions called there, whatever they do reported.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PROBE_PROBE_CHILD_H_
#define FPLAB_TOOLS_PROBE_PROBE_CHILD_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tools/probe/library_call.h"
#include "tools/probe/signature.h"
#include "tools/scan/serving_child.h"

namespace fplab::tools {

// The library ended its process, or did not answer. what() says how, without a name: "exits with 3", "killed by signal
// 11 (Segmentation fault)", "no answer for 10 s".
struct LibraryEnded : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The interrupt was set.
struct ProbeInterrupted : std::exception {};

// A function as it is to be probed.
struct ProbedFunction {
  std::string name;
  Signature signature;
  std::string kind;  // the name by which the signature was found
};

// How a library is loaded.
struct LoadingOptions {
  std::vector<std::pair<std::string, std::string>> environment = {};  // variables set before it is loaded
  unsigned seconds = 10;                                              // that each answer may take
  const std::atomic<bool>* interrupt = nullptr;                       // ends the child as soon as it is set
};

// The child lives as long as the object. The library's code runs with this user's rights: for files one is ready to
// run. Its standard streams lead to memory of this process (prints()), never to ours.
class ProbeChild {
 public:
  // Bytes shared with the child, aligned to a page.
  static constexpr size_t kSharedSize = size_t{96} << 20;

  // Loads `library`: a path, or a bare name that the loader looks for. Throws Error, one line, for what dlopen says;
  // LibraryEnded if it ends its process, or takes too long; ProbeInterrupted.
  ProbeChild(const std::string& library, const LoadingOptions& options);
  ProbeChild(const ProbeChild&) = delete;
  ProbeChild& operator=(const ProbeChild&) = delete;

  // Those that the library's plug-in table names; if it has none, the known functions that it defines itself.
  const std::vector<ProbedFunction>& functions() const { return functions_; }
  // How the number of threads is set: the function's name ("openblas_set_num_threads"), or empty if there is none.
  const std::string& thread_setter() const { return thread_setter_; }
  // The control word before and after loading, of the thread that loaded.
  uint64_t word_before_loading() const { return word_before_; }
  uint64_t word_after_loading() const { return word_after_; }

  // The function to be called from now on. Throws Error if the library has none of that name.
  void Open(const ProbedFunction& function);

  std::byte* shared() const { return shared_.get(); }
  // Calls the open function. Throws LibraryEnded, ProbeInterrupted; afterwards the object is of no use.
  LibraryAnswer Call(const LibraryCall& call);

  // What the library printed so far, on standard output and error alike: the number of bytes, and its beginning.
  std::pair<size_t, std::string> Printed() const;

 private:
  void Serve(int requests, int answers);
  void Send(const void* bytes, size_t size);
  void Receive(void* bytes, size_t size);
  std::string ReceiveText();
  [[noreturn]] void ThrowEnd() const;

  std::string library_;
  LoadingOptions options_;
  // Memory that is unmapped, a file that is closed.
  struct Unmap {
    void operator()(std::byte* memory) const;
  };
  struct OutputFile {
    int descriptor = -1;
    OutputFile();
    ~OutputFile();
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
  };
  std::unique_ptr<std::byte[], Unmap> shared_;
  OutputFile output_;  // in memory
  std::vector<ProbedFunction> functions_;
  std::string thread_setter_;
  uint64_t word_before_ = 0, word_after_ = 0;
  std::optional<ServingChild> child_;
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PROBE_PROBE_CHILD_H_
