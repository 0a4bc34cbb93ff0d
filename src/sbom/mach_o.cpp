// SPDX-License-Identifier: Apache-2.0
// Mach-O, 32 and 64 bits, both byte orders (loader.h).
#include "sbom/object_image.hpp"

namespace sbom {
namespace {

constexpr std::uint32_t kMachSegment32 = 0x1;   // LC_SEGMENT
constexpr std::uint32_t kMachSegment64 = 0x19;  // LC_SEGMENT_64
constexpr std::uint32_t kMachObject = 1;        // MH_OBJECT
constexpr std::uint32_t kMachWritable = 2;      // VM_PROT_WRITE
constexpr std::uint32_t kMachZeroFill = 1;      // S_ZEROFILL
constexpr std::uint32_t kMaxMachCommands = 65'536;

std::string_view mach_name(const ImageReader& reader, std::uint64_t at) {
  const auto name = reader.slice(at, 16).value_or(std::string_view{});
  return name.substr(0, name.find('\0'));
}

void add_mach_segment(const ImageReader& reader, std::uint64_t command, std::uint64_t size, ObjectImage& image) {
  const std::uint64_t w = reader.wide() ? 8 : 4;
  const std::uint64_t after = command + 24 + 4 * w;  // past vmaddr, vmsize, fileoff and filesize
  ImageRange segment;
  segment.address = reader.word(command + 24).value_or(0);
  segment.content = reader.clipped(reader.word(command + 24 + 2 * w).value_or(0),
                                   reader.word(command + 24 + 3 * w).value_or(0));
  segment.writable = (reader.u32(after + 4).value_or(0) & kMachWritable) != 0;
  image.segments.push_back(segment);

  const std::uint64_t section_size = reader.wide() ? 80 : 68;
  const std::uint32_t count = reader.u32(after + 8).value_or(0);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t section = after + 16 + i * section_size;
    if (section + section_size > command + size || !reader.slice(section, section_size)) break;
    ImageRange range;
    range.name = mach_name(reader, section);
    range.address = reader.word(section + 32).value_or(0);
    range.writable = segment.writable;
    if ((reader.u32(section + 32 + 2 * w + 16).value_or(0) & 0xff) != kMachZeroFill) {
      range.content = reader.clipped(reader.u32(section + 32 + 2 * w).value_or(0),
                                     reader.word(section + 32 + w).value_or(0));
    }
    image.sections.push_back(range);
  }
}

}  // namespace

std::optional<ObjectImage> read_mach_o(std::string_view bytes) {
  const auto magic = base::ByteReader(bytes).be32(0);
  if (!magic) return std::nullopt;
  const bool big_endian = *magic == 0xfeedfaceu || *magic == 0xfeedfacfu;
  if (!big_endian && *magic != 0xcefaedfeu && *magic != 0xcffaedfeu) return std::nullopt;
  const bool wide = *magic == 0xfeedfacfu || *magic == 0xcffaedfeu;
  const ImageReader reader(bytes, big_endian, wide);
  const auto commands = reader.u32(16);
  if (!commands || reader.u32(12) == kMachObject) return std::nullopt;
  ObjectImage image;
  image.container = ObjectImage::Container::mach_o;
  std::uint64_t at = wide ? 32 : 28;
  for (std::uint32_t i = 0; i < *commands && i < kMaxMachCommands; ++i) {
    const auto command = reader.u32(at);
    const auto size = reader.u32(at + 4);
    if (!command || !size || *size < 8) break;
    if (*command == (wide ? kMachSegment64 : kMachSegment32)) add_mach_segment(reader, at, *size, image);
    at += *size;
  }
  return image;
}

}  // namespace sbom
