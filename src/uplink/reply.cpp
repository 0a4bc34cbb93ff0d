// SPDX-License-Identifier: Apache-2.0
#include "uplink/reply.hpp"

#include <algorithm>

namespace uplink {

void clamp(Settings& settings) {
  settings.heartbeat_seconds = std::clamp<std::int64_t>(settings.heartbeat_seconds, 5, 3'600);
  settings.assess_seconds = std::clamp<std::int64_t>(settings.assess_seconds, 60, 30 * 86'400);
}

base::Json to_json(const Reply& reply) { return written(reply); }

base::Result<Reply> parse_reply(std::string_view text) {
  if (text.size() > kReplyBytes) return base::fail(base::Kind::too_large, "the hub's reply is larger than 1 MiB");
  const base::Json json = TRY(base::parse_json(text, "the hub's reply"));
  auto reply = TRY(read_as<Reply>(json, {}));
  clamp(reply.settings);
  return reply;
}

}  // namespace uplink
