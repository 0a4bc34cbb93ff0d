// SPDX-License-Identifier: Apache-2.0
// Where the system keeps its time zones.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>

#include "kql/time_zone.hpp"

namespace kql {

namespace {

constexpr std::string_view kZoneFolder = "/usr/share/zoneinfo";
constexpr std::size_t kLargestZoneFile = 1 << 16;

// The name of a zone never leads out of the folder.
bool is_zone_name(std::string_view name) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' || c == '-' || c == '+'; };
  return !name.empty() && name.size() < 64 && name.front() >= 'A' && name.front() <= 'Z' && std::all_of(name.begin(), name.end(), allowed);
}

std::string file_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes(kLargestZoneFile, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, in.gcount())));
  return bytes;
}

std::vector<std::string> zones_of_system() {
  std::vector<std::string> out;
  std::error_code error;
  const std::filesystem::path folder(kZoneFolder);
  for (std::filesystem::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().lexically_relative(folder).string();
    if (is_zone_name(name) && at->is_regular_file(error) && file_bytes(at->path()).substr(0, 4) == "TZif") out.push_back(name);
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

const TimeZone* TimeZone::named(std::string_view name) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<TimeZone>, std::less<>> known;
  if (!is_zone_name(name)) return nullptr;
  const std::lock_guard lock(mutex);
  if (const auto at = known.find(name); at != known.end()) return at->second.get();
  auto zone = read(file_bytes(std::filesystem::path(kZoneFolder) / std::string(name)));
  if (zone == nullptr) return nullptr;
  return known.emplace(std::string(name), std::move(zone)).first->second.get();
}

const std::vector<std::string>& TimeZone::names() {
  static const std::vector<std::string> names = zones_of_system();
  return names;
}

}  // namespace kql
