// SPDX-License-Identifier: Apache-2.0
// Makes rpm headers and databases byte by byte, for tests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sbom::testing {

inline std::string be32_bytes(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8), static_cast<char>(value)};
}
inline std::string le32_bytes(std::uint32_t value) {
  return {static_cast<char>(value), static_cast<char>(value >> 8), static_cast<char>(value >> 16), static_cast<char>(value >> 24)};
}

class RpmHeaderBuilder {
 public:
  RpmHeaderBuilder& text(std::uint32_t tag, std::string_view value) { return entry(tag, 6, 1, std::string(value) + '\0'); }
  RpmHeaderBuilder& number(std::uint32_t tag, std::uint32_t value) { return numbers(tag, {value}); }
  RpmHeaderBuilder& numbers(std::uint32_t tag, const std::vector<std::uint32_t>& values) {
    std::string data;
    for (std::uint32_t value : values) data += be32_bytes(value);
    return entry(tag, 4, static_cast<std::uint32_t>(values.size()), data);
  }
  RpmHeaderBuilder& texts(std::uint32_t tag, const std::vector<std::string>& values) {
    std::string data;
    for (const std::string& value : values) data.append(value).push_back('\0');
    return entry(tag, 8, static_cast<std::uint32_t>(values.size()), data);
  }
  RpmHeaderBuilder& entry(std::uint32_t tag, std::uint32_t type, std::uint32_t count, std::string_view data) {
    if (type == 4) data_.resize((data_.size() + 3) / 4 * 4);
    index_ += be32_bytes(tag) + be32_bytes(type) + be32_bytes(static_cast<std::uint32_t>(data_.size())) + be32_bytes(count);
    data_ += data;
    ++entries_;
    return *this;
  }
  std::string build() const {
    return be32_bytes(entries_) + be32_bytes(static_cast<std::uint32_t>(data_.size())) + index_ + data_;
  }

 private:
  std::uint32_t entries_ = 0;
  std::string index_;
  std::string data_;
};

// A header with name, version, release and source; `padding` adds a description of that many bytes.
inline std::string rpm_header(std::string_view name, std::string_view version, std::size_t padding = 0) {
  RpmHeaderBuilder builder;
  builder.text(1000, name).text(1001, version).text(1002, "1.el9");
  if (padding > 0) builder.text(1005, std::string(padding, 'd'));
  return builder.text(1022, "x86_64").text(1044, std::string(name) + '-' + std::string(version) + "-1.el9.src.rpm").build();
}

inline std::uint32_t adler32(std::string_view bytes) {
  std::uint32_t low = 1;
  std::uint32_t high = 0;
  for (char c : bytes) {
    low = (low + static_cast<std::uint8_t>(c)) % 65521;
    high = (high + low) % 65521;
  }
  return high << 16 | low;
}

// An NDB database with one page of slots.
inline std::string ndb_database(const std::vector<std::string>& blobs) {
  std::string slots;
  std::string data;
  for (std::size_t i = 0; i < blobs.size(); ++i) {
    const auto number = static_cast<std::uint32_t>(i + 1);
    const auto length = static_cast<std::uint32_t>(blobs[i].size());
    std::string blob = "BlbS" + le32_bytes(number) + le32_bytes(1) + le32_bytes(length) + blobs[i];
    blob.resize((blob.size() + 12 + 15) / 16 * 16 - 12);
    blob += le32_bytes(adler32(blob));
    blob += le32_bytes(length) + "BlbE";
    slots += "Slot" + le32_bytes(number) + le32_bytes(static_cast<std::uint32_t>((4096 + data.size()) / 16)) +
             le32_bytes(static_cast<std::uint32_t>(blob.size() / 16));
    data += blob;
  }
  std::string header = "RpmP" + le32_bytes(0) + le32_bytes(1) + le32_bytes(1) + le32_bytes(static_cast<std::uint32_t>(blobs.size() + 1));
  header.resize(32);
  header += slots;
  while (header.size() < 4096) header += "Slot" + std::string(12, '\0');
  return header + data;
}

