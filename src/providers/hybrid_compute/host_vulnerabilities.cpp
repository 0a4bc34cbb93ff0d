// SPDX-License-Identifier: Apache-2.0
// The assessments of what runs on a host and what is installed on it.
#include <fmt/format.h>

#include <map>
#include <set>

#include "base/text.hpp"
#include "providers/hybrid_compute/host_assessment.hpp"
#include "security/plans.hpp"
#include "security/recommendations.hpp"

namespace providers::hybrid_compute {

namespace {

security::Verdict without_verdict(std::string cause, std::string description) {
  return {std::nullopt, std::string(security::kNotApplicable), std::move(cause), std::move(description)};
}

security::Verdict without_data() {
  return without_verdict("NoVulnerabilityData", "The packages are known, but there is no vulnerability data to compare them with; import some.");
}

base::Result<security::Enabled> scan_enabled(const Services& services, store::Session& session) {
  return security::host_scan(TRY(security::load_plans(session, "/subscriptions/" + services.subscription_id)));
}

// ---- Running images

struct Child {
  std::string resource_id, cause;
  std::optional<std::int64_t> set_id;
};
using Children = std::map<std::string, Child>;  // by key

base::Result<Children> load_children(store::Session& session, const MachineRow& machine) {
  Children out;
  const std::string first = machine.key + "/images/", end = machine.key + "/images0";
  TRY(session.query("SELECT resource_key, resource_id, verdict_cause, set_id FROM assessments WHERE assessment_key = ? AND resource_key > ? AND resource_key < ?",
                    {security::kRunningImages, std::string_view(first), std::string_view(end)}, [&](const store::Row& row) {
                      Child child{std::string(row.text(1)), std::string(row.text(2)), {}};
                      if (!row.is_null(3)) child.set_id = row.integer(3);
                      out.emplace(std::string(row.text(0)), std::move(child));
                    }));
  return out;
}

security::Verdict verdict_of_image(const ImageScan& scan) {
  if (!scan.set_id)
    return without_verdict("NotScanned", "The image stands in no connected registry, and the host's agent has not catalogued it yet.");
  if (!scan.matched) return without_data();
  return {scan.set_id, {}, {}, {}};
}

base::Result<std::set<std::string>> images_that_run(store::Session& session, const MachineRow& machine) {
  std::set<std::string> out;
  TRY(session.query("SELECT DISTINCT image_id FROM host_containers WHERE machine_key = ? AND image_id <> '' AND state IN ('running', 'paused', 'restarting')",
                    {std::string_view(machine.key)}, [&](const store::Row& row) { out.emplace(row.text(0)); }));
  return out;
}

// One child's verdict, where it is not what it was; true where it was written.
base::Result<bool> assess_child(const Services& services, store::Session& session, const std::string& resource_id, const Child* before, const ImageScan& scan, store::Millis now) {
  const security::Verdict verdict = verdict_of_image(scan);
  if (before && before->set_id == verdict.set_id && before->cause == verdict.cause) return false;
  TRY(services.assessor.assess(session, {resource_id, std::string(kMachineImageType), std::string(security::kRunningImages)}, verdict, now));
  return true;
}

base::Result<void> assess_children(const Services& services, store::Session& session, const MachineRow& machine, Children children, store::Millis now) {
  const ImageScans scans = TRY(image_scans(session, machine));
  bool changed = false;
  for (const std::string& image : TRY(images_that_run(session, machine))) {
    const std::string id = running_image_id(machine, image);
    const auto before = children.find(TRY(arm::ResourceId::parse(id)).key());
    const auto scan = scans.find(image);
    changed = TRY(assess_child(services, session, id, before == children.end() ? nullptr : &before->second, scan == scans.end() ? ImageScan{} : scan->second, now)) || changed;
    if (before != children.end()) children.erase(before);
  }
  for (const auto& child : children) TRY(services.assessor.remove(session, child.first, "NotRunning", now));  // rolls up as well
  if (changed) TRY(services.assessor.roll_up(session, {machine.resource_id, std::string(kMachineType), std::string(security::kRunningImages)}, now));
  return {};
}

base::Result<void> take_children_away(const Services& services, store::Session& session, const MachineRow& machine, const Children& children, const std::string& reason,
                                      store::Millis now) {
  for (const auto& child : children) TRY(services.assessor.remove(session, child.first, "OffByPolicy", now));
  TRY(services.assessor.assess(session, {machine.resource_id, std::string(kMachineType), std::string(security::kRunningImages)}, without_verdict("OffByPolicy", reason), now));
  return {};
}

base::Result<void> assess_again(const Services& services, store::Session& session, const std::set<std::string>& machine_keys, store::Millis now) {
  for (const std::string& key : machine_keys)
    if (const auto machine = TRY(load_machine(session, key))) {
      TRY(assess_running_images(services, session, *machine, now));
      TRY(assess_packages(services, session, *machine, now));
    }
  return {};
}

}  // namespace

base::Result<void> assess_running_images(const Services& services, store::Session& session, const MachineRow& machine, store::Millis now) {
  Children children = TRY(load_children(session, machine));
  const security::Enabled enabled = TRY(scan_enabled(services, session));
  if (!enabled.on) return take_children_away(services, session, machine, children, enabled.reason, now);
  const security::Subject host{machine.resource_id, std::string(kMachineType), std::string(security::kRunningImages)};
  TRY(assess_children(services, session, machine, std::move(children), now));
  const auto off = TRY(store::query_integer(session, "SELECT 1 FROM assessments WHERE resource_key = ? AND assessment_key = ? AND verdict_cause = 'OffByPolicy'",
                                            {std::string_view(machine.key), security::kRunningImages}));
  if (off) TRY(services.assessor.roll_up(session, host, now));  // the plan is on again, and nothing runs
  return {};
}

base::Result<void> assess_packages(const Services& services, store::Session& session, const MachineRow& machine, store::Millis now) {
  const security::Subject subject{machine.resource_id, std::string(kMachineType), std::string(security::kHostPackages)};
  const security::Enabled enabled = TRY(scan_enabled(services, session));
  security::Verdict verdict = without_verdict("OffByPolicy", enabled.reason);
  if (enabled.on) {
    if (!machine.packages_set) verdict = without_verdict("ScanPending", "The agent has not listed the packages of this machine yet.");
    else if (TRY(store::query_text(session, "SELECT matched_with FROM finding_sets WHERE id = ?", {*machine.packages_set})).value_or("").empty()) verdict = without_data();
    else verdict = {machine.packages_set, {}, {}, {}};
  }
  TRY(services.assessor.assess(session, subject, verdict, now));
  return {};
}

base::Result<void> assess_host(const Services& services, store::Session& session, const MachineRow& machine, store::Millis now) {
  TRY(assess_hardening(services, session, machine, now));
  TRY(assess_running_images(services, session, machine, now));
  return assess_packages(services, session, machine, now);
}

base::Result<void> image_was_scanned(const Services& services, store::Session& session, const std::string& digest, store::Millis now) {
  std::set<std::string> machines;
  TRY(session.query("SELECT machine_key FROM host_image_digests WHERE digest = ? UNION SELECT d.machine_key FROM images i JOIN image_parents p ON p.registry_key = i.registry_key "
                    "AND p.repository = i.repository AND p.digest = i.digest JOIN host_image_digests d ON d.digest = p.parent_digest WHERE i.digest = ?",
                    {std::string_view(digest), std::string_view(digest)}, [&](const store::Row& row) { machines.emplace(row.text(0)); }));
  for (const std::string& key : machines)
    if (const auto machine = TRY(load_machine(session, key))) TRY(assess_running_images(services, session, *machine, now));
  return {};
}

base::Result<void> set_was_matched(const Services& services, store::Session& session, std::int64_t set_id, store::Millis now) {
  std::set<std::string> machines, digests;
  TRY(session.query("SELECT machine_key FROM machines WHERE packages_set = ? UNION SELECT machine_key FROM host_images WHERE set_id = ?", {set_id, set_id},
                    [&](const store::Row& row) { machines.emplace(row.text(0)); }));
  TRY(session.query("SELECT digest FROM images WHERE set_id = ?", {set_id}, [&](const store::Row& row) { digests.emplace(row.text(0)); }));
  for (const std::string& digest : digests) TRY(image_was_scanned(services, session, digest, now));
  return assess_again(services, session, machines, now);
}

base::Result<void> plans_changed(const Services& services, store::Session& session, store::Millis now) {
  std::set<std::string> machines;
  for (const MachineRow& machine : TRY(load_machines(session))) machines.insert(machine.key);
  return assess_again(services, session, machines, now);
}

}  // namespace providers::hybrid_compute
