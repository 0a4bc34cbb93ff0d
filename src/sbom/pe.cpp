// SPDX-License-Identifier: Apache-2.0
// Portable Executable (Microsoft, "PE Format").
#include <charconv>

#include "sbom/object_image.hpp"

namespace sbom {
namespace {

constexpr std::uint32_t kPeWritable = 0x80000000;

// Eight bytes padded with NUL, or "/offset" into the string table behind the symbols.
std::string_view pe_section_name(const ImageReader& reader, std::uint64_t header, std::uint64_t strings) {
  auto name = reader.slice(header, 8).value_or(std::string_view{});
  name = name.substr(0, name.find('\0'));
  if (name.size() < 2 || name[0] != '/' || strings == 0) return name;
  std::uint32_t offset = 0;
  const auto parsed = std::from_chars(name.data() + 1, name.data() + name.size(), offset);
  if (parsed.ec != std::errc{} || parsed.ptr != name.data() + name.size()) return name;
  const auto text = reader.clipped(strings + offset, 256);
  return text.substr(0, text.find('\0'));
}

}  // namespace

std::optional<ObjectImage> read_pe(std::string_view bytes) {
  const ImageReader reader(bytes, false, false);
  const auto start = reader.u32(0x3c);
  if (!start || reader.slice(*start, 4) != std::string_view("PE\0\0", 4)) return std::nullopt;
  const std::uint64_t coff = std::uint64_t{*start} + 4;
  const std::uint64_t optional_header = coff + 20;
  const auto count = reader.u16(coff + 2);
  const auto optional_size = reader.u16(coff + 16);
  const auto magic = reader.u16(optional_header);
  if (!count || !optional_size || (magic != 0x10b && magic != 0x20b)) return std::nullopt;
  const std::uint64_t image_base =
      magic == 0x20b ? reader.u64(optional_header + 24).value_or(0) : reader.u32(optional_header + 28).value_or(0);
  const std::uint64_t symbols = reader.u32(coff + 8).value_or(0);
  const std::uint64_t strings = symbols == 0 ? 0 : symbols + std::uint64_t{reader.u32(coff + 12).value_or(0)} * 18;

  ObjectImage image;
  image.container = ObjectImage::Container::pe;
  for (std::uint64_t i = 0; i < *count; ++i) {
    const std::uint64_t header = optional_header + *optional_size + i * 40;
    const auto flags = reader.u32(header + 36);
    if (!flags) break;
    ImageRange range;
    range.name = pe_section_name(reader, header, strings);
    range.address = image_base + reader.u32(header + 12).value_or(0);
    range.content = reader.clipped(reader.u32(header + 20).value_or(0), reader.u32(header + 16).value_or(0));
    range.writable = (*flags & kPeWritable) != 0;
    image.sections.push_back(range);
  }
  image.segments = image.sections;
  return image;
}

}  // namespace sbom
