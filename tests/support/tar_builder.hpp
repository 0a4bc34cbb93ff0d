// SPDX-License-Identifier: Apache-2.0
// Tar archives written by hand (POSIX.1-2001 pax, "ustar Interchange Format"), so that tests can lie in any field.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace test {

inline std::string octal(std::uint64_t value, std::size_t width) {
  return fmt::format("{:0{}o}", value, width - 1) + '\0';
}

inline std::string padded(std::string data) {
  data.resize((data.size() + 511) / 512 * 512, '\0');
  return data;
}

struct TarHeaderFields {
  std::string name{};
  char type = '0';
  std::string link{};
  std::string size{};         // the field as it stands, 12 bytes; empty: written from `data`
  std::string magic = std::string("ustar\0" "00", 8);
  std::string prefix{};
  std::uint64_t mode = 0644;
  std::uint64_t mtime = 1'600'000'000;
  std::string tail{};         // bytes from offset 345 on, in place of the prefix
};

inline void put(std::string& block, std::size_t at, std::string_view bytes) { block.replace(at, bytes.size(), bytes); }

inline void set_checksum(std::string& block) {
  put(block, 148, "        ");
  std::uint64_t sum = 0;
  for (const char c : block) sum += static_cast<std::uint8_t>(c);
  put(block, 148, octal(sum, 7));
}

inline std::string tar_header(const TarHeaderFields& fields, std::uint64_t data_size) {
  std::string block(512, '\0');
  put(block, 0, std::string_view(fields.name).substr(0, 100));
  put(block, 100, octal(fields.mode, 8));
  put(block, 108, octal(0, 8));
  put(block, 116, octal(0, 8));
  put(block, 124, fields.size.empty() ? octal(data_size, 12) : fields.size);
  put(block, 136, octal(fields.mtime, 12));
  block[156] = fields.type;
  put(block, 157, std::string_view(fields.link).substr(0, 100));
  put(block, 257, fields.magic);
  put(block, 345, fields.tail.empty() ? fields.prefix : fields.tail);
  set_checksum(block);
  return block;
}

inline std::string tar_member(const TarHeaderFields& fields, const std::string& data = "") {
  return tar_header(fields, data.size()) + padded(data);
}

inline std::string tar_file(const std::string& name, const std::string& data) { return tar_member({name}, data); }

inline std::string pax_record(std::string_view key, std::string_view value) {
  const std::string rest = fmt::format(" {}={}\n", key, value);
  std::size_t length = rest.size() + 1;
  while (fmt::format("{}", length).size() + rest.size() != length) ++length;
  return fmt::format("{}", length) + rest;
}

inline std::string pax_header(const std::string& records, char type = 'x') {
  TarHeaderFields fields;
  fields.name = "PaxHeaders/x";
  fields.type = type;
  return tar_member(fields, records);
}

inline std::string tar_end() { return std::string(1024, '\0'); }

}  // namespace test
