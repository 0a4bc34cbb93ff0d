// SPDX-License-Identifier: Apache-2.0
#include "sbom/go_buildinfo.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace sbom {
namespace {

constexpr std::string_view kGoMagic = "\xff Go buildinf:";
constexpr std::size_t kGoHeader = 32;
constexpr std::size_t kMaxGoModuleText = 4u << 20;
constexpr std::size_t kMaxGoVersionText = 256;
// Segments may overlap in a hostile file; together no more than this is searched.
constexpr std::size_t kMaxGoSearch = 512u << 20;
constexpr std::string_view kGoDevel = "(devel)";

// A varint length and so many bytes; cuts both off the front.
std::optional<std::string_view> take_go_string(std::string_view& bytes, std::size_t cap) {
  std::uint64_t length = 0;
  std::size_t used = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    if (used >= bytes.size()) return std::nullopt;
    const auto byte = static_cast<std::uint8_t>(bytes[used++]);
    length |= std::uint64_t{byte & 0x7fu} << shift;
    if ((byte & 0x80u) == 0) {
      if (length > cap || length > bytes.size() - used) return std::nullopt;
      const auto text = bytes.substr(used, length);
      bytes.remove_prefix(used + length);
      return text;
    }
  }
  return std::nullopt;
}

// A Go string header (pointer, length) at `address`.
std::optional<std::string_view> go_string_at(const ObjectImage& image, std::uint64_t address, bool big_endian,
                                             bool wide, std::size_t cap) {
  const std::uint64_t word = wide ? 8 : 4;
  const auto header = image.at(address, 2 * word);
  if (!header) return std::nullopt;
  const ImageReader reader(*header, big_endian, wide);
  const auto data = reader.word(0);
  const auto length = reader.word(word);
  if (!data || !length || *length > cap) return std::nullopt;
  return *length == 0 ? std::string_view{} : image.at(*data, *length);
}

// The module text stands between two 16-byte marks, the second behind a line feed.
std::string_view without_go_marks(std::string_view text) {
  if (text.size() < 33 || text[text.size() - 17] != '\n') return {};
  return text.substr(16, text.size() - 32);
}

std::optional<GoBuildInfo> make_go_build_info(std::optional<std::string_view> toolchain,
                                              std::optional<std::string_view> modules) {
  if (!toolchain || toolchain->empty()) return std::nullopt;
  return GoBuildInfo{std::string(*toolchain), std::string(without_go_marks(modules.value_or(std::string_view{})))};
}

// `bytes` starts with the magic: magic[14], pointer size, flags (1: big endian, 2: strings inline), two pointers.
std::optional<GoBuildInfo> decode_go_build_info(const ObjectImage& image, std::string_view bytes) {
  if (bytes.size() < kGoHeader) return std::nullopt;
  const auto flags = static_cast<std::uint8_t>(bytes[15]);
  if ((flags & 2u) != 0) {
    auto rest = bytes.substr(kGoHeader);
    const auto toolchain = take_go_string(rest, kMaxGoVersionText);
    if (!toolchain) return std::nullopt;
    return make_go_build_info(toolchain, take_go_string(rest, kMaxGoModuleText));
  }
  const bool big_endian = (flags & 1u) != 0;
  const bool wide = bytes[14] == 8;
  if (!wide && bytes[14] != 4) return std::nullopt;
  const ImageReader header(bytes.substr(0, kGoHeader), big_endian, wide);
  const auto toolchain = go_string_at(image, header.word(16).value_or(0), big_endian, wide, kMaxGoVersionText);
  const auto modules = go_string_at(image, header.word(wide ? 24 : 20).value_or(0), big_endian, wide, kMaxGoModuleText);
  return make_go_build_info(toolchain, modules);
}

std::optional<GoBuildInfo> search_go_build_info(const ObjectImage& image, const ImageRange& range) {
  for (std::size_t at = 0; (at = range.content.find(kGoMagic, at)) != std::string_view::npos; at += kGoMagic.size()) {
    if ((range.address + at) % 16 != 0) continue;
    if (auto info = decode_go_build_info(image, range.content.substr(at))) return info;
  }
  return std::nullopt;
}

