// IDX files and gzip streams for tests.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_IDX_FILES_H_
#define FPLAB_PROPTESTS_SUPPORT_IDX_FILES_H_

#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fplab {

inline std::string BigEndian(uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
  return bytes;
}

inline std::string IdxHeader(const std::vector<uint32_t>& shape) {
  std::string header = BigEndian(0x0800 | static_cast<uint32_t>(shape.size()));
  for (uint32_t dimension : shape) header += BigEndian(dimension);
  return header;
}

inline std::string Idx(const std::vector<uint32_t>& shape, std::string_view data) {
  return IdxHeader(shape).append(data);
}

inline std::string Gzip(std::string_view bytes) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_IDX_FILES_H_
