// Reading a zip file from its end, and inflating with zlib.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/files/zip_archive.h>

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <memory>
#include <span>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/outside_text.h>

namespace fplab::nets {
namespace {

constexpr uint64_t kEndBytes = 22, kLocatorBytes = 20, kEnd64Bytes = 56, kEntryBytes = 46, kLocalBytes = 30;
constexpr uint32_t kEndSignature = 0x06054B50, kLocatorSignature = 0x07064B50, kEnd64Signature = 0x06064B50,
                   kEntrySignature = 0x02014B50, kLocalSignature = 0x04034B50;
constexpr uint64_t kMaxComment = 0xFFFF;
constexpr uint16_t kStored = 0, kDeflated = 8, kEncrypted = 1, kZip64Extra = 1;

// A little-endian number of `count` bytes at `at`.
uint64_t Number(std::span<const uint8_t> bytes, size_t at, size_t count) {
  uint64_t value = 0;
  for (size_t i = 0; i < count && at + i < bytes.size(); ++i) value |= uint64_t{bytes[at + i]} << (8 * i);
  return value;
}

// Replaces what a central entry leaves to its zip64 field: those of size, compressed size and offset that are all ones.
void ApplyZip64(std::span<const uint8_t> extra, ZipMember& member) {
  for (size_t at = 0; at + 4 <= extra.size();) {
    const uint64_t id = Number(extra, at, 2), size = Number(extra, at + 2, 2);
    const size_t end = std::min<size_t>(extra.size(), at + 4 + size);
    size_t field = at + 4;
    for (uint64_t* value : {&member.size, &member.compressed, &member.offset}) {
      if (id != kZip64Extra || *value != 0xFFFFFFFF || field + 8 > end) continue;
      *value = Number(extra, field, 8);
      field += 8;
    }
    at = end;
  }
}

}  // namespace

ZipArchive::ZipArchive(const ByteSource& source, std::string name) : source_(source), name_(std::move(name)) {
  const Directory directory = FindDirectory();
  before_ = directory.before;
  ReadMembers(directory);
}

void ZipArchive::Malformed(const std::string& what) const { throw Error("{}: malformed: {}", name_, what); }

std::vector<uint8_t> ZipArchive::ReadBytes(uint64_t offset, uint64_t count, const char* what) const {
  if (offset > source_.size() || count > source_.size() - offset) {
    throw Error("{}: truncated: {} needs {} bytes at offset {}, the file has {} bytes", name_, what, count, offset,
                source_.size());
  }
  std::vector<uint8_t> bytes(count);
  source_.Read(offset, bytes);
  return bytes;
}

ZipArchive::Directory ZipArchive::FindDirectory() const {
  const uint64_t tail_size = std::min(source_.size(), kEndBytes + kMaxComment);
  const uint64_t tail_begin = source_.size() - tail_size;
  const auto tail = ReadBytes(tail_begin, tail_size, "the end of the archive");
  for (size_t at = tail.size() < kEndBytes ? 0 : tail.size() - kEndBytes + 1; at-- > 0;) {
    const auto record = std::span(tail).subspan(at);
    if (Number(record, 0, 4) != kEndSignature || kEndBytes + Number(record, 20, 2) > record.size()) continue;
    if (Number(record, 4, 2) != 0 && Number(record, 4, 2) != 0xFFFF) {
      throw Error("{}: not examined: an archive of several files", name_);
    }
    uint64_t end = tail_begin + at;
    uint64_t offset = Number(record, 16, 4);
    Directory directory{0, Number(record, 12, 4), Number(record, 10, 2), 0};
    if (ReadZip64(end, directory)) {
      offset = directory.begin;
      end -= kLocatorBytes + kEnd64Bytes;
    }
    if (directory.size > end) Malformed("its directory is larger than the file");
    directory.begin = end - directory.size;
    if (offset > directory.begin) Malformed("its directory is not where it says");
    directory.before = directory.begin - offset;
    return directory;
  }
  Malformed("no end of a zip archive");
}

// The zip64 record, if one stands before `end`: sizes go to `directory`, the offset to its begin. Longer records than
// the specification's first version are refused with the offsets that don't fit.
bool ZipArchive::ReadZip64(uint64_t end, Directory& directory) const {
  if (end < kLocatorBytes + kEnd64Bytes) return false;
  const auto locator = ReadBytes(end - kLocatorBytes, kLocatorBytes, "the zip64 locator");
  if (Number(locator, 0, 4) != kLocatorSignature) return false;
  const auto record = ReadBytes(end - kLocatorBytes - kEnd64Bytes, kEnd64Bytes, "the zip64 record");
  if (Number(record, 0, 4) != kEnd64Signature) Malformed("no zip64 record before its locator");
  directory.members = Number(record, 32, 8);
  directory.size = Number(record, 40, 8);
  directory.begin = Number(record, 48, 8);
  return true;
}

void ZipArchive::ReadMembers(const Directory& directory) {
  // An entry takes kEntryBytes and its name, so the directory's size bounds their number.
  if (directory.members > kMaxMembers) {
    throw Error("{}: not examined: {} members, more than {}", name_, directory.members, kMaxMembers);
  }
  constexpr uint64_t kMaxDirectory = kMaxMembers * (kEntryBytes + 1024);
  if (directory.size > kMaxDirectory) throw Error("{}: not examined: a directory of {} bytes", name_, directory.size);
  const auto bytes = ReadBytes(directory.begin, directory.size, "the directory");
  size_t at = 0;
  for (uint64_t i = 0; i < directory.members; ++i) {
    const auto entry = std::span(bytes).subspan(at);
    if (entry.size() < kEntryBytes || Number(entry, 0, 4) != kEntrySignature) Malformed(fmt::format("no entry {}", i));
    const uint64_t name = Number(entry, 28, 2), extra = Number(entry, 30, 2), comment = Number(entry, 32, 2);
    if (kEntryBytes + name + extra + comment > entry.size()) Malformed(fmt::format("entry {} is cut off", i));
    ZipMember member;
    member.name.assign(entry.begin() + kEntryBytes, entry.begin() + static_cast<std::ptrdiff_t>(kEntryBytes + name));
    member.flags = static_cast<uint16_t>(Number(entry, 8, 2));
    member.method = static_cast<uint16_t>(Number(entry, 10, 2));
    member.crc = static_cast<uint32_t>(Number(entry, 16, 4));
    member.compressed = Number(entry, 20, 4);
    member.size = Number(entry, 24, 4);
    member.offset = Number(entry, 42, 4);
    ApplyZip64(entry.subspan(kEntryBytes + name, extra), member);
    members_.push_back(std::move(member));
    at += kEntryBytes + name + extra + comment;
  }
}

uint64_t ZipArchive::DataOffset(const ZipMember& member) const {
  const uint64_t at = before_ + member.offset;
  if (at < before_) Malformed("an offset beyond all files");
  const auto header = ReadBytes(at, kLocalBytes, "a member's header");
  if (Number(header, 0, 4) != kLocalSignature) Malformed(fmt::format("no member at {}", at));
  return at + kLocalBytes + Number(header, 26, 2) + Number(header, 28, 2);
}

// The first `count` bytes of a member, fewer if it has no more; or all of it, which must be `count`.
std::vector<uint8_t> ZipArchive::Extract(const ZipMember& member, uint64_t count, bool whole) const {
  const std::string where = fmt::format("{}({})", name_, Printable(member.name));
  if ((member.flags & kEncrypted) != 0) throw Error("{}: not examined: encrypted", where);
  if (member.method != kStored && member.method != kDeflated) {
    throw Error("{}: not examined: compressed by method {}", where, member.method);
  }
  uint64_t at = DataOffset(member);
  if (at > source_.size() || member.compressed > source_.size() - at) throw Error("{}: truncated", where);
  if (member.method == kStored) {
    if (member.compressed != member.size) throw Error("{}: malformed: stored in another size", where);
    return ReadBytes(at, std::min(count, member.size), "a member");
  }
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw Error("{}: zlib can't be started", where);
  const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&stream, inflateEnd);
  std::vector<uint8_t> out(count);
  std::vector<uint8_t> in;
  uint64_t left = member.compressed;
  uint64_t done = 0;
  int state = Z_OK;
  const uint64_t kChunk = whole ? 1 << 16 : 1 << 9;
  // Past the last byte one more is offered, so that a member that goes on is seen to.
  uint8_t beyond = 0;
  while (state == Z_OK && (done < count || whole)) {
    if (stream.avail_in == 0 && left > 0) {
      in = ReadBytes(at, std::min(left, kChunk), "a member");
      stream.next_in = in.data();
      stream.avail_in = static_cast<uInt>(in.size());
      at += in.size();
      left -= in.size();
    }
    const bool full = done == count;
    const uint64_t room = full ? 1 : std::min<uint64_t>(count - done, uint64_t{1} << 30);
    stream.next_out = full ? &beyond : out.data() + done;
    stream.avail_out = static_cast<uInt>(room);
    state = inflate(&stream, Z_NO_FLUSH);
    const uint64_t made = room - stream.avail_out;
    if (full && made > 0) throw Error("{}: malformed: it is larger than it says", where);
    done += made;
  }
  const bool ended = whole ? state == Z_STREAM_END && done == count : state == Z_OK || state == Z_STREAM_END;
  if (!ended) throw Error("{}: malformed: it can't be decompressed", where);
  out.resize(done);
  return out;
}

std::vector<uint8_t> ZipArchive::ReadHead(const ZipMember& member, uint64_t count) const {
  return Extract(member, std::min(count, member.size), false);
}

std::vector<uint8_t> ZipArchive::ReadAll(const ZipMember& member, uint64_t most) const {
  const std::string where = fmt::format("{}({})", name_, Printable(member.name));
  if (member.size > most) {
    throw Error("{}: not examined: {} bytes, of which no more than {} are read", where, member.size, most);
  }
  // Deflate makes at most 1032 bytes of one: what promises more is a lie that memory would be taken for.
  constexpr uint64_t kMaxRatio = 1032;
  if (member.method == kDeflated && member.size / kMaxRatio > member.compressed) {
    throw Error("{}: malformed: {} bytes can't come of {}", where, member.size, member.compressed);
  }
  std::vector<uint8_t> bytes = Extract(member, member.size, true);
  uLong crc = crc32_z(0, nullptr, 0);
  crc = crc32_z(crc, bytes.data(), bytes.size());
  if (crc != member.crc) throw Error("{}: malformed: its checksum is {:08x}, not {:08x}", where, crc, member.crc);
  return bytes;
}

}  // namespace fplab::nets
