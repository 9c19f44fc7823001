// Starting a child when it is needed.
// SPDX-License-Identifier: Apache-2.0
#include "tools/probe/library_session.h"

namespace fplab::tools {

ProbeChild& LibrarySession::Child() {
  if (!child_) {
    open_.clear();
    child_ = std::make_unique<ProbeChild>(library_, options_);
  }
  return *child_;
}

ProbeChild& LibrarySession::Child(const ProbedFunction& function) {
  ProbeChild& child = Child();
  const std::string key = function.name + " " + function.kind;
  if (open_ != key) {
    child.Open(function);
    open_ = key;
  }
  return child;
}

}  // namespace fplab::tools