bool is_go_section(std::string_view name) {
  return name == ".gopclntab" || name == "__gopclntab" || name == ".note.go.buildid";
}

std::string_view go_field(const std::vector<std::string_view>& fields, std::size_t index) {
  return index < fields.size() ? fields[index] : std::string_view{};
}

model::Package go_package(std::string_view name, std::string_view version) {
  model::Package package;
  package.name = name;
  package.version = version.empty() ? kGoDevel : version;
  package.type = "golang";
  return package;
}

// go.mod reference: a replacement that starts with "./" or "../", or is absolute, is a folder.
bool is_go_folder(std::string_view path) {
  const bool drive = path.size() > 2 && path[1] == ':' && (path[2] == '\\' || path[2] == '/');
  return path == "." || path == ".." || path.starts_with("/") || path.starts_with("./") || path.starts_with("../") ||
         path.starts_with(".\\") || path.starts_with("..\\") || drive;
}

void replace_go_module(model::Package& package, std::string_view name, std::string_view version) {
  if (!name.empty() && !is_go_folder(name)) package.name = name;
  package.version = version.empty() ? kGoDevel : version;
}

}  // namespace

std::optional<GoBuildInfo> find_go_build_info(const ObjectImage& image) {
  for (const std::string_view name : {".go.buildinfo", "__go_buildinfo"}) {
    const ImageRange* section = image.section(name);
    if (section == nullptr) continue;
    if (auto info = search_go_build_info(image, *section)) return info;
  }
  // PE files and some linkers keep it in the data segment. An ELF file with sections of which none is Go's is not
  // searched: every library of an image comes by here.
  const bool has_sections = image.container == ObjectImage::Container::elf && !image.sections.empty();
  const bool has_go_section = std::any_of(image.sections.begin(), image.sections.end(),
                                          [](const ImageRange& section) { return is_go_section(section.name); });
  if (has_sections && !has_go_section) return std::nullopt;
  std::size_t searched = 0;
  for (const ImageRange& segment : image.segments) {
    if (!segment.writable) continue;
    searched += segment.content.size();
    if (searched > kMaxGoSearch) break;
    if (auto info = search_go_build_info(image, segment)) return info;
  }
  return std::nullopt;
}

std::string go_stdlib_version(std::string_view toolchain) {
  if (!toolchain.starts_with("go")) return std::string(kGoDevel);
  toolchain.remove_prefix(2);
  const auto digits = toolchain.substr(0, toolchain.find_first_not_of("0123456789."));
  if (digits.empty() || digits.front() == '.' || digits.back() == '.') return std::string(kGoDevel);
  std::string version(digits);
  const auto rest = toolchain.substr(digits.size());
  for (const std::string_view stage : {"alpha", "beta", "rc"}) {
    if (!rest.starts_with(stage)) continue;
    const auto number = rest.substr(stage.size());
    const auto count = number.substr(0, number.find_first_not_of("0123456789"));
    if (std::count(version.begin(), version.end(), '.') == 1) version += ".0";
    return version + "-" + std::string(stage) + "." + std::string(count);
  }
  return version;
}

std::vector<model::Package> go_packages(const GoBuildInfo& info) {
  std::vector<model::Package> packages;
  packages.push_back(go_package("stdlib", go_stdlib_version(info.toolchain)));
  model::Package* last = nullptr;  // what a "=>" line speaks of
  for (const std::string_view line : base::split_lines(info.modules)) {
    const auto fields = base::split(line, '\t');
    const auto name = go_field(fields, 1);
    if (fields[0] == "mod" || fields[0] == "dep") {
      last = nullptr;
      if (name.empty()) continue;  // Go 1.13 wrote such lines for programs outside modules
      packages.push_back(go_package(name, go_field(fields, 2)));
      last = &packages.back();
    } else if (fields[0] == "=>" && last != nullptr) {
      replace_go_module(*last, name, go_field(fields, 2));
      last = nullptr;
    }
  }
  return packages;
}

}  // namespace sbom
