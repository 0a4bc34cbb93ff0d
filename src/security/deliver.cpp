// SPDX-License-Identifier: Apache-2.0
// Sends what the outbox holds.
#include <fmt/format.h>

#include <algorithm>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "net/guard.hpp"
#include "net/retry.hpp"
#include "security/notifications.hpp"

namespace security {

namespace {

constexpr std::int64_t kBatch = 50;
constexpr int kMostAttempts = 12;
constexpr store::Millis kFirstWaitMs = 10'000, kLongestWaitMs = 3'600'000;
constexpr std::size_t kErrorBytes = 500;

struct OutboxRow {
  std::int64_t id = 0;
  std::string channel_key, dedupe, event;
  int attempts = 0;
  store::Millis created_at = 0;
};

// What became of one attempt.
struct Attempt {
  std::optional<base::Error> error;  // nothing: delivered
  bool again = false;                // trying again may help
  store::Millis wait = 0;            // at least, as the receiver asks
};

struct Secrets {
  std::string secret, password;
};

std::string hex_of(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

std::string time_text(store::Millis at) { return base::format_time(base::Seconds(std::chrono::seconds(at / 1000))); }

// The CloudEvents 1.0 structured form of a stored event. The id is the same at each attempt.
base::JsonObject cloud_event(const OutboxRow& row, const base::Json& event, std::string_view source) {
  const base::Json* data = base::find(event, "data");
  return {{"specversion", "1.0"},
          {"id", base::uuid_of(row.dedupe)},
          {"source", source},
          {"type", base::get_string(event, "type")},
          {"time", time_text(row.created_at)},
          {"datacontenttype", "application/json"},
          {"data", data ? *data : base::Json(base::JsonObject{})}};
}

Attempt failed(base::Error error, bool again, store::Millis wait = 0) { return {std::move(error), again, wait}; }

Attempt attempt_of(const base::Result<net::HttpResponse>& answer, store::Millis now) {
  if (!answer) return failed(answer.error(), answer.error().kind == base::Kind::unavailable);
  if (answer->status >= 200 && answer->status < 300) return {};
  const std::chrono::system_clock::time_point time{std::chrono::milliseconds(now)};
  const auto asked = net::parse_retry_after(answer->header("retry-after"), time);
  base::Error error{base::Kind::denied, fmt::format("the receiver answered {}", answer->status)};
  const bool again = net::is_transient(answer) || answer->status >= 500;
  return failed(std::move(error), again, asked ? asked->count() * 1000 : 0);
}

Attempt send_webhook(const Delivery& delivery, const Channel& channel, const Secrets& secrets, const base::JsonObject& event,
                     store::Millis now) {
  net::HttpRequest request;
  request.method = "POST";
  request.url = channel.url;
  request.body = base::to_text(event);
  request.body_cap = 64u << 10;
  request.total_timeout = std::chrono::seconds(30);
  request.headers = {{"Content-Type", "application/cloudevents+json"}, {"X-Bulwark-Timestamp", std::to_string(now / 1000)}};
  if (!secrets.secret.empty())
    request.headers.emplace_back("X-Bulwark-Signature", "sha256=" + hex_of(base::hmac_sha256(secrets.secret, request.body)));
  auto allowed = net::public_addresses_and(channel.allow_private);
  if (!allowed) return failed(allowed.error(), false);
  request.allow_address = std::move(*allowed);
  return attempt_of(delivery.transport.send(request), now);
}

std::string mail_subject(const base::Json& event) {
  const std::string_view type = base::get_string(event, "type");
  const base::Json* data = base::find(event, "data");
  const base::Json none = base::JsonObject{};
  const base::Json& about = data ? *data : none;
  const std::string_view name = base::get_string(about, "repository", base::get_string(about, "resourceId"));
  const std::int64_t total = base::get_int(about, "total").value_or(0);
  if (type == event_type(EventKind::new_finding)) return fmt::format("Bulwark: {} new finding{} in {}", total, total == 1 ? "" : "s", name);
  if (type == event_type(EventKind::new_recommendation))
    return fmt::format("Bulwark: {}", base::get_string(about, "title"));
  if (type == event_type(EventKind::scan_failed)) return fmt::format("Bulwark: the scan of {} failed", name);
  return "Bulwark: test message";
}

std::string mail_text(const base::Json& event) {
  const base::Json* data = base::find(event, "data");
  if (!data) return "This is a test. Bulwark reaches you.\n";
  std::string out;
  for (const char* key : {"title", "severity", "resourceId", "registry", "repository", "digest", "error"})
    if (const std::string_view value = base::get_string(*data, key); !value.empty()) out += fmt::format("{}: {}\n", key, value);
  const base::JsonArray& findings = base::get_array(*data, "findings");
  if (!findings.empty()) out += "\n";
  for (const base::Json& finding : findings) {
    const std::string_view fixed = base::get_string(finding, "fixedVersion");
    out += fmt::format("{:<8} {} {} {}{}{}\n", base::get_string(finding, "severity"), base::get_string(finding, "vulnerability"),
                       base::get_string(finding, "package"), base::get_string(finding, "version"),
                       fixed.empty() ? "" : ", fixed in ", fixed);
  }
  const auto total = static_cast<std::size_t>(base::get_int(*data, "total").value_or(0));
  if (total > findings.size()) out += fmt::format("and {} more\n", total - findings.size());
  return out;
}

Attempt send_email(const Delivery& delivery, const Channel& channel, const Secrets& secrets, const base::Json& event) {
  net::SmtpOptions options = channel.mail;
  options.password = secrets.password;
  const net::Mail mail{channel.from, channel.to, base::printable(mail_subject(event)), mail_text(event)};
  const auto sent = delivery.mail(options, mail);
  return sent ? Attempt{} : failed(sent.error(), sent.error().kind == base::Kind::unavailable);
}

Attempt send_row(const Delivery& delivery, const Channel& channel, const Secrets& secrets, const OutboxRow& row,
                 store::Millis now) {
  const auto event = base::parse_json(row.event, "outbox");
  if (!event) return failed(event.error(), false);
  if (channel.kind == ChannelKind::email) return send_email(delivery, channel, secrets, *event);
  return send_webhook(delivery, channel, secrets, cloud_event(row, *event, delivery.source), now);
}

struct Due {
  std::vector<OutboxRow> rows;
  std::vector<Channel> channels;
  std::vector<Secrets> secrets;  // of the channels, in their order

  std::size_t channel_of(const OutboxRow& row) const {  // channels.size() where it is gone
    const auto same = [&](const Channel& channel) { return channel.key == row.channel_key; };
    return static_cast<std::size_t>(std::find_if(channels.begin(), channels.end(), same) - channels.begin());
  }
};

base::Result<Secrets> read_secrets(store::Session& session, const store::Vault& vault, const std::string& key) {
  const auto secret = TRY(vault.get(session, key, "secret"));
  const auto password = TRY(vault.get(session, key, "password"));
  return Secrets{secret.value_or(""), password.value_or("")};
}

base::Result<void> read_due(store::Session& session, const Delivery& delivery, store::Millis now, Due& due) {
  TRY(session.query("SELECT id, channel_key, dedupe, event, attempts, created_at FROM outbox WHERE state = 'pending' AND "
                    "run_at <= ? ORDER BY run_at, id LIMIT ?",
                    {now, kBatch}, [&](const store::Row& row) {
                      due.rows.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(2)),
                                          std::string(row.text(3)), static_cast<int>(row.integer(4)), row.integer(5)});
                    }));
  if (due.rows.empty()) return {};
  due.channels = TRY(load_channels(session));
  for (const Channel& channel : due.channels) due.secrets.push_back(TRY(read_secrets(session, delivery.vault, channel.key)));
  return {};
}

