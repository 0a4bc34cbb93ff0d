// SPDX-License-Identifier: Apache-2.0
#include "providers/hybrid_compute/requests.hpp"

#include "providers/hybrid_compute/host_assessment.hpp"
#include "security/plans.hpp"

namespace providers::hybrid_compute {

namespace {

constexpr store::Millis kAskAgain = 3'600'000, kPackagesLast = 24 * kAskAgain;
constexpr std::size_t kImagesAtOnce = 20;

bool own_packages_due(const MachineRow& machine, store::Millis now) {
  return now - machine.packages_at >= kPackagesLast && now - machine.packages_asked_at >= kAskAgain;
}

// Images of which this host told no packages, those that run first.
base::Result<std::vector<std::string>> images_to_ask(store::Session& session, const MachineRow& machine, store::Millis now) {
  std::vector<std::string> out;
  TRY(session.query("SELECT h.id FROM host_images h WHERE h.machine_key = ? AND h.set_id IS NULL AND h.asked_at < ? ORDER BY (SELECT count(*) FROM host_containers c WHERE "
                    "c.machine_key = h.machine_key AND c.image_id = h.id) DESC, h.id LIMIT 200",
                    {std::string_view(machine.key), now - kAskAgain}, [&](const store::Row& row) { out.emplace_back(row.text(0)); }));
  return out;
}

}  // namespace

base::Result<bool> packages_are_due(store::Session& session, const Services& services, const MachineRow& machine, store::Millis now) {
  if (!security::host_scan(TRY(security::load_plans(session, "/subscriptions/" + services.subscription_id))).on) return false;
  if (own_packages_due(machine, now)) return true;
  return TRY(store::query_integer(session, "SELECT 1 FROM host_images WHERE machine_key = ? AND set_id IS NULL AND asked_at < ? LIMIT 1",
                                  {std::string_view(machine.key), now - kAskAgain})).has_value();
}

base::Result<std::vector<std::string>> requests_of(store::Session& session, MachineRow& machine, bool packages, store::Millis now) {
  std::vector<std::string> out;
  if (machine.asked_at != 0) out.emplace_back("assess");
  if (machine.inventory_at == 0) out.emplace_back("inventory");
  if (!packages) return out;
  if (own_packages_due(machine, now)) {
    out.emplace_back("packages");
    machine.packages_asked_at = now;
  }
  const ImageScans scans = TRY(image_scans(session, machine));
  std::size_t asked = 0;
  for (const std::string& id : TRY(images_to_ask(session, machine, now))) {
    const auto scan = scans.find(id);
    const bool known = scan != scans.end() && scan->second.set_id.has_value();
    if (!known && ++asked > kImagesAtOnce) break;
    if (!known) out.push_back("packages:" + id);
    TRY(session.run("UPDATE host_images SET asked_at = ? WHERE machine_key = ? AND id = ?", {now, std::string_view(machine.key), std::string_view(id)}));
  }
  return out;
}

}  // namespace providers::hybrid_compute
