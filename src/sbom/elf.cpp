// SPDX-License-Identifier: Apache-2.0
// ELF, 32 and 64 bits, both byte orders (System V gABI, chapters 4 and 5).
#include <algorithm>

#include "sbom/object_image.hpp"

namespace sbom {
namespace {

constexpr std::uint16_t kElfRelocatable = 1;    // ET_REL
constexpr std::uint32_t kElfNoBits = 8;         // SHT_NOBITS
constexpr std::uint32_t kElfLoad = 1;           // PT_LOAD
constexpr std::uint64_t kElfWritableSection = 1;  // SHF_WRITE
constexpr std::uint32_t kElfWritableSegment = 2;  // PF_W
constexpr std::uint64_t kMaxElfHeaders = 65'536;
constexpr std::size_t kMaxElfName = 256;

// Offsets of the fields used, which differ between the two classes.
struct ElfLayout {
  std::uint64_t program_offset, section_offset, program_size, program_count, section_size, section_count, names_index;
  std::uint64_t s_flags, s_address, s_offset, s_size, s_link, s_min;
  std::uint64_t p_flags, p_offset, p_address, p_file_size, p_min;
};
constexpr ElfLayout kElf32 = {28, 32, 42, 44, 46, 48, 50, 8, 12, 16, 20, 24, 40, 24, 4, 8, 16, 32};
constexpr ElfLayout kElf64 = {32, 40, 54, 56, 58, 60, 62, 8, 16, 24, 32, 40, 64, 4, 8, 16, 32, 56};

struct ElfTables {
  std::uint64_t sections = 0, section_size = 0, section_count = 0, names_index = 0;
  std::uint64_t programs = 0, program_size = 0, program_count = 0;
};

std::optional<ElfTables> elf_tables(const ImageReader& reader, const ElfLayout& layout) {
  const auto programs = reader.word(layout.program_offset);
  const auto sections = reader.word(layout.section_offset);
  const auto names = reader.u16(layout.names_index);
  if (!programs || !sections || !names) return std::nullopt;
  ElfTables tables;
  tables.programs = *programs;
  tables.program_size = reader.u16(layout.program_size).value_or(0);
  tables.program_count = reader.u16(layout.program_count).value_or(0);
  tables.sections = *sections;
  tables.section_size = reader.u16(layout.section_size).value_or(0);
  tables.section_count = reader.u16(layout.section_count).value_or(0);
  tables.names_index = *names;
  if (tables.sections != 0) {  // counts too large for 16 bits stand in the first section header
    if (tables.section_count == 0) tables.section_count = reader.word(tables.sections + layout.s_size).value_or(0);
    if (tables.names_index == 0xffff) tables.names_index = reader.u32(tables.sections + layout.s_link).value_or(0);
    if (tables.program_count == 0xffff) {
      tables.program_count = reader.u32(tables.sections + layout.s_link + 4).value_or(0);
    }
  } else {
    tables.section_count = 0;
  }
  if (tables.section_size < layout.s_min) tables.section_count = 0;
  if (tables.program_size < layout.p_min) tables.program_count = 0;
  tables.section_count = std::min(tables.section_count, kMaxElfHeaders);
  tables.program_count = std::min(tables.program_count, kMaxElfHeaders);
  return tables;
}

std::string_view elf_string(std::string_view table, std::uint64_t at) {
  if (at >= table.size()) return {};
  const auto text = table.substr(at, kMaxElfName);
  return text.substr(0, text.find('\0'));
}

void add_elf_sections(const ImageReader& reader, const ElfLayout& layout, const ElfTables& tables, ObjectImage& image) {
  // Offsets are checked by the reader; the products cannot overflow (16-bit size, capped count) but the sums can.
  const std::uint64_t names_header = tables.sections + tables.names_index * tables.section_size;
  const auto names = reader.clipped(reader.word(names_header + layout.s_offset).value_or(0),
                                    reader.word(names_header + layout.s_size).value_or(0));
  for (std::uint64_t i = 0; i < tables.section_count; ++i) {
    const std::uint64_t header = tables.sections + i * tables.section_size;
    const auto size = reader.word(header + layout.s_size);
    if (!size) break;
    ImageRange range;
    range.name = elf_string(names, reader.u32(header).value_or(0));
    range.address = reader.word(header + layout.s_address).value_or(0);
    range.writable = (reader.word(header + layout.s_flags).value_or(0) & kElfWritableSection) != 0;
    if (reader.u32(header + 4) != kElfNoBits) {
      range.content = reader.clipped(reader.word(header + layout.s_offset).value_or(0), *size);
    }
    image.sections.push_back(range);
  }
}

void add_elf_segments(const ImageReader& reader, const ElfLayout& layout, const ElfTables& tables, ObjectImage& image) {
  for (std::uint64_t i = 0; i < tables.program_count; ++i) {
    const std::uint64_t header = tables.programs + i * tables.program_size;
    const auto type = reader.u32(header);
    if (!type) break;
    if (*type != kElfLoad) continue;
    ImageRange range;
    range.address = reader.word(header + layout.p_address).value_or(0);
    range.content = reader.clipped(reader.word(header + layout.p_offset).value_or(0),
                                   reader.word(header + layout.p_file_size).value_or(0));
    range.writable = (reader.u32(header + layout.p_flags).value_or(0) & kElfWritableSegment) != 0;
    image.segments.push_back(range);
  }
}

}  // namespace

std::optional<ObjectImage> read_elf(std::string_view bytes) {
  if (bytes.size() < 52 || !bytes.starts_with("\x7f" "ELF")) return std::nullopt;
  const char file_class = bytes[4];
  const char order = bytes[5];
  if ((file_class != 1 && file_class != 2) || (order != 1 && order != 2)) return std::nullopt;
  const ImageReader reader(bytes, order == 2, file_class == 2);
  if (reader.u16(16) == kElfRelocatable) return std::nullopt;
  const ElfLayout& layout = reader.wide() ? kElf64 : kElf32;
  const auto tables = elf_tables(reader, layout);
  if (!tables) return std::nullopt;
  ObjectImage image;
  add_elf_sections(reader, layout, *tables, image);
  add_elf_segments(reader, layout, *tables, image);
  return image;
}

}  // namespace sbom
