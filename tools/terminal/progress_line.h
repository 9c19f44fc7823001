// ProgressLine: one line on stderr that is written over while long work goes on; in a file or a pipe, lines now and
// then. SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_TERMINAL_PROGRESS_LINE_H_
#define FPLAB_TOOLS_TERMINAL_PROGRESS_LINE_H_

#include <chrono>
#include <functional>
#include <string>

namespace fplab::tools {

class ProgressLine {
 public:
  // Shows nothing unless `wanted`. Where stderr is no terminal a line is added every `log_every`, the first when so
  // much time has passed; never if it is zero.
  explicit ProgressLine(bool wanted, std::chrono::milliseconds log_every = {});
  ~ProgressLine() { Clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // To be called as often as there is news: shows what `text` returns, on a terminal at most five times a second and as
  // much of it as one line holds.
  void Show(const std::function<std::string()>& text);

  // Takes the line away, for what is printed next.
  void Clear();

 private:
  void Log(const std::function<std::string()>& text);

  bool shown_;   // on a terminal
  bool logged_;  // elsewhere
  std::chrono::milliseconds log_every_;
  bool on_screen_ = false;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_TERMINAL_PROGRESS_LINE_H_
