// The processor by what Linux says of it.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/kernels/core/processor_name.h>

#include <sys/utsname.h>

#include <fstream>

namespace fplab::kernels {
namespace {

std::string MachineKind() {
  utsname system;
  return uname(&system) == 0 ? system.machine : "unknown";
}

}  // namespace

std::string ProcessorName() {
  std::string name, details;
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line) && !line.empty();) {  // the first processor
    const size_t colon = line.find(": ");
    if (colon == std::string::npos) continue;
    const std::string key = line.substr(0, line.find_last_not_of(" \t:", colon) + 1), value = line.substr(colon + 2);
    if (key == "model name") name = value;
    if (key == "cpu family" || key == "model") details += (details.empty() ? "" : ", ") + key + " " + value;
  }
  if (name.empty()) name = MachineKind();
  return details.empty() ? name : name + " (" + details + ")";
}

}  // namespace fplab::kernels
