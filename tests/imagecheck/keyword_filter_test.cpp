// SPDX-License-Identifier: Apache-2.0
#include "imagecheck/keyword_filter.hpp"

#include <gmock/gmock.h>

#include <random>
#include <set>

#include "base/text.hpp"

namespace {

using Hits = std::set<std::pair<std::size_t, std::size_t>>;

Hits hits_of(const std::vector<std::string>& keywords, std::string_view text) {
  Hits hits;
  const imagecheck::KeywordFilter filter(keywords);
  filter.scan(text, [&hits](std::size_t keyword, std::size_t offset) { EXPECT_TRUE(hits.emplace(keyword, offset).second); });
  return hits;
}

Hits hits_by_search(const std::vector<std::string>& keywords, const std::string& text) {
  Hits hits;
  const std::string lower = base::to_lower(text);
  for (std::size_t k = 0; k < keywords.size(); ++k)
    for (std::size_t at = lower.find(keywords[k]); at != std::string::npos; at = lower.find(keywords[k], at + 1)) hits.emplace(k, at);
  return hits;
}

}  // namespace

TEST(KeywordFilter, finds_keywords_at_both_ends_and_over_one_another) {
  EXPECT_EQ(hits_of({"abc", "bcd", "abcd"}, "abcd"), (Hits{{0, 0}, {1, 1}, {2, 0}}));
  EXPECT_EQ(hits_of({"aaa"}, "aaaaa"), (Hits{{0, 0}, {0, 1}, {0, 2}}));
  EXPECT_EQ(hits_of({"abc"}, "ab"), Hits{});
  EXPECT_EQ(hits_of({"abc"}, ""), Hits{});
  EXPECT_EQ(hits_of({}, "abc"), Hits{});
}

TEST(KeywordFilter, ignores_case_of_letters_alone) {
  EXPECT_EQ(hits_of({"Key_"}, "KEY_ key_ KEY\x7f"), (Hits{{0, 0}, {0, 5}}));
}

TEST(KeywordFilter, agrees_with_a_plain_search_on_random_text) {
  std::mt19937 random(1);
  const std::string letters = "abAB_-1";
  const auto word = [&](std::size_t length) {
    std::string text;
    for (std::size_t i = 0; i < length; ++i) text += letters[random() % letters.size()];
    return text;
  };
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> keywords;
    for (int i = 0; i < 20; ++i) keywords.push_back(base::to_lower(word(3 + random() % 4)));
    const std::string text = word(random() % 400);
    ASSERT_EQ(hits_of(keywords, text), hits_by_search(keywords, text)) << text;
  }
}
