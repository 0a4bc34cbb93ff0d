// SPDX-License-Identifier: Apache-2.0
// The readers of the senders' bodies, each given a document of its shape. Internal to this module.
#pragma once

#include <optional>

#include "base/json.hpp"
#include "events/delivery.hpp"

namespace events {

// Collects the events of one delivery: checks names and digest, cuts free texts.
class Collector {
 public:
  explicit Collector(Sender sender) { delivery_.sender = sender; }

  // An event whose repository, tag or digest is none is refused and counted, not the delivery.
  void add(RegistryEvent event);
  void add_ping(RegistryEvent event);
  void set_validation_code(std::string_view code);

  Delivery take() { return std::move(delivery_); }

 private:
  Delivery delivery_;
};

// {action, target{mediaType, size, length, digest, repository, tag, url}, request{addr, host, useragent}, actor{name}}:
// the shape that Distribution and Azure share. Action and id are the caller's. Nothing where it concerns no manifest.
std::optional<RegistryEvent> read_target_event(const base::Json& event);

Delivery read_distribution(const base::Json& body);
Delivery read_acr(const base::Json& body);
Delivery read_event_grid(const base::JsonArray& entries);
Delivery read_harbor(const base::Json& body, bool cloud_event);
Delivery read_docker_hub(const base::Json& body);
Delivery read_github(const base::Json& body, std::string_view event, std::string_view delivery_id);

std::string_view header_value(const LowerCaseHeaders& headers, std::string_view name);  // empty where there is none
bool is_manifest_type(std::string_view media_type);
std::string time_of_unix(std::int64_t seconds);  // RFC 3339; empty where it is no time of this era

}  // namespace events
