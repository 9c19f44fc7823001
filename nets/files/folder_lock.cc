// Locks by flock(2), which the system frees with its holder.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/files/folder_lock.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <string>
#include <string_view>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/nets/files/descriptor.h>
#include <fplab/nets/files/system_calls.h>

namespace fplab::nets {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxHolder = 512;

// "process 12 on host name since 2017-09-29 12:00:00 UTC".
std::string ThisProcess() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  std::array<char, 32> time{};
  if (::gmtime_r(&now, &utc) != nullptr) std::strftime(time.data(), time.size(), "%Y-%m-%d %H:%M:%S", &utc);
  return fmt::format("process {} on host {} since {} UTC", ::getpid(), host.data(), time.data());
}

// What the holder wrote, as one line of printable ASCII: anybody may have written the file.
std::string Holder(const Descriptor& file) {
  std::array<char, kMaxHolder> bytes;
  const ssize_t got = Uninterrupted([&] { return Calls().Read(file.get(), bytes.data(), bytes.size()); });
  std::string holder;
  for (const char c : std::string_view(bytes.data(), got > 0 ? static_cast<size_t>(got) : 0)) {
    if (c >= ' ' && c <= '~') holder += c;
  }
  return holder.empty() ? "another process" : holder;
}

// Whether the file is still the one of that name: its last holder may have deleted it before the lock was ours.
bool IsAt(const Descriptor& file, const fs::path& path) {
  struct stat ours, there;
  if (Uninterrupted([&] { return Calls().Fstat(file.get(), &ours); }) != 0) ThrowSystemError(path, "lock", errno);
  if (Uninterrupted([&] { return Calls().Lstat(path.c_str(), &there); }) != 0) {
    if (errno != ENOENT) ThrowSystemError(path, "lock", errno);
    return false;
  }
  return ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

// What a killed process of another user left may only be read: that is enough to lock it.
Descriptor Open(const fs::path& path, bool& writable) {
  Descriptor file(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK);
  writable = file.get() >= 0;
  if (writable || errno != EACCES) return file;
  return Descriptor(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
}

// Opens and locks the file; the folder is in use if that can't be done.
Descriptor Lock(const fs::path& folder, const fs::path& path) {
  while (true) {
    bool writable = false;
    Descriptor file = Open(path, writable);
    if (file.get() < 0) ThrowSystemError(path, "lock", errno);
    if (Uninterrupted([&] { return Calls().Flock(file.get(), LOCK_EX | LOCK_NB); }) != 0) {
      if (errno == EWOULDBLOCK) throw Error("{}: is in use by {}", folder.string(), Holder(file));
      ThrowSystemError(path, "lock", errno);
    }
    if (!IsAt(file, path)) continue;
    if (writable) return file;
    // Its holder is dead, and nobody else has it locked: a file of our own takes its place.
    if (Uninterrupted([&] { return Calls().Unlink(path.c_str()); }) != 0) ThrowSystemError(path, "lock", errno);
  }
}

}  // namespace

struct FolderLock::Held {
  fs::path path;
  Descriptor file;
  pid_t process = ::getpid();

  // Deleted before it is freed: afterwards the file may be another's. A child by fork() is not who took the lock.
  ~Held() {
    if (file.get() >= 0 && process == ::getpid()) Uninterrupted([this] { return Calls().Unlink(path.c_str()); });
  }
};

FolderLock::FolderLock(const fs::path& folder) : held_(std::make_unique<Held>()) {
  const ScopedGuest guest;  // paths of the standard library compute
  held_->path = folder / ".lock";
  held_->file = Lock(folder, held_->path);
  int error = held_->file.Truncate(0);
  if (error == 0) error = held_->file.WriteAll(ThisProcess() + "\n");
  if (error != 0) ThrowSystemError(held_->path, "write", error);
}

FolderLock::~FolderLock() = default;
FolderLock::FolderLock(FolderLock&&) noexcept = default;
FolderLock& FolderLock::operator=(FolderLock&&) noexcept = default;

}  // namespace fplab::nets
