// SHA-256 through OpenSSL's EVP interface.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/files/sha256.h>

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include <fplab/fparith/float/check.h>

namespace fplab::nets {

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  FPLAB_CHECK(state_->context != nullptr && EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) == 1,
              "OpenSSL provides SHA-256");
}

Sha256::~Sha256() = default;

void Sha256::Update(const void* data, size_t size) {
  FPLAB_CHECK(EVP_DigestUpdate(state_->context, data, size) == 1, "the stream has not ended");
}

void Sha256::UpdateInteger(uint64_t value) {
  std::array<uint8_t, 8> bytes;
  for (uint8_t& byte : bytes) {
    byte = static_cast<uint8_t>(value);
    value >>= 8;
  }
  Update(bytes.data(), bytes.size());
}

std::string Sha256::HexDigest() {
  std::array<uint8_t, 32> digest;
  FPLAB_CHECK(EVP_DigestFinal_ex(state_->context, digest.data(), nullptr) == 1, "the stream has not ended");
  std::string hex;
  for (uint8_t byte : digest) fmt::format_to(std::back_inserter(hex), "{:02x}", byte);
  return hex;
}

std::string Sha256Hex(std::string_view bytes) {
  Sha256 hash;
  hash.Update(bytes);
  return hash.HexDigest();
}

}  // namespace fplab::nets
