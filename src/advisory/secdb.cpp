// SPDX-License-Identifier: Apache-2.0
// secdb of Alpine, Wolfi and Chainguard: {distroversion, reponame, urlprefix, packages: [{pkg: {name, secfixes:
// {version: ["CVE-…", …]}}}]}. A package is affected below the version that repairs it; version "0" says it never was.
#include <fmt/format.h>

#include "advisory/importers.hpp"
#include "advisory/json_text.hpp"
#include "base/text.hpp"

namespace advisory {

namespace {

struct SecdbTarget {
  std::string ecosystem;
  std::string source;
  std::string id_prefix;
};

SecdbTarget secdb_target(json::Object root) {
  const std::string distro(json::text(root, "distroversion"));
  const std::string repository(json::text(root, "reponame"));
  const std::string url = base::to_lower(std::string(json::text(root, "urlprefix")) + std::string(json::text(root, "apkurl")));
  if (distro.empty() || repository == "os") {
    if (url.find("wolfi") != std::string::npos) return {"Wolfi", "Wolfi secdb", "WOLFI-"};
    if (url.find("cgr.dev") != std::string::npos || url.find("chainguard") != std::string::npos)
      return {"Chainguard", "Chainguard secdb", "CHAINGUARD-"};
  }
  if (distro.empty()) return {};
  return {"Alpine:" + distro, fmt::format("Alpine secdb {}/{}", distro, repository), "ALPINE-"};
}

bool is_secdb_id(std::string_view word) {
  const auto dash = word.find('-');
  if (dash == std::string_view::npos || dash < 2 || word.size() > 64) return false;
  for (const char c : word.substr(0, dash))
    if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) return false;
  return word.find_first_of("0123456789", dash) != std::string_view::npos;
}

// "CVE-2019-1 XSA-2 (+ text)": the CVEs, or where there is none the vendor's own ids.
std::vector<std::string_view> secdb_ids(std::string_view text) {
  std::vector<std::string_view> cves;
  std::vector<std::string_view> others;
  for (const auto word : base::split(text, ' ')) {
    if (!is_secdb_id(word)) continue;
    (word.substr(0, 4) == "CVE-" ? cves : others).push_back(word);
  }
  return cves.empty() ? others : cves;
}

class SecdbReader {
 public:
  SecdbReader(const SecdbTarget& target, std::string_view name, RecordSet& into, Refusals& refusals)
      : target_(target), name_(name), into_(into), refusals_(refusals), source_(into.add_source(target.source, index::SourceKind::secdb)) {}

  void package(json::Element element) {
    json::Object entry;
    json::Object package;
    json::Object fixes;
    if (element.get(entry) || !json::get(entry, "pkg", package)) return refusals_.add(name_, "an entry of packages has no pkg");
    const auto package_name = json::text(package, "name");
    if (!json::get(package, "secfixes", fixes)) return;
    for (const auto& fix : fixes) {
      json::Array ids;
      if (fix.value.is_null()) continue;
      if (fix.value.get(ids)) {
        refusals_.add(name_, fmt::format("secfixes of {} are no list", base::printable(package_name.substr(0, 80))));
        continue;
      }
      for (const json::Element id : ids)
        for (const auto word : secdb_ids(json::text(id))) advisory(package_name, fix.key, word);
    }
  }

 private:
  void advisory(std::string_view package_name, std::string_view version, std::string_view id) {
    Advisory out;
    out.id = out.keep(target_.id_prefix + std::string(id));
    out.covers = {id};
    Affected affected;
    affected.ecosystem = target_.ecosystem;
    affected.name = package_name;
    if (version == "0")
      affected.status = VendorStatus::not_affected;
    else
      affected.ranges = {{{Event::Type::introduced, "0"}, {Event::Type::fixed, base::trim(version)}}};
    out.affected.push_back(std::move(affected));
    if (const auto added = into_.add(out, source_); !added) refusals_.add(name_, added.error().message);
  }

  const SecdbTarget& target_;
  std::string_view name_;
  RecordSet& into_;
  Refusals& refusals_;
  std::uint32_t source_;
};

}  // namespace

base::Result<void> import_secdb(std::string_view document, std::string_view name, RecordSet& into, Refusals& refusals) {
  simdjson::dom::parser parser;
  json::Element root;
  if (const auto error = parser.parse(document.data(), document.size()).get(root); error)
    return base::fail(base::Kind::invalid_input, fmt::format("{}: not valid JSON: {}", name, simdjson::error_message(error)));
  json::Object object;
  json::Array packages;
  json::Element list;
  if (root.get(object) || object["packages"].get(list) || (list.get(packages) && !list.is_null()))
    return base::fail(base::Kind::invalid_input, fmt::format("{}: a secdb needs `packages`", name));
  const auto target = secdb_target(object);
  if (target.ecosystem.empty())
    return base::fail(base::Kind::invalid_input, fmt::format("{}: the secdb does not say its distribution (`distroversion` or `urlprefix`)", name));
  SecdbReader reader(target, name, into, refusals);
  if (list.is_null()) return {};  // a repository without a repair so far
  for (const json::Element package : packages) reader.package(package);
  return {};
}

}  // namespace advisory
