// SPDX-License-Identifier: Apache-2.0
// ComparableVersion as Maven 3.8.6 and the advisory data have it. From 3.8.7 on Maven reads ".X" as "-X" for a word X, which
// changes the order of versions such as "1.2.31.sec10" and "1.2.31_noneautotype".
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "advisory/version_schemes.hpp"
#include "advisory/version_text.hpp"

namespace advisory {
namespace {

// Every hyphen and every change between digits and letters opens a nested list: the cap bounds the recursion. Longer
// texts come before every version, in the order of their bytes.
constexpr std::size_t kMaxMavenVersion = 1024;

struct MavenItem {
  enum class Kind { qualifier, list, number };
  Kind kind = Kind::list;
  std::string_view text;         // digits, or a qualifier in lower case
  std::vector<MavenItem> items;  // of a list
};
using MavenItems = std::vector<MavenItem>;

constexpr std::array<std::string_view, 7> kMavenQualifiers = {"alpha", "beta", "milestone", "rc", "snapshot", "", "sp"};

std::ptrdiff_t maven_qualifier_rank(std::string_view qualifier) {
  return std::find(kMavenQualifiers.begin(), kMavenQualifiers.end(), qualifier) - kMavenQualifiers.begin();
}

std::strong_ordering compare_maven_qualifiers(std::string_view a, std::string_view b) {
  const auto left = maven_qualifier_rank(a);
  const auto right = maven_qualifier_rank(b);
  const auto unknown = static_cast<std::ptrdiff_t>(kMavenQualifiers.size());
  if (left == unknown && right == unknown) return compare_bytes(a, b);
  return left <=> right;
}

MavenItem maven_number(std::string_view digits) { return {MavenItem::Kind::number, digits, {}}; }

MavenItem maven_qualifier(std::string_view word, bool before_digit) {
  if (before_digit && word == "a") word = "alpha";
  if (before_digit && word == "b") word = "beta";
  if (before_digit && word == "m") word = "milestone";
  if (word == "ga" || word == "final" || word == "release") word = "";
  if (word == "cr") word = "rc";
  return {MavenItem::Kind::qualifier, word, {}};
}

bool is_maven_null(const MavenItem& item) {
  if (item.kind == MavenItem::Kind::list) return item.items.empty();
  if (item.kind == MavenItem::Kind::qualifier) return item.text.empty();
  return item.text.find_first_not_of('0') == std::string_view::npos;
}

// Zeros, release qualifiers and empty lists go where they end the list or stand before a nested list at its end:
// "1.0-alpha" is "1-alpha".
void normalize_maven(MavenItems& items) {
  MavenItems kept;
  bool at_end = true;
  for (auto item = items.rbegin(); item != items.rend(); ++item) {
    if (at_end && is_maven_null(*item)) continue;
    at_end = at_end && item->kind == MavenItem::Kind::list;
    kept.push_back(std::move(*item));
  }
  std::reverse(kept.begin(), kept.end());
  items = std::move(kept);
}

// Builds the nested lists from the innermost outwards, so that no pointer into a growing vector is held.
class MavenParser {
 public:
  explicit MavenParser(std::string_view lower) : text_(lower) { levels_.emplace_back(); }
  MavenItems parse();

 private:
  void open_list() { levels_.emplace_back(); }
  void add(MavenItem item) { levels_.back().push_back(std::move(item)); }
  void add_token(std::size_t end);
  void at_separator(std::size_t i);
  void at_character(std::size_t i, bool digit);

  std::string_view text_;
  std::vector<MavenItems> levels_;
  std::size_t start_ = 0;
  bool in_digits_ = false;
};

void MavenParser::add_token(std::size_t end) {
  const std::string_view token = text_.substr(start_, end - start_);
  add(in_digits_ ? maven_number(token) : maven_qualifier(token, false));
}

void MavenParser::at_separator(std::size_t i) {
  if (i == start_) {
    add(maven_number("0"));
  } else {
    add_token(i);
  }
  start_ = i + 1;
  if (text_[i] == '-') open_list();
}

void MavenParser::at_character(std::size_t i, bool digit) {
  if (digit != in_digits_ && i > start_) {
    if (digit) {
      add(maven_qualifier(text_.substr(start_, i - start_), true));
    } else {
      add_token(i);
    }
    start_ = i;
    open_list();
  }
  in_digits_ = digit;
}

MavenItems MavenParser::parse() {
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '.' || text_[i] == '-') {
      at_separator(i);
    } else {
      at_character(i, is_ascii_digit(text_[i]));
    }
  }
  if (text_.size() > start_) add_token(text_.size());
  while (true) {
    MavenItems items = std::move(levels_.back());
    levels_.pop_back();
    normalize_maven(items);
    if (levels_.empty()) return items;
    levels_.back().push_back({MavenItem::Kind::list, {}, std::move(items)});
  }
}

std::strong_ordering compare_maven_lists(const MavenItems& a, const MavenItems& b);

std::strong_ordering compare_maven_to_nothing(const MavenItem& item) {
  switch (item.kind) {
    case MavenItem::Kind::number:
      return compare_digits(item.text, {});
    case MavenItem::Kind::qualifier:
      return compare_maven_qualifiers(item.text, {});
    case MavenItem::Kind::list:
      break;
  }
  for (const MavenItem& inner : item.items) {
    if (const auto order = compare_maven_to_nothing(inner); order != 0) return order;
  }
  return std::strong_ordering::equal;
}

// Qualifiers come before lists, lists before numbers.
std::strong_ordering compare_maven_items(const MavenItem& a, const MavenItem& b) {
  if (a.kind != b.kind) return a.kind <=> b.kind;
  if (a.kind == MavenItem::Kind::number) return compare_digits(a.text, b.text);
  if (a.kind == MavenItem::Kind::qualifier) return compare_maven_qualifiers(a.text, b.text);
  return compare_maven_lists(a.items, b.items);
}

std::strong_ordering compare_maven_lists(const MavenItems& a, const MavenItems& b) {
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (const auto order = compare_maven_items(a[i], b[i]); order != 0) return order;
  }
  for (std::size_t i = common; i < a.size(); ++i) {
    if (const auto order = compare_maven_to_nothing(a[i]); order != 0) return order;
  }
  for (std::size_t i = common; i < b.size(); ++i) {
    if (const auto order = compare_maven_to_nothing(b[i]); order != 0) return 0 <=> order;
  }
  return std::strong_ordering::equal;
}

std::string lower_maven(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), ascii_lower);
  return lower;
}

}  // namespace

std::strong_ordering compare_maven(std::string_view a, std::string_view b) {
  a = trim_ascii(a);
  b = trim_ascii(b);
  const bool left_fits = a.size() <= kMaxMavenVersion;
  const bool right_fits = b.size() <= kMaxMavenVersion;
  if (left_fits != right_fits) return left_fits <=> right_fits;
  if (!left_fits) return compare_bytes(a, b);
  const std::string left = lower_maven(a);
  const std::string right = lower_maven(b);
  return compare_maven_lists(MavenParser(left).parse(), MavenParser(right).parse());
}

// Any text is a version to Maven; blanks and property references ("${revision}") are none in practice.
bool is_maven_version(std::string_view text) {
  text = trim_ascii(text);
  return !text.empty() && text.size() <= kMaxMavenVersion && text.find_first_of(" \t\r\n${},[]()") == std::string_view::npos;
}

}  // namespace advisory
