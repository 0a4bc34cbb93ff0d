// SPDX-License-Identifier: Apache-2.0
// CSAF 2.0 documents, VEX and advisories (docs.oasis-open.org/csaf/csaf/v2.0), as Red Hat, SUSE and Microsoft publish
// them. Section 3.2.3: product_status says which products are fixed, affected or not; remediations and threats
// say more about some of them.
#include <fmt/format.h>

#include <array>
#include <set>
#include <unordered_map>

#include "advisory/csaf_products.hpp"
#include "advisory/importers.hpp"
#include "base/text.hpp"

namespace advisory {

namespace {

VendorStatus status_of_remediation(std::string_view category, std::string_view details) {
  const std::string text = base::to_lower(details);
  if (text.find("out of support") != std::string::npos) return VendorStatus::end_of_life;
  if (text.find("deferred") != std::string::npos) return VendorStatus::fix_deferred;
  if (category == "no_fix_planned" || text.find("will not fix") != std::string::npos) return VendorStatus::will_not_fix;
  return VendorStatus::affected;
}

// What one vulnerability of a document says, product id by product id.
struct CsafStatements {
  std::unordered_map<std::string_view, VendorStatus> remediations;
  std::unordered_map<std::string_view, std::string_view> severities;
};

class CsafVulnerability {
 public:
  CsafVulnerability(const CsafProducts& products, json::Object vulnerability, Advisory& out)
      : products_(products), vulnerability_(vulnerability), out_(out) {}

  void read() {
    read_remediations();
    read_threats();
    read_scores();
    json::Object status;
    if (!json::get(vulnerability_, "product_status", status)) return;
    for (const auto id : json::texts(status, "fixed")) add_fixed(id);
    for (const auto id : json::texts(status, "first_fixed")) add_fixed(id);
    for (const auto id : json::texts(status, "known_affected")) add_affected(id, VendorStatus::affected);
    for (const auto id : json::texts(status, "under_investigation")) add_affected(id, VendorStatus::under_investigation);
    for (const auto id : json::texts(status, "known_not_affected")) add_affected(id, VendorStatus::not_affected);
  }

 private:
  void read_remediations() {
    json::Array list;
    if (!json::get(vulnerability_, "remediations", list)) return;
    for (const json::Element element : list) {
      json::Object entry;
      if (element.get(entry)) continue;
      const auto status = status_of_remediation(json::text(entry, "category"), json::text(entry, "details"));
      if (status == VendorStatus::affected) continue;
      for (const auto id : json::texts(entry, "product_ids")) statements_.remediations.emplace(id, status);
    }
  }

  void read_threats() {
    json::Array list;
    if (!json::get(vulnerability_, "threats", list)) return;
    for (const json::Element element : list) {
      json::Object entry;
      if (element.get(entry) || json::text(entry, "category") != "impact") continue;
      const auto word = json::text(entry, "details");
      if (out_.severity.empty()) out_.severity = word;
      for (const auto id : json::texts(entry, "product_ids")) statements_.severities.emplace(id, word);
    }
  }

  void read_scores() {
    json::Array list;
    if (!json::get(vulnerability_, "scores", list)) return;
    for (const json::Element element : list) {
      json::Object entry;
      json::Object score;
      if (element.get(entry)) continue;
      for (const std::string_view key : {"cvss_v4", "cvss_v3", "cvss_v2"})
        if (out_.vectors.empty() && json::get(entry, key, score)) out_.vectors = json::text(score, "vectorString");
    }
  }

  Affected& add(const CsafPackage& package, std::string_view product_id) {
    Affected& affected = out_.affected.emplace_back();
    affected.ecosystem = out_.keep(package.ecosystem);
    affected.name = out_.keep(package.name);
    affected.name_kind = package.kind;
    affected.modules = out_.keep(package.module);
    if (const auto known = statements_.severities.find(product_id); known != statements_.severities.end()) affected.severity = known->second;
    return affected;
  }

  // One row for all architectures. A fixed source package says the same as its binaries do.
  bool is_new(const CsafPackage& package, std::string_view what) {
    return seen_.insert(fmt::format("{}\n{}\n{}\n{}\n{}\n{}", what, package.ecosystem, package.module, package.name, package.version,
                                    static_cast<int>(package.kind))).second;
  }

  static std::string source_key(const CsafPackage& package) { return package.ecosystem + '\n' + package.module + '\n' + package.name; }

  void add_fixed(std::string_view product_id) {
    const auto package = products_.package(product_id);
    if (!package || package->version.empty()) return;
    fixed_.insert(source_key(*package));
    if (package->kind == NameKind::source || !is_new(*package, "fixed")) return;
    add(*package, product_id).ranges = {{{Event::Type::introduced, "0"}, {Event::Type::fixed, out_.keep(package->version)}}};
  }

