// A walk that keeps going.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/folder_walk.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

namespace fplab::tools {
namespace {

namespace fs = std::filesystem;

const char* KindOf(fs::file_type type) {
  switch (type) {
    case fs::file_type::fifo:
      return "a pipe";
    case fs::file_type::socket:
      return "a socket";
    case fs::file_type::block:
    case fs::file_type::character:
      return "a device";
    default:
      return "of an unknown kind";
  }
}

// Whether `path` is `folder` or lies below it; both without links.
bool IsBelow(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

class Walk {
 public:
  Walk(const std::string& folder, const std::function<void(const FolderEntry&)>& each)
      : each_(each), folder_(fs::canonical(folder, error_)) {}

  void Run(const fs::path& top) {
    std::vector<fs::path> pending = {top};  // the last is the next
    while (!pending.empty()) {
      const fs::path path = std::move(pending.back());
      pending.pop_back();
      const std::vector<fs::path> entries = path == top || IsFolder(path) ? List(path) : std::vector<fs::path>();
      pending.insert(pending.end(), entries.rbegin(), entries.rend());
    }
  }

 private:
  // Whether it is a folder to go into; everything else is told.
  bool IsFolder(const fs::path& path) {
    std::error_code error;
    const fs::file_type type = fs::symlink_status(path, error).type();
    if (error) {
      Tell(FolderEntry::kUnreadable, path, error.message());
    } else if (type == fs::file_type::regular) {
      Tell(FolderEntry::kFile, path, "");
    } else if (type == fs::file_type::symlink) {
      Link(path);
    } else if (type != fs::file_type::directory) {
      Tell(FolderEntry::kOther, path, KindOf(type));
    }
    return !error && type == fs::file_type::directory;
  }

  void Link(const fs::path& path) {
    std::error_code error;
    const fs::path target = fs::canonical(path, error);
    if (error == std::errc::too_many_symbolic_link_levels) {
      Tell(FolderEntry::kOther, path, "a symbolic link that leads in a circle");
    } else if (!error && !error_ && !IsBelow(target, folder_)) {
      Tell(FolderEntry::kOther, path, "a symbolic link that leads out of the folder");
    }
  }

  std::vector<fs::path> List(const fs::path& folder) {
    std::vector<fs::path> entries;
    std::error_code error;
    fs::directory_iterator entry(folder, error), end;
    while (!error && entry != end) {
      entries.push_back(entry->path());
      entry.increment(error);
    }
    if (error) Tell(FolderEntry::kUnreadable, folder, error.message());
    std::sort(entries.begin(), entries.end());
    return entries;
  }

  void Tell(FolderEntry::Kind kind, const fs::path& path, const std::string& what) {
    each_({kind, path.string(), what});
  }

  const std::function<void(const FolderEntry&)>& each_;
  std::error_code error_;
  fs::path folder_;  // without links; used unless error_
};

}  // namespace

void WalkFolder(const std::string& folder, const std::function<void(const FolderEntry&)>& each) {
  Walk(folder, each).Run(folder);
}

}  // namespace fplab::tools
