// ByteReader: the bytes of a file or of memory, decompressed on the way if they are gzip.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_FILES_BYTE_READER_H_
#define FPLAB_NETS_FILES_BYTE_READER_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <fplab/fparith/float/export.h>

namespace fplab::nets {

// Gzip is recognised by its first two bytes; members may follow one another, anything else after one is an error.
// Memory: a small constant, whatever the stream says or expands to.
class FPLAB_EXPORT ByteReader {
 public:
  // Throws Error if `path` is missing, unreadable or not a regular file.
  explicit ByteReader(const std::filesystem::path& path);
  // `bytes` must outlive the reader; `name` stands for it in messages.
  ByteReader(std::string_view bytes, std::string name);
  ~ByteReader();
  ByteReader(const ByteReader&) = delete;
  ByteReader& operator=(const ByteReader&) = delete;

  // The next `size` bytes, or fewer at the end. Throws Error if the stream is damaged or ends inside a gzip member.
  size_t Read(uint8_t* out, size_t size);

  // No more bytes than this can come out: the size itself, or for gzip what DEFLATE can at most expand to.
  uint64_t max_size() const;
  bool compressed() const { return inflater_ != nullptr; }
  const std::string& name() const { return name_; }

 private:
  struct Source;
  struct Inflater;

  void DetectGzip();

  std::string name_;
  std::unique_ptr<Source> source_;
  std::unique_ptr<Inflater> inflater_;
};

// All bytes of the reader. Throws Error if there are more than max_bytes.
FPLAB_EXPORT std::string ReadAll(ByteReader& reader, size_t max_bytes);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_FILES_BYTE_READER_H_
