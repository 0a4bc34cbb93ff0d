// SPDX-License-Identifier: Apache-2.0
#include "providers/container_registry/intake.hpp"

#include "arm/resource.hpp"
#include "providers/container_registry/image_assessment.hpp"
#include "providers/container_registry/registry_records.hpp"
#include "providers/container_registry/scan_event.hpp"
#include "security/plans.hpp"

namespace providers {

namespace {

// A signature was put beside an image: the image is looked at again.
base::Result<void> take_signature(const Services& services, store::Session& session, const Registry& registry,
                                  const events::RegistryEvent& event, store::Millis now) {
  const auto image = TRY(find_image(session, registry.key(), event.repository, "sha256:" + event.tag.substr(7, 64)));
  return image ? queue_scan(services, session, registry, *image, now) : base::Result<void>();
}

// False where the event came before. Events without an id are always new: applying one twice changes nothing.
base::Result<bool> is_first_delivery(store::Session& session, const Registry& registry, const events::RegistryEvent& event,
                                     store::Millis now) {
  if (event.id.empty()) return true;
  TRY(session.run("INSERT INTO registry_deliveries (registry_key, event_id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                  {registry.key(), event.id, now}));
  return session.changes() > 0;
}

base::Result<void> take_event(const Services& services, store::Session& session, const Registry& registry,
                              const events::RegistryEvent& event, store::Millis now, IntakeResult& result) {
  using events::Action;
  const bool push = event.action == Action::push || event.action == Action::quarantine;
  if (push && registry.covers(event.repository)) {
    ++result.pushed;
    if (is_signature_tag(event.tag)) return take_signature(services, session, registry, event, now);
    if (event.digest.empty()) return queue_poll(session, registry, event.repository, now);
    TRY(take_push(services, session, registry, {event.repository, event.digest, event.tag, event.media_type, {}, {}, now}));
  } else if (event.action == Action::remove_manifest && !event.digest.empty()) {
    ++result.removed;
    if (const auto image = TRY(find_image(session, registry.key(), event.repository, event.digest)))
      TRY(take_deletion(services, session, registry, *image, now));
  } else if (event.action == Action::remove_tag && !event.tag.empty()) {
    ++result.removed;
    TRY(take_untagging(services, session, registry, event.repository, event.tag, now));
  } else {
    ++result.ignored;
  }
  return {};
}

}  // namespace

base::Result<IntakeResult> take_events(const Services& services, const Registry& registry,
                                       const std::vector<events::RegistryEvent>& delivered, store::Millis now) {
  IntakeResult result;
  TRY(services.database.write([&](store::Session& session) -> base::Result<void> {
    result = {};
    for (const auto& event : delivered) {
      if (!TRY(is_first_delivery(session, registry, event, now))) {
        ++result.ignored;
        continue;
      }
      TRY(record_event(session, registry, event, now));
      TRY(take_event(services, session, registry, event, now, result));
    }
    return {};
  }));
  return result;
}

base::Result<Sighting> take_push(const Services& services, store::Session& session, const Registry& registry,
                                 const SeenImage& seen) {
  auto sighting = TRY(record_image(session, registry, seen));
  const auto& image = sighting.image;
  const bool unscanned = image.scan_state != kComplete && image.scan_state != kUnsupported;
  if (sighting.is_new || unscanned) TRY(queue_scan(services, session, registry, image, seen.at));
  // A known image that got a tag back counts again; those that lost their last one may not.
  if (!sighting.is_new && !seen.tag.empty()) TRY(assess_image(services, session, registry, image, seen.at));
  TRY(assess_images(services, session, registry, sighting.restored, seen.at));
  TRY(assess_images(services, session, registry, sighting.superseded, seen.at));
  return sighting;
}

base::Result<void> take_deletion(const Services& services, store::Session& session, const Registry& registry,
                                 const ImageRow& image, store::Millis now) {
  const Removal removal = TRY(mark_deleted(session, image, now));
  for (const auto& key : removal.deleted) TRY(services.assessor.remove(session, key, "ResourceDeleted", now));
  TRY(assess_images(services, session, registry, removal.superseded, now));
  TRY(tell_scan(services, session, registry, image, "deleted"));
  return assess_registry(services, session, registry, now);
}

base::Result<void> take_untagging(const Services& services, store::Session& session, const Registry& registry,
                                  const std::string& repository, const std::string& tag, store::Millis now) {
  return assess_images(services, session, registry, TRY(remove_tag(session, registry, repository, tag, now)), now);
}

base::Result<void> queue_scan(const Services& services, store::Session& session, const Registry& registry,
                              const ImageRow& image, store::Millis now) {
  const auto plans = TRY(security::load_plans(session, "/subscriptions/" + services.subscription_id));
  const std::string off = scan_off_reason(registry, plans);
  const bool on = off.empty();
  TRY(set_scan_state(session, image.id, on ? kQueued : kOff, off));
  if (!on) return assess_image(services, session, registry, *TRY(find_image(session, registry.key(), image.repository, image.digest)), now);
  const auto payload = base::to_text(base::JsonObject{
      {"registry", registry.key()}, {"repository", image.repository}, {"digest", image.digest}});
  const auto id = TRY(arm::ResourceId::parse(image.resource_id));
  TRY(store::enqueue(session, std::string(kScanJob), id.key(), payload, now));
  session.after_commit(services.wake_jobs);
  return tell_scan(services, session, registry, image, kQueued);
}

base::Result<void> queue_poll(store::Session& session, const Registry& registry, const std::string& repository,
                              store::Millis at) {
  const auto payload = base::to_text(base::JsonObject{{"registry", registry.key()}, {"repository", repository}});
  TRY(store::enqueue(session, std::string(kPollJob), registry.key() + "#" + repository, payload, at));
  return {};
}

}  // namespace providers
