// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.hpp"
#include "oci/registry_auth.hpp"

namespace oci {

namespace {

constexpr std::size_t kChallengeHeaderCap = 16u << 10;
constexpr std::size_t kChallengesCap = 16;
constexpr std::size_t kParametersCap = 32;

bool is_challenge_token_char(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         kMarks.find(c) != std::string_view::npos;
}

class ChallengeReader {
 public:
  explicit ChallengeReader(std::string_view text) : rest_(text) {}

  std::vector<AuthChallenge> read() {
    while (skip(" \t,") && found_.size() <= kChallengesCap) {
      const std::string_view word = token();
      if (word.empty()) break;
      if (!found_.empty() && next_is_parameter()) {
        if (!parameter(word)) break;
      } else {
        found_.push_back({base::to_lower(word), {}});
        skip_token68();
      }
    }
    return std::move(found_);
  }

 private:
  // False at the end of the text.
  bool skip(std::string_view characters) {
    const std::size_t at = rest_.find_first_not_of(characters);
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at);
    return !rest_.empty();
  }

  std::string_view token() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_challenge_token_char);
    const std::string_view word = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(word.size());
    return word;
  }

  // Behind a word: "=", blanks around it allowed.
  bool next_is_parameter() const {
    const std::size_t at = rest_.find_first_not_of(" \t");
    return at != std::string_view::npos && rest_[at] == '=';
  }

  bool parameter(std::string_view name) {
    skip(" \t");
    rest_.remove_prefix(1);  // '='
    if (!skip(" \t") || found_.back().parameters.size() >= kParametersCap) return false;
    std::string value;
    if (rest_.front() == '"') {
      if (!quoted(value)) return false;
    } else {
      value = token();
      if (value.empty()) return false;
    }
    found_.back().parameters.emplace_back(base::to_lower(name), std::move(value));
    return true;
  }

  bool quoted(std::string& value) {
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == '"') {
        rest_.remove_prefix(i + 1);
        return true;
      }
      if (rest_[i] == '\\' && ++i == rest_.size()) return false;
      value += rest_[i];
    }
    return false;
  }

  // "Negotiate oRQwEqADC…==": one word in place of parameters.
  void skip_token68() {
    const std::size_t start = rest_.find_first_not_of(" \t");
    if (start == 0 || start == std::string_view::npos) return;
    std::size_t end = start;
    while (end < rest_.size() && (is_challenge_token_char(rest_[end]) || rest_[end] == '/'))
      ++end;
    const std::size_t word_end = end;
    while (end < rest_.size() && rest_[end] == '=')
      ++end;
    const std::size_t after = rest_.find_first_not_of(" \t", end);
    const bool alone = after == std::string_view::npos || rest_[after] == ',';
    if (word_end > start && alone) rest_.remove_prefix(end);
  }

  std::string_view rest_;
  std::vector<AuthChallenge> found_;
};

}  // namespace

std::string_view AuthChallenge::parameter(std::string_view lower_case_name) const {
  for (const auto& [name, value] : parameters)
    if (name == lower_case_name) return value;
  return {};
}

std::vector<AuthChallenge> parse_challenges(std::string_view header) {
  if (header.size() > kChallengeHeaderCap) return {};
  return ChallengeReader(header).read();
}

}  // namespace oci
