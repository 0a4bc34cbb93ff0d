// SPDX-License-Identifier: Apache-2.0
#include "advisory/osv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "advisory/importers.hpp"
#include "base/text.hpp"
#include "model/finding.hpp"

namespace advisory {

namespace {

using json::Array;
using json::Element;
using json::Object;

bool starts_with(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

bool is_cve(std::string_view id) { return starts_with(id, "CVE-"); }

// Errata of rpm distributions: they name the CVEs they repair under `related`, and older records of Debian,
// Ubuntu and others under `aliases`.
bool is_erratum(std::string_view id) {
  constexpr std::array<std::string_view, 16> kPrefixes{"ALSA-", "ALBA-", "ALEA-", "RLSA-", "RXSA-",     "RHSA-", "RHBA-", "RHEA-",
                                                       "DSA-",  "DLA-",  "USN-",  "ELSA-", "SUSE-", "openSUSE-", "ALAS", "DTSA-"};
  return std::any_of(kPrefixes.begin(), kPrefixes.end(), [&](auto prefix) { return starts_with(id, prefix); });
}

bool lists_related(std::string_view id) {
  return starts_with(id, "ALSA-") || starts_with(id, "ALBA-") || starts_with(id, "ALEA-") || starts_with(id, "RLSA-") ||
         starts_with(id, "RXSA-");
}

void keep_cves(std::vector<std::string_view>& ids) {
  if (std::any_of(ids.begin(), ids.end(), is_cve))
    ids.erase(std::remove_if(ids.begin(), ids.end(), [](auto id) { return !is_cve(id); }), ids.end());
}

// `upstream` says what a vendor's record repairs; where it mixes CVEs with vendor ids, those name the same once more.
void read_covers(Object record, Advisory& out) {
  out.covers = json::texts(record, "upstream");
  keep_cves(out.covers);
  if (!out.covers.empty()) return;
  if (lists_related(out.id)) {
    out.covers = json::texts(record, "related");
    out.covers.erase(std::remove_if(out.covers.begin(), out.covers.end(), [](auto id) { return !is_cve(id); }),
                     out.covers.end());
  }
  if (out.covers.empty() && is_erratum(out.id)) {
    out.covers.swap(out.aliases);
    keep_cves(out.covers);
  }
}

struct OsvSeverity {
  std::string vectors;  // newest CVSS version first, blanks between
  std::string_view word;
};

// The type "Ubuntu" carries a word.
OsvSeverity read_severity_list(Object holder) {
  OsvSeverity out;
  std::vector<std::pair<std::string_view, std::string_view>> vectors;
  Array list;
  if (!json::get(holder, "severity", list)) return out;
  for (const Element element : list) {
    Object entry;
    if (element.get(entry) != simdjson::SUCCESS) continue;
    const auto type = json::text(entry, "type");
    const auto score = json::text(entry, "score");
    if (starts_with(type, "CVSS_V"))
      vectors.emplace_back(type, score);
    else if (!starts_with(type, "CVSS") && !score.empty())
      out.word = score;
  }
  std::stable_sort(vectors.begin(), vectors.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [type, vector] : vectors) out.vectors.append(out.vectors.empty() ? "" : " ").append(vector);
  return out;
}

std::string_view severity_word_of(Object holder) {
  Object part;
  if (json::get(holder, "ecosystem_specific", part)) {
    if (const auto word = json::text(part, "severity"); !word.empty()) return word;
    if (const auto word = json::text(part, "urgency"); !word.empty()) return word;
  }
  if (json::get(holder, "database_specific", part)) return json::text(part, "severity");
  return {};
}

// "Moderate: podman security update": the way errata of rpm distributions say it.
std::string_view severity_word_of_title(std::string_view title) {
  const auto word = title.substr(0, title.find(": "));
  return word.size() < title.size() && model::parse_severity(word) ? word : std::string_view();
}

// Tokens "name:stream" of an erratum's title: "Important: nodejs:18 security update", "virt:rhel and virt-devel:rhel …".
std::string modules_of_title(std::string_view title) {
  std::string out;
  for (const auto token : base::split(title, ' ')) {
    auto word = token;
    while (!word.empty() && (word.back() == ',' || word.back() == ';')) word.remove_suffix(1);
    const auto [name, stream] = base::cut(word, ":");
    if (name.empty() || stream.empty() || name.size() > 100 || stream.size() > 100) continue;
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

base::Result<Range> read_range(Object range_object) {
  Range range;
  Array events;
  if (!json::get(range_object, "events", events)) return base::fail(base::Kind::invalid_input, "a range has no events");
  constexpr std::array<std::pair<std::string_view, Event::Type>, 3> kTypes{
      {{"introduced", Event::Type::introduced}, {"fixed", Event::Type::fixed}, {"last_affected", Event::Type::last_affected}}};
  for (const Element element : events) {
    Object event;
    if (element.get(event) != simdjson::SUCCESS) return base::fail(base::Kind::invalid_input, "an event is no object");
    for (const auto& [key, type] : kTypes)
      if (const auto version = json::text(event, key); !version.empty()) range.push_back({type, version});
  }
  return range;
}

base::Result<void> read_ranges(Object package_object, Affected& out) {
  Array ranges;
  if (!json::get(package_object, "ranges", ranges)) return {};
  for (const Element element : ranges) {
    Object range;
    if (element.get(range) != simdjson::SUCCESS) return base::fail(base::Kind::invalid_input, "a range is no object");
    const auto type = json::text(range, "type");
    if (type == "GIT") continue;
    if (type != "SEMVER" && type != "ECOSYSTEM")
      return base::fail(base::Kind::invalid_input, fmt::format("range type \"{}\" is not known", base::printable(type.substr(0, 40))));
    out.ranges.push_back(TRY(read_range(range)));
  }
  return {};
}

// Nothing where the entry names no package: it is about a git repository.
base::Result<std::optional<Affected>> read_affected(Object entry, Advisory& advisory) {
  Object package;
  if (!json::get(entry, "package", package)) return std::nullopt;
  Affected out;
  out.ecosystem = json::text(package, "ecosystem");
  out.name = json::text(package, "name");
  if (out.ecosystem.empty() || out.name.empty())
    return base::fail(base::Kind::invalid_input, "a package has no name or no ecosystem");
  TRY(read_ranges(entry, out));
  out.versions = json::texts(entry, "versions");
  const auto severity = read_severity_list(entry);
  out.vectors = advisory.keep(severity.vectors);
  out.severity = severity.word.empty() ? severity_word_of(entry) : severity.word;
  // Titles use the same form for versions: "edk2:20240524 security update" is about no module.
  if (has_module_build(out) && (starts_with(out.ecosystem, "AlmaLinux") || starts_with(out.ecosystem, "Rocky")))
    out.modules = advisory.keep(modules_of_title(advisory.title));
  return out;
}

base::Result<void> read_packages(Object record, Advisory& out) {
  Array list;
  if (!json::get(record, "affected", list)) return {};
  for (const Element element : list) {
    Object entry;
    if (element.get(entry) != simdjson::SUCCESS) return base::fail(base::Kind::invalid_input, "an affected entry is no object");
    auto affected = TRY(read_affected(entry, out));
    if (affected) out.affected.push_back(*std::move(affected));
  }
  return {};
}

std::vector<std::string_view> read_references(Object record) {
  std::vector<std::string_view> out;
  Array list;
  if (!json::get(record, "references", list)) return out;
  for (const Element element : list) {
    Object entry;
    if (element.get(entry) == simdjson::SUCCESS) out.push_back(json::text(entry, "url"));
  }
  return out;
}

// Bug-fix and enhancement errata that repair no vulnerability.
bool is_no_vulnerability(const Advisory& advisory) {
  return advisory.covers.empty() && (starts_with(advisory.id, "ALBA-") || starts_with(advisory.id, "ALEA-"));
}

}  // namespace

base::Result<Advisory> read_osv(Element document) {
  Object record;
  if (document.get(record) != simdjson::SUCCESS) return base::fail(base::Kind::invalid_input, "the record is no JSON object");
  Advisory out;
  out.id = json::text(record, "id");
  if (out.id.empty()) return base::fail(base::Kind::invalid_input, "the record has no id");
  out.modified = json::text(record, "modified");
  out.published = json::text(record, "published");
  out.withdrawn = !json::text(record, "withdrawn").empty();
  out.title = json::text(record, "summary");
  if (base::trim(out.title).empty()) out.title = json::text(record, "details");
  out.aliases = json::texts(record, "aliases");
  read_covers(record, out);
  const auto severity = read_severity_list(record);
  out.vectors = out.keep(severity.vectors);
  out.severity = severity.word.empty() ? severity_word_of(record) : severity.word;
  if (out.severity.empty() && is_erratum(out.id)) out.severity = severity_word_of_title(out.title);
  out.references = read_references(record);
  TRY(read_packages(record, out));
  if (is_no_vulnerability(out)) out.affected.clear();
  return out;
}

base::Result<void> import_osv(std::string_view document, std::string_view name, RecordSet& into, Refusals& refusals) {
  simdjson::dom::parser parser;
  Element root;
  if (const auto error = parser.parse(document.data(), document.size()).get(root); error)
    return base::fail(base::Kind::invalid_input, fmt::format("{}: not valid JSON: {}", name, simdjson::error_message(error)));
  const auto source = into.add_source("OSV files", index::SourceKind::osv_files);
  const auto add = [&](Element element) {
    const auto advisory = read_osv(element);
    const auto added = advisory ? into.add(*advisory, source) : base::fail(advisory.error());
    if (!added) refusals.add(name, added.error().message);
  };
  Array list;
  if (root.get(list) != simdjson::SUCCESS) {
    add(root);
    return {};
  }
  for (const Element element : list) add(element);
  return {};
}

}  // namespace advisory
