// Reading S-expressions without recursion: open lists are on a stack.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/statement/s_expression.h>

#include <algorithm>
#include <utility>

#include <fplab/fparith/float/error.h>

namespace fplab::statement {
namespace {

constexpr size_t kMostLevels = 200;
constexpr size_t kMostExpressions = 200'000;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool IsOpening(char c) { return c == '(' || c == '['; }
bool IsClosing(char c) { return c == ')' || c == ']'; }
bool EndsAtom(char c) { return IsBlank(c) || IsOpening(c) || IsClosing(c) || c == ';' || c == '"'; }

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::vector<SExpression> Read() {
    for (SkipSpace(); at_ < text_.size(); SkipSpace()) {
      const char c = text_[at_];
      if (IsClosing(c)) {
        Close();
        continue;
      }
      SExpression next;
      next.line = line_;
      next.column = column_;
      if (++count_ > kMostExpressions) FailAt(next, fmt::format("more than {} expressions", kMostExpressions));
      if (IsOpening(c)) {
        Open(std::move(next));
      } else if (c == '"') {
        Append(String(std::move(next)));
      } else {
        Append(Atom(std::move(next)));
      }
    }
    if (!open_.empty()) FailAt(open_.back(), "this parenthesis is never closed");
    return std::move(done_);
  }

 private:
  void Advance() {
    const bool newline = text_[at_++] == '\n';
    line_ += newline ? 1 : 0;
    column_ = newline ? 1 : column_ + 1;
  }

  void SkipSpace() {
    bool comment = false;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      comment = comment ? c != '\n' : c == ';';
      if (!comment && !IsBlank(c)) return;
      Advance();
    }
  }

  void Open(SExpression list) {
    if (open_.size() >= kMostLevels) FailAt(list, fmt::format("more than {} levels", kMostLevels));
    list.is_list = true;
    open_.push_back(std::move(list));
    brackets_.push_back(text_[at_]);
    Advance();
  }

  void Close() {
    SExpression here;
    here.line = line_;
    here.column = column_;
    if (open_.empty()) FailAt(here, "a closing parenthesis without an opening one");
    if ((brackets_.back() == '(') != (text_[at_] == ')')) {
      FailAt(here, fmt::format("found '{}', expected the end of the list of line {}, column {}", text_[at_],
                               open_.back().line, open_.back().column));
    }
    SExpression list = std::move(open_.back());
    open_.pop_back();
    brackets_.pop_back();
    Advance();
    Append(std::move(list));
  }

  SExpression String(SExpression string) {
    string.is_string = true;
    Advance();
    const size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) Advance();
      Advance();
    }
    if (at_ >= text_.size()) FailAt(string, "this string has no end");
    string.text = text_.substr(begin, at_ - begin);
    Advance();
    return string;
  }

  SExpression Atom(SExpression atom) {
    const size_t begin = at_;
    while (at_ < text_.size() && !EndsAtom(text_[at_])) Advance();
    atom.text = text_.substr(begin, at_ - begin);
    return atom;
  }

  void Append(SExpression expression) {
    (open_.empty() ? done_ : open_.back().children).push_back(std::move(expression));
  }

  std::string_view text_;
  size_t at_ = 0, line_ = 1, column_ = 1, count_ = 0;
  std::vector<SExpression> open_, done_;
  std::vector<char> brackets_;
};

}  // namespace

void FailAt(const SExpression& where, const std::string& message) {
  throw Error("line {}, column {}: {}", where.line, where.column, message);
}

std::vector<SExpression> ReadSExpressions(std::string_view text) { return Reader(text).Read(); }

std::string Quoted(std::string_view text) {
  constexpr size_t kMost = 40;
  return text.size() <= kMost ? fmt::format("\"{}\"", text) : fmt::format("\"{}...\"", text.substr(0, kMost));
}

}  // namespace fplab::statement
