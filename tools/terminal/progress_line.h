// ProgressLine: one line on stderr that is written over while long work goes on; on a terminal only.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_TERMINAL_PROGRESS_LINE_H_
#define FPLAB_TOOLS_TERMINAL_PROGRESS_LINE_H_

#include <chrono>
#include <functional>
#include <string>

namespace fplab::tools {

class ProgressLine {
 public:
  // Shows nothing unless `wanted` and stderr is a terminal.
  explicit ProgressLine(bool wanted);
  ~ProgressLine() { Clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // To be called as often as there is news: shows what `text` returns, at most five times a second, as
  // much of it as one line of the terminal holds.
  void Show(const std::function<std::string()>& text);

  // Takes the line away, for what is printed next.
  void Clear();

 private:
  bool shown_;
  bool on_screen_ = false;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_TERMINAL_PROGRESS_LINE_H_
