// ZipArchive: the members of a .zip or .whl file, none of which is trusted (PKWARE APPNOTE.TXT 6.3.10, zip64 included).
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_FILES_ZIP_ARCHIVE_H_
#define FPLAB_NETS_FILES_ZIP_ARCHIVE_H_

#include <cstdint>
#include <string>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/files/byte_source.h>

namespace fplab::nets {

struct ZipMember {
  std::string name;  // as it stands there: a path that nothing is ever written to
  uint64_t compressed = 0, size = 0;
  uint64_t offset = 0;  // of its local header
  uint16_t method = 0, flags = 0;
  uint32_t crc = 0;
  bool IsFolder() const { return name.ends_with('/'); }
};

class FPLAB_EXPORT ZipArchive {
 public:
  // Reads the central directory of `source`, which must outlive the archive; `name` begins messages. Throws Error:
  // "NAME: malformed: ..." or "NAME: not examined: ..." for what is refused: several disks, more members than
  // kMaxMembers.
  ZipArchive(const ByteSource& source, std::string name);

  static constexpr size_t kMaxMembers = 200000;
  const std::vector<ZipMember>& members() const { return members_; }

  // The first bytes of a member, up to `count`. Stored and deflated members can be read; throws Error for others, for
  // encrypted ones and for what does not decompress.
  std::vector<uint8_t> ReadHead(const ZipMember& member, uint64_t count) const;
  // All of a member, checked against its size and CRC. Throws Error as ReadHead, and if it has more than `most` bytes;
  // never allocates more than those.
  std::vector<uint8_t> ReadAll(const ZipMember& member, uint64_t most) const;

 private:
  struct Directory {
    uint64_t begin = 0, size = 0, members = 0;
    uint64_t before = 0;  // bytes before the archive, which its offsets don't count
  };
  [[noreturn]] void Malformed(const std::string& what) const;
  std::vector<uint8_t> ReadBytes(uint64_t offset, uint64_t count, const char* what) const;
  Directory FindDirectory() const;
  bool ReadZip64(uint64_t end, Directory& directory) const;
  void ReadMembers(const Directory& directory);
  uint64_t DataOffset(const ZipMember& member) const;
  std::vector<uint8_t> Extract(const ZipMember& member, uint64_t count, bool whole) const;

  const ByteSource& source_;
  std::string name_;
  uint64_t before_ = 0;
  std::vector<ZipMember> members_;
};

}  // namespace fplab::nets

#endif  // FPLAB_NETS_FILES_ZIP_ARCHIVE_H_
