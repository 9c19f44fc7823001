// Atomic replacement of files by POSIX means: O_EXCL, fsync, rename, fsync of the folder.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/files/atomic_file.h>

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/nets/files/descriptor.h>
#include <fplab/nets/files/system_calls.h>

namespace fplab::nets {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemporaryEnd = ".tmp";

fs::path Folder(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

std::string TemporaryPrefix(const fs::path& path) { return "." + path.filename().string() + "."; }

// Whether a file of that name is a temporary of the file whose prefix is given: 16 hexadecimal digits follow, or
// PID.SERIAL as version 0.1 had it.
bool IsTemporary(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix) || !name.ends_with(kTemporaryEnd)) return false;
  if (name.size() <= prefix.size() + kTemporaryEnd.size()) return false;
  name.remove_prefix(prefix.size());
  name.remove_suffix(kTemporaryEnd.size());
  const bool random = name.size() == 16 && name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return random || (name.find_first_not_of("0123456789.") == std::string_view::npos &&
                    std::count(name.begin(), name.end(), '.') == 1);
}

uint64_t RandomWord(const fs::path& path) {
  uint64_t word = 0;
  const ssize_t got = Uninterrupted([&] { return Calls().Getrandom(&word, sizeof(word)); });
  if (got != sizeof(word)) ThrowSystemError(path, "write", got < 0 ? errno : EIO);
  return word;
}

struct Temporary {
  fs::path path;
  Descriptor file;
};

// A new file beside `path`. Its name is random, not made of a process id: what a killed writer left behind is in
// nobody's way, also where a container gives every process the same id.
Temporary OpenTemporary(const fs::path& path) {
  constexpr int kTries = 16;  // two equal words of 64 bits already mean a broken source
  int error = EEXIST;
  for (int i = 0; i < kTries && error == EEXIST; ++i) {
    Temporary temporary;
    temporary.path = Folder(path) / fmt::format("{}{:016x}{}", TemporaryPrefix(path), RandomWord(path), kTemporaryEnd);
    temporary.file = Descriptor(temporary.path, O_WRONLY | O_CREAT | O_EXCL);
    if (temporary.file.get() >= 0) return temporary;
    error = errno;
  }
  ThrowSystemError(path, "write", error);
}

// Renaming over a device or a folder would replace it.
void RequireReplaceable(const fs::path& path) {
  struct stat status;
  if (Uninterrupted([&] { return Calls().Stat(path.c_str(), &status); }) != 0) {
    if (errno != ENOENT) ThrowSystemError(path, "write", errno);
  } else if (!S_ISREG(status.st_mode)) {
    throw Error("{}: not a regular file", path.string());
  }
}

// Without it a crash of the machine may lose a new name in the folder. Returns 0 or the errno of the failure.
int SyncFolder(const fs::path& folder) {
  Descriptor descriptor(folder, O_RDONLY | O_DIRECTORY);
  if (descriptor.get() < 0) return errno == EACCES ? 0 : errno;  // a folder that may be written but not read
  return descriptor.Sync();
}

// Returns 0 or the errno of the failure; all that is there is as good as made.
int MakeFolders(const fs::path& path) {
  struct stat status;
  if (Uninterrupted([&] { return Calls().Stat(path.c_str(), &status); }) == 0 && S_ISDIR(status.st_mode)) return 0;
  const fs::path parent = Folder(path);
  if (parent != path && parent != ".") {
    if (const int error = MakeFolders(parent); error != 0 && error != EEXIST) return error;
  }
  if (Uninterrupted([&] { return Calls().Mkdir(path.c_str()); }) != 0) return errno;
  return SyncFolder(parent);
}

bool IsFolder(const fs::path& path) {
  struct stat status;
  return Uninterrupted([&] { return Calls().Stat(path.c_str(), &status); }) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace

int WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = Uninterrupted([&] { return Calls().Write(descriptor, bytes.data(), bytes.size()); });
    if (written < 0) return errno;
    if (written == 0) return EIO;  // no file does so, and to try again could be for ever
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return 0;
}

void WriteFileAtomically(const fs::path& path, const std::function<void(const ByteSink& sink)>& content) {
  const ScopedGuest guest;  // paths of the standard library compute
  RequireReplaceable(path);
  Temporary temporary = OpenTemporary(path);
  const auto require = [&path](int error) {
    if (error != 0) ThrowSystemError(path, "write", error);
  };
  try {
    content([&](std::string_view bytes) { require(temporary.file.WriteAll(bytes)); });
    require(temporary.file.Sync());
    require(temporary.file.Close());
    const auto rename = [&] { return Calls().Rename(temporary.path.c_str(), path.c_str()); };
    require(Uninterrupted(rename) == 0 ? 0 : errno);
  } catch (...) {
    Uninterrupted([&] { return Calls().Unlink(temporary.path.c_str()); });
    throw;
  }
  if (const int error = SyncFolder(Folder(path))) ThrowSystemError(Folder(path), "sync the folder", error);
}

void WriteFileAtomically(const fs::path& path, std::string_view bytes) {
  WriteFileAtomically(path, [bytes](const ByteSink& sink) { sink(bytes); });
}

void RemoveStaleTemporaries(const fs::path& path) {
  const ScopedGuest guest;  // paths of the standard library compute
  std::error_code error;
  const std::string prefix = TemporaryPrefix(path);
  std::vector<fs::path> stale;
  for (fs::directory_iterator entry(Folder(path), error), end; !error && entry != end; entry.increment(error)) {
    if (IsTemporary(entry->path().filename().string(), prefix)) stale.push_back(entry->path());
  }
  for (const fs::path& file : stale) {
    Uninterrupted([&] { return Calls().Unlink(file.c_str()); });
  }
}

bool Exists(const fs::path& path) {
  struct stat status;
  if (Uninterrupted([&] { return Calls().Lstat(path.c_str(), &status); }) == 0) return true;
  if (errno != ENOENT && errno != ENOTDIR) ThrowSystemError(path, "look for the file", errno);
  return false;
}

void CreateFolder(const fs::path& path) {
  const ScopedGuest guest;  // paths of the standard library compute
  const int error = MakeFolders(path);
  if (error == EEXIST) {
    if (!IsFolder(path)) throw Error("{}: exists and is not a folder", path.string());
  } else if (error != 0) {
    ThrowSystemError(path, "create the folder", error);
  }
}

std::string ReadFile(const fs::path& path, uintmax_t max_bytes) {
  const ScopedGuest guest;  // paths of the standard library compute
  // O_NONBLOCK: a FIFO must be refused, not waited for.
  const Descriptor file(path, O_RDONLY | O_NONBLOCK);
  struct stat status;
  if (file.get() < 0 || Uninterrupted([&] { return Calls().Fstat(file.get(), &status); }) != 0) {
    ThrowSystemError(path, "read", errno);
  }
  if (!S_ISREG(status.st_mode)) throw Error("{}: not a regular file", path.string());
  const auto size = static_cast<uintmax_t>(status.st_size);
  if (size > max_bytes) throw Error("{}: {} bytes, expected at most {}", path.string(), size, max_bytes);
  std::string bytes(size, '\0');
  size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t got =
        Uninterrupted([&] { return Calls().Read(file.get(), bytes.data() + filled, bytes.size() - filled); });
    if (got < 0) ThrowSystemError(path, "read", errno);
    if (got == 0) break;  // shortened meanwhile
    filled += static_cast<size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

}  // namespace fplab::nets
