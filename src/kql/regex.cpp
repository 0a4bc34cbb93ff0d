// SPDX-License-Identifier: Apache-2.0
#include "kql/regex.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <memory>

#include "kql/text_terms.hpp"

namespace kql {

namespace {

constexpr std::size_t kMostCached = 256;
constexpr std::int64_t kMostMemory = 16 << 20;  // of one pattern
constexpr std::size_t kLongestPattern = 64 << 10, kMostRepetitions = 100'000;
constexpr std::size_t kAround = 64;  // what functions write around a pattern that was checked

re2::RE2::Options options() {
  re2::RE2::Options out(re2::RE2::Quiet);
  out.set_max_mem(kMostMemory);
  return out;
}

// How many copies a pattern asks for with {n} and {n,m}: RE2 makes them before it looks at its bounds.
std::size_t repetitions(std::string_view pattern) {
  std::size_t out = 0;
  for (std::size_t open = pattern.find('{'); open != std::string_view::npos; open = pattern.find('{', open + 1)) {
    std::size_t most = 0, count = 0;
    for (std::size_t i = open + 1; i < pattern.size() && (pattern[i] == ',' || (pattern[i] >= '0' && pattern[i] <= '9')); ++i) {
      count = pattern[i] == ',' || count > kMostRepetitions ? 0 : count * 10 + static_cast<std::size_t>(pattern[i] - '0');
      most = std::max(most, count);
    }
    out += most;
  }
  return out;
}

// Empty where the pattern is small enough to be compiled.
std::string fault_of_size(std::string_view pattern) {
  if (pattern.size() > kLongestPattern) return fmt::format("a regular expression of {} bytes is too long; at most {} are compiled", pattern.size(), kLongestPattern);
  const std::size_t repeated = repetitions(pattern);
  return repeated <= kMostRepetitions ? "" : fmt::format("the regular expression '{}' repeats {} times, of at most {}", pattern, repeated, kMostRepetitions);
}

using Compiled = std::unique_ptr<re2::RE2>;
using Cache = std::map<std::string, Compiled, std::less<>>;

const re2::RE2* cached(Cache& cache, std::string_view pattern, bool unicode) {
  auto at = cache.find(pattern);
  if (at == cache.end()) {
    if (cache.size() >= kMostCached) cache.clear();
    if (pattern.size() > kLongestPattern + kAround || repetitions(pattern) > kMostRepetitions) return nullptr;
    auto compiled = std::make_unique<re2::RE2>(re2_pattern(pattern, unicode), options());
    // Unicode's classes are large; a pattern that repeats them often may fit with those of ASCII alone.
    if (!compiled->ok() && unicode) compiled = std::make_unique<re2::RE2>(re2_pattern(pattern, false), options());
    at = cache.emplace(std::string(pattern), std::move(compiled)).first;
  }
  return at->second->ok() ? at->second.get() : nullptr;
}

// What stands within brackets for \d, \w, \s.
std::string_view members_of_class(char letter) {
  switch (letter) {
    case 'd': return R"(\p{Nd})";
    case 'w': return R"(\pL\pM\p{Nd}\p{Nl}\p{Pc}\x{200c}\x{200d})";
    default: return R"(\x{9}-\x{d}\x{85}\pZ)";
  }
}

class Rewriter {
 public:
  Rewriter(std::string_view pattern, bool unicode) : pattern_(pattern), unicode_(unicode) {}

  std::string run() {
    while (at_ < pattern_.size()) {
      if (pattern_[at_] == '\\') rewrite_escape();
      else if (pattern_[at_] == '[') rewrite_brackets();
      else if (pattern_.substr(at_, 3) == "(?<" && pattern_.substr(at_ + 3, 1) != "=" && pattern_.substr(at_ + 3, 1) != "!") put("(?P<", 3);
      else put(pattern_.substr(at_, 1), 1);
    }
    return std::move(out_);
  }

 private:
  void put(std::string_view text, std::size_t taken) {
    out_ += text;
    at_ += taken;
  }

  static bool is_class_letter(char c) { return c == 'd' || c == 'w' || c == 's'; }

