// Descriptor: an open file or folder, closed when it goes.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_FILES_DESCRIPTOR_H_
#define FPLAB_NETS_FILES_DESCRIPTOR_H_

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace fplab::nets {

// The functions that return an int return 0, or the errno of the failure.
class Descriptor {
 public:
  // None; get() is -1.
  Descriptor() = default;
  // As open(); on failure get() is -1, and errno says why.
  Descriptor(const std::filesystem::path& path, int flags);
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;

  int get() const { return value_; }
  int WriteAll(std::string_view bytes) const;
  // What cannot be synced, a pipe or a folder of some file systems, has no stronger promise to give: 0.
  int Sync() const;
  int Truncate(uint64_t size) const;
  // Some file systems report a failed write only here.
  int Close();

 private:
  int value_ = -1;
};

}  // namespace fplab::nets

#endif  // FPLAB_NETS_FILES_DESCRIPTOR_H_
