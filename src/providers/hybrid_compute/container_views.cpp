// SPDX-License-Identifier: Apache-2.0
// What stands on a host: containers, images, networks, volumes; and what runs with vulnerabilities over all hosts.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "providers/hybrid_compute/host_assessment.hpp"
#include "providers/hybrid_compute/host_views.hpp"
#include "security/counts.hpp"
#include "security/sql_text.hpp"

namespace providers::hybrid_compute {

namespace {

constexpr std::size_t kHostsNamed = 20;

using CountsById = std::map<std::string, security::Counts>;

// Open findings of the host's images: as its verdicts have them where a container runs the image, else as the set has them.
class ImageCounts {
 public:
  static base::Result<ImageCounts> load(store::Session& session, const MachineRow& machine) {
    ImageCounts out;
    out.scans_ = TRY(image_scans(session, machine));
    const std::string first = machine.key + "/images/", end = machine.key + "/images0";
    TRY(session.query("SELECT resource_id, critical, high, medium, low, unrated, fixable, disabled FROM assessments WHERE assessment_key = ? AND set_id IS NOT NULL AND resource_key "
                      "> ? AND resource_key < ?",
                      {security::kRunningImages, std::string_view(first), std::string_view(end)}, [&](const store::Row& row) {
                        const std::string_view id = row.text(0);
                        out.judged_[base::percent_decode(id.substr(id.rfind('/') + 1))] = {row.integer(1), row.integer(2), row.integer(3), row.integer(4),
                                                                                           row.integer(5), row.integer(6), row.integer(7)};
                      }));
    TRY(out.count_sets(session));
    return out;
  }

  const ImageScan& scan(const std::string& image_id) const {
    static const ImageScan none;
    const auto at = scans_.find(image_id);
    return at == scans_.end() ? none : at->second;
  }

  std::optional<security::Counts> of(const std::string& image_id) const {
    if (const auto at = judged_.find(image_id); at != judged_.end()) return at->second;
    const ImageScan& known = scan(image_id);
    if (!known.set_id || !known.matched) return std::nullopt;
    const auto at = sets_.find(*known.set_id);
    return at == sets_.end() ? security::Counts{} : at->second;
  }

 private:
  base::Result<void> count_sets(store::Session& session) {
    std::set<std::int64_t> wanted;
    for (const auto& scan : scans_)
      if (scan.second.set_id && judged_.count(scan.first) == 0) wanted.insert(*scan.second.set_id);
    for (const std::int64_t set : wanted)
      TRY(session.query("SELECT severity, CASE WHEN fixed_version <> '' THEN 1 ELSE 0 END, count(*) FROM findings WHERE set_id = ? AND ignored = '' GROUP BY 1, 2", {set},
                        [&](const store::Row& row) {
                          for (std::int64_t i = 0; i < row.integer(2); ++i) sets_[set].add(static_cast<model::Severity>(row.integer(0)), row.integer(1) != 0);
                        }));
    return {};
  }

