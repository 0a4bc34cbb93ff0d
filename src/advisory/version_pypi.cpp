// SPDX-License-Identifier: Apache-2.0
// PEP 440 (packaging.specifications/version-specifiers), and for what is no version by it the order that
// setuptools and packaging before 22 gave to "legacy" versions: before every proper one.
#include <algorithm>
#include <array>
#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "advisory/version_schemes.hpp"
#include "advisory/version_text.hpp"

namespace advisory {
namespace {

struct Pep440 {
  std::string_view epoch;
  std::string_view release;              // "1.2.3"
  char pre = 0;                          // 'a', 'b', 'r' (rc); 0: none
  std::string_view pre_number;
  std::optional<std::string_view> post;  // its number
  std::optional<std::string_view> dev;
  std::string_view local;                // behind the '+'; empty: none
};

bool is_pep440_separator(char c) { return c == '-' || c == '_' || c == '.'; }

// Words in the order in which they have to be tried.
struct PreWord {
  std::string_view word;
  char letter;
};
constexpr std::array<PreWord, 8> kPreWords = {{{"alpha", 'a'}, {"beta", 'b'}, {"preview", 'r'}, {"pre", 'r'},
                                               {"rc", 'r'}, {"a", 'a'}, {"b", 'b'}, {"c", 'r'}}};

void skip_pep440_separator(std::string_view& text) {
  if (!text.empty() && is_pep440_separator(text.front())) text.remove_prefix(1);
}

// `[-_.]? word [-_.]? digits?` at the front of `text`; nothing is cut where the word is not there.
bool take_pep440_word(std::string_view& text, std::string_view word, std::string_view& number) {
  std::string_view rest = text;
  skip_pep440_separator(rest);
  if (!starts_with_ignoring_case(rest, word)) return false;
  rest.remove_prefix(word.size());
  skip_pep440_separator(rest);
  number = take_digits(rest);
  text = rest;
  return true;
}

void take_pep440_pre(std::string_view& text, Pep440& version) {
  for (const PreWord& word : kPreWords) {
    if (!take_pep440_word(text, word.word, version.pre_number)) continue;
    version.pre = word.letter;
    return;
  }
}

void take_pep440_post(std::string_view& text, Pep440& version) {
  if (text.size() > 1 && text[0] == '-' && is_ascii_digit(text[1])) {
    text.remove_prefix(1);
    version.post = take_digits(text);
    return;
  }
  std::string_view number;
  for (const std::string_view word : {"post", "rev", "r"}) {
    if (!take_pep440_word(text, word, number)) continue;
    version.post = number;
    return;
  }
}

bool is_pep440_local(std::string_view text) {
  bool alnum_before = false;
  for (const char c : text) {
    const bool alnum = is_ascii_alnum(c);
    if (!alnum && !(is_pep440_separator(c) && alnum_before)) return false;
    alnum_before = alnum;
  }
  return alnum_before;
}

std::optional<Pep440> parse_pep440(std::string_view text) {
  text = trim_ascii(text);
  Pep440 version;
  if (!text.empty() && ascii_lower(text.front()) == 'v') text.remove_prefix(1);
  std::string_view rest = text;
  const std::string_view first = take_digits(rest);
  if (!first.empty() && rest.starts_with('!')) {
    version.epoch = first;
    text = rest.substr(1);
  }
  version.release = take_dotted_numbers(text);
  if (version.release.empty()) return std::nullopt;
  take_pep440_pre(text, version);
  take_pep440_post(text, version);
  std::string_view number;
  if (take_pep440_word(text, "dev", number)) version.dev = number;
  if (text.starts_with('+')) {
    version.local = text.substr(1);
    if (!is_pep440_local(version.local)) return std::nullopt;
    text = {};
  }
  if (!text.empty()) return std::nullopt;
  return version;
}

std::strong_ordering compare_release(std::string_view a, std::string_view b) {
  PartWalker left(a, '.');
  PartWalker right(b, '.');
  while (!left.done() || !right.done()) {
    if (const auto order = compare_digits(left.next(), right.next()); order != 0) return order;
  }
  return std::strong_ordering::equal;
}

// A bare development release ("1.0.dev1") comes before the prereleases, no prerelease after them.
int pep440_pre_rank(const Pep440& version) {
  if (version.pre != 0) return version.pre;
  return !version.post && version.dev ? 0 : 255;
}

std::strong_ordering compare_local(std::string_view a, std::string_view b) {
  const auto is_part = [](char c) { return !is_pep440_separator(c); };
  while (!a.empty() && !b.empty()) {
    const std::string_view left = take_while(a, is_part);
    const std::string_view right = take_while(b, is_part);
    if (all_digits(left) != all_digits(right)) return all_digits(left) <=> all_digits(right);
    const auto order = all_digits(left) ? compare_digits(left, right) : compare_bytes_ignoring_case(left, right);
    if (order != 0) return order;
    if (a.empty() || b.empty()) break;
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return !a.empty() <=> !b.empty();
}

std::strong_ordering compare_pep440(const Pep440& a, const Pep440& b) {
  if (const auto order = compare_digits(a.epoch, b.epoch); order != 0) return order;
  if (const auto order = compare_release(a.release, b.release); order != 0) return order;
  if (const auto order = pep440_pre_rank(a) <=> pep440_pre_rank(b); order != 0) return order;
  if (const auto order = compare_digits(a.pre_number, b.pre_number); order != 0) return order;
  if (a.post.has_value() != b.post.has_value()) return a.post.has_value() <=> b.post.has_value();
  if (const auto order = compare_digits(a.post.value_or(""), b.post.value_or("")); order != 0) return order;
  if (a.dev.has_value() != b.dev.has_value()) return b.dev.has_value() <=> a.dev.has_value();
  if (const auto order = compare_digits(a.dev.value_or(""), b.dev.value_or("")); order != 0) return order;
  return compare_local(a.local, b.local);
}

// One run of digits, of letters, a '.', a '-', or a run of anything else.
std::string_view take_legacy_part(std::string_view& text) {
  const char c = text.front();
  if (is_ascii_digit(c)) return take_digits(text);
  if (is_ascii_lower(c)) return take_while(text, is_ascii_lower);
  if (c == '.' || c == '-') {
    const std::string_view part = text.substr(0, 1);
    text.remove_prefix(1);
    return part;
  }
  return take_while(text, [](char other) {
    return !is_ascii_digit(other) && !is_ascii_lower(other) && other != '.' && other != '-';
  });
}

std::string legacy_key_part(std::string_view part) {
  if (is_ascii_digit(part.front())) {
    std::string padded(part.size() < 8 ? 8 - part.size() : 0, '0');
    return padded.append(part);
  }
  if (part == "pre" || part == "preview" || part == "rc") return "*c";
  if (part == "-") return "*final-";
  if (part == "dev") return "*@";
  return std::string("*").append(part);
}

std::vector<std::string> legacy_key(std::string_view version) {
  std::string lower(version);
  for (char& c : lower) c = ascii_lower(c);
  std::vector<std::string> key;
  const auto append = [&key](std::string part) {
    if (part.front() == '*') {
      while (part < "*final" && !key.empty() && key.back() == "*final-") key.pop_back();
      while (!key.empty() && key.back() == "00000000") key.pop_back();
    }
    key.push_back(std::move(part));
  };
  std::string_view rest = lower;
  while (!rest.empty()) {
    const std::string_view part = take_legacy_part(rest);
    if (part != ".") append(legacy_key_part(part));
  }
  append("*final");
  return key;
}

}  // namespace

std::strong_ordering compare_pypi(std::string_view a, std::string_view b) {
  const std::optional<Pep440> left = parse_pep440(a);
  const std::optional<Pep440> right = parse_pep440(b);
  if (left && right) return compare_pep440(*left, *right);
  if (left || right) return left.has_value() <=> right.has_value();
  const std::vector<std::string> left_key = legacy_key(a);
  const std::vector<std::string> right_key = legacy_key(b);
  return std::lexicographical_compare_three_way(left_key.begin(), left_key.end(), right_key.begin(), right_key.end(),
                                                [](const auto& x, const auto& y) { return compare_bytes(x, y); });
}

bool is_pypi_version(std::string_view text) { return parse_pep440(text).has_value(); }

}  // namespace advisory
