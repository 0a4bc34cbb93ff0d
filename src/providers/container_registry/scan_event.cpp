// SPDX-License-Identifier: Apache-2.0
#include "providers/container_registry/scan_event.hpp"

#include "arm/resource_id.hpp"
#include "security/counts.hpp"

namespace providers {

namespace {

base::Result<security::Counts> open_findings(store::Session& session, const ImageRow& image) {
  security::Counts counts;
  const std::string key = TRY(arm::ResourceId::parse(image.resource_id)).key();
  TRY(session.query("SELECT critical, high, medium, low, unrated, fixable, disabled FROM assessments WHERE resource_key = ?", {std::string_view(key)},
                    [&](const store::Row& row) {
                      counts += security::Counts{row.integer(0), row.integer(1), row.integer(2), row.integer(3),
                                                 row.integer(4), row.integer(5), row.integer(6)};
                    }));
  return counts;
}

}  // namespace

base::Result<void> tell_scan(const Services& services, store::Session& session, const Registry& registry, const ImageRow& image,
                             std::string_view state, std::string_view error) {
  base::JsonObject event{{"registry", registry.name}, {"repository", image.repository}, {"digest", image.digest}, {"state", state}};
  base::JsonArray tags;
  for (const auto& tag : TRY(tags_of(session, image))) tags.emplace_back(tag);
  event.emplace("tags", std::move(tags));
  if (!error.empty()) event.emplace("error", error);
  if (state == kComplete) event.emplace("counts", security::to_json(TRY(open_findings(session, image))));
  session.after_commit([publish = services.publish, event = std::move(event)] { publish("scan", event); });
  return {};
}

}  // namespace providers