// A Berkeley DB hash with two buckets; every pair stands in the first, on as many pages as it takes, and what does
// not fit a quarter of a page on overflow pages.
class BdbBuilder {
 public:
  explicit BdbBuilder(bool big_endian, std::uint32_t page_size = 512) : big_(big_endian), page_size_(page_size) {
    pages_.assign(3, std::string(page_size, '\0'));
    start_page(1, 13, 0);
    start_page(2, 13, 0);
  }

  void add(std::uint32_t key, std::string_view value) {
    std::string item = '\1' + std::string(value);
    if (item.size() > page_size_ / 4)
      item = std::string("\3\0\0\0", 4) + u32(overflow(value)) + u32(static_cast<std::uint32_t>(value.size()));
    const std::string key_item = '\1' + u32(key);
    if (used_ + key_item.size() + item.size() + 4 > page_size_ - 26 - items_ * 2) next_bucket_page();
    put(key_item);
    put(item);
  }

  std::string build() {
    std::string& meta = pages_[0];
    set(meta, 12, u32(0x061561));
    set(meta, 16, u32(9));
    set(meta, 20, u32(static_cast<std::uint32_t>(page_size_)));
    meta[25] = 8;
    set(meta, 32, u32(static_cast<std::uint32_t>(pages_.size() - 1)));
    set(meta, 72, u32(1) + u32(1) + u32(0));  // highest bucket, high mask, low mask
    set(meta, 96, u32(1) + u32(1));           // page of a bucket: its number plus this
    std::string out;
    for (const std::string& page : pages_) out += page;
    return out;
  }

 private:
  std::string u32(std::uint32_t value) const { return big_ ? be32_bytes(value) : le32_bytes(value); }
  std::string u16(std::size_t value) const {
    std::string bytes{static_cast<char>(value), static_cast<char>(value >> 8)};
    return big_ ? std::string(bytes.rbegin(), bytes.rend()) : bytes;
  }
  static void set(std::string& page, std::size_t at, std::string_view bytes) { page.replace(at, bytes.size(), bytes); }

  void start_page(std::size_t number, char type, std::uint32_t previous) {
    set(pages_[number], 8, u32(static_cast<std::uint32_t>(number)) + u32(previous));
    pages_[number][25] = type;
  }
  std::uint32_t new_page(char type, std::uint32_t previous) {
    pages_.emplace_back(page_size_, '\0');
    start_page(pages_.size() - 1, type, previous);
    return static_cast<std::uint32_t>(pages_.size() - 1);
  }
  void next_bucket_page() {
    const std::uint32_t number = new_page(13, static_cast<std::uint32_t>(current_));
    set(pages_[current_], 16, u32(number));
    current_ = number;
    used_ = items_ = 0;
  }
  std::uint32_t overflow(std::string_view value) {
    std::uint32_t first = 0;
    std::uint32_t previous = 0;
    while (!value.empty()) {
      const std::string_view part = value.substr(0, page_size_ - 26);
      const std::uint32_t number = new_page(7, previous);
      set(pages_[number], 20, u16(1) + u16(part.size()));
      set(pages_[number], 26, part);
      if (first == 0)
        first = number;
      else
        set(pages_[previous], 16, u32(number));
      previous = number;
      value.remove_prefix(part.size());
    }
    return first;
  }
  void put(const std::string& item) {
    used_ += item.size();
    std::string& page = pages_[current_];
    set(page, page_size_ - used_, item);
    set(page, 26 + items_ * 2, u16(page_size_ - used_));
    ++items_;
    set(page, 20, u16(items_) + u16(page_size_ - used_));
  }

  bool big_;
  std::size_t page_size_;
  std::vector<std::string> pages_;
  std::size_t current_ = 1;
  std::size_t used_ = 0;
  std::size_t items_ = 0;
};

}  // namespace sbom::testing