  ImageScans scans_;
  CountsById judged_;
  std::map<std::int64_t, security::Counts> sets_;
};

base::Json reference_json(const ImageScan& scan) {
  if (scan.registry.empty()) return nullptr;
  return base::JsonObject{{"registry", scan.registry}, {"repository", scan.repository}, {"digest", scan.digest}};
}

void add_findings(const ImageCounts& images, const std::string& image_id, base::JsonObject& row) {
  const auto counts = images.of(image_id);
  row["findings"] = counts ? base::Json(security::to_json(*counts)) : base::Json(nullptr);
  row["imageReference"] = reference_json(images.scan(image_id));
  row["scanned"] = images.scan(image_id).where();
}

base::Result<std::map<std::string, std::string>> first_digests(store::Session& session, const MachineRow& machine) {
  std::map<std::string, std::string> out;
  TRY(session.query("SELECT image_id, min(digest) FROM host_image_digests WHERE machine_key = ? GROUP BY image_id", {std::string_view(machine.key)},
                    [&](const store::Row& row) { out.emplace(row.text(0), row.text(1)); }));
  return out;
}

base::Result<std::map<std::string, std::int64_t>> failed_by_container(store::Session& session, const MachineRow& machine) {
  std::map<std::string, std::int64_t> out;
  TRY(session.query("SELECT id, count(*) FROM host_control_resources WHERE machine_key = ? AND scope = 'container' AND status = 'fail' GROUP BY id", {std::string_view(machine.key)},
                    [&](const store::Row& row) { out.emplace(row.text(0), row.integer(1)); }));
  return out;
}

bool named(const std::string& q, std::string text) {
  text = base::to_lower(text);
  for (const std::string_view word : base::split(q, ' '))
    if (text.find(base::to_lower(word)) == std::string::npos) return false;
  return true;
}

bool is_vulnerable(const base::JsonObject& row) {
  const base::Json counts = row.at("findings");
  std::int64_t open = 0;
  for (const std::string_view severity : {"critical", "high", "medium", "low", "unknown"}) open += base::get_int(counts, severity).value_or(0);
  return open > 0;
}

std::string word_of(const base::JsonObject& row, std::string_view name) {
  const base::Json* value = row.if_contains(name);
  return value ? std::string(base::as_string(*value)) : std::string();
}

// Rows of a table whose details are JSON objects.
base::Result<std::vector<base::JsonObject>> details(store::Session& session, std::string_view sql, const std::vector<store::Value>& parameters) {
  std::vector<base::JsonObject> out;
  TRY(session.query(sql, parameters, [&](const store::Row& row) {
    auto json = base::parse_json(row.text(0), "what stands on a host");
    if (json && json->is_object()) out.push_back(std::move(json->get_object()));
  }));
  return out;
}

}  // namespace

base::Result<base::JsonArray> container_rows(store::Session& session, const MachineRow& machine, const security::Query& query) {
  security::Filters filters(query);
  const auto states = filters.values("state");
  const auto vulnerable = TRY(filters.flag("vulnerable"));
  TRY(filters.finish());
  const ImageCounts images = TRY(ImageCounts::load(session, machine));
  const auto digests = TRY(first_digests(session, machine));
  const auto failed = TRY(failed_by_container(session, machine));
  base::JsonArray out;
  for (base::JsonObject& row : TRY(details(session, "SELECT detail FROM host_containers WHERE machine_key = ? ORDER BY name, id", {std::string_view(machine.key)}))) {
    const std::string image = word_of(row, "imageId"), state = word_of(row, "state");
    if (!states.empty() && std::find(states.begin(), states.end(), state) == states.end()) continue;
    if (!named(query.q, word_of(row, "name") + " " + word_of(row, "image") + " " + word_of(row, "id"))) continue;
    const auto digest = digests.find(image);
    row["digest"] = digest == digests.end() ? "" : digest->second;
    const auto count = failed.find(word_of(row, "id"));
    row["failedControls"] = count == failed.end() ? 0 : count->second;
    add_findings(images, image, row);
    if (!vulnerable || *vulnerable == is_vulnerable(row)) out.emplace_back(std::move(row));
  }
  return out;
}

base::Result<base::JsonArray> image_rows(store::Session& session, const MachineRow& machine, const security::Query& query) {
  security::Filters filters(query);
  const auto vulnerable = TRY(filters.flag("vulnerable"));
  TRY(filters.finish());
  const ImageCounts images = TRY(ImageCounts::load(session, machine));
  const auto digests = TRY(first_digests(session, machine));
  std::map<std::string, std::int64_t> containers;
  TRY(session.query("SELECT image_id, count(*) FROM host_containers WHERE machine_key = ? GROUP BY image_id", {std::string_view(machine.key)},
                    [&](const store::Row& row) { containers.emplace(row.text(0), row.integer(1)); }));
  base::JsonArray out;
  for (base::JsonObject& row : TRY(details(session, "SELECT detail FROM host_images WHERE machine_key = ? ORDER BY name, id", {std::string_view(machine.key)}))) {
    const std::string id = word_of(row, "id");
    const base::Json* names = row.if_contains("names");
    const bool has_name = names && names->is_array() && !names->get_array().empty();
    const std::string all = has_name ? base::to_text(*names) : std::string();
    row["name"] = has_name ? names->get_array().front() : base::Json(id);
    if (!named(query.q, all + " " + id)) continue;
    const auto digest = digests.find(id);
    row["digest"] = digest == digests.end() ? "" : digest->second;
    const auto count = containers.find(id);
    row["containers"] = count == containers.end() ? 0 : count->second;
    add_findings(images, id, row);
    if (!vulnerable || *vulnerable == is_vulnerable(row)) out.emplace_back(std::move(row));
  }
  return out;
}

base::Result<base::JsonArray> object_rows(store::Session& session, const MachineRow& machine, const std::string& kind, const security::Query& query) {
  security::Filters filters(query);
  TRY(filters.finish());
  base::JsonArray out;
  for (base::JsonObject& row : TRY(details(session, "SELECT detail FROM host_objects WHERE machine_key = ? AND kind = ? ORDER BY id",
                                           {std::string_view(machine.key), std::string_view(kind)})))
    if (named(query.q, word_of(row, "name") + " " + word_of(row, "driver"))) out.emplace_back(std::move(row));
  return out;
}

namespace {

// One image that runs with open findings, over the hosts that run it.
struct RunningImage {
  std::string image_id, name;
  std::set<std::string> hosts;
  std::int64_t containers = 0;
  security::Counts counts;  // of the host with the most
  ImageScan scan;
  std::string digest;
};

struct RunningRow {
  std::string machine_key, image_id;
  security::Counts counts;
};

base::Result<std::vector<RunningRow>> unhealthy_images(store::Session& session, const std::vector<std::string>& scopes) {
  std::vector<RunningRow> out;
  security::SqlText sql("SELECT resource_key, resource_id, critical, high, medium, low, unrated, fixable, disabled FROM assessments WHERE status = 'Unhealthy'");
  sql.add(" AND assessment_key = ?", std::string(security::kRunningImages)).add(" AND resource_type = ?", std::string(kMachineImageType));
  sql.add_scopes("resource_key", scopes);
  TRY(sql.query(session, [&](const store::Row& row) {
    const std::string_view key = row.text(0), id = row.text(1);
    out.push_back({std::string(key.substr(0, key.rfind("/images/"))), base::percent_decode(id.substr(id.rfind('/') + 1)),
                   {row.integer(2), row.integer(3), row.integer(4), row.integer(5), row.integer(6), row.integer(7), row.integer(8)}});
  }));
  return out;
}

std::string_view worst_of(const security::Counts& counts) {
  return counts.critical > 0 ? "Critical" : counts.high > 0 ? "High" : counts.medium > 0 ? "Medium" : counts.low > 0 ? "Low" : "Unknown";
}

base::Result<void> add_host(store::Session& session, const MachineRow& machine, const RunningRow& row, RunningImage& image) {
  image.hosts.insert(machine.name);
  image.containers += TRY(store::query_integer(session, "SELECT count(*) FROM host_containers WHERE machine_key = ? AND image_id = ? AND state IN ('running', 'paused', 'restarting')",
                                               {std::string_view(machine.key), std::string_view(row.image_id)})).value_or(0);
  if (image.image_id.empty() || row.counts.open() > image.counts.open()) image.counts = row.counts;
  if (!image.image_id.empty()) return {};
  image.image_id = row.image_id;
  image.name = TRY(store::query_text(session, "SELECT name FROM host_images WHERE machine_key = ? AND id = ?", {std::string_view(machine.key), std::string_view(row.image_id)})).value_or("");
  const ImageScans scans = TRY(image_scans(session, machine));
  if (const auto scan = scans.find(row.image_id); scan != scans.end()) image.scan = scan->second;
  image.digest = TRY(store::query_text(session, "SELECT min(digest) FROM host_image_digests WHERE machine_key = ? AND image_id = ?",
                                       {std::string_view(machine.key), std::string_view(row.image_id)})).value_or("");
  return {};
}

base::JsonObject running_json(const RunningImage& image) {
  base::JsonArray hosts;
  for (const std::string& host : image.hosts)
    if (hosts.size() < kHostsNamed) hosts.emplace_back(host);
  base::JsonObject row{{"digest", image.digest}, {"imageId", image.image_id}, {"image", image.name}};
  row["registry"] = image.scan.registry.empty() ? base::Json(nullptr) : base::Json(image.scan.registry);
  row["repository"] = image.scan.registry.empty() ? base::Json(nullptr) : base::Json(image.scan.repository);
  row["scannedDigest"] = image.scan.digest;
  row["containers"] = image.containers;
  row["hosts"] = std::move(hosts);
  row["hostTotal"] = static_cast<std::int64_t>(image.hosts.size());
  row["counts"] = security::to_json(image.counts);
  row["worst"] = worst_of(image.counts);
  return row;
}

}  // namespace

base::Result<base::JsonArray> running_image_rows(store::Session& session, const security::Query& query) {
  security::Filters filters(query);
  const auto hosts = filters.values("host"), severities = filters.values("severity");
  TRY(filters.finish());
  std::map<std::string, MachineRow> machines;
  for (MachineRow& machine : TRY(load_machines(session))) machines.emplace(machine.key, std::move(machine));
  std::map<std::string, RunningImage> images;
  for (const RunningRow& row : TRY(unhealthy_images(session, query.scopes))) {
    const auto machine = machines.find(row.machine_key);
    if (machine == machines.end()) continue;
    if (!hosts.empty() && std::find(hosts.begin(), hosts.end(), machine->second.name) == hosts.end()) continue;
    TRY(add_host(session, machine->second, row, images[row.image_id]));
  }
  base::JsonArray out;
  for (const auto& image : images) {
    const std::string_view worst = worst_of(image.second.counts);
    if (!severities.empty() && std::find(severities.begin(), severities.end(), worst) == severities.end()) continue;
    if (named(query.q, image.second.name + " " + image.second.scan.repository + " " + image.second.digest)) out.emplace_back(running_json(image.second));
  }
  return out;
}

}  // namespace providers::hybrid_compute
