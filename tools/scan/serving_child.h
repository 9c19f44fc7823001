// A child process that answers requests through pipes, and is not trusted to answer, to live or to end.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_SERVING_CHILD_H_
#define FPLAB_TOOLS_SCAN_SERVING_CHILD_H_

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "tools/scan/limited_child.h"

namespace fplab::tools {

// What became of a child that answers no more.
struct ChildEnd {
  enum class How { kExited, kKilled, kLate, kProcessorTime, kInterrupted, kNotStarted };
  How how;
  int number;  // kExited: its exit status; kKilled: the signal; kNotStarted: errno; otherwise 0
};

// The child lives as long as the object; it and every process that came of it is killed with it. Made and ended by one
// thread at a time, several of them at once; used by one thread at a time.
class ServingChild {
 public:
  // In the child: reads requests, writes answers; when it returns, the child ends.
  using Serve = std::function<void(int requests, int answers)>;

  // Starts a child in a session of its own under `limits`, of which limits.seconds is the most that each Send and
  // Receive may wait. `interrupt`, if not null, ends it as soon as that is set. Throws Error if there is no pipe.
  ServingChild(const Serve& serve, const LoadLimits& limits, const std::atomic<bool>* interrupt = nullptr);
  ~ServingChild();
  ServingChild(const ServingChild&) = delete;
  ServingChild& operator=(const ServingChild&) = delete;

  // False once the child has ended, for whatever reason: end() says which.
  bool Send(const void* bytes, size_t size);
  bool Receive(void* bytes, size_t size);
  // Ends it now.
  void Stop();

  const std::optional<ChildEnd>& end() const { return end_; }

  // For the child: whole blocks, false at the end of the pipe.
  static bool WriteWhole(int descriptor, const void* bytes, size_t size);
  static bool ReadWhole(int descriptor, void* bytes, size_t size);

 private:
  bool Transfer(void* bytes, size_t size, bool send);
  // Ends the child for this reason; kExited means by itself, for what reason is found out.
  void End(ChildEnd end);
  void Kill(int& status);
  void Close();

  LoadLimits limits_;
  const std::atomic<bool>* interrupt_;
  std::optional<Subreaper> subreaper_;
  std::vector<pid_t> children_before_;
  pid_t child_ = -1;
  int requests_ = -1, answers_ = -1;
  std::optional<ChildEnd> end_;
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_SERVING_CHILD_H_
