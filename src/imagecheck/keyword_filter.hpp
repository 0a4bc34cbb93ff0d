// SPDX-License-Identifier: Apache-2.0
// Finds many short words in much text at about the speed of memory: a bitmap of one rare trigram a word rules nearly
// every place out, what is left is compared.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace imagecheck {

class KeywordFilter {
 public:
  static constexpr std::size_t kShortest = 3;  // bytes of a keyword

  // Keywords of at least kShortest bytes; compared without ASCII case. Equal ones may repeat.
  explicit KeywordFilter(const std::vector<std::string>& keywords);

  // Calls on_hit(keyword index, offset) for every occurrence, in the order of the text for each keyword.
  template <typename OnHit>
  void scan(std::string_view text, OnHit&& on_hit) const {
    std::uint32_t window = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      window = (window >> 8) | ((static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])) | 0x20u) << 16);
      const std::uint32_t hash = hash_of(window);
      if ((bitmap_[hash >> 6] >> (hash & 63) & 1) == 0 || i < 2) continue;
      compare(text, i - 2, hash, on_hit);
    }
  }

 private:
  struct Entry {
    std::uint32_t hash;
    std::uint32_t keyword;
    std::uint32_t offset;  // of the trigram in the keyword
    bool operator<(const Entry& other) const { return hash < other.hash; }
  };

  static std::uint32_t hash_of(std::uint32_t window) { return window * 0x9E3779B1u >> 16; }
  static std::uint32_t window_at(std::string_view lower, std::size_t at);
  static bool is_at(std::string_view text, std::size_t at, std::string_view lower);
  std::size_t first_of(std::uint32_t hash) const;

  template <typename OnHit>
  void compare(std::string_view text, std::size_t at, std::uint32_t hash, OnHit& on_hit) const {
    for (std::size_t k = first_of(hash); k < entries_.size() && entries_[k].hash == hash; ++k) {
      const Entry& entry = entries_[k];
      if (at < entry.offset || !is_at(text, at - entry.offset, keywords_[entry.keyword])) continue;
      on_hit(static_cast<std::size_t>(entry.keyword), at - entry.offset);
    }
  }

  std::vector<std::string> keywords_;  // in lower case
  std::vector<Entry> entries_;         // sorted by hash
  std::array<std::uint64_t, 1024> bitmap_{};
};

}  // namespace imagecheck
