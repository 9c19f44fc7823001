// Open files and folders.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/files/descriptor.h>

#include <utility>

#include <fplab/nets/files/atomic_file.h>
#include <fplab/nets/files/system_calls.h>

namespace fplab::nets {

Descriptor::Descriptor(const std::filesystem::path& path, int flags)
    : value_(Uninterrupted([&] { return Calls().Open(path.c_str(), flags); })) {}

Descriptor::~Descriptor() { Close(); }

Descriptor::Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(value_, other.value_);
  return *this;
}

int Descriptor::WriteAll(std::string_view bytes) const { return nets::WriteAll(value_, bytes); }

int Descriptor::Sync() const {
  if (Uninterrupted([this] { return Calls().Fsync(value_); }) == 0) return 0;
  return errno == EINVAL ? 0 : errno;
}

int Descriptor::Truncate(uint64_t size) const {
  return Uninterrupted([&] { return Calls().Ftruncate(value_, static_cast<off_t>(size)); }) == 0 ? 0 : errno;
}

int Descriptor::Close() {
  if (value_ < 0) return 0;
  const int result = Calls().Close(std::exchange(value_, -1));
  // Linux has closed it all the same: a second try could close another thread's file.
  return result == 0 || errno == EINTR ? 0 : errno;
}

}  // namespace fplab::nets
