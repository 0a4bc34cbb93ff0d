// SPDX-License-Identifier: Apache-2.0
// Docker Distribution ("Work with notifications"), Azure Container Registry ("webhook reference") and Event Grid
// ("Azure Container Registry as an Event Grid source"), which wrap the same description of an event.
#include <algorithm>

#include "base/text.hpp"
#include "events/senders.hpp"

namespace events {

namespace {

constexpr std::string_view kManifestTypes[] = {
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.artifact.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v1+prettyjws",
};

// A target of no type is a manifest unless its URL is a blob's: deletions carry neither.
bool concerns_manifest(const base::Json& target) {
  const std::string_view type = base::get_string(target, "mediaType");
  if (!type.empty()) return is_manifest_type(type);
  return base::get_string(target, "url").find("/blobs/") == std::string_view::npos;
}

std::uint64_t target_size(const base::Json& target) {
  const auto size = base::get_int(target, "size");
  return static_cast<std::uint64_t>(std::max<std::int64_t>(size.value_or(base::get_int(target, "length").value_or(0)), 0));
}

// Distribution says "delete" of a tag too, and gives the tag in place of the digest.
Action deletion_of(const RegistryEvent& event) {
  return event.digest.empty() && !event.tag.empty() ? Action::remove_tag : Action::remove_manifest;
}

Action target_action(std::string_view name, const RegistryEvent& event) {
  if (name == "push") return Action::push;
  if (name == "pull") return Action::pull;
  if (name == "delete") return deletion_of(event);
  if (name == "quarantine") return Action::quarantine;
  return Action::other;
}

void read_grid_entry(const base::Json& entry, Collector& collector) {
  // "eventType" and "eventTime" in Event Grid's own schema, "type" and "time" in CloudEvents.
  const std::string type = base::to_lower(base::get_string(entry, "eventType", base::get_string(entry, "type")));
  const base::Json* data = base::find(entry, "data");
  if (!data) return;
  if (type == "microsoft.eventgrid.subscriptionvalidationevent")
    return collector.set_validation_code(base::get_string(*data, "validationCode"));
  const bool pushed = type == "microsoft.containerregistry.imagepushed";
  if (!pushed && type != "microsoft.containerregistry.imagedeleted") return;
  auto event = read_target_event(*data);
  if (!event) return;
  event->action = pushed ? Action::push : deletion_of(*event);
  event->id = base::get_string(entry, "id");
  event->time = base::get_string(entry, "eventTime", base::get_string(entry, "time"));
  collector.add(std::move(*event));
}

}  // namespace

bool is_manifest_type(std::string_view media_type) {
  const std::string type = base::to_lower(base::trim(base::cut(media_type, ";").first));
  return std::find(std::begin(kManifestTypes), std::end(kManifestTypes), type) != std::end(kManifestTypes);
}

std::optional<RegistryEvent> read_target_event(const base::Json& source) {
  static const base::Json none;
  const base::Json* found = base::find(source, "target");
  const base::Json& target = found ? *found : none;
  if (!concerns_manifest(target)) return std::nullopt;
  const base::Json* asked = base::find(source, "request");
  const base::Json& request = asked ? *asked : none;
  const base::Json* actor = base::find(source, "actor");
  RegistryEvent event;
  event.id = base::get_string(source, "id");
  event.repository = base::get_string(target, "repository");
  event.tag = base::get_string(target, "tag");
  event.digest = base::get_string(target, "digest");
  event.media_type = base::get_string(target, "mediaType");
  event.size = target_size(target);
  event.host = base::get_string(request, "host");
  event.time = base::get_string(source, "timestamp");
  event.address = base::get_string(request, "addr");
  event.user_agent = base::get_string(request, "useragent");
  if (actor) event.actor = base::get_string(*actor, "name");
  event.action = target_action(base::get_string(source, "action"), event);
  return event;
}

Delivery read_distribution(const base::Json& body) {
  Collector collector(Sender::distribution);
  for (const base::Json& entry : base::get_array(body, "events"))
    if (auto event = read_target_event(entry)) collector.add(std::move(*event));
  return collector.take();
}

Delivery read_acr(const base::Json& body) {
  Collector collector(Sender::acr);
  const std::string_view action = base::get_string(body, "action");
  if (action == "ping") {
    RegistryEvent ping;
    ping.id = base::get_string(body, "id");
    ping.time = base::get_string(body, "timestamp");
    collector.add_ping(std::move(ping));
  } else if (action.substr(0, 6) != "chart_") {
    if (auto event = read_target_event(body)) collector.add(std::move(*event));
  }
  return collector.take();
}

Delivery read_event_grid(const base::JsonArray& entries) {
  Collector collector(Sender::event_grid);
  for (const base::Json& entry : entries) read_grid_entry(entry, collector);
  return collector.take();
}

}  // namespace events
