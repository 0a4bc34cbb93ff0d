// SPDX-License-Identifier: Apache-2.0
#include "sbom/object_image.hpp"

#include <algorithm>

namespace sbom {
namespace {

constexpr std::uint32_t kFatMagic = 0xcafebabe;
constexpr std::uint32_t kFatMagic64 = 0xcafebabf;
constexpr std::uint32_t kMaxFatSlices = 16;  // class files have a version of 45 and more in the same place

bool is_thin_mach_o(std::string_view head) {
  const auto magic = base::ByteReader(head).be32(0);
  return magic == 0xfeedfaceu || magic == 0xfeedfacfu || magic == 0xcefaedfeu || magic == 0xcffaedfeu;
}

bool is_fat_mach_o(std::string_view head) {
  const base::ByteReader reader(head);
  const auto magic = reader.be32(0);
  const auto slices = reader.be32(4);
  return (magic == kFatMagic || magic == kFatMagic64) && slices && *slices > 0 && *slices <= kMaxFatSlices;
}

std::vector<ObjectImage> read_fat_mach_o(std::string_view bytes) {
  const base::ByteReader reader(bytes);
  const bool wide = reader.be32(0) == kFatMagic64;
  std::vector<ObjectImage> images;
  for (std::uint32_t i = 0; i < reader.be32(4).value_or(0) && i < kMaxFatSlices; ++i) {
    const std::uint64_t entry = 8 + std::uint64_t{i} * (wide ? 32 : 20);
    const std::uint64_t offset = wide ? reader.be64(entry + 8).value_or(0) : reader.be32(entry + 8).value_or(0);
    const std::uint64_t size = wide ? reader.be64(entry + 16).value_or(0) : reader.be32(entry + 12).value_or(0);
    const auto slice = reader.slice(offset, size);
    if (!slice) continue;
    if (auto image = read_mach_o(*slice)) images.push_back(std::move(*image));
  }
  return images;
}

}  // namespace

const ImageRange* ObjectImage::section(std::string_view name) const {
  const auto found = std::find_if(sections.begin(), sections.end(),
                                  [&](const ImageRange& section) { return section.name == name; });
  return found == sections.end() ? nullptr : &*found;
}

std::optional<std::string_view> ObjectImage::at(std::uint64_t address, std::uint64_t length) const {
  for (const ImageRange& segment : segments) {
    if (address < segment.address || address - segment.address >= segment.content.size()) continue;
    const auto rest = segment.content.substr(address - segment.address);
    if (rest.size() >= length) return rest.substr(0, length);
  }
  return std::nullopt;
}

std::optional<std::uint64_t> ImageReader::word(std::uint64_t at) const {
  if (wide_) return u64(at);
  const auto narrow = u32(at);
  if (!narrow) return std::nullopt;
  return *narrow;
}

std::string_view ImageReader::clipped(std::uint64_t at, std::uint64_t length) const {
  if (at >= reader_.size()) return {};
  return reader_.bytes().substr(at, length);
}

std::vector<ObjectImage> read_object_images(std::string_view bytes) {
  if (is_fat_mach_o(bytes)) return read_fat_mach_o(bytes);
  std::optional<ObjectImage> image;
  if (bytes.starts_with("\x7f" "ELF")) {
    image = read_elf(bytes);
  } else if (bytes.starts_with("MZ")) {
    image = read_pe(bytes);
  } else if (is_thin_mach_o(bytes)) {
    image = read_mach_o(bytes);
  }
  std::vector<ObjectImage> images;
  if (image) images.push_back(std::move(*image));
  return images;
}

bool has_object_magic(std::string_view head) {
  return head.starts_with("\x7f" "ELF") || head.starts_with("MZ") || is_thin_mach_o(head) || is_fat_mach_o(head);
}

}  // namespace sbom
