// SPDX-License-Identifier: Apache-2.0
// Debian's security tracker (security-tracker.debian.org/tracker/data/json): {source package: {CVE: {description,
// releases: {codename: {status, fixed_version, urgency, nodsa, nodsa_reason}}}}}. fixed_version "0": never affected.
#include <fmt/format.h>

#include <simdjson.h>

#include "advisory/distribution.hpp"
#include "advisory/importers.hpp"
#include "base/text.hpp"

namespace advisory {

namespace {

namespace ondemand = simdjson::ondemand;

struct TrackerRelease {
  std::string_view status;
  std::string_view fixed_version;
  std::string_view urgency;
  std::string_view reason;
  bool no_advisory = false;  // "nodsa": Debian issues no DSA for it
};

std::string_view tracker_text(ondemand::value value) {
  std::string_view text;
  return value.get_string().get(text) ? std::string_view() : text;
}

TrackerRelease read_tracker_release(ondemand::object release) {
  TrackerRelease out;
  for (auto member : release) {
    std::string_view key;
    ondemand::value value;
    if (member.unescaped_key().get(key) || member.value().get(value)) break;
    if (key == "status") out.status = tracker_text(value);
    if (key == "fixed_version") out.fixed_version = tracker_text(value);
    if (key == "urgency") out.urgency = tracker_text(value);
    if (key == "nodsa") out.no_advisory = true;
    if (key == "nodsa_reason") out.reason = tracker_text(value);
  }
  return out;
}

VendorStatus tracker_status(const TrackerRelease& release) {
  if (release.status == "resolved" && release.fixed_version == "0") return VendorStatus::not_affected;
  if (release.status == "undetermined") return VendorStatus::under_investigation;
  if (release.urgency == "end-of-life") return VendorStatus::end_of_life;
  if (release.no_advisory) return release.reason == "postponed" ? VendorStatus::fix_deferred : VendorStatus::will_not_fix;
  return VendorStatus::affected;
}

// "medium**" in older entries; "not yet assigned" and "end-of-life" are no severities.
std::string_view tracker_severity(std::string_view urgency) {
  while (!urgency.empty() && urgency.back() == '*') urgency.remove_suffix(1);
  return urgency == "not yet assigned" || urgency == "end-of-life" ? std::string_view() : urgency;
}

Affected tracker_affected(std::string_view package, std::string_view ecosystem, const TrackerRelease& release) {
  Affected out;
  out.ecosystem = ecosystem;
  out.name = package;
  out.status = tracker_status(release);
  out.severity = tracker_severity(release.urgency);
  Range range{{Event::Type::introduced, "0"}};
  if (release.status == "resolved" && !release.fixed_version.empty()) range.push_back({Event::Type::fixed, release.fixed_version});
  if (out.status != VendorStatus::not_affected) out.ranges.push_back(std::move(range));
  return out;
}

class TrackerReader {
 public:
  TrackerReader(std::string_view name, RecordSet& into, Refusals& refusals)
      : name_(name), into_(into), refusals_(refusals), source_(into.add_source("Debian security tracker", index::SourceKind::debian_tracker)) {}

  // Returns whether reading can go on.
  bool package(std::string_view package_name, ondemand::object vulnerabilities) {
    for (auto member : vulnerabilities) {
      std::string_view id;
      ondemand::object vulnerability;
      if (member.unescaped_key().get(id)) return false;
      if (member.value().get_object().get(vulnerability)) {
        refusals_.add(name_, fmt::format("{} of {} is no object", base::printable(id.substr(0, 60)), base::printable(package_name.substr(0, 60))));
        continue;
      }
      if (!entry(package_name, id, vulnerability)) return false;
    }
    return true;
  }

 private:
  bool entry(std::string_view package_name, std::string_view id, ondemand::object vulnerability) {
    Advisory out;
    out.id = out.keep("DEBIAN-" + std::string(id));
    out.covers = {id};
    out.references = {out.keep("https://security-tracker.debian.org/tracker/" + std::string(id))};
    for (auto member : vulnerability) {
      std::string_view key;
      ondemand::value value;
      if (member.unescaped_key().get(key) || member.value().get(value)) return false;
      if (key == "description") out.title = tracker_text(value);
      if (key == "releases" && !releases(package_name, value, out)) return false;
    }
    if (const auto added = into_.add(out, source_); !added) refusals_.add(name_, added.error().message);
    return true;
  }

  static bool releases(std::string_view package_name, ondemand::value value, Advisory& out) {
    ondemand::object list;
    if (value.get_object().get(list)) return false;
    for (auto member : list) {
      std::string_view codename;
      ondemand::object release;
      if (member.unescaped_key().get(codename) || member.value().get_object().get(release)) return false;
      const auto number = debian_release_of(codename);
      if (number.empty()) continue;
      const auto ecosystem = out.keep("Debian:" + std::string(number));
      out.affected.push_back(tracker_affected(package_name, ecosystem, read_tracker_release(release)));
    }
    return true;
  }

  std::string_view name_;
  RecordSet& into_;
  Refusals& refusals_;
  std::uint32_t source_;
};

}  // namespace

base::Result<void> import_debian_tracker(std::string_view document, std::string_view name, RecordSet& into, Refusals& refusals) {
  const auto broken = [&](std::string_view why) {
    return base::fail(base::Kind::invalid_input, fmt::format("{}: the security tracker's JSON cannot be read: {}; download it again", name, why));
  };
  const simdjson::padded_string padded(document);
  ondemand::parser parser;
  ondemand::document json;
  ondemand::object packages;
  if (const auto error = parser.iterate(padded).get(json); error) return broken(simdjson::error_message(error));
  if (const auto error = json.get_object().get(packages); error) return broken(simdjson::error_message(error));
  TrackerReader reader(name, into, refusals);
  for (auto member : packages) {
    std::string_view package_name;
    ondemand::object vulnerabilities;
    if (member.unescaped_key().get(package_name)) return broken("a package has no name");
    if (const auto error = member.value().get_object().get(vulnerabilities); error) return broken(simdjson::error_message(error));
    if (!reader.package(package_name, vulnerabilities)) return broken(fmt::format("near package {}", base::printable(package_name.substr(0, 80))));
  }
  return {};
}

}  // namespace advisory
