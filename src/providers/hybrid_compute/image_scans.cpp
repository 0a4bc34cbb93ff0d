// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.hpp"
#include "providers/hybrid_compute/host_assessment.hpp"

namespace providers::hybrid_compute {

namespace {

// As images of registries write it, from what uname says.
std::string platform_of(std::string_view architecture) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {{"x86_64", "amd64"}, {"aarch64", "arm64"}, {"armv7l", "arm/v7"}, {"armv6l", "arm/v6"},
                                                                      {"i686", "386"}, {"i386", "386"}, {"loongarch64", "loong64"}};
  for (const auto& [uname, name] : kNames)
    if (architecture == uname) return fmt::format("linux/{}", name);
  return fmt::format("linux/{}", architecture);
}

// Columns image id, set, matched, registry's key, repository, digest. The first row of an image counts.
void take_row(const store::Row& row, ImageScans& out) {
  const auto at = out.find(std::string(row.text(0)));
  if (at == out.end() || !at->second.registry.empty()) return;
  const std::string_view registry = row.text(3);
  at->second = {row.integer(1), row.integer(2) != 0, base::percent_decode(registry.substr(registry.rfind('/') + 1)), std::string(row.text(4)), std::string(row.text(5))};
}

constexpr std::string_view kScanned =
    "SELECT d.image_id, i.set_id, (SELECT s.matched_with <> '' FROM finding_sets s WHERE s.id = i.set_id), i.registry_key, i.repository, i.digest ";
constexpr std::string_view kNewest = "ORDER BY CASE WHEN i.deleted_at = 0 THEN 0 ELSE 1 END, i.scanned_at DESC";

}  // namespace

std::string running_image_id(const MachineRow& machine, const std::string& image_id) {
  const auto id = arm::ResourceId::parse(machine.resource_id);
  return id ? id->child("images", image_id).text() : std::string();
}

base::Result<ImageScans> image_scans(store::Session& session, const MachineRow& machine) {
  ImageScans out;
  TRY(session.query("SELECT h.id, h.set_id, (SELECT s.matched_with <> '' FROM finding_sets s WHERE s.id = h.set_id) FROM host_images h WHERE h.machine_key = ?",
                    {std::string_view(machine.key)}, [&](const store::Row& row) {
                      ImageScan scan;
                      if (!row.is_null(1)) scan.set_id = row.integer(1);
                      scan.matched = row.integer(2) != 0;
                      out.emplace(std::string(row.text(0)), std::move(scan));
                    }));
  TRY(session.query(fmt::format("{}FROM host_image_digests d JOIN images i ON i.digest = d.digest WHERE d.machine_key = ? AND i.set_id IS NOT NULL {}", kScanned, kNewest),
                    {std::string_view(machine.key)}, [&](const store::Row& row) { take_row(row, out); }));
  const std::string platform = platform_of(base::get_string(machine.facts, "architecture")), variants = platform + "/%";
  TRY(session.query(fmt::format("{}FROM host_image_digests d JOIN images x ON x.digest = d.digest JOIN image_parents p ON p.registry_key = x.registry_key AND p.repository = "
                                "x.repository AND p.parent_digest = x.digest JOIN images i ON i.registry_key = p.registry_key AND i.repository = p.repository AND i.digest = "
                                "p.digest WHERE d.machine_key = ? AND i.set_id IS NOT NULL AND (i.platform = ? OR i.platform LIKE ?) {}", kScanned, kNewest),
                    {std::string_view(machine.key), std::string_view(platform), std::string_view(variants)}, [&](const store::Row& row) { take_row(row, out); }));
  return out;
}

}  // namespace providers::hybrid_compute
