// SPDX-License-Identifier: Apache-2.0
#include "kql/key_values.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "kql/regex.hpp"
#include "kql/text_terms.hpp"

namespace kql {

namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool stands_at(std::string_view text, std::size_t at, std::string_view what) { return !what.empty() && text.substr(at, what.size()) == what; }

// Reads the quoted text that begins at `at` and moves there behind it; nothing where none begins or it does not end.
std::optional<std::string> taken_quoted(std::string_view text, std::size_t& at, const KeyValueRules& rules) {
  const auto quote = std::find_if(rules.quotes.begin(), rules.quotes.end(), [&](const auto& each) { return stands_at(text, at, each.first); });
  if (quote == rules.quotes.end()) return std::nullopt;
  std::string out;
  for (std::size_t i = at + quote->first.size(); i < text.size();) {
    const auto escape = std::find_if(rules.escapes.begin(), rules.escapes.end(), [&](const std::string& each) { return stands_at(text, i, each); });
    if (escape != rules.escapes.end() && i + escape->size() < text.size()) {
      i += escape->size();
    } else if (stands_at(text, i, quote->second)) {
      at = i + quote->second.size();
      return out;
    }
    out += text[i++];
  }
  return std::nullopt;
}

class DelimitedPairs {
 public:
  DelimitedPairs(std::string_view text, const KeyValueRules& rules) : text_(text), rules_(rules) {}

  void run(const VisitPair& visit) {
    while (at_ < text_.size()) {
      const auto key = taken_key();
      if (!key) continue;
      if (!visit(base::trim(*key), taken_value())) return;
    }
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_]) && !stands_at(text_, at_, rules_.pair_delimiter)) ++at_;
  }

  void skip_pair() {
    const std::size_t next = text_.find(rules_.pair_delimiter, at_);
    at_ = next == kNone ? text_.size() : next + rules_.pair_delimiter.size();
  }

  // The key before the next delimiter of key and value; nothing where this pair has none, which is passed over then.
  std::optional<std::string> taken_key() {
    skip_blanks();
    auto quoted = taken_quoted(text_, at_, rules_);
    if (quoted) skip_blanks();
    const std::size_t end = text_.find(rules_.kv_delimiter, at_);
    const std::size_t next = text_.find(rules_.pair_delimiter, at_);
    if (end == kNone || next < end || (quoted && end != at_)) {
      skip_pair();
      return std::nullopt;
    }
    std::string key = quoted ? std::move(*quoted) : std::string(text_.substr(at_, end - at_));
    at_ = end + rules_.kv_delimiter.size();
    return key;
  }

  std::string taken_value() {
    skip_blanks();
    if (auto quoted = taken_quoted(text_, at_, rules_)) {
      skip_pair();
      return std::move(*quoted);
    }
    const std::size_t end = rules_.greedy ? before_next_key() : std::min(text_.find(rules_.pair_delimiter, at_), text_.size());
    std::string value(base::trim(text_.substr(at_, end - at_)));
    at_ = std::min(end + rules_.pair_delimiter.size(), text_.size());
    return value;
  }

  // The last delimiter of pairs before the next one of key and value that has one.
  std::size_t before_next_key() const {
    for (std::size_t key = text_.find(rules_.kv_delimiter, at_); key != kNone; key = text_.find(rules_.kv_delimiter, key + 1)) {
      std::size_t begin = begin_of_quoted_key(key);
      if (begin == kNone) begin = key;
      if (begin <= at_) continue;
      const std::size_t pair = text_.rfind(rules_.pair_delimiter, begin - 1);
      if (pair != kNone && pair >= at_) return pair;
    }
    return text_.size();
  }

  // Of `"a key"=`, where the quote opens.
  std::size_t begin_of_quoted_key(std::size_t end) const {
    for (const auto& [open, close] : rules_.quotes) {
      if (end < open.size() + close.size() || !stands_at(text_, end - close.size(), close)) continue;
      const std::size_t begin = text_.rfind(open, end - close.size() - 1);
      if (begin != kNone && begin >= at_) return begin;
    }
    return kNone;
  }

  std::string_view text_;
  const KeyValueRules& rules_;
  std::size_t at_ = 0;
};

bool is_word_byte(char c) {
  const char lower = static_cast<char>(c | 0x20);
  return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

// Words and quoted texts, each of which may be the key of the one behind it.
void words_in_pairs(std::string_view text, const KeyValueRules& rules, const VisitPair& visit) {
  std::optional<std::string> before;
  for (std::size_t at = 0; at < text.size();) {
    auto word = taken_quoted(text, at, rules);
    if (!word) {
      std::size_t end = at;
      while (end < text.size() && is_word_byte(text[end])) ++end;
      if (end == at) {
        ++at;
        continue;
      }
      word = std::string(text.substr(at, end - at));
      at = end;
    }
    if (before && !visit(*before, *word)) return;
    before = std::move(word);
  }
}

void pairs_of_regex(std::string_view text, const KeyValueRules& rules, const VisitPair& visit) {
  const re2::RE2* pattern = compiled_regex(rules.regex, text);
  if (pattern == nullptr || pattern->NumberOfCapturingGroups() != 2) return;
  re2::StringPiece found[3];
  const auto view = [](const re2::StringPiece& piece) { return base::trim(std::string_view(piece.data(), piece.size())); };
  for (std::size_t at = 0; at <= text.size();) {
    if (!pattern->Match({text.data(), text.size()}, at, text.size(), re2::RE2::UNANCHORED, found, 3)) return;
    if (!visit(view(found[1]), std::string(view(found[2])))) return;
    const auto end = static_cast<std::size_t>(found[0].data() - text.data()) + found[0].size();
    at = found[0].empty() ? end + 1 : end;
  }
}

}  // namespace

void for_each_pair(std::string_view text, const KeyValueRules& rules, const VisitPair& visit) {
  if (!rules.regex.empty()) return pairs_of_regex(text, rules, visit);
  if (rules.pair_delimiter.empty() || rules.kv_delimiter.empty()) return words_in_pairs(text, rules, visit);
  DelimitedPairs(text, rules).run(visit);
}

}  // namespace kql