  void add_affected(std::string_view product_id, VendorStatus status) {
    const auto package = products_.package(product_id);
    if (!package) return;
    const bool bounded = package->below && !package->version.empty();
    // Documents keep the unfixed entry of a source package beside its fixed binaries now and then.
    if (!bounded && fixed_.count(source_key(*package)) > 0) return;
    if (const auto known = statements_.remediations.find(product_id); known != statements_.remediations.end() && status == VendorStatus::affected)
      status = known->second;
    if (!is_new(*package, bounded ? "below" : "affected")) return;
    Affected& affected = add(*package, product_id);
    affected.status = status;
    if (status == VendorStatus::not_affected) return;
    affected.ranges = {{{Event::Type::introduced, "0"}}};
    if (bounded) affected.ranges[0].push_back({Event::Type::fixed, out_.keep(package->version)});
  }

  const CsafProducts& products_;
  json::Object vulnerability_;
  Advisory& out_;
  CsafStatements statements_;
  std::set<std::string> fixed_;
  std::set<std::string> seen_;
};

struct CsafDocument {
  std::string_view id;
  std::string_view title;
  std::string_view modified;
  std::string_view published;
  std::string_view severity;
  std::string publisher;
  std::vector<std::string_view> references;
};

std::vector<std::string_view> csaf_urls(json::Object holder) {
  std::vector<std::string_view> out;
  json::Array list;
  if (!json::get(holder, "references", list)) return out;
  for (const json::Element element : list) {
    json::Object entry;
    if (!element.get(entry)) out.push_back(json::text(entry, "url"));
  }
  return out;
}

base::Result<CsafDocument> read_csaf_document(json::Object root, std::string_view name) {
  const auto broken = [&](std::string_view what) {
    return base::fail(base::Kind::invalid_input, fmt::format("{}: the CSAF document has no {}", name, what));
  };
  CsafDocument out;
  json::Object document;
  json::Object part;
  if (!json::get(root, "document", document)) return broken("`document`");
  out.title = json::text(document, "title");
  out.references = csaf_urls(document);
  if (json::get(document, "aggregate_severity", part)) out.severity = json::text(part, "text");
  if (json::get(document, "publisher", part)) out.publisher = json::text(part, "name");
  if (out.publisher.empty()) return broken("publisher");
  if (!json::get(document, "tracking", part) || json::text(part, "id").empty()) return broken("tracking id");
  out.id = json::text(part, "id");
  out.modified = json::text(part, "current_release_date");
  out.published = json::text(part, "initial_release_date");
  return out;
}

Advisory csaf_advisory(const CsafDocument& document, const CsafProducts& products, json::Object vulnerability) {
  Advisory out;
  out.id = document.id;
  out.modified = document.modified;
  out.published = document.published;
  out.title = json::text(vulnerability, "title");
  if (out.title.empty()) out.title = document.title;
  out.references = csaf_urls(vulnerability);
  out.references.insert(out.references.end(), document.references.begin(), document.references.end());
  if (const auto cve = json::text(vulnerability, "cve"); !cve.empty()) out.covers.push_back(cve);
  CsafVulnerability(products, vulnerability, out).read();
  if (out.severity.empty()) out.severity = document.severity;
  return out;
}

}  // namespace

base::Result<void> import_csaf(std::string_view document, std::string_view name, RecordSet& into, Refusals& refusals) {
  simdjson::dom::parser parser;
  json::Element element;
  if (const auto error = parser.parse(document.data(), document.size()).get(element); error)
    return base::fail(base::Kind::invalid_input, fmt::format("{}: not valid JSON: {}", name, simdjson::error_message(error)));
  json::Object root;
  if (element.get(root)) return base::fail(base::Kind::invalid_input, fmt::format("{}: the CSAF document is no JSON object", name));
  const auto header = TRY(read_csaf_document(root, name));
  const CsafProducts products(root);
  const auto source = into.add_source(fmt::format("CSAF {}", base::printable(header.publisher.substr(0, 100))), index::SourceKind::csaf);
  json::Array vulnerabilities;
  if (!json::get(root, "vulnerabilities", vulnerabilities)) return {};
  for (const json::Element entry : vulnerabilities) {
    json::Object vulnerability;
    const bool bad = entry.get(vulnerability) != simdjson::SUCCESS;
    const auto added = bad ? base::fail(base::Kind::invalid_input, "a vulnerability is no object")
                           : into.add(csaf_advisory(header, products, vulnerability), source);
    if (!added) refusals.add(name, added.error().message);
  }
  return {};
}

}  // namespace advisory