base::Result<void> note_attempt(store::Session& session, const OutboxRow& row, const Attempt& attempt, store::Millis now,
                                Delivered& delivered) {
  if (!attempt.error) {
    ++delivered.sent;
    return session.run("UPDATE outbox SET state = 'delivered', attempts = attempts + 1, error = '' WHERE id = ?", {row.id});
  }
  const std::string error = attempt.error->message.substr(0, kErrorBytes);
  const bool dead = !attempt.again || row.attempts + 1 >= kMostAttempts;
  const store::Millis doubled = std::min(kLongestWaitMs, kFirstWaitMs << std::min(row.attempts, 10));
  const store::Millis wait = std::max(doubled, std::min(attempt.wait, 24 * kLongestWaitMs));
  ++(dead ? delivered.dead : delivered.put_off);
  return session.run("UPDATE outbox SET state = ?, attempts = attempts + 1, run_at = ?, error = ? WHERE id = ?",
                     {std::string_view(dead ? "dead" : "pending"), now + wait, std::string_view(error), row.id});
}

}  // namespace

base::Result<Delivered> deliver_due(store::Database& database, const Delivery& delivery, store::Millis now) {
  Due due;
  TRY(database.read([&](store::Session& session) { return read_due(session, delivery, now, due); }));
  Delivered delivered;
  for (const OutboxRow& row : due.rows) {
    const std::size_t at = due.channel_of(row);
    const bool gone = at == due.channels.size() || !due.channels[at].enabled;
    const Attempt attempt = gone ? failed({base::Kind::not_found, "the channel is gone or disabled"}, false)
                                 : send_row(delivery, due.channels[at], due.secrets[at], row, now);
    // Noted one by one: a crash sends at most one again.
    TRY(database.write([&](store::Session& session) { return note_attempt(session, row, attempt, now, delivered); }));
  }
  return delivered;
}

base::Result<std::optional<store::Millis>> next_delivery(store::Session& session) {
  return store::query_integer(session, "SELECT run_at FROM outbox WHERE state = 'pending' ORDER BY run_at LIMIT 1");
}

base::Result<void> send_test(store::Database& database, const Delivery& delivery, const Channel& channel, store::Millis now) {
  Secrets secrets;
  TRY(database.read([&](store::Session& session) -> base::Result<void> {
    secrets = TRY(read_secrets(session, delivery.vault, channel.key));
    return {};
  }));
  OutboxRow row;
  row.dedupe = fmt::format("{}|test|{}", channel.key, now);
  row.event = base::to_text(base::JsonObject{{"type", event_type(EventKind::test)}});
  row.created_at = now;
  const Attempt attempt = send_row(delivery, channel, secrets, row, now);
  if (attempt.error) return base::fail(*attempt.error);
  return {};
}

base::Result<void> forget_deliveries(store::Session& session, store::Millis before) {
  return session.run("DELETE FROM outbox WHERE state IN ('delivered', 'dead') AND created_at < ?", {before});
}

}  // namespace security
