// SPDX-License-Identifier: Apache-2.0
#include "security/finding_sets.hpp"

#include <fmt/format.h>

#include <unordered_map>
#include <unordered_set>

#include "base/compress.hpp"
#include "base/crypto.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "security/finding_text.hpp"

namespace security {

namespace {

constexpr std::size_t kInventoryCap = 512u << 20;

// A finding as its row has it.
struct FindingRow {
  std::string finding_id, vulnerability, category, package, package_type, version, fixed_version, fix_status, path, layer,
      ignored, detail;
  std::int64_t severity = 0;
  double score = -1;

  auto operator<=>(const FindingRow&) const = default;
};

struct StoredFinding {
  FindingRow row;
  store::Millis first_seen_at = 0;
};

FindingRow row_of(const model::Finding& finding) {
  FindingRow row;
  row.finding_id = finding_id(finding);
  row.vulnerability = stored_text(finding.id);
  row.category = category_label(finding);
  row.package = stored_text(finding.package.name);
  row.package_type = stored_text(finding.package.type);
  row.version = stored_text(finding.package.version);
  row.fixed_version = stored_text(finding.fixed_version);
  row.fix_status = model::fix_status_name(finding.status);
  row.path = stored_text(finding.package.path);
  row.layer = stored_text(finding.package.layer);
  row.ignored = ignored_text(finding);
  row.detail = finding_detail(finding);
  row.severity = static_cast<std::int64_t>(finding.severity);
  row.score = finding.score;
  return row;
}

StoredFinding stored_finding(const store::Row& row) {
  StoredFinding out;
  out.row.finding_id = row.text(0);
  out.row.vulnerability = row.text(1);
  out.row.category = row.text(2);
  out.row.severity = row.integer(3);
  out.row.score = row.real(4);
  out.row.package = row.text(5);
  out.row.package_type = row.text(6);
  out.row.version = row.text(7);
  out.row.fixed_version = row.text(8);
  out.row.fix_status = row.text(9);
  out.row.path = row.text(10);
  out.row.layer = row.text(11);
  out.row.ignored = row.text(12);
  out.row.detail = row.text(13);
  out.first_seen_at = row.integer(14);
  return out;
}

using StoredFindings = std::unordered_map<std::string, StoredFinding>;

base::Result<StoredFindings> load_findings(store::Session& session, std::int64_t set_id) {
  StoredFindings out;
  TRY(session.query(
      "SELECT finding_id, vulnerability, category, severity, score, package, package_type, version, fixed_version, "
      "fix_status, path, layer, ignored, detail, first_seen_at FROM findings WHERE set_id = ?",
      {set_id}, [&](const store::Row& row) { out.emplace(std::string(row.text(0)), stored_finding(row)); }));
  return out;
}

// Written where it is new or says something else; equal rows are not touched.
base::Result<void> upsert_vulnerability(store::Session& session, const model::Finding& finding) {
  const std::string id = stored_text(finding.id), title = stored_text(finding.title);
  const std::string published = stored_text(finding.published), detail = vulnerability_detail(finding);
  return session.run(
      "INSERT INTO vulnerabilities (id, title, severity, score, published, kev, epss, detail) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = excluded.title, severity = excluded.severity, "
      "score = excluded.score, published = excluded.published, kev = excluded.kev, epss = excluded.epss, "
      "detail = excluded.detail WHERE vulnerabilities.title <> excluded.title OR vulnerabilities.severity <> "
      "excluded.severity OR vulnerabilities.score <> excluded.score OR vulnerabilities.published <> excluded.published OR "
      "vulnerabilities.kev <> excluded.kev OR vulnerabilities.epss <> excluded.epss OR vulnerabilities.detail <> "
      "excluded.detail",
      {std::string_view(id), std::string_view(title), static_cast<std::int64_t>(finding.severity), finding.score,
       std::string_view(published), std::int64_t{finding.kev}, finding.epss, std::string_view(detail)});
}

base::Result<void> upsert_vulnerabilities(store::Session& session, const std::vector<model::Finding>& findings) {
  std::unordered_map<std::string_view, const model::Finding*> worst;  // of the packages that one vulnerability is in
  for (const model::Finding& finding : findings) {
    const auto [at, added] = worst.emplace(finding.id, &finding);
    if (!added && finding.severity > at->second->severity) at->second = &finding;
  }
  for (const auto& entry : worst) TRY(upsert_vulnerability(session, *entry.second));
  return {};
}

base::Result<void> upsert_finding(store::Session& session, std::int64_t set_id, const FindingRow& row,
                                  store::Millis first_seen_at) {
  const auto text = [](const std::string& value) { return std::string_view(value); };
  return session.run(
      "INSERT INTO findings (set_id, finding_id, vulnerability, category, severity, score, package, package_type, version, "
      "fixed_version, fix_status, path, layer, ignored, detail, first_seen_at) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (set_id, finding_id) DO UPDATE SET "
      "vulnerability = excluded.vulnerability, category = excluded.category, severity = excluded.severity, "
      "score = excluded.score, package = excluded.package, package_type = excluded.package_type, "
      "version = excluded.version, fixed_version = excluded.fixed_version, fix_status = excluded.fix_status, "
      "path = excluded.path, layer = excluded.layer, ignored = excluded.ignored, detail = excluded.detail",
      {set_id, text(row.finding_id), text(row.vulnerability), text(row.category), row.severity, row.score, text(row.package),
       text(row.package_type), text(row.version), text(row.fixed_version), text(row.fix_status), text(row.path),
       text(row.layer), text(row.ignored), text(row.detail), first_seen_at});
}

// For the assessments that have seen an older revision of the set: what came and what went.
struct ChangeLog {
  store::Session& session;
  std::int64_t set_id, revision;
  bool wanted;  // no one needs it where nothing was assessed with the set yet

