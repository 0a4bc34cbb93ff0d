// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "events/delivery.hpp"
#include "providers/container_registry/container_registry.hpp"
#include "providers/container_registry/intake.hpp"
#include "providers/container_registry/types.hpp"

namespace providers {

namespace {

constexpr std::size_t kLoggedName = 100;

// A header with the secret (as bearer token or alone), or the sender's signature over the body.
bool is_authentic(const net::ServerRequest& request, const std::string& secret) {
  if (secret.empty()) return false;
  if (const auto signature = request.header("x-hub-signature-256"); !signature.empty())
    return events::github_signature_holds(secret, request.body, signature);
  if (const auto own = request.header("x-bulwark-secret"); !own.empty()) return base::constant_time_equal(own, secret);
  if (const auto parameter = request.parameter("secret"); !parameter.empty())  // senders that cannot set a header (Docker Hub)
    return base::constant_time_equal(parameter, secret);
  const auto authorization = request.header("authorization");
  if (base::constant_time_equal(authorization, secret)) return true;  // Harbor sends the header as it was typed
  const auto parts = base::cut(authorization, " ");
  return base::equals_ignoring_case(parts.first, "bearer") && base::constant_time_equal(base::trim(parts.second), secret);
}

net::ServerResponse refused(arm::ResourceManager& manager, const net::ServerRequest& request, const std::string& registry) {
  const std::string named = base::printable(std::string_view(registry).substr(0, kLoggedName));  // anybody may have sent it
  manager.record(request, nullptr, "Microsoft.ContainerRegistry/registries/webhook/action", named, 401, "webhook without the right secret or signature");
  return arm::to_response(arm::refuse(401, "AuthenticationFailed", "This delivery carries neither the registry's webhook secret nor a signature made with it."));
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
  const auto delivery = events::parse_delivery(request.body, request.header("content-type"), request.headers);
  if (!delivery) return arm::to_response(delivery.error());
  if (!delivery->validation_code.empty())
    return arm::to_response(arm::Reply{200, base::JsonObject{{"validationResponse", delivery->validation_code}}, {}});
  const auto taken = take_events(services, *registry, delivery->events, store::now_ms());
  if (!taken) return arm::to_response(taken.error());
  return arm::to_response(arm::Reply{200, base::JsonObject{{"pushed", taken->pushed}, {"removed", taken->removed}, {"ignored", taken->ignored},
                                                           {"refused", delivery->refused.size()}}, {}});
}

void declare_container_registry(arm::ResourceManager& manager, const Services& services) {
  manager.declare(registry_type(services));
  manager.declare(repository_type(services));
  manager.declare(image_type(services));
  manager.declare(operations_type());
}

}  // namespace providers
