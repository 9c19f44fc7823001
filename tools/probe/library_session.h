// A library under question: a child that is started anew when the library has ended it.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PROBE_LIBRARY_SESSION_H_
#define FPLAB_TOOLS_PROBE_LIBRARY_SESSION_H_

#include <memory>
#include <string>
#include <utility>

#include "tools/probe/probe_child.h"

namespace fplab::tools {

class LibrarySession {
 public:
  LibrarySession(std::string library, LoadingOptions options)
      : library_(std::move(library)), options_(std::move(options)) {}

  const std::string& library() const { return library_; }
  const LoadingOptions& options() const { return options_; }

  // The child with `function` open. Throws as ProbeChild does.
  ProbeChild& Child(const ProbedFunction& function);
  // The child with whatever is open.
  ProbeChild& Child();
  // What the child there is printed so far, as ProbeChild::Printed; nothing if there is none.
  std::pair<size_t, std::string> Printed() const {
    return child_ ? child_->Printed() : std::pair<size_t, std::string>{0, ""};
  }
  // Forgets the child: the next question gets a new one.
  void Drop() { child_.reset(); }

 private:
  std::string library_;
  LoadingOptions options_;
  std::unique_ptr<ProbeChild> child_;
  std::string open_;
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PROBE_LIBRARY_SESSION_H_
