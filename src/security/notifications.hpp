// SPDX-License-Identifier: Apache-2.0
// Tells channels of new recommendations, new findings and failed scans. What is to be told is put into the outbox within the
// transaction that found it, and delivered afterwards: at least once, each with an id by which a receiver knows it again.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "net/http.hpp"
#include "security/assessor.hpp"
#include "security/channels.hpp"
#include "store/database.hpp"
#include "store/vault.hpp"

namespace security {

// An outbox row for each channel that hears of it. Findings below a channel's minimum are left out for that channel; one
// message lists those of one resource.
base::Result<void> notify_findings(store::Session& session, const Change& change, store::Millis now);
base::Result<void> notify_recommendation(store::Session& session, const Recommendation& recommendation, const Change& change,
                                         store::Millis now);
base::Result<void> notify_scan_failed(store::Session& session, const std::string& resource_id, const std::string& error,
                                      store::Millis now);

using MailSender = std::function<base::Result<void>(const net::SmtpOptions&, const net::Mail&)>;

// The ways out. The transport and the vault outlive the calls.
struct Delivery {
  net::HttpTransport& transport;
  const store::Vault& vault;
  std::string source;           // the hub's own URL, the `source` of events
  MailSender mail = net::send_mail;
};

struct Delivered {
  std::size_t sent = 0, put_off = 0, dead = 0;
};

// Sends up to 50 messages that are due. Where the receiver cannot take one now (no connection, 408, 429, 5xx) it is tried
// again after 10 s, doubled each time up to an hour or as long as Retry-After asks, 12 times in all; anything else, and the
// last failure, marks it dead with the error in its row. One caller at a time.
base::Result<Delivered> deliver_due(store::Database& database, const Delivery& delivery, store::Millis now);

// When the next message is due; nothing where none waits.
base::Result<std::optional<store::Millis>> next_delivery(store::Session& session);

// One message of type bulwark.test, now. The error is what the receiver said.
base::Result<void> send_test(store::Database& database, const Delivery& delivery, const Channel& channel, store::Millis now);

// Forgets what was delivered, and dead messages, before a time.
base::Result<void> forget_deliveries(store::Session& session, store::Millis before);

}  // namespace security
