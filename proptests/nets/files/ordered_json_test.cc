// JSON from outside: what is JSON comes back, what is nested too deeply or has too many fields does not, and costs
// nothing.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/files/ordered_json.h>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace fplab::nets {
namespace {

std::string Repeated(const std::string& text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

std::string Object(int fields) {
  std::string text = "{";
  for (int i = 0; i < fields; ++i) text += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":[0,{}]";
  return text + "}";
}

TEST(ParseJson, KeepsFieldsInTheirOrderAndWhatTheyHold) {
  for (const char* text :
       {"{\"b\":1,\"a\":[true,null,-2.5,\"[{:\\\"\\\\\"],\"0\":{}}", "[]", "7", "\"[[[[\"", "null"}) {
    EXPECT_EQ(ParseJson(text).dump(), text);
  }
}

TEST(ParseJson, DiscardsWhatIsNotJson) {
  for (const char* text :
       {"", " ", "{", "[1,2", "]", "}{", "{\"a\":1,}", "[1] 2", "\"", "\"\\", ":", "{\"a\"::1}", "\xff"}) {
    EXPECT_TRUE(ParseJson(text).is_discarded()) << text;
  }
}

TEST(ParseJson, DiscardsWhatIsNestedDeeperThanTheLimitAndNothingLess) {
  using Brackets = std::pair<std::string, std::string>;
  for (const Brackets& brackets : {Brackets("[", "]"), Brackets("{\"a\":[", "]}")}) {
    const int levels = static_cast<int>(brackets.second.size());
    const auto nested = [&brackets](int depth) {
      return Repeated(brackets.first, depth) + Repeated(brackets.second, depth);
    };
    EXPECT_FALSE(ParseJson(nested(kMaxJsonDepth / levels)).is_discarded());
    EXPECT_TRUE(ParseJson(nested(kMaxJsonDepth / levels + 1)).is_discarded());
    EXPECT_TRUE(ParseJson(nested(100000)).is_discarded());
    EXPECT_TRUE(ParseJson("{\"data\":" + nested(100000) + "}").is_discarded());
  }
  EXPECT_FALSE(ParseJson("[" + Repeated("[[]],", 1000) + "0]").is_discarded()) << "what is closed is not open";
  EXPECT_FALSE(ParseJson('"' + Repeated("[", 1000) + '"').is_discarded()) << "a string has no levels";
}

TEST(ParseJson, DiscardsAnObjectOfMoreFieldsThanTheLimitAndNothingLess) {
  EXPECT_FALSE(ParseJson(Object(kMaxJsonFields)).is_discarded());
  EXPECT_TRUE(ParseJson(Object(kMaxJsonFields + 1)).is_discarded());
  EXPECT_FALSE(ParseJson("[" + Object(kMaxJsonFields) + "," + Object(kMaxJsonFields) + "]").is_discarded());
  EXPECT_FALSE(ParseJson("{\"a\":\"" + Repeated(":", 1000) + "\"}").is_discarded());
}

// Values of every kind, at most some levels deep.
rc::Gen<OrderedJson> GenJson(int levels) {
  const auto scalar = rc::gen::oneOf(rc::gen::map(rc::gen::arbitrary<int>(), [](int i) { return OrderedJson(i); }),
                                     rc::gen::map(rc::gen::string<std::string>(), [](std::string s) {
                                       for (char& c : s) c = static_cast<char>(c & 0x7f);
                                       return OrderedJson(s);
                                     }));
  if (levels == 0) return scalar;
  const auto list = rc::gen::map(
      rc::gen::container<std::vector<OrderedJson>>(rc::gen::lazy([levels] { return GenJson(levels - 1); })),
      [](const std::vector<OrderedJson>& items) {
        OrderedJson json = OrderedJson::array();
        for (const OrderedJson& item : items) json.push_back(item);
        return json;
      });
  const auto object = rc::gen::map(rc::gen::scale(0.3, list), [](const OrderedJson& items) {
    OrderedJson json = OrderedJson::object();
    for (const OrderedJson& item : items) json[item.dump()] = item;
    return json;
  });
  return rc::gen::oneOf(scalar, rc::gen::scale(0.3, list), object);
}

RC_GTEST_PROP(ParseJson, WhatIsPrintedComesBackTheSame, ()) {
  const OrderedJson json = *GenJson(4);
  for (const int indent : {-1, 1}) {
    const OrderedJson parsed = ParseJson(json.dump(indent));
    RC_ASSERT(parsed == json);
    RC_ASSERT(parsed.dump() == json.dump());
  }
}

TEST(ShortText, IsOneLineOfAsciiOfAtMostSixtyCharacters) {
  EXPECT_EQ(ShortText({{"a", 1}}), "{\"a\":1}");
  EXPECT_EQ(ShortText("\n\u00e4\xff\x1b"), "\"\\n\\u00e4\\ufffd\\u001b\"");
  EXPECT_EQ(ShortText(std::string(1000, 'x')), "\"" + std::string(56, 'x') + "...");
}

}  // namespace
}  // namespace fplab::nets
