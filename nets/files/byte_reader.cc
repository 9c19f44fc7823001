// Files and memory as streams of bytes, through zlib where they are gzip.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/files/byte_reader.h>

#include <fcntl.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/error.h>
#include <fplab/nets/files/descriptor.h>
#include <fplab/nets/files/system_calls.h>

namespace fplab::nets {

// Where the raw bytes come from: an open file, read through a buffer, or memory, which is its own buffer.
struct ByteReader::Source {
  std::string_view pending;  // raw bytes that are read but not consumed
  uint64_t total = 0;        // raw bytes in all
  Descriptor file;           // none if in memory
  std::array<char, 1 << 16> buffer;

  // Makes `pending` non-empty unless the source has ended.
  void Refill(const std::string& name) {
    if (!pending.empty() || file.get() < 0) return;
    const ssize_t got = Uninterrupted([this] { return Calls().Read(file.get(), buffer.data(), buffer.size()); });
    if (got < 0) ThrowSystemError(name, "read", errno);
    pending = {buffer.data(), static_cast<size_t>(got)};
  }
};

struct ByteReader::Inflater {
  z_stream stream{};
  bool at_member_end = false;

  Inflater() {
    constexpr int kGzipOnly = 15 + 16;
    FPLAB_CHECK(inflateInit2(&stream, kGzipOnly) == Z_OK, "zlib starts");
  }
  ~Inflater() { inflateEnd(&stream); }
};

ByteReader::ByteReader(const std::filesystem::path& path) : name_(path.string()), source_(std::make_unique<Source>()) {
  // O_NONBLOCK: a FIFO must be refused, not waited for.
  source_->file = Descriptor(path, O_RDONLY | O_NONBLOCK);
  const int descriptor = source_->file.get();
  struct stat status;
  if (descriptor < 0 || Uninterrupted([&] { return Calls().Fstat(descriptor, &status); }) != 0) {
    ThrowSystemError(path, "read", errno);
  }
  if (!S_ISREG(status.st_mode)) {
    throw Error("{}: is {}, expected a file", name_, S_ISDIR(status.st_mode) ? "a folder" : "not a regular file");
  }
  source_->total = static_cast<uint64_t>(status.st_size);
  DetectGzip();
}

ByteReader::ByteReader(std::string_view bytes, std::string name)
    : name_(std::move(name)), source_(std::make_unique<Source>()) {
  source_->pending = bytes;
  source_->total = bytes.size();
  DetectGzip();
}

ByteReader::~ByteReader() = default;

void ByteReader::DetectGzip() {
  source_->Refill(name_);
  if (source_->pending.starts_with("\x1f\x8b")) inflater_ = std::make_unique<Inflater>();
}

uint64_t ByteReader::max_size() const {
  constexpr uint64_t kMaxDeflateRatio = 1032;  // zlib's technical notes: one bit pair per 258 bytes
  return compressed() ? source_->total * kMaxDeflateRatio : source_->total;
}

size_t ByteReader::Read(uint8_t* out, size_t size) {
  size_t filled = 0;
  while (filled < size) {
    source_->Refill(name_);
    std::string_view& raw = source_->pending;
    if (!compressed()) {
      if (raw.empty()) break;
      const size_t step = std::min(raw.size(), size - filled);
      std::memcpy(out + filled, raw.data(), step);
      raw.remove_prefix(step);
      filled += step;
      continue;
    }
    Inflater& inflater = *inflater_;
    if (inflater.at_member_end) {
      if (raw.empty()) break;
      inflateReset(&inflater.stream);  // another member, or trailing bytes, which inflate refuses
      inflater.at_member_end = false;
    }
    constexpr size_t kStep = size_t{1} << 30;  // zlib counts in 32 bits
    z_stream& stream = inflater.stream;
    const size_t raw_step = std::min(raw.size(), kStep), out_step = std::min(size - filled, kStep);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(raw.data()));
    stream.avail_in = static_cast<uInt>(raw_step);
    stream.next_out = out + filled;
    stream.avail_out = static_cast<uInt>(out_step);
    const int status = inflate(&stream, Z_NO_FLUSH);
    raw.remove_prefix(raw_step - stream.avail_in);
    filled += out_step - stream.avail_out;
    if (status == Z_STREAM_END) {
      inflater.at_member_end = true;
    } else if (status == Z_BUF_ERROR && raw_step == 0) {
      throw Error("{}: gzip data ends too early: the file is truncated", name_);
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      throw Error("{}: gzip data is damaged: {}", name_, stream.msg != nullptr ? stream.msg : "not a gzip stream");
    }
  }
  return filled;
}

std::string ReadAll(ByteReader& reader, size_t max_bytes) {
  constexpr size_t kChunk = size_t{1} << 20;
  std::string bytes;
  while (true) {
    const size_t before = bytes.size();
    bytes.resize(before + kChunk);
    const size_t got = reader.Read(reinterpret_cast<uint8_t*>(bytes.data()) + before, kChunk);
    bytes.resize(before + got);
    if (bytes.size() > max_bytes) throw Error("{}: more than {} bytes of content", reader.name(), max_bytes);
    if (got < kChunk) return bytes;
  }
}

}  // namespace fplab::nets
