// SPDX-License-Identifier: Apache-2.0
#include "events/delivery.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "events/senders.hpp"

namespace events {

namespace {

constexpr std::size_t kBodyCap = 1u << 20;
constexpr std::size_t kEventsCap = 1'000;

base::Result<void> check_count(std::size_t count) {
  if (count <= kEventsCap) return {};
  return base::fail(base::Kind::too_large,
                    fmt::format("a delivery of {} registry events, more than the {} that are read; send fewer at once",
                                count, kEventsCap));
}

tl::unexpected<base::Error> unknown_shape(std::string_view why) {
  return base::fail(base::Kind::invalid_input,
                    fmt::format("no registry event: {}; Docker Distribution, Azure Container Registry, Event Grid, "
                                "Harbor, Docker Hub and GitHub packages are understood",
                                why));
}

base::Result<Delivery> read_cloud_event(const base::Json& body) {
  const std::string type = base::to_lower(base::get_string(body, "type"));
  if (type.substr(0, 7) == "harbor.") return read_harbor(body, true);
  if (type.substr(0, 10) == "microsoft.") return read_event_grid({body});
  return unknown_shape(fmt::format("a CloudEvent of type '{}'", base::printable(type.substr(0, 100))));
}

base::Result<Delivery> read_array(const base::JsonArray& entries) {
  TRY(check_count(entries.size()));
  for (const base::Json& entry : entries)
    if (base::get_string(entry, "eventType", base::get_string(entry, "type")).empty())
      return unknown_shape("an array whose entries have no eventType");
  return read_event_grid(entries);
}

base::Result<Delivery> read_object(const base::Json& body) {
  if (base::find(body, "specversion")) return read_cloud_event(body);
  if (!base::get_string(body, "eventType").empty()) return read_event_grid({body});
  if (base::find(body, "push_data")) return read_docker_hub(body);
  if (base::find(body, "event_data") && base::find(body, "type")) return read_harbor(body, false);
  if (base::find(body, "registry_package") || base::find(body, "package")) return read_github(body, "package", {});
  const std::string_view action = base::get_string(body, "action");
  if (action == "ping" || (!action.empty() && base::find(body, "target"))) return read_acr(body);
  return unknown_shape("a JSON object of no known shape");
}

base::Result<Delivery> read_github_event(const base::Json& body, std::string_view event, std::string_view delivery) {
  if (event == "ping" || event == "package" || event == "registry_package") return read_github(body, event, delivery);
  return unknown_shape(fmt::format("GitHub's event '{}'; choose \"Packages\" or \"Registry packages\" alone",
                                   base::printable(event.substr(0, 100))));
}

std::size_t count_resources(const base::Json& body) {
  for (const std::string_view key : {"data", "event_data"})
    if (const base::Json* data = base::find(body, key)) return base::get_array(*data, "resources").size();
  return 0;
}

}  // namespace

std::string_view header_value(const LowerCaseHeaders& headers, std::string_view name) {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return {};
}

base::Result<Delivery> parse_delivery(std::string_view body, std::string_view content_type,
                                      const LowerCaseHeaders& headers) {
  if (body.size() > kBodyCap)
    return base::fail(base::Kind::too_large, fmt::format("a webhook's body of {} bytes, more than the {} that are read",
                                                         body.size(), kBodyCap));
  const std::string type = base::to_lower(base::trim(base::cut(content_type, ";").first));
  if (type == "application/x-www-form-urlencoded")
    return base::fail(base::Kind::invalid_input, "the webhook sends a form; set its content type to application/json");
  const base::Json document = TRY(base::parse_json(body, "the webhook's body"));
  if (const auto* entries = document.if_array()) return read_array(*entries);
  if (!document.is_object()) return unknown_shape("the body is no JSON object or array");
  if (const auto event = header_value(headers, "x-github-event"); !event.empty())
    return read_github_event(document, event, header_value(headers, "x-github-delivery"));
  const bool envelope = type.substr(0, 42) == "application/vnd.docker.distribution.events";
  const base::Json* list = base::find(document, "events");
  if (envelope || (list && list->is_array())) {
    if (!list || !list->is_array()) return unknown_shape("a Distribution envelope without \"events\"");
    TRY(check_count(list->as_array().size()));
    return read_distribution(document);
  }
  TRY(check_count(count_resources(document)));
  return read_object(document);
}

std::string_view action_name(Action action) {
  switch (action) {
    case Action::push: return "push";
    case Action::remove_manifest: return "remove_manifest";
    case Action::remove_tag: return "remove_tag";
    case Action::quarantine: return "quarantine";
    case Action::pull: return "pull";
    case Action::ping: return "ping";
    case Action::other: break;
  }
  return "other";
}

std::string_view sender_name(Sender sender) {
  switch (sender) {
    case Sender::distribution: return "Docker Distribution";
    case Sender::acr: return "Azure Container Registry";
    case Sender::event_grid: return "Event Grid";
    case Sender::harbor: return "Harbor";
    case Sender::harbor_cloudevents: return "Harbor (CloudEvents)";
    case Sender::docker_hub: return "Docker Hub";
    case Sender::github: break;
  }
  return "GitHub";
}

}  // namespace events
