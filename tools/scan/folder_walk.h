// All that lies in a folder, in order, without following links out of it or around in it.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_SCAN_FOLDER_WALK_H_
#define FPLAB_TOOLS_SCAN_FOLDER_WALK_H_

#include <functional>
#include <string>

namespace fplab::tools {

struct FolderEntry {
  enum Kind {
    kFile,       // a regular file
    kOther,      // a pipe, device or socket, a link that leads out of the folder or in a circle: `what` says so
    kUnreadable  // a folder or entry that could not be looked at: `what` is the reason
  };
  Kind kind = kFile;
  std::string path;
  std::string what;
};

// Calls `each` for every entry below `folder`, ascending by name in each folder, whatever fails on the way. Symbolic
// links are not followed: one that leads into the folder is passed over in silence, since what it leads to is seen
// where it is.
void WalkFolder(const std::string& folder, const std::function<void(const FolderEntry&)>& each);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_SCAN_FOLDER_WALK_H_
