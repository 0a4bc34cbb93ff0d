// SPDX-License-Identifier: Apache-2.0
// The members of what a hub answers.
#pragma once

#include "uplink/form.hpp"
#include "uplink/messages.hpp"

namespace uplink {

inline constexpr std::size_t kReplyBytes = 1u << 20;
inline constexpr std::size_t kMostTrusted = 1'000;
inline constexpr std::size_t kMostRequests = 64;

template <typename Form, Like<Settings> Value>
void describe(Form& form, Value& settings) {
  form.number("heartbeatSeconds", settings.heartbeat_seconds);
  form.number("assessSeconds", settings.assess_seconds);
  form.texts("trustedUsers", settings.trusted_users, kMostTrusted);
  form.texts("trustedImages", settings.trusted_images, kMostTrusted);
}

template <typename Form, Like<Reply> Value>
void describe(Form& form, Value& reply) {
  form.number("acknowledged", reply.acknowledged);
  form.member("settings", reply.settings);
  form.texts("requests", reply.requests, kMostRequests);
}

// The nearest settings within their ranges.
void clamp(Settings& settings);

}  // namespace uplink
