// SPDX-License-Identifier: Apache-2.0
// Notification channels as resources: where events go, and which.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "model/finding.hpp"
#include "net/smtp.hpp"
#include "store/database.hpp"

namespace security {

inline constexpr std::string_view kChannelType = "bulwark.security/notificationchannels";

enum class ChannelKind { webhook, email };
enum class EventKind { new_recommendation, new_finding, scan_failed, test };

// "bulwark.finding.new" …, the `type` of a CloudEvent.
std::string_view event_type(EventKind kind);

struct Channel {
  std::string key, name;  // of the resource
  std::string scope_key;  // what it stands on: it hears of what is at or below
  ChannelKind kind = ChannelKind::webhook;
  bool enabled = true;
  std::set<EventKind> events;
  model::Severity minimum_severity = model::Severity::high;  // of findings
  std::string url;                                           // Webhook
  std::vector<std::string> allow_private;  // Webhook: addresses and networks besides the public ones ("10.1.0.0/16")
  net::SmtpOptions mail;                   // Email; the password comes from the vault
  std::string from;
  std::vector<std::string> to;

  bool hears(EventKind event) const { return enabled && (event == EventKind::test || events.count(event) > 0); }
};

// From the resource's key (lower case), name and body (docs/rest-api.md). Kind::invalid_input names the member and the mend: a
// provider's `validate` is this call. Secrets are not in the body: the vault has them under the key, as "secret" and "password".
base::Result<Channel> parse_channel(std::string_view key, std::string_view name, const base::Json& body);

base::Result<std::vector<Channel>> load_channels(store::Session& session);  // what does not parse is passed over

}  // namespace security