  base::Result<void> note(const FindingRow& row, bool added, store::Millis first_seen_at) const {
    if (!wanted) return {};
    return session.run(
        "INSERT INTO set_changes (set_id, revision, finding_id, added, vulnerability, severity, package, version, "
        "first_seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {set_id, revision, std::string_view(row.finding_id), std::int64_t{added}, std::string_view(row.vulnerability),
         row.severity, std::string_view(row.package), std::string_view(row.version), first_seen_at});
  }
};

// Writes what is new or differs; takes what is still there out of `stored`.
base::Result<void> write_found(store::Session& session, const std::vector<model::Finding>& findings, StoredFindings& stored,
                               const ChangeLog& log, store::Millis now, SetChange& change) {
  std::unordered_set<std::string> seen;  // a package listed for two architectures is one finding
  for (const model::Finding& finding : findings) {
    const FindingRow row = row_of(finding);
    if (!seen.insert(row.finding_id).second) continue;
    const auto before = stored.find(row.finding_id);
    if (before == stored.end()) {
      ++change.added;
      TRY(upsert_finding(session, log.set_id, row, now));
      TRY(log.note(row, true, now));
      continue;
    }
    if (before->second.row != row) {
      ++change.changed;
      TRY(upsert_finding(session, log.set_id, row, before->second.first_seen_at));
    }
    stored.erase(before);
  }
  return {};
}

base::Result<void> remove_gone(store::Session& session, const StoredFindings& gone, const ChangeLog& log, SetChange& change) {
  for (const auto& entry : gone) {
    ++change.removed;
    TRY(session.run("DELETE FROM findings WHERE set_id = ? AND finding_id = ?", {log.set_id, std::string_view(entry.first)}));
    TRY(log.note(entry.second.row, false, entry.second.first_seen_at));
  }
  return {};
}

struct SetRow {
  std::int64_t id = 0, revision = 0;
  bool has_inventory = false;
};

base::Result<std::optional<SetRow>> find_set(store::Session& session, const std::string& set_key) {
  std::optional<SetRow> out;
  TRY(session.query("SELECT id, revision, inventory IS NOT NULL FROM finding_sets WHERE set_key = ?",
                    {std::string_view(set_key)},
                    [&](const store::Row& row) { out = SetRow{row.integer(0), row.integer(1), row.integer(2) != 0}; }));
  return out;
}

base::Result<SetRow> make_set(store::Session& session, const std::string& set_key, const std::string& matched_with,
                              store::Millis now) {
  TRY(session.run(
      "INSERT INTO finding_sets (set_key, inventory, packages, matched_with, evaluated_at, revision) "
      "VALUES (?, NULL, 0, ?, ?, 0)",
      {std::string_view(set_key), std::string_view(matched_with), now}));
  return SetRow{session.last_insert_id(), 0, false};
}

base::Result<void> store_inventory(store::Session& session, std::int64_t set_id, const model::Inventory& inventory) {
  const std::string packed = base::compress_zstd(inventory_text(inventory));
  return session.run("UPDATE finding_sets SET inventory = ?, packages = ? WHERE id = ?",
                     {store::Blob{packed}, static_cast<std::int64_t>(inventory.packages.size()), set_id});
}

}  // namespace

