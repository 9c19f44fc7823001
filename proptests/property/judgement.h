// Judgement: whether a result is what was asked for, and the message if not.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_PROPERTY_JUDGEMENT_H_
#define FPLAB_PROPTESTS_PROPERTY_JUDGEMENT_H_

#include <ostream>
#include <string>

namespace fplab::proptests {

// Converts to bool and prints itself, so that RC_ASSERT, CHECK of Catch2 and doctest, and EXPECT_TRUE(j) << j of
// GoogleTest take it as it is.
struct Judgement {
  bool holds = true;
  std::string message;    // lines; empty where it holds
  std::string statement;  // in fplab's language, about operands and result, true where it holds; empty: there is none

  explicit operator bool() const { return holds; }
  friend std::ostream& operator<<(std::ostream& out, const Judgement& judgement) {
    return out << (judgement.holds ? "as expected" : judgement.message);
  }
};

}  // namespace fplab::proptests

#endif  // FPLAB_PROPTESTS_PROPERTY_JUDGEMENT_H_
