// FolderLock: one process at a time writes a folder.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_FILES_FOLDER_LOCK_H_
#define FPLAB_NETS_FILES_FOLDER_LOCK_H_

#include <filesystem>
#include <memory>

#include <fplab/fparith/float/export.h>

namespace fplab::nets {

// An advisory lock (flock(2)) on FOLDER/.lock, held as long as the object lives. The system frees it when its holder
// dies, however it dies, so that no lock is ever stale; the file of a killed holder stays, and the next holder takes it
// over. Children that a program makes by fork() without exec() hold it too, as long as they live; the file is deleted
// by the process that made it alone.
class FPLAB_EXPORT FolderLock {
 public:
  // Takes the lock of a folder that exists. Throws Error if it is held (the message names process, host and the time
  // since when, as the holder wrote them), be it by this process, and if the file system knows no locks: then nothing
  // keeps two writers apart, and it is refused.
  explicit FolderLock(const std::filesystem::path& folder);
  // Deletes the file and frees the lock.
  ~FolderLock();
  FolderLock(FolderLock&&) noexcept;
  FolderLock& operator=(FolderLock&&) noexcept;

 private:
  struct Held;
  std::unique_ptr<Held> held_;
};

}  // namespace fplab::nets

#endif  // FPLAB_NETS_FILES_FOLDER_LOCK_H_