std::string finding_id(const model::Finding& finding) {
  const model::Package& package = finding.package;
  return base::uuid_of(base::join({category_label(finding), stored_text(finding.id), stored_text(package.name),
                                   stored_text(package.type), stored_text(package.version), stored_text(package.path)},
                                  "\n"));
}

std::string set_key_of(const model::Inventory& inventory) { return base::sha256_hex(inventory_text(inventory)); }

base::Result<SetChange> put_finding_set(store::Session& session, const std::string& set_key, const model::Inventory* inventory,
                                        const std::vector<model::Finding>& findings, const std::string& matched_with,
                                        store::Millis now) {
  const auto found = TRY(find_set(session, set_key));
  const SetRow set = found ? *found : TRY(make_set(session, set_key, matched_with, now));
  if (inventory && !set.has_inventory) TRY(store_inventory(session, set.id, *inventory));
  TRY(upsert_vulnerabilities(session, findings));

  StoredFindings stored;
  if (found) stored = TRY(load_findings(session, set.id));
  const auto users = TRY(query_integer(session, "SELECT 1 FROM assessments WHERE set_id = ? LIMIT 1", {set.id}));
  const ChangeLog log{session, set.id, set.revision + 1, users.has_value()};
  SetChange change;
  change.set_id = set.id;
  TRY(write_found(session, findings, stored, log, now, change));
  TRY(remove_gone(session, stored, log, change));
  TRY(session.run("UPDATE finding_sets SET matched_with = ?, evaluated_at = ?, revision = ? WHERE id = ?",
                  {std::string_view(matched_with), now, set.revision + (change.any() ? 1 : 0), set.id}));
  return change;
}

base::Result<std::optional<model::Inventory>> load_inventory(store::Session& session, std::int64_t set_id) {
  std::string packed;
  TRY(session.query("SELECT inventory FROM finding_sets WHERE id = ?", {set_id},
                    [&](const store::Row& row) { packed = row.text(0); }));
  if (packed.empty()) return std::nullopt;
  const std::string what = fmt::format("the package list of finding set {}", set_id);
  const std::string text = TRY(base::decompress_whole(packed, kInventoryCap, what));
  return TRY(inventory_from_text(text, what));
}

base::Result<std::vector<std::int64_t>> sets_to_match(store::Session& session, const std::string& matched_with,
                                                      std::int64_t after, std::size_t limit) {
  std::vector<std::int64_t> out;
  TRY(session.query(
      "SELECT id FROM finding_sets WHERE id > ? AND inventory IS NOT NULL AND matched_with <> ? ORDER BY id LIMIT ?",
      {after, std::string_view(matched_with), static_cast<std::int64_t>(limit)},
      [&](const store::Row& row) { out.push_back(row.integer(0)); }));
  return out;
}

base::Result<std::int64_t> forget_unused_sets(store::Session& session) {
  constexpr std::string_view kUnused =
      "SELECT s.id FROM finding_sets s WHERE NOT EXISTS (SELECT 1 FROM images i WHERE i.set_id = s.id) "
      "AND NOT EXISTS (SELECT 1 FROM assessments a WHERE a.set_id = s.id) "
      "AND NOT EXISTS (SELECT 1 FROM machines m WHERE m.packages_set = s.id) "
      "AND NOT EXISTS (SELECT 1 FROM host_images h WHERE h.set_id = s.id)";
  TRY(session.run(fmt::format("DELETE FROM findings WHERE set_id IN ({})", kUnused)));
  TRY(session.run(fmt::format("DELETE FROM set_changes WHERE set_id IN ({})", kUnused)));
  TRY(session.run(fmt::format("DELETE FROM finding_sets WHERE id IN ({})", kUnused)));
  return session.changes();
}

}  // namespace security
