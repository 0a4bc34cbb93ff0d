// SPDX-License-Identifier: Apache-2.0
// The hosted registries: Docker Hub ("Docker Hub webhooks") and GitHub ("Webhook events and payloads", registry_package
// and package).
#include "base/text.hpp"
#include "events/names.hpp"
#include "events/senders.hpp"

namespace events {

namespace {

const base::Json& member(const base::Json& value, std::string_view key) {
  static const base::Json none;
  const base::Json* found = base::find(value, key);
  return found ? *found : none;
}

// Older deliveries write the time with an exponent.
std::string hub_time(const base::Json& push) {
  const base::Json& time = member(push, "pushed_at");
  if (const double* seconds = time.if_double(); seconds && *seconds > 0 && *seconds < 1e12)
    return time_of_unix(static_cast<std::int64_t>(*seconds));
  return time_of_unix(base::get_int(push, "pushed_at").value_or(0));
}

bool is_container_package(const base::Json& package) {
  const std::string type = base::to_lower(base::get_string(package, "package_type"));
  const std::string ecosystem = base::to_lower(base::get_string(package, "ecosystem"));
  return type == "container" || type == "docker" || ecosystem == "container" || ecosystem == "docker";
}

std::string package_digest(const base::Json& version) {
  const base::Json& metadata = member(version, "container_metadata");
  for (const std::string_view digest :
       {base::get_string(member(metadata, "tag"), "digest"), base::get_string(member(metadata, "manifest"), "digest"),
        base::get_string(version, "version"), base::get_string(version, "name")})
    if (!digest.empty() && (digest.substr(0, 7) == "sha256:" || digest.substr(0, 7) == "sha512:"))
      return std::string(digest);
  return {};
}

// package_url is HOST/OWNER/NAME:TAG.
std::string package_host(const base::Json& version) {
  const std::string_view host = base::cut(base::get_string(version, "package_url"), "/").first;
  const bool dotted = host.find('.') != std::string_view::npos;
  return dotted && is_host(host) ? std::string(host) : "ghcr.io";
}

RegistryEvent package_event(const base::Json& body, const base::Json& package) {
  const base::Json& version = member(package, "package_version");
  const base::Json& metadata = member(version, "container_metadata");
  const base::Json& manifest = member(metadata, "manifest");
  const std::string_view done = base::get_string(body, "action");
  RegistryEvent event;
  event.action = done == "published" || done == "updated" ? Action::push : Action::other;
  // The registry lowers names that GitHub shows with capitals.
  const std::string_view owner =
      base::get_string(member(package, "owner"), "login", base::get_string(package, "namespace"));
  event.repository = base::to_lower(owner) + "/" + base::to_lower(base::get_string(package, "name"));
  event.tag = base::get_string(member(metadata, "tag"), "name");
  event.digest = package_digest(version);
  event.media_type = base::get_string(manifest, "media_type");
  if (const auto size = base::get_int(manifest, "size"); size && *size > 0)
    event.size = static_cast<std::uint64_t>(*size);
  event.host = package_host(version);
  event.time = base::get_string(version, "updated_at", base::get_string(version, "created_at"));
  event.actor = base::get_string(member(body, "sender"), "login");
  return event;
}

}  // namespace

Delivery read_docker_hub(const base::Json& body) {
  Collector collector(Sender::docker_hub);
  const base::Json& push = member(body, "push_data");
  RegistryEvent event;
  event.action = Action::push;
  event.repository = base::get_string(member(body, "repository"), "repo_name");
  if (event.repository.find('/') == std::string::npos && !event.repository.empty())
    event.repository = "library/" + event.repository;
  event.tag = base::get_string(push, "tag");
  event.host = "docker.io";
  event.time = hub_time(push);
  event.actor = base::get_string(push, "pusher");
  collector.add(std::move(event));
  return collector.take();
}

Delivery read_github(const base::Json& body, std::string_view name, std::string_view delivery_id) {
  Collector collector(Sender::github);
  if (name == "ping") {
    RegistryEvent ping;
    ping.id = delivery_id;
    collector.add_ping(std::move(ping));
    return collector.take();
  }
  const base::Json* package = base::find(body, "registry_package");
  if (!package) package = base::find(body, "package");
  if (!package || !is_container_package(*package)) return collector.take();
  RegistryEvent event = package_event(body, *package);
  event.id = delivery_id;
  collector.add(std::move(event));
  return collector.take();
}

}  // namespace events
