// A regular file that somebody else made, opened so that nothing can wait or lead elsewhere.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_OUTSIDE_FILE_H_
#define FPLAB_TOOLS_SCAN_OUTSIDE_FILE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <fplab/nets/files/byte_source.h>

namespace fplab::tools {

class OutsideFile : public nets::ByteSource {
 public:
  enum class Links { kFollow, kRefuse };

  // Throws Error "PATH: reason" if the path can't be opened or is no regular file. Pipes and devices are not waited
  // for; with kRefuse the last part of the path may be no symbolic link.
  OutsideFile(const std::string& path, Links links);
  ~OutsideFile() override;
  OutsideFile(const OutsideFile&) = delete;
  OutsideFile& operator=(const OutsideFile&) = delete;

  uint64_t size() const override { return size_; }
  void Read(uint64_t offset, std::span<uint8_t> out) const override;

  // The first bytes, up to `count`, as many as there are.
  std::vector<uint8_t> ReadHead(uint64_t count) const;
  // All of it. Throws Error if that is more than `most` bytes.
  std::vector<uint8_t> ReadAll(uint64_t most) const;

 private:
  std::string path_;
  int descriptor_ = -1;
  uint64_t size_ = 0;
};

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_OUTSIDE_FILE_H_