  void rewrite_escape() {
    const char letter = at_ + 1 < pattern_.size() ? pattern_[at_ + 1] : '\0';
    const char lower = static_cast<char>(letter | 0x20);
    if (unicode_ && is_class_letter(letter)) return put(fmt::format("[{}]", members_of_class(letter)), 2);
    if (unicode_ && letter < 'a' && is_class_letter(lower)) return put(fmt::format("[^{}]", members_of_class(lower)), 2);
    rewrite_plain_escape(letter);
  }

  void rewrite_plain_escape(char letter) {
    if (letter == 'u' && pattern_.substr(at_ + 2, 1) == "{") return put("\\x", 2);
    if (letter == 'u') return put(fmt::format("\\x{{{}}}", pattern_.substr(at_ + 2, 4)), 6);
    if (letter == '_') return put("_", 2);
    if (letter == 'Q') return put_quoted();
    put(pattern_.substr(at_, 2), 2);
  }

  // \Q…\E: no escape within.
  void put_quoted() {
    const std::size_t end = pattern_.find("\\E", at_);
    const std::string_view quoted = pattern_.substr(at_, end == std::string_view::npos ? end : end + 2 - at_);
    put(quoted, quoted.size());
  }

  std::size_t end_of_brackets() const {
    std::size_t i = at_ + 1;
    if (pattern_.substr(i, 1) == "^") ++i;
    for (bool first = true; i < pattern_.size(); first = false, ++i) {
      if (pattern_[i] == ']' && !first) return i + 1;
      if (pattern_[i] == '\\') ++i;
      if (pattern_.substr(i, 2) == "[:") {
        const std::size_t close = pattern_.find(":]", i + 2);
        if (close != std::string_view::npos) i = close + 1;
      }
    }
    return pattern_.size();
  }

  // A class that stands negated among others ([\W_]) becomes an alternative of its own; within a negated set ([^\W_])
  // that cannot be said, and ASCII's is taken.
  void rewrite_brackets() {
    const std::size_t end = end_of_brackets();
    const bool negated = pattern_.substr(at_ + 1, 1) == "^";
    std::string alternatives;
    put(negated ? "[^" : "[", negated ? 2 : 1);
    const std::size_t begin = out_.size() - (negated ? 2 : 1);
    const std::size_t members = out_.size();
    while (at_ < end) {
      const char letter = pattern_[at_] == '\\' && at_ + 1 < end ? pattern_[at_ + 1] : '\0';
      const char lower = static_cast<char>(letter | 0x20);
      if (unicode_ && is_class_letter(letter)) {
        put(members_of_class(letter), 2);
      } else if (unicode_ && !negated && letter < 'a' && is_class_letter(lower)) {
        alternatives += fmt::format("|[^{}]", members_of_class(lower));
        at_ += 2;
      } else if (letter != '\0') {
        rewrite_plain_escape(letter);
      } else {
        put(pattern_.substr(at_, 1), 1);
      }
    }
    if (alternatives.empty()) return;
    if (out_.size() == members + 1) out_.erase(begin), alternatives.erase(0, 1);  // nothing else was in the brackets
    out_ = fmt::format("{}(?:{}{})", out_.substr(0, begin), out_.substr(begin), alternatives);
  }

  std::string_view pattern_;
  const bool unicode_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string re2_pattern(std::string_view pattern, bool unicode) { return Rewriter(pattern, unicode).run(); }

const re2::RE2* compiled_regex(std::string_view pattern, std::string_view text) {
  if (!is_ascii(text)) return compiled_regex(pattern);
  thread_local Cache cache;
  return cached(cache, pattern, false);
}

const re2::RE2* compiled_regex(std::string_view pattern) {
  thread_local Cache cache;
  return cached(cache, pattern, true);
}

base::Result<void> check_regex(std::string_view pattern) {
  if (std::string fault = fault_of_size(pattern); !fault.empty()) return base::fail(base::Kind::invalid_input, std::move(fault));
  const re2::RE2 compiled(re2_pattern(pattern, false), options());
  if (compiled.ok()) return {};
  return base::fail(base::Kind::invalid_input, fmt::format("'{}' is not a regular expression of RE2: {}", pattern, compiled.error()));
}

std::string quote_regex(std::string_view text) { return re2::RE2::QuoteMeta({text.data(), text.size()}); }

}  // namespace kql
