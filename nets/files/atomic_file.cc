// Atomic replacement of files by POSIX means: O_EXCL, fsync, rename, fsync of the folder.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/files/atomic_file.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>
#include <vector>

#include <fplab/fparith/float/error.h>

namespace fplab::nets {
namespace {

namespace fs = std::filesystem;

std::string Reason(int error) { return std::generic_category().message(error); }

[[noreturn]] void Fail(const fs::path& path, const char* action, int error) {
  throw Error("{}: cannot {}: {}", path.string(), action, Reason(error));
}

class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags) : value_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return value_; }
  // Some file systems report a failed write only here.
  int Close() {
    const int result = ::close(value_);
    value_ = -1;
    return result == 0 ? 0 : errno;
  }

 private:
  int value_;
};

fs::path Folder(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

std::string TemporaryPrefix(const fs::path& path) { return "." + path.filename().string() + "."; }

fs::path TemporaryPath(const fs::path& path) {
  static std::atomic<unsigned> serial{0};
  return Folder(path) / fmt::format("{}{}.{}.tmp", TemporaryPrefix(path), ::getpid(), serial++);
}

// Renaming over a device or a folder would replace it.
void RequireReplaceable(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) throw Error("{}: not a regular file", path.string());
}

int SyncAndClose(Descriptor& file) {
  if (::fsync(file.get()) != 0) return errno;
  return file.Close();
}

// Without it a crash of the machine may lose the new name. A file system that cannot sync a folder (EINVAL) has no
// stronger promise to give.
void SyncFolder(const fs::path& folder) {
  Descriptor descriptor(folder, O_RDONLY | O_DIRECTORY);
  if (descriptor.get() < 0) return;  // a folder that may be written but not read
  if (::fsync(descriptor.get()) != 0 && errno != EINVAL) Fail(folder, "sync the folder", errno);
}

}  // namespace

int WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return 0;
}

void WriteFileAtomically(const fs::path& path, const std::function<void(const ByteSink& sink)>& content) {
  RequireReplaceable(path);
  const fs::path temporary = TemporaryPath(path);
  Descriptor file(temporary, O_WRONLY | O_CREAT | O_EXCL);
  if (file.get() < 0) Fail(path, "write", errno);
  try {
    content([&](std::string_view bytes) {
      if (const int error = WriteAll(file.get(), bytes)) Fail(path, "write", error);
    });
    if (const int error = SyncAndClose(file)) Fail(path, "write", error);
    if (::rename(temporary.c_str(), path.c_str()) != 0) Fail(path, "write", errno);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
  SyncFolder(Folder(path));
}

void WriteFileAtomically(const fs::path& path, std::string_view bytes) {
  WriteFileAtomically(path, [bytes](const ByteSink& sink) { sink(bytes); });
}

void RemoveStaleTemporaries(const fs::path& path) {
  std::error_code error;
  const std::string prefix = TemporaryPrefix(path);
  std::vector<fs::path> stale;
  for (const auto& entry : fs::directory_iterator(Folder(path), error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(prefix) && name.ends_with(".tmp")) stale.push_back(entry.path());
  }
  for (const fs::path& file : stale) fs::remove(file, error);
}

void CreateFolder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) throw Error("{}: cannot create the folder: {}", path.string(), error.message());
  if (!fs::is_directory(path, error)) throw Error("{}: exists and is not a folder", path.string());
}

std::string ReadFile(const fs::path& path, uintmax_t max_bytes) {
  // O_NONBLOCK: a FIFO must be refused, not waited for.
  Descriptor file(path, O_RDONLY | O_NONBLOCK);
  if (file.get() < 0) Fail(path, "read", errno);
  struct stat status;
  if (::fstat(file.get(), &status) != 0) Fail(path, "read", errno);
  if (!S_ISREG(status.st_mode)) throw Error("{}: not a regular file", path.string());
  const auto size = static_cast<uintmax_t>(status.st_size);
  if (size > max_bytes) throw Error("{}: {} bytes, expected at most {}", path.string(), size, max_bytes);
  std::string bytes(size, '\0');
  size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t got = ::read(file.get(), bytes.data() + filled, bytes.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) Fail(path, "read", errno);
    if (got == 0) break;  // shortened meanwhile
    filled += static_cast<size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

}  // namespace fplab::nets
