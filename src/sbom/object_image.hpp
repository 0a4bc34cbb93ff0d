// SPDX-License-Identifier: Apache-2.0
// What is needed of a linked program: its sections and segments, whatever the container. Views into the file's bytes.
// Sources: System V gABI chapters 4 and 5; PE Format (Microsoft); Mach-O loader.h and fat.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/byte_reader.hpp"

namespace sbom {

// A range of the file and where it is loaded. The content is empty where the file holds none (.bss).
struct ImageRange {
  std::string_view name;  // empty for segments
  std::uint64_t address = 0;
  std::string_view content;
  bool writable = false;
};

struct ObjectImage {
  enum class Container { elf, pe, mach_o };
  Container container = Container::elf;
  std::vector<ImageRange> sections;
  std::vector<ImageRange> segments;  // PE has none of its own: the sections again

  const ImageRange* section(std::string_view name) const;

  // `length` bytes at a load address, where the file has them all in one segment.
  std::optional<std::string_view> at(std::uint64_t address, std::uint64_t length) const;
};

// Integers of either byte order and of the container's word size.
class ImageReader {
 public:
  ImageReader(std::string_view bytes, bool big_endian, bool wide) : reader_(bytes), big_(big_endian), wide_(wide) {}

  std::optional<std::uint16_t> u16(std::uint64_t at) const { return big_ ? reader_.be16(at) : reader_.le16(at); }
  std::optional<std::uint32_t> u32(std::uint64_t at) const { return big_ ? reader_.be32(at) : reader_.le32(at); }
  std::optional<std::uint64_t> u64(std::uint64_t at) const { return big_ ? reader_.be64(at) : reader_.le64(at); }
  std::optional<std::uint64_t> word(std::uint64_t at) const;  // 8 bytes where wide, else 4
  std::optional<std::string_view> slice(std::uint64_t at, std::uint64_t length) const {
    return reader_.slice(at, length);
  }
  // As much of the range as the file has: truncated files are common.
  std::string_view clipped(std::uint64_t at, std::uint64_t length) const;
  bool wide() const { return wide_; }

 private:
  base::ByteReader reader_;
  bool big_;
  bool wide_;
};

// Nothing where the bytes are no linked program of that kind (relocatable objects included).
std::optional<ObjectImage> read_elf(std::string_view bytes);
std::optional<ObjectImage> read_pe(std::string_view bytes);
std::optional<ObjectImage> read_mach_o(std::string_view bytes);

// By magic number; a universal Mach-O file gives one image an architecture (at most 16), anything else one or none.
std::vector<ObjectImage> read_object_images(std::string_view bytes);

// True where the first bytes may start such a file. Java class files share the magic of universal Mach-O files and
// are told apart by their version number.
bool has_object_magic(std::string_view head);

}  // namespace sbom
