// open, fstat, pread.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/outside_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fplab/fparith/float/outside_text.h>

namespace fplab::tools {

OutsideFile::OutsideFile(const std::string& path, Links links) : path_(Printable(path)) {
  const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (links == Links::kRefuse ? O_NOFOLLOW : 0);
  // A device may do something when it is opened: look before.
  struct stat status {};
  const int seen = links == Links::kRefuse ? lstat(path.c_str(), &status) : stat(path.c_str(), &status);
  if (seen != 0) throw Error("{}: {}", path_, std::strerror(errno));
  if (!S_ISREG(status.st_mode)) throw Error("{}: not a regular file", path_);
  descriptor_ = open(path.c_str(), flags);
  if (descriptor_ < 0) throw Error("{}: {}", path_, std::strerror(errno));
  if (fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) {
    close(descriptor_);
    throw Error("{}: not a regular file", path_);
  }
  size_ = static_cast<uint64_t>(status.st_size);
}

OutsideFile::~OutsideFile() { close(descriptor_); }

void OutsideFile::Read(uint64_t offset, std::span<uint8_t> out) const {
  if (offset > size_ || out.size() > size_ - offset) {
    throw Error("{}: truncated: {} bytes at offset {} of {}", path_, out.size(), offset, size_);
  }
  while (!out.empty()) {
    const ssize_t got = pread(descriptor_, out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error("{}: {}", path_, std::strerror(errno));
    if (got == 0) throw Error("{}: truncated while it was read", path_);
    out = out.subspan(static_cast<size_t>(got));
    offset += static_cast<uint64_t>(got);
  }
}

std::vector<uint8_t> OutsideFile::ReadHead(uint64_t count) const {
  std::vector<uint8_t> head(std::min(count, size_));
  Read(0, head);
  return head;
}

std::vector<uint8_t> OutsideFile::ReadAll(uint64_t most) const {
  if (size_ > most) throw Error("{}: {} bytes, of which no more than {} are read", path_, size_, most);
  return ReadHead(size_);
}

}  // namespace fplab::tools
