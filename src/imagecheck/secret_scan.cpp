// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>

#include "imagecheck/secret_patterns.hpp"
#include "imagecheck/secret_rules.hpp"

namespace imagecheck {

namespace {

// How far from a keyword a match may begin and end.
constexpr std::size_t kBeforeKeyword = 128;
constexpr std::size_t kAfterKeyword = 1'024;
constexpr std::size_t kGroups = 4;  // of an expression that count
constexpr std::size_t kWindowBytes = 64u << 10;

double shannon_entropy(std::string_view text) {
  std::array<std::size_t, 256> counts{};
  for (const char c : text) ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const std::size_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

std::string mask_secret(std::string_view secret) {
  constexpr std::size_t kLong = 16, kShown = 4;
  std::string masked;
  if (secret.size() >= kLong)
    for (const char c : secret.substr(0, kShown)) masked += c > 0x20 && c < 0x7f ? c : '?';
  return masked + "****";
}

bool overlap(const SecretMatch& a, const SecretMatch& b) { return a.begin < b.end && b.begin < a.end; }

}  // namespace

SecretScan::SecretScan(const SecretRules& rules, std::string_view path, std::string_view text)
    : rules_(rules), path_(path), text_(text) {}

// Windows of near keywords become one, so that the work stays within twice the text for each rule.
void SecretScan::hit(std::size_t keyword, std::size_t offset) {
  if (windows_.empty()) windows_.resize(rules_.rules().size());
  const std::size_t rule = rules_.rule_of_keyword(keyword);
  Window& window = windows_[rule];
  if (!window.started) {
    window.started = true;
    window.skipped = base::matches_any(rules_.rules()[rule].skip, path_);
  }
  if (window.skipped) return;
  const std::size_t end = std::min(text_.size(), offset + kAfterKeyword);
  const std::size_t begin = offset - std::min(offset, kBeforeKeyword);
  if (window.open && begin <= window.end && end - window.begin <= kWindowBytes) {
    window.end = std::max(window.end, end);
    return;
  }
  if (window.open) search(rule, window);
  window.begin = begin;
  window.end = std::max(begin, end);
  window.open = true;
}

bool SecretScan::accept(std::size_t rule, std::string_view secret) const {
  if (secret.empty() || shannon_entropy(secret) < rules_.rules()[rule].entropy) return false;
  const auto& placeholders = rules_.patterns_->placeholders;
  return std::none_of(placeholders.begin(), placeholders.end(), [secret](const auto& pattern) {
    return re2::RE2::PartialMatch(re2::StringPiece(secret.data(), secret.size()), *pattern);
  });
}

void SecretScan::search(std::size_t rule, Window& window) {
  window.open = false;
  const re2::RE2& pattern = *rules_.patterns_->rules[rule];
  const re2::StringPiece text(text_.data(), text_.size());
  std::array<re2::StringPiece, kGroups> groups;
  const int group_count = std::min(static_cast<int>(kGroups), pattern.NumberOfCapturingGroups() + 1);
  std::size_t from = std::max(window.begin, window.matched_to);
  while (from < window.end && matches_.size() < 10 * kMatchesPerText &&
         pattern.Match(text, from, window.end, re2::RE2::UNANCHORED, groups.data(), group_count)) {
    // The first group that took part, else the whole match.
    const auto group = std::find_if(groups.begin() + 1, groups.begin() + group_count,
                                    [](const re2::StringPiece& piece) { return piece.data() != nullptr; });
    const re2::StringPiece& found = group == groups.begin() + group_count ? groups[0] : *group;
    const auto begin = static_cast<std::size_t>(found.data() - text_.data());
    const auto match_end = static_cast<std::size_t>(groups[0].data() - text_.data()) + groups[0].size();
    const std::string_view secret = text_.substr(begin, found.size());
    if (accept(rule, secret)) matches_.push_back({rule, begin, begin + secret.size(), 0, mask_secret(secret)});
    from = std::max(match_end, from + 1);
    window.matched_to = from;
  }
}

std::vector<SecretMatch> SecretScan::finish() {
  for (std::size_t rule = 0; rule < windows_.size(); ++rule)
    if (windows_[rule].open) search(rule, windows_[rule]);
  const auto generic = [this](const SecretMatch& match) { return rules_.rules()[match.rule].generic; };
  const std::vector<SecretMatch> all = matches_;
  std::erase_if(matches_, [&](const SecretMatch& match) {
    return generic(match) && std::any_of(all.begin(), all.end(), [&](const SecretMatch& other) {
      return !generic(other) && overlap(match, other);
    });
  });
  std::sort(matches_.begin(), matches_.end(), [](const SecretMatch& a, const SecretMatch& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.rule < b.rule;
  });
  if (matches_.size() > kMatchesPerText) matches_.resize(kMatchesPerText);
  std::size_t line = 1, at = 0;
  for (SecretMatch& match : matches_) {
    line += static_cast<std::size_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at),
                                                text_.begin() + static_cast<std::ptrdiff_t>(match.begin), '\n'));
    at = match.begin;
    match.line = line;
  }
  return std::move(matches_);
}

std::vector<SecretMatch> find_secrets(const SecretRules& rules, std::string_view path, std::string_view text) {
  SecretScan scan(rules, path, text);
  rules.filter().scan(text, [&scan](std::size_t keyword, std::size_t offset) { scan.hit(keyword, offset); });
  return scan.finish();
}

}  // namespace imagecheck
