// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "imagecheck/image_checks.hpp"

namespace imagecheck {

namespace {

constexpr std::size_t kLinesPerFile = 20;  // at fault, told one by one

bool has_mode(const oci::TarEntry& entry, const CheckParameters& parameters) {
  const auto bits = static_cast<std::uint32_t>(parameters.number("bits", 0));
  const auto without = static_cast<std::uint32_t>(parameters.number("without", 0));
  if ((entry.mode & bits) == 0 || (entry.mode & without) != 0) return false;
  const bool is_folder = entry.type == oci::TarEntry::Type::directory;
  const bool is_file = entry.type == oci::TarEntry::Type::file || entry.type == oci::TarEntry::Type::hard_link;
  if (parameters.word("type") == "folder" ? !is_folder : !is_file) return false;
  return !base::matches_any(parameters.globs("except"), entry.path);
}

bool is_present(const oci::TarEntry& entry, const CheckParameters& parameters) {
  if (!base::matches_any(parameters.globs("paths"), entry.path)) return false;
  if (base::matches_any(parameters.globs("except"), entry.path)) return false;
  return entry.type != oci::TarEntry::Type::file || entry.size >= static_cast<std::uint64_t>(parameters.number("least_bytes", 0));
}

}  // namespace

FileChecks::FileChecks(const std::vector<ImageCheck>& checks) {
  for (const ImageCheck& check : checks) {
    if (!check.on_files) continue;
    (*check.on_files == FileFunction::lines_matching ? by_lines_ : by_entry_).push_back(&check);
  }
}

void FileChecks::look_at_entry(const oci::TarEntry& entry, const Found& found) const {
  for (const ImageCheck* check : by_entry_) {
    if (*check->on_files == FileFunction::mode_bits) {
      if (has_mode(entry, check->parameters)) found(*check, fmt::format("mode {:04o}", entry.mode & 07777u));
    } else if (is_present(entry, check->parameters)) {
      found(*check, {});
    }
  }
}

bool FileChecks::wants_content(std::string_view path, std::uint64_t size) const {
  if (size > kContentCap) return false;
  return std::any_of(by_lines_.begin(), by_lines_.end(),
                     [path](const ImageCheck* check) { return base::matches_any(check->parameters.globs("paths"), path); });
}

void FileChecks::look_at_content(std::string_view path, std::string_view content, const Found& found) const {
  for (const ImageCheck* check : by_lines_) {
    if (!base::matches_any(check->parameters.globs("paths"), path)) continue;
    std::size_t number = 0, told = 0;
    for (std::string_view line : base::split_lines(content)) {
      ++number;
      if (told >= kLinesPerFile) break;
      if (check->parameters.matches("unless", line)) continue;
      const auto shown = check->parameters.find("pattern", line);
      if (!shown) continue;
      ++told;
      found(*check, fmt::format("line {}: {}", number, base::printable(shown->substr(0, 80))));
    }
  }
}

}  // namespace imagecheck
