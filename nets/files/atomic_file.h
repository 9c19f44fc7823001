// Whole files, written so that a reader or a crash sees the old content or the new, nothing between; and whole files
// read.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_FILES_ATOMIC_FILE_H_
#define FPLAB_NETS_FILES_ATOMIC_FILE_H_

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include <fplab/fparith/float/export.h>

namespace fplab::nets {

// Writes a temporary file in the folder of `path` (.NAME.16-random-hex-digits.tmp), syncs it, renames it to `path`,
// syncs the folder, which must exist. Throws Error with the path and the system's reason; then the temporary is gone,
// and the old file, if any, is untouched unless it was the last step, the sync of the folder, that failed. Threads and
// processes may write the same path at once: one of them wins. What a killed process left is in nobody's way.
FPLAB_EXPORT void WriteFileAtomically(const std::filesystem::path& path, std::string_view bytes);

// Takes the next bytes of a file.
using ByteSink = std::function<void(std::string_view bytes)>;

// The same, of bytes that need not be in memory all at once: content(sink) is called once, on this thread, and gives
// them to the sink piece by piece, which throws Error if they can't be written. What `content` throws comes out, as for
// any other failure with the temporary gone and the old file untouched.
FPLAB_EXPORT void WriteFileAtomically(const std::filesystem::path& path,
                                      const std::function<void(const ByteSink& sink)>& content);

// Deletes temporaries of `path` that a killed process left, as far as that can be done. Call only when nobody else
// writes `path`: whose temporary it deletes, his write fails.
FPLAB_EXPORT void RemoveStaleTemporaries(const std::filesystem::path& path);

// Whether there is anything of that name, be it a link to nowhere. Throws Error if that can't be known.
FPLAB_EXPORT bool Exists(const std::filesystem::path& path);

// Creates the folder and its parents where missing, and syncs the folders that hold them. Throws Error with the path
// and the system's reason.
FPLAB_EXPORT void CreateFolder(const std::filesystem::path& path);

// The content of a regular file. Throws Error if it is missing, not a regular file, unreadable, or longer than
// max_bytes.
FPLAB_EXPORT std::string ReadFile(const std::filesystem::path& path, uintmax_t max_bytes);

// Writes all of `bytes` to an open file descriptor; returns 0 or the errno of the failure.
FPLAB_EXPORT int WriteAll(int descriptor, std::string_view bytes);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_FILES_ATOMIC_FILE_H_
