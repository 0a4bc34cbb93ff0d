// SPDX-License-Identifier: Apache-2.0
#include "base/glob.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace base {

Glob::Glob(std::string_view pattern) : name_only_(pattern.find('/') == std::string_view::npos) {
  while (!pattern.empty() && pattern.front() == '/') pattern.remove_prefix(1);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '?') {
      tokens_.push_back({Token::Kind::one});
    } else if (pattern[i] != '*') {
      tokens_.push_back({Token::Kind::byte, pattern[i]});
    } else if (pattern.substr(i, 3) == "**/" && (i == 0 || pattern[i - 1] == '/')) {
      tokens_.push_back({Token::Kind::folders});
      i += 2;
    } else if (pattern.substr(i, 2) == "**") {
      tokens_.push_back({Token::Kind::rest});
      ++i;
    } else {
      tokens_.push_back({Token::Kind::part});
    }
  }
  const auto is_byte = [](const Token& token) { return token.kind == Token::Kind::byte; };
  for (auto at = tokens_.begin(); at != tokens_.end() && is_byte(*at); ++at) prefix_ += at->byte;
  for (auto at = tokens_.rbegin(); at != tokens_.rend() && is_byte(*at); ++at) suffix_ += at->byte;
  std::reverse(suffix_.begin(), suffix_.end());
}

bool Glob::matches(std::string_view path) const {
  while (!path.empty() && path.front() == '/') path.remove_prefix(1);
  if (!path.ends_with(suffix_)) return false;
  if (name_only_) path = basename(path);
  if (prefix_.size() == tokens_.size()) return path == prefix_;
  return path.starts_with(prefix_) && run(path);
}

// Keeps the set of places in the pattern that the bytes so far can have led to.
bool Glob::run(std::string_view path) const {
  using Sort = Token::Kind;
  std::vector<char> at(tokens_.size() + 1, 0), next(tokens_.size() + 1, 0);
  at[0] = 1;
  // A star may stand for nothing; "**/" ends behind a slash, or where the path begins.
  const auto skip_stars = [this](std::vector<char>& places, char before) {
    for (std::size_t k = 0; k < tokens_.size(); ++k) {
      const Sort kind = tokens_[k].kind;
      if (!places[k] || kind == Sort::byte || kind == Sort::one) continue;
      if (kind != Sort::folders || before == '/') places[k + 1] = 1;
    }
  };
  skip_stars(at, '/');
  for (const char c : path) {
    std::fill(next.begin(), next.end(), 0);
    for (std::size_t k = 0; k < tokens_.size(); ++k) {
      if (!at[k]) continue;
      const Token& token = tokens_[k];
      if (token.kind == Sort::byte || token.kind == Sort::one) {
        if (token.kind == Sort::one ? c != '/' : c == token.byte) next[k + 1] = 1;
      } else if (token.kind != Sort::part || c != '/') {
        next[k] = 1;
      }
    }
    at.swap(next);
    skip_stars(at, c);
  }
  return at[tokens_.size()] != 0;
}

bool matches_any(const std::vector<Glob>& globs, std::string_view path) {
  return std::any_of(globs.begin(), globs.end(), [path](const Glob& glob) { return glob.matches(path); });
}

}  // namespace base
