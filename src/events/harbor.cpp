// SPDX-License-Identifier: Apache-2.0
// Harbor ("Configure Webhook Notifications"): its default payload, and the same in a CloudEvents 1.0 envelope.
#include <fmt/format.h>

#include "base/text.hpp"
#include "events/senders.hpp"

namespace events {

namespace {

std::optional<Action> harbor_action(std::string_view type) {
  if (type == "PUSH_ARTIFACT" || type == "harbor.artifact.pushed") return Action::push;
  if (type == "PULL_ARTIFACT" || type == "harbor.artifact.pulled") return Action::pull;
  if (type == "DELETE_ARTIFACT" || type == "harbor.artifact.deleted") return Action::remove_manifest;
  return std::nullopt;
}

// resource_url is HOST/REPOSITORY:TAG or HOST/REPOSITORY@DIGEST.
std::string_view host_of_resource(std::string_view url, std::string_view repository) {
  const auto [host, rest] = base::cut(url, "/");
  return rest.substr(0, repository.size()) == repository ? host : std::string_view();
}

}  // namespace

Delivery read_harbor(const base::Json& body, bool cloud_event) {
  Collector collector(cloud_event ? Sender::harbor_cloudevents : Sender::harbor);
  const auto action = harbor_action(base::get_string(body, "type"));
  const base::Json* data = base::find(body, cloud_event ? "data" : "event_data");
  if (!action || !data) return collector.take();
  const base::Json* repository = base::find(*data, "repository");
  const base::JsonArray& resources = base::get_array(*data, "resources");
  const std::string_view id = base::get_string(body, "id");
  std::size_t number = 0;
  for (const base::Json& resource : resources) {
    RegistryEvent event;
    event.action = *action;
    ++number;
    // A delivery of several resources has one id.
    if (!id.empty()) event.id = resources.size() == 1 ? std::string(id) : fmt::format("{}#{}", id.substr(0, 180), number);
    if (repository) event.repository = base::get_string(*repository, "repo_full_name");
    event.tag = base::get_string(resource, "tag");
    event.digest = base::get_string(resource, "digest");
    event.host = host_of_resource(base::get_string(resource, "resource_url"), event.repository);
    event.actor = base::get_string(body, "operator");
    event.time = cloud_event ? std::string(base::get_string(body, "time"))
                             : time_of_unix(base::get_int(body, "occur_at").value_or(0));
    collector.add(std::move(event));
  }
  return collector.take();
}

}  // namespace events
