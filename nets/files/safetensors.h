// Safetensors: named tensors in one file that PyTorch, JAX and NumPy open (github.com/huggingface/safetensors: an
// 8-byte little-endian header length, a JSON header, the data), with digests that make a damaged file known.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_FILES_SAFETENSORS_H_
#define FPLAB_NETS_FILES_SAFETENSORS_H_

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <fplab/fparith/float/export.h>

namespace fplab::nets {

// The element type is the type held: F32, U8, I64 or U64.
using TensorData = std::variant<std::vector<float>, std::vector<uint8_t>, std::vector<int64_t>, std::vector<uint64_t>>;

// Row-major; the product of `shape` is the number of elements; an empty shape is a scalar, one element.
struct Tensor {
  std::string name;
  std::vector<int64_t> shape;
  TensorData data;
};

// Same name, element type, shape and bytes: float elements are compared as bit patterns.
FPLAB_EXPORT bool SameTensor(const Tensor& a, const Tensor& b);

struct FPLAB_EXPORT Safetensors {
  std::vector<Tensor> tensors;
  std::map<std::string, std::string> metadata;

  // The tensor of that name. Throws Error if there is none, or if it is of another shape or not of F32 elements;
  // `file` is named in the message.
  const std::vector<float>& Floats(std::string_view name, const std::vector<int64_t>& shape,
                                   std::string_view file) const;
};

// SHA-256, in hexadecimal, of names, element types, shapes and data of the tensors in the order in which a file holds
// them (wide element types first, then by name), so the order of `tensors` does not matter.
FPLAB_EXPORT std::string TensorDigest(const std::vector<Tensor>& tensors);

// The bytes of a file: a function of the tensors and the metadata alone. The writer adds two metadata entries of its
// own, `tensors_sha256` (TensorDigest) and `metadata_sha256` (all other metadata). Names are unique, not empty and not
// `__metadata__`, sizes fit shapes (checked). Throws Error for a name or metadata that is not UTF-8.
FPLAB_EXPORT std::string EncodeSafetensors(const Safetensors& content);

// The inverse; tensors come in file order, the writer's two metadata entries are checked and left out. Throws Error,
// naming `file` and the field, for anything that EncodeSafetensors does not write: a header longer than the file or
// than 1 MiB, an unknown element type, a shape that does not fit its bytes, gaps, overlaps, duplicate names, a missing
// or different digest. Allocates no more than a small multiple of bytes.size().
FPLAB_EXPORT Safetensors DecodeSafetensors(std::string_view bytes, std::string_view file);

// What any program wrote, PyTorch's save_file for one: like DecodeSafetensors, but no digests are asked for, and none
// that stand there are looked at. Elements of F16 and BF16 come as floats, which hold them exactly.
FPLAB_EXPORT Safetensors DecodeForeignSafetensors(std::string_view bytes, std::string_view file);

// The bytes of EncodeSafetensors, written through atomic_file.h without a copy of the tensors; and those of a file
// decoded. Throw Error; after a failed write the old file, if any, is as it was.
FPLAB_EXPORT void WriteSafetensors(const std::filesystem::path& path, const Safetensors& content);
FPLAB_EXPORT Safetensors ReadSafetensors(const std::filesystem::path& path);
FPLAB_EXPORT Safetensors ReadForeignSafetensors(const std::filesystem::path& path);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_FILES_SAFETENSORS_H_
