// SPDX-License-Identifier: Apache-2.0
// Helpers of the tests of the vulnerability database.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "advisory/database.hpp"
#include "base/files.hpp"
#include "base/time.hpp"

namespace advisory_test {

inline base::Seconds at(std::string_view time) { return *base::parse_time(time); }
inline const base::Seconds kNow = at("2026-11-21T12:00:00Z");

inline std::uint32_t zip_crc32(std::string_view bytes) {
  std::uint32_t crc = 0xffffffffu;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) crc = (crc & 1u) != 0 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
  }
  return ~crc;
}

inline void put_le(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

// A ZIP archive of stored entries.
inline std::string zip_of(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string out;
  std::string directory;
  for (const auto& entry : entries) {
    const std::string& name = entry.first;
    const std::string& data = entry.second;
    const auto offset = out.size();
    const auto common = [&](std::string& to) {
      put_le(to, 20, 2), put_le(to, 0, 2), put_le(to, 0, 2), put_le(to, 0, 4), put_le(to, zip_crc32(data), 4);
      put_le(to, data.size(), 4), put_le(to, data.size(), 4), put_le(to, name.size(), 2), put_le(to, 0, 2);
    };
    out += "PK\x03\x04";
    common(out);
    out += name + data;
    directory += "PK\x01\x02";
    put_le(directory, 20, 2);
    common(directory);
    put_le(directory, 0, 2), put_le(directory, 0, 2), put_le(directory, 0, 2), put_le(directory, 0, 4), put_le(directory, offset, 4);
    directory += name;
  }
  const auto begin = out.size();
  out += directory + std::string("PK\x05\x06\0\0\0\0", 8);
  put_le(out, entries.size(), 2), put_le(out, entries.size(), 2), put_le(out, directory.size(), 4), put_le(out, begin, 4), put_le(out, 0, 2);
  return out;
}

// A database in a folder of its own.
class Bench {
 public:
  std::filesystem::path path(std::string_view name) const { return dir_.path() / name; }
  std::filesystem::path database() const { return path("test.db"); }

  std::filesystem::path file(std::string_view name, std::string_view bytes) const {
    std::filesystem::create_directories(path(name).parent_path());
    std::ofstream(path(name), std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return path(name);
  }

  base::Result<advisory::ImportReport> import(std::string_view name, std::string_view bytes) const {
    return advisory::import_files(database(), {file(name, bytes)}, kNow);
  }

  advisory::Database open() const {
    auto opened = advisory::Database::open(database());
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
  }

 private:
  base::TempDir dir_ = std::move(*base::TempDir::create("advisory-test"));
};

inline model::Package package_of(std::string type, std::string name, std::string version) {
  model::Package out;
  out.type = std::move(type);
  out.name = std::move(name);
  out.version = std::move(version);
  return out;
}

inline model::Inventory inventory_of(std::vector<model::Package> packages, std::string os_id = {}, std::string os_version = {}) {
  model::Inventory out;
  out.packages = std::move(packages);
  if (!os_id.empty()) {
    out.os.emplace();
    out.os->id = std::move(os_id);
    out.os->version = std::move(os_version);
  }
  return out;
}

inline std::vector<std::string> ids_of(const std::vector<model::Finding>& findings) {
  std::vector<std::string> out;
  for (const auto& finding : findings) out.push_back(finding.id);
  return out;
}

// {"id", "npm package", "fixed version"} as an OSV record.
inline std::string osv_record(std::string_view id, std::string_view package, std::string_view fixed,
                              std::string_view modified = "2024-01-01T00:00:00Z", std::string_view more = "") {
  std::string out = "{\"id\":\"";
  out.append(id).append("\",\"modified\":\"").append(modified).append("\",").append(more);
  out.append("\"affected\":[{\"package\":{\"ecosystem\":\"npm\",\"name\":\"").append(package);
  out.append("\"},\"ranges\":[{\"type\":\"SEMVER\",\"events\":[{\"introduced\":\"0\"},{\"fixed\":\"").append(fixed).append("\"}]}]}]}");
  return out;
}

}  // namespace advisory_test
