// The built fplab program as a child process: started with arguments, stopped with signals, its output captured.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_CLI_PROCESS_H_
#define FPLAB_PROPTESTS_SUPPORT_CLI_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fplab {

struct CliOptions {
  std::filesystem::path folder;                  // working directory
  std::optional<uint64_t> file_size_limit = {};  // writing beyond it fails, as on a full disk
  std::optional<std::string> stdout_path = {};   // an existing file or device instead of the capture
  std::string stdin_path = "/dev/null";          // an existing file
  bool terminal = false;                         // stderr is a terminal
  unsigned short columns = 200;                  // of that terminal
  std::vector<int> closed = {};                  // of the descriptors 0, 1, 2: not open in the program
  std::vector<int> ignored = {};                 // signals that the program finds ignored
  bool reader_gone = false;                      // stdout is a pipe that nobody reads
  bool obeys_permissions = false;                // even as root; status 125 where root can't
  std::vector<std::string> launcher = {};        // the program that starts fplab, with its arguments
  std::vector<std::pair<std::string, std::string>> environment = {};  // variables beside those there are
};

struct CliResult {
  int status = -1;  // exit status; 1000 + the signal that ended the process
  std::string out, err;
};

// A running fplab. The destructor kills what still runs.
class CliProcess {
 public:
  CliProcess(const std::vector<std::string>& arguments, const CliOptions& options);
  ~CliProcess();
  CliProcess(const CliProcess&) = delete;
  CliProcess& operator=(const CliProcess&) = delete;

  void Signal(int signal) const;
  // Stops the process, as SIGSTOP does, and waits until it stands still.
  void Freeze() const;
  pid_t pid() const { return pid_; }
  bool Running();
  // Waits for the end; what has not ended after two minutes (half an hour under an emulator) is killed, and the status
  // says so.
  CliResult Wait();
  // What a terminal on stderr has shown so far.
  std::string TerminalOutput();

 private:
  bool Reap(bool block);

  std::filesystem::path capture_;  // folder with the captured output
  pid_t pid_ = -1;
  int terminal_ = -1;
  std::string terminal_output_;
  std::optional<int> status_;
};

// Starts fplab and waits for it.
CliResult RunCli(const std::vector<std::string>& arguments, const CliOptions& options);

// Every file below a folder, relative, hidden ones too, sorted; folders end in '/'.
std::vector<std::string> Tree(const std::filesystem::path& folder);

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_CLI_PROCESS_H_
