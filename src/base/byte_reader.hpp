// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace base {

// Bounds-checked reads of fixed-width integers and slices from bytes held elsewhere. Every read past the
// end yields nullopt; nothing throws. Offsets are absolute.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  std::size_t size() const { return bytes_.size(); }
  std::string_view bytes() const { return bytes_; }

  std::optional<std::string_view> slice(std::uint64_t offset, std::uint64_t length) const {
    if (offset > bytes_.size() || length > bytes_.size() - offset) return std::nullopt;
    return bytes_.substr(offset, length);
  }

  std::optional<std::uint8_t> u8(std::uint64_t offset) const { return little<std::uint8_t>(offset); }
  std::optional<std::uint16_t> le16(std::uint64_t offset) const { return little<std::uint16_t>(offset); }
  std::optional<std::uint32_t> le32(std::uint64_t offset) const { return little<std::uint32_t>(offset); }
  std::optional<std::uint64_t> le64(std::uint64_t offset) const { return little<std::uint64_t>(offset); }
  std::optional<std::uint16_t> be16(std::uint64_t offset) const { return big<std::uint16_t>(offset); }
  std::optional<std::uint32_t> be32(std::uint64_t offset) const { return big<std::uint32_t>(offset); }
  std::optional<std::uint64_t> be64(std::uint64_t offset) const { return big<std::uint64_t>(offset); }

 private:
  template <typename T>
  std::optional<T> little(std::uint64_t offset) const {
    auto part = slice(offset, sizeof(T));
    if (!part) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = sizeof(T); i-- > 0;) value = value << 8 | static_cast<std::uint8_t>((*part)[i]);
    return static_cast<T>(value);
  }

  template <typename T>
  std::optional<T> big(std::uint64_t offset) const {
    auto part = slice(offset, sizeof(T));
    if (!part) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) value = value << 8 | static_cast<std::uint8_t>((*part)[i]);
    return static_cast<T>(value);
  }

  std::string_view bytes_;
};

}  // namespace base
