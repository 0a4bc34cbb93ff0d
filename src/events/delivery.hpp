// SPDX-License-Identifier: Apache-2.0
// What registries tell by webhook, as values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace events {

enum class Action { push, remove_manifest, remove_tag, quarantine, pull, ping, other };

// "push", "remove_manifest" …
std::string_view action_name(Action action);

// Something that happened to a manifest or an index. Repository, tag, digest and host are of their grammars or empty;
// the texts that a registry passes on from its clients (actor, address, user_agent) are printable and short.
struct RegistryEvent {
  Action action = Action::other;
  std::string id;          // for de-duplication, unique within a delivery; empty where the sender gives none
  std::string repository;  // "team/app"; empty in a ping alone
  std::string tag;         // may be empty
  std::string digest;      // empty where the sender gives none (Docker Hub): the tag is resolved
  std::string media_type;  // of the manifest; may be empty
  std::uint64_t size = 0;  // of the manifest, in bytes
  std::string host;        // "registry.example.com:5000", as the sender names it; may be empty
  std::string time;        // RFC 3339, as the sender wrote it; may be empty
  std::string actor, address, user_agent;  // who: name, network address, program; may be empty
};

enum class Sender { distribution, acr, event_grid, harbor, harbor_cloudevents, docker_hub, github };

// "Docker Distribution", "Azure Container Registry" …
std::string_view sender_name(Sender sender);

struct Delivery {
  Sender sender = Sender::distribution;
  std::vector<RegistryEvent> events;
  std::string validation_code;       // Event Grid's handshake: answer {"validationResponse": <it>}; else empty
  std::vector<std::string> refused;  // one line an event whose names or digest are not what they must be
};

using LowerCaseHeaders = std::vector<std::pair<std::string, std::string>>;

// Reads the body of one request of a webhook: Docker Distribution notifications, Azure Container Registry webhooks,
// Event Grid (its own schema and CloudEvents 1.0), Harbor (default and CloudEvents), Docker Hub, GitHub packages. They
// are told apart by content type, headers and shape. Events that concern no manifest or index (blobs, charts, completed
// scans) are left out; what is of no sender is Kind::invalid_input, a body over 1 MiB or over 1,000 events
// Kind::too_large. Who sent it is proven by no part of this: that is the caller's (a secret header or a signature).
base::Result<Delivery> parse_delivery(std::string_view body, std::string_view content_type,
                                      const LowerCaseHeaders& headers);

// GitHub's X-Hub-Signature-256: "sha256=<hex>", the HMAC-SHA256 of the body; compared in constant time. Never holds for
// an empty secret.
bool github_signature_holds(std::string_view secret, std::string_view body, std::string_view header);

// Whether a request proves that its sender knows the registry's webhook secret. One proof decides, the first of: the
// signature above, the header X-Bulwark-Secret, the parameter `secret` of the URL (`parameter`, for senders that can set no
// header), and Authorization with the secret as bearer token, as password of Basic, or alone. Never for an empty secret.
bool proves_secret(std::string_view secret, const LowerCaseHeaders& headers, std::string_view parameter, std::string_view body);

// What answers the handshake of a CloudEvents sender ("HTTP 1.1 Web Hooks for Event Delivery", section 4): it asks by OPTIONS
// whether its deliveries are welcome. Kind::invalid_input where it does not say who asks.
struct Handshake {
  std::string allowed_origin, allowed_rate;  // of the headers WebHook-Allowed-Origin and WebHook-Allowed-Rate
};
base::Result<Handshake> answer_handshake(const LowerCaseHeaders& headers);

}  // namespace events
