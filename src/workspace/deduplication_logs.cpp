// SPDX-License-Identifier: Apache-2.0
#include "workspace/deduplication_logs.hpp"

#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/text.hpp"

namespace workspace {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestLog = 64u << 20;
constexpr std::string_view kLogFolder = "deduplication_logs";

// The name of a part, PARTITION_FIRST_LAST_LEVEL with a fifth number where rows of it were deleted: the inserts it holds.
struct PartName {
  std::string_view partition;
  std::uint64_t first = 0, last = 0;
};

std::optional<std::uint64_t> part_number(std::string_view text) {
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

// Partitions are days: their names have no '_'.
std::optional<PartName> parse_part_name(std::string_view name) {
  const std::vector<std::string_view> words = base::split(name, '_');
  if (words.size() < 4 || words.size() > 5 || words[0].empty()) return std::nullopt;
  for (std::size_t i = 1; i < words.size(); ++i)
    if (!part_number(words[i])) return std::nullopt;
  return PartName{words[0], *part_number(words[1]), *part_number(words[2])};
}

using Standing = std::map<std::string, std::vector<std::pair<std::uint64_t, std::uint64_t>>, std::less<>>;  // inserts by partition

base::Result<Standing> parts_of(const fs::path& table) {
  Standing out;
  std::error_code error;
  for (fs::directory_iterator entries(table, error), end; !error && entries != end; entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    if (const auto part = parse_part_name(name)) out[std::string(part->partition)].emplace_back(part->first, part->last);
  }
  if (error) return base::fail(base::errno_error(error.value(), "reading the folder", table));
  return out;
}

bool stands(const Standing& parts, const PartName& part) {
  const auto found = parts.find(part.partition);
  if (found == parts.end()) return false;
  for (const auto& [first, last] : found->second)
    if (first <= part.first && part.last <= last) return true;
  return false;
}

// Lines are "OPERATION \t PART \t TOKEN"; operation 1 is an insert. What is no such line stays: the engine knows better.
bool is_lost_insert(std::string_view line, const Standing& parts) {
  const std::vector<std::string_view> words = base::split(line, '\t');
  if (words.size() != 3 || words[0] != "1") return false;
  const auto part = parse_part_name(words[1]);
  return part && !stands(parts, *part);
}

base::Result<std::size_t> mend_log(const fs::path& log, const Standing& parts) {
  const std::string text = TRY(base::read_file(log, kLargestLog));
  std::string kept;
  std::size_t lost = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string_view line = std::string_view(text).substr(at, end - at);
    at = end;
    if (is_lost_insert(line.substr(0, line.find('\n')), parts)) ++lost;
    else kept += line;
  }
  if (lost > 0) TRY(base::write_file_atomically(log.string(), kept, 0600));
  return lost;
}

base::Result<std::size_t> mend_table(const fs::path& table) {
  const Standing parts = TRY(parts_of(table));
  std::size_t lost = 0;
  std::error_code error;
  for (fs::directory_iterator logs(table / kLogFolder, error), end; !error && logs != end; logs.increment(error))
    if (logs->is_regular_file() && logs->path().extension() == ".txt") lost += TRY(mend_log(logs->path(), parts));
  if (error) return base::fail(base::errno_error(error.value(), "reading the folder", table / kLogFolder));
  return lost;
}

}  // namespace

base::Result<std::size_t> forget_lost_inserts(const fs::path& engine_folder) {
  const fs::path store = engine_folder / "data" / "store";  // of tables: store/abc/abc…UUID
  std::error_code error;
  if (!fs::exists(store, error)) return 0;
  std::size_t lost = 0;
  for (fs::directory_iterator groups(store, error), end; !error && groups != end; groups.increment(error)) {
    if (!groups->is_directory()) continue;
    for (fs::directory_iterator tables(groups->path(), error); !error && tables != end; tables.increment(error))
      if (fs::is_directory(tables->path() / kLogFolder)) lost += TRY(mend_table(tables->path()));
  }
  if (error) return base::fail(base::errno_error(error.value(), "reading the folders of the engine", store));
  return lost;
}

}  // namespace workspace
