// SPDX-License-Identifier: Apache-2.0
#include "imagecheck/keyword_filter.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace imagecheck {

namespace {

// How common a byte is in text and source code: the rarest trigram of a keyword lets the fewest places through.
int commonness(char c) {
  if (std::string_view("etaoinsr").find(c) != std::string_view::npos) return 5;
  if (std::string_view("lcdupmgh =-_/.").find(c) != std::string_view::npos) return 3;
  return c >= 'a' && c <= 'z' ? 2 : 1;
}

std::size_t rarest_trigram(std::string_view lower) {
  std::size_t best = 0;
  int best_cost = 1'000;
  for (std::size_t i = 0; i + KeywordFilter::kShortest <= lower.size(); ++i) {
    const int cost = commonness(lower[i]) * commonness(lower[i + 1]) * commonness(lower[i + 2]);
    if (cost >= best_cost) continue;
    best_cost = cost;
    best = i;
  }
  return best;
}

}  // namespace

KeywordFilter::KeywordFilter(const std::vector<std::string>& keywords) {
  for (const std::string& keyword : keywords) keywords_.push_back(base::to_lower(keyword));
  for (std::size_t i = 0; i < keywords_.size(); ++i) {
    if (keywords_[i].size() < kShortest) continue;
    const std::size_t offset = rarest_trigram(keywords_[i]);
    const std::uint32_t hash = hash_of(window_at(keywords_[i], offset));
    entries_.push_back({hash, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(offset)});
    bitmap_[hash >> 6] |= std::uint64_t{1} << (hash & 63);
  }
  std::stable_sort(entries_.begin(), entries_.end());
}

std::uint32_t KeywordFilter::window_at(std::string_view lower, std::size_t at) {
  std::uint32_t window = 0;
  for (std::size_t i = 0; i < kShortest; ++i)
    window = (window >> 8) | ((static_cast<std::uint32_t>(static_cast<unsigned char>(lower[at + i])) | 0x20u) << 16);
  return window;
}

bool KeywordFilter::is_at(std::string_view text, std::size_t at, std::string_view lower) {
  if (lower.size() > text.size() - at) return false;
  for (std::size_t i = 0; i < lower.size(); ++i) {
    const char c = text[at + i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != lower[i]) return false;
  }
  return true;
}

std::size_t KeywordFilter::first_of(std::uint32_t hash) const {
  return static_cast<std::size_t>(std::lower_bound(entries_.begin(), entries_.end(), Entry{hash, 0, 0}) - entries_.begin());
}

}  // namespace imagecheck
