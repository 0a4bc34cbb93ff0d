// SPDX-License-Identifier: Apache-2.0
// The wire format of protocol buffers (protobuf.dev/programming-guides/encoding), read field by field.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace workspace {

// for (ProtobufReader fields(bytes); fields.next();) switch (fields.number()) …
class ProtobufReader {
 public:
  explicit ProtobufReader(std::string_view bytes) : bytes_(bytes) {}

  // Moves to the next field; false at the end and where the bytes are no message, which failed() tells apart.
  bool next() {
    if (bytes_.empty() || failed_) return false;
    const std::uint64_t tag = varint();
    number_ = tag >> 3;
    text_ = {};
    integer_ = 0;
    switch (tag & 7) {
      case 0: integer_ = varint(); break;
      case 1: integer_ = fixed(8); break;
      case 2: text_ = take(varint()); break;
      case 5: integer_ = fixed(4); break;
      default: failed_ = true;  // groups, which no message of ours has
    }
    if (number_ == 0) failed_ = true;
    return !failed_;
  }
  bool failed() const { return failed_; }

  std::uint64_t number() const { return number_; }
  std::string_view text() const { return text_; }     // of a string, bytes or message; else empty
  std::uint64_t integer() const { return integer_; }  // of a number; else 0
  double real() const {
    double value = 0;
    std::memcpy(&value, &integer_, sizeof value);
    return value;
  }

 private:
  std::string_view take(std::uint64_t count) {
    if (count > bytes_.size()) {
      failed_ = true;
      return {};
    }
    const std::string_view out = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return out;
  }
  std::uint64_t fixed(std::size_t count) {  // little-endian
    std::uint64_t value = 0;
    const std::string_view bytes = take(count);
    for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint64_t byte = fixed(1);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    failed_ = true;
    return 0;
  }

  std::string_view bytes_, text_;
  std::uint64_t number_ = 0, integer_ = 0;
  bool failed_ = false;
};

}  // namespace workspace
