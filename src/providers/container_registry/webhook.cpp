// SPDX-License-Identifier: Apache-2.0
#include "events/delivery.hpp"
#include "providers/container_registry/container_registry.hpp"
#include "providers/container_registry/intake.hpp"
#include "providers/container_registry/types.hpp"

namespace providers {

namespace {

bool is_authentic(const net::ServerRequest& request, const std::string& secret) {
  return events::proves_secret(secret, request.headers, request.parameter("secret"), request.body);
}

net::ServerResponse refused(arm::ResourceManager& manager, const net::ServerRequest& request, const std::string& registry) {
  manager.record(request, nullptr, "Microsoft.ContainerRegistry/registries/webhook/action", registry, 401, "webhook without the right secret or signature");
  return arm::to_response(arm::refuse(401, "AuthenticationFailed", "This delivery carries neither the registry's webhook secret nor a signature made with it."));
}

arm::Reply shake_hands(const net::ServerRequest& request) {
  const auto handshake = events::answer_handshake(request.headers);
  if (!handshake) return arm::refuse(400, "InvalidRequest", handshake.error().message);
  return {200, nullptr, {{"Allow", "POST, OPTIONS"}, {"WebHook-Allowed-Origin", handshake->allowed_origin}, {"WebHook-Allowed-Rate", handshake->allowed_rate}}};
}

arm::Reply take_delivery(const Services& services, const Registry& registry, const net::ServerRequest& request) {
  const auto delivery = events::parse_delivery(request.body, request.header("content-type"), request.headers);
  if (!delivery) return arm::refuse(delivery.error());
  if (!delivery->validation_code.empty()) return {200, base::JsonObject{{"validationResponse", delivery->validation_code}}, {}};
  const auto taken = take_events(services, registry, delivery->events, store::now_ms());
  if (!taken) return arm::refuse(taken.error());
  return {200, base::JsonObject{{"pushed", taken->pushed}, {"removed", taken->removed}, {"ignored", taken->ignored}, {"refused", delivery->refused.size()}}, {}};
}

}  // namespace

net::ServerResponse take_webhook(const Services& services, arm::ResourceManager& manager, const std::string& registry_name,
                                 const net::ServerRequest& request) {
  std::optional<Registry> registry;
  std::string secret;
  const auto loaded = services.database.read([&](store::Session& session) -> base::Result<void> {
    registry = TRY(find_registry(session, services.vault, registry_name));
    if (registry) secret = TRY(services.vault.get(session, registry->key(), "webhookSecret")).value_or("");
    return {};
  });
  if (!loaded) return arm::to_response(loaded.error());
  if (!registry || !is_authentic(request, secret)) return refused(manager, request, registry_name);  // names are not told apart
  return arm::to_response(request.method == "OPTIONS" ? shake_hands(request) : take_delivery(services, *registry, request));
}

void declare_container_registry(arm::ResourceManager& manager, const Services& services) {
  manager.declare(registry_type(services));
  manager.declare(repository_type(services));
  manager.declare(image_type(services));
  manager.declare(operations_type());
}

}  // namespace providers
