// KeptMode: while RapidCheck shrinks, the mode in which a case has to fail, so that the search for a simple case does
// not slide from one fault into another one's.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_PROPERTY_KEPT_MODE_H_
#define FPLAB_PROPTESTS_PROPERTY_KEPT_MODE_H_

#include <optional>

#include <fplab/fparith/mode/mode.h>

namespace fplab::proptests {

// Of one run of a property (check.h), on its thread: the first failure's mode, of which everything after it is a
// shrunk case. Runs nest.
class KeptMode {
 public:
  KeptMode() : outer_(Current()) { Current() = this; }
  ~KeptMode() { Current() = outer_; }
  KeptMode(const KeptMode&) = delete;
  KeptMode& operator=(const KeptMode&) = delete;

  // The run that the calling thread is in; null outside of any.
  static KeptMode*& Current() {
    thread_local KeptMode* current = nullptr;
    return current;
  }

  std::optional<Mode> mode;

 private:
  KeptMode* outer_;
};

}  // namespace fplab::proptests

#endif  // FPLAB_PROPTESTS_PROPERTY_KEPT_MODE_H_
