// TestFloat's vector lines: reading and writing them in blocks, fast. TestFloat-3e, doc/TestFloat-general.html,
// section 5.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_VECTORS_VECTORS_STREAM_H_
#define FPLAB_TOOLS_VECTORS_VECTORS_STREAM_H_

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <fplab/fparith/model/function.h>

namespace fplab::tools {

// Lines of one function: operands, and with `expected` the result and flags that should come out.
struct VectorBlock {
  std::vector<uint64_t> a, b, c;
  std::vector<model::Outcome> expected;
  uint64_t first_line = 1;  // line number of the first of them

  size_t size() const { return a.size(); }
};

// Reads lines from a file. Fields are hexadecimal of the exact number of digits, either case, separated by one space;
// lines end in "\n" or "\r\n", the last one may end with the file.
class VectorReader {
 public:
  // `name` is what errors call the file. The file stays the caller's.
  VectorReader(std::FILE* file, std::string name, const model::Function& function, bool with_expected);

  // Replaces `block` by the next lines, up to a few thousand; false at the end of the file. Throws Error that names the
  // file, the line, what was found and what was expected; `block` then holds the lines before it.
  bool Read(VectorBlock& block);

 private:
  std::string_view NextLine();  // without its end; data() is null at the end of the file
  void Refill();
  void ParseLine(std::string_view line, VectorBlock& block);
  uint64_t TakeField(std::string_view line, size_t& position, int digits, const char* what) const;
  void RequireWithin(uint64_t allowed, uint64_t value, const char* what, std::string_view line) const;

  std::FILE* file_;
  std::string name_;
  model::Function function_;
  bool with_expected_;
  std::vector<char> buffer_;
  size_t begin_ = 0, end_ = 0;  // unread bytes
  bool at_end_ = false;
  uint64_t line_ = 0;
};

// Appends one line per element: operands, result, flags as testfloat_ver reads them. kDenormal, which has no bit there,
// is left out.
void AppendVectorLines(const model::Function& function, const VectorBlock& block,
                       const std::vector<model::Outcome>& outcomes, std::string& text);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_VECTORS_VECTORS_STREAM_H_
