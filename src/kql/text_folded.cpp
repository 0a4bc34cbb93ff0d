// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <cstring>

#include "kql/text_terms.hpp"

namespace kql {

namespace {

constexpr std::size_t kNotFound = std::string_view::npos;

constexpr char lower_ascii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
constexpr char upper_ascii(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }

bool same_ascii(const char* text, const char* needle, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    if (text[i] != needle[i] && lower_ascii(text[i]) != lower_ascii(needle[i])) return false;
  return true;
}

// The places of an ASCII needle in a text, whatever the case of both. Looks for the needle's first byte in either case with
// memchr, which skips what cannot match many bytes at a time.
class FoldedSearch {
 public:
  FoldedSearch(std::string_view text, std::string_view needle)
      : text_(text), needle_(needle), last_(text.size() - needle.size()), lower_(lower_ascii(needle[0])), upper_(upper_ascii(needle[0])) {}

  // The first place at or behind `from`.
  std::size_t find(std::size_t from) {
    while (from <= last_) {
      if (next_lower_ != kNotFound && (next_lower_ < from || !looked_)) next_lower_ = next(lower_, from);
      if (next_upper_ != kNotFound && (next_upper_ < from || !looked_)) next_upper_ = lower_ == upper_ ? kNotFound : next(upper_, from);
      looked_ = true;
      const std::size_t at = std::min(next_lower_, next_upper_);
      if (at == kNotFound) return kNotFound;
      if (same_ascii(text_.data() + at, needle_.data(), needle_.size())) return at;
      from = at + 1;
    }
    return kNotFound;
  }

 private:
  std::size_t next(char c, std::size_t from) const {
    const void* found = std::memchr(text_.data() + from, c, last_ + 1 - from);
    return found == nullptr ? kNotFound : static_cast<std::size_t>(static_cast<const char*>(found) - text_.data());
  }

  std::string_view text_, needle_;
  std::size_t last_;
  char lower_, upper_;
  bool looked_ = false;
  std::size_t next_lower_ = 0, next_upper_ = 0;
};

template <typename Fits>
bool find_folded(std::string_view text, std::string_view needle, const Fits& fits) {
  if (needle.empty()) return true;
  if (needle.size() > text.size()) return false;
  FoldedSearch search(text, needle);
  for (std::size_t at = search.find(0); at != kNotFound; at = search.find(at + 1))
    if (fits(at, at + needle.size())) return true;
  return false;
}

}  // namespace

bool is_ascii(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080u;
  std::size_t i = 0;
  for (; i + sizeof(std::uint64_t) <= text.size(); i += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, sizeof(word));
    if ((word & kHighBits) != 0) return false;
  }
  return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool equal_folded(std::string_view text, std::string_view needle) {
  if (is_ascii(needle)) return text.size() == needle.size() && same_ascii(text.data(), needle.data(), needle.size());
  return fold_case(text) == fold_case(needle);
}

bool contains_folded(std::string_view text, std::string_view needle) {
  if (is_ascii(needle)) return find_folded(text, needle, [](std::size_t, std::size_t) { return true; });
  return fold_case(text).find(fold_case(needle)) != std::string::npos;
}

bool begins_folded(std::string_view text, std::string_view needle) {
  if (is_ascii(needle)) return text.size() >= needle.size() && same_ascii(text.data(), needle.data(), needle.size());
  const std::string folded = fold_case(needle);
  return std::string_view(fold_case(text)).substr(0, folded.size()) == folded;
}

bool ends_folded(std::string_view text, std::string_view needle) {
  if (is_ascii(needle))
    return text.size() >= needle.size() && same_ascii(text.data() + (text.size() - needle.size()), needle.data(), needle.size());
  const std::string folded_text = fold_case(text);
  const std::string folded = fold_case(needle);
  return folded_text.size() >= folded.size() && folded_text.compare(folded_text.size() - folded.size(), folded.size(), folded) == 0;
}

bool has_term_folded(std::string_view text, std::string_view needle) {
  if (!is_ascii(needle)) return has_term(fold_case(text), fold_case(needle));
  return find_folded(text, needle, [&](std::size_t begin, std::size_t end) { return begins_term(text, begin) && ends_term(text, end); });
}

bool has_term_prefix_folded(std::string_view text, std::string_view needle) {
  if (!is_ascii(needle)) return has_term_prefix(fold_case(text), fold_case(needle));
  return find_folded(text, needle, [&](std::size_t begin, std::size_t) { return begins_term(text, begin); });
}

bool has_term_suffix_folded(std::string_view text, std::string_view needle) {
  if (!is_ascii(needle)) return has_term_suffix(fold_case(text), fold_case(needle));
  return find_folded(text, needle, [&](std::size_t, std::size_t end) { return ends_term(text, end); });
}

}  // namespace kql
