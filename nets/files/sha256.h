// SHA-256 (FIPS 180-4) of bytes and of streams of bytes, through OpenSSL.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_FILES_SHA256_H_
#define FPLAB_NETS_FILES_SHA256_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <fplab/fparith/float/export.h>

namespace fplab::nets {

class FPLAB_EXPORT Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void Update(const void* data, size_t size);
  void Update(std::string_view bytes) { Update(bytes.data(), bytes.size()); }
  // The eight bytes of `value`, little-endian.
  void UpdateInteger(uint64_t value);

  // 64 hexadecimal digits; ends the stream, call once.
  std::string HexDigest();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

FPLAB_EXPORT std::string Sha256Hex(std::string_view bytes);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_FILES_SHA256_H_
