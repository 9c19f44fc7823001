// Fuzzes the decompressing reader: read in pieces of any size it gives the bytes that it gives at once.
// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <fplab/nets/files/byte_reader.h>
#include "proptests/fuzz/fuzz.h"

namespace fplab::fuzz {
namespace {

// Several windows of deflate, and no more: a few bytes may stand for a thousand times as many.
constexpr size_t kMaxBytes = size_t{1} << 17;

// All bytes, taken `step` at a time; whether the stream was good to its end.
bool InPieces(const std::string& bytes, size_t step, std::string& out) {
  return Accepted([&] {
    nets::ByteReader reader(bytes, "input");
    std::string piece(step, '\0');
    for (;;) {
      const size_t got = reader.Read(reinterpret_cast<uint8_t*>(piece.data()), step);
      Require(got <= step, "no more bytes than asked for");
      out.append(piece, 0, got);
      if (out.size() > kMaxBytes) throw Error("longer than {} bytes", kMaxBytes);
      if (got < step) break;
    }
    Require(out.size() <= reader.max_size(), "no more bytes than the reader foretold");
  });
}

void Try(FuzzedDataProvider& input) {
  const size_t step = input.ConsumeIntegralInRange<size_t>(1, 5000);
  const std::string bytes = input.ConsumeRemainingBytesAsString();
  std::string pieces, whole;
  const bool good = InPieces(bytes, step, pieces);
  const bool good_at_once = Accepted([&] {
    nets::ByteReader reader(bytes, "input");
    whole = nets::ReadAll(reader, kMaxBytes);
  });
  Require(good == good_at_once, "a stream is good in pieces if it is good at once");
  Require(!good || pieces == whole, "the pieces are the whole");
}

}  // namespace
}  // namespace fplab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  fplab::fuzz::Try(input);
  return 0;
}
