// Zip archives by their bytes, true or false.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_ZIP_BYTES_H_
#define FPLAB_PROPTESTS_SUPPORT_ZIP_BYTES_H_

#include <zlib.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace fplab {

struct ZipFile {
  std::string name, data;
  bool deflate = true;
  // Lies: what the directory says instead.
  uint16_t method = 0xFFFF, flags = 0;
  uint64_t size = ~uint64_t{0};
  bool wrong_crc = false;
};

class ZipBytes {
 public:
  // `zip64`: sizes, offsets and the end are stated in zip64's fields.
  static std::string Of(const std::vector<ZipFile>& files, bool zip64 = false) {
    std::string body, directory;
    for (const ZipFile& file : files) {
      const std::string packed = file.deflate ? Deflated(file.data) : file.data;
      const uint16_t method = file.method != 0xFFFF ? file.method : file.deflate ? uint16_t{8} : uint16_t{0};
      const uint64_t size = file.size != ~uint64_t{0} ? file.size : file.data.size();
      const auto* bytes = reinterpret_cast<const Bytef*>(file.data.data());
      const uLong crc = crc32_z(0, bytes, file.data.size()) ^ (file.wrong_crc ? 1u : 0u);
      const uint64_t offset = body.size();
      const auto name = static_cast<uint16_t>(file.name.size());
      const std::string extra = zip64 ? Le(1, 2) + Le(24, 2) + Le(size, 8) + Le(packed.size(), 8) + Le(offset, 8) : "";
      const uint64_t all_ones = 0xFFFFFFFF;
      const std::string common = Le(file.flags, 2) + Le(method, 2) + Le(0, 4) + Le(crc, 4) +
                                 Le(zip64 ? all_ones : packed.size(), 4) + Le(zip64 ? all_ones : size, 4) + Le(name, 2);
      body += Le(0x04034B50, 4) + Le(20, 2) + common + Le(0, 2) + file.name + packed;
      directory += Le(0x02014B50, 4) + Le(20, 2) + Le(20, 2) + common + Le(extra.size(), 2) + Le(0, 2) + Le(0, 2) +
                   Le(0, 2) + Le(0, 4) + Le(zip64 ? all_ones : offset, 4) + file.name + extra;
    }
    std::string end;
    if (zip64) {
      end += Le(0x06064B50, 4) + Le(44, 8) + Le(45, 2) + Le(45, 2) + Le(0, 4) + Le(0, 4) + Le(files.size(), 8) +
             Le(files.size(), 8) + Le(directory.size(), 8) + Le(body.size(), 8);
      end += Le(0x07064B50, 4) + Le(0, 4) + Le(body.size() + directory.size(), 8) + Le(1, 4);
    }
    const uint64_t count = zip64 ? 0xFFFF : files.size(), most = 0xFFFFFFFF;
    end += Le(0x06054B50, 4) + Le(0, 2) + Le(0, 2) + Le(count, 2) + Le(count, 2) +
           Le(zip64 ? most : directory.size(), 4) + Le(zip64 ? most : body.size(), 4) + Le(0, 2);
    return body + directory + end;
  }

  // A little-endian number.
  static std::string Le(uint64_t value, int count) {
    std::string bytes;
    for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
    return bytes;
  }

 private:
  static std::string Deflated(const std::string& data) {
    z_stream stream{};
    if (deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::runtime_error("zlib");
    std::string out(deflateBound(&stream, data.size()) + 16, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    stream.avail_in = static_cast<uInt>(data.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
  }
};

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_ZIP_BYTES_H_
