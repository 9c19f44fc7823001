// .npy files: what NumPy writes is read, everything else is refused in one line.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/files/npy.h>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "proptests/support/npy_bytes.h"
#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

std::span<const uint8_t> Span(const std::string& bytes) {
  return {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()};
}

std::string Refusal(const std::string& bytes) {
  return ErrorOf([&] { ParseNpy(Span(bytes), "a"); });
}

TEST(Npy, ArraysOfEveryTypeAndOfBothVersionsAreRead) {
  for (const int version : {1, 2}) {
    for (const auto& [descr, size] :
         {std::pair{"|u1", 1}, {"<u1", 1}, {"<i4", 4}, {"<i8", 8}, {"<f4", 4}, {"<f8", 8}}) {
      const std::string data(static_cast<size_t>(6 * size), 'x');
      const std::string bytes = Npy(descr, "(2, 3)", data, version);
      const NpyArray array = ParseNpy(Span(bytes), "a");
      EXPECT_EQ(array.shape, (std::vector<uint64_t>{2, 3}));
      EXPECT_EQ(array.count, 6u);
      EXPECT_EQ(SizeOf(array.type), static_cast<size_t>(size));
      EXPECT_EQ(std::string(array.bytes.begin(), array.bytes.end()), data);
    }
  }
  EXPECT_EQ(ParseNpy(Span(Npy("|u1", "()", "x")), "a").count, 1u);
  EXPECT_EQ(ParseNpy(Span(Npy("|u1", "(3,)", "xyz")), "a").shape, (std::vector<uint64_t>{3}));
}

TEST(Npy, WhatIsNotReadIsNamed) {
  EXPECT_TRUE(Contains(Refusal(Npy(">f4", "(1,)", "1234")), "a: descr is '>f4', expected '|u1'"));
  EXPECT_TRUE(Contains(Refusal(Npy("|O", "(1,)", "1234")), "a: descr is '|O'"));
  EXPECT_TRUE(Contains(Refusal(Npy("|u1", "(2, 2)", "1234", 1, "True")), "a: fortran_order is True, expected False"));
  EXPECT_TRUE(
      Contains(Refusal(Npy("|u1", "(3,)", "1234")), "a: 4 bytes of data, expected those of (3) elements '|u1'"));
  EXPECT_TRUE(Contains(Refusal(Npy("|u1", "(3)", "123")), "header is damaged"));
  EXPECT_TRUE(Contains(Refusal(Npy("|u1", "(-3,)", "123")), "header is damaged"));
  EXPECT_TRUE(Contains(Refusal(Npy("|u1", "(4294967296, 4294967296, 16)", "")), "0 bytes of data"));
  EXPECT_TRUE(Contains(Refusal(Npy("|u1", "(3,)", "123", 3)), ".npy format 3, expected 1 or 2"));
  EXPECT_TRUE(Contains(Refusal("<!DOCTYPE html><html>"), "a: is an HTML page, expected a NumPy array"));
  EXPECT_TRUE(Contains(Refusal(""), "a: does not begin as one, expected a NumPy array"));
}

RC_GTEST_PROP(Npy, EveryTruncationAndEveryTailIsRefused, ()) {
  const std::string bytes = Npy("<i4", "(5,)", std::string(20, 'x'));
  RC_ASSERT(Contains(Refusal(bytes.substr(0, *rc::gen::inRange<size_t>(0, bytes.size()))), "a: "));
  RC_ASSERT(Contains(Refusal(bytes + "x"), "a: "));
}

RC_GTEST_PROP(Npy, AChangedHeaderIsReadAsItSaysOrRefused, ()) {
  std::string bytes = Npy("<i4", "(5,)", std::string(20, 'x'));
  bytes[*rc::gen::inRange<size_t>(0, bytes.size() - 20)] = *rc::gen::arbitrary<char>();
  try {
    const NpyArray array = ParseNpy(Span(bytes), "a");
    RC_ASSERT(array.count * SizeOf(array.type) == array.bytes.size());
  } catch (const Error&) {
  }
}

}  // namespace
}  // namespace fplab::nets
