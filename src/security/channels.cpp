// SPDX-License-Identifier: Apache-2.0
#include "security/channels.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/text.hpp"
#include "net/guard.hpp"
#include "security/counts.hpp"

namespace security {

namespace {

constexpr std::size_t kRecipients = 100;

constexpr std::array<std::pair<std::string_view, EventKind>, 3> kEventWords{{
    {"NewRecommendation", EventKind::new_recommendation},
    {"NewFinding", EventKind::new_finding},
    {"ScanFailed", EventKind::scan_failed},
}};

tl::unexpected<base::Error> refuse(std::string message) {
  return base::fail(base::Kind::invalid_input, std::move(message));
}

base::Result<std::vector<std::string>> channel_texts(const base::Json& properties, std::string_view key) {
  std::vector<std::string> out;
  const base::JsonArray& values = base::get_array(properties, key);
  if (values.size() > kRecipients) return refuse(fmt::format("{} has more than {} values", key, kRecipients));
  for (const base::Json& value : values) {
    if (base::as_string(value).empty()) return refuse(fmt::format("{} holds a value that is no text", key));
    out.emplace_back(base::as_string(value));
  }
  return out;
}

base::Result<std::set<EventKind>> parse_events(const base::Json& properties) {
  std::set<EventKind> out;
  for (const std::string& word : TRY(channel_texts(properties, "events"))) {
    bool known = false;
    for (const auto& [name, kind] : kEventWords)
      if (base::equals_ignoring_case(name, word)) known = out.insert(kind).second || true;
    if (!known)
      return refuse(fmt::format("events: '{}' is none of NewRecommendation, NewFinding, ScanFailed", base::printable(word)));
  }
  if (out.empty()) return refuse("events is empty; name NewRecommendation, NewFinding or ScanFailed");
  return out;
}

base::Result<void> parse_webhook(const base::Json& properties, Channel& channel) {
  channel.kind = ChannelKind::webhook;
  channel.url = base::get_string(properties, "url");
  if (channel.url.rfind("https://", 0) != 0 && channel.url.rfind("http://", 0) != 0)
    return refuse("url begins with neither https:// nor http://");
  channel.allow_private = TRY(channel_texts(properties, "allowPrivate"));
  if (const auto allowed = net::public_addresses_and(channel.allow_private); !allowed)
    return base::fail(allowed.error().with_context("allowPrivate"));
  return {};
}

base::Result<net::SmtpSecurity> parse_security(std::string_view word) {
  if (word.empty() || base::equals_ignoring_case(word, "StartTls")) return net::SmtpSecurity::starttls;
  if (base::equals_ignoring_case(word, "Tls")) return net::SmtpSecurity::tls;
  if (base::equals_ignoring_case(word, "None")) return net::SmtpSecurity::none;
  return refuse("security is none of StartTls, Tls, None");
}

base::Result<void> parse_email(const base::Json& properties, Channel& channel) {
  channel.kind = ChannelKind::email;
  channel.mail.host = base::get_string(properties, "host");
  if (channel.mail.host.empty()) return refuse("host is missing; name the mail server");
  channel.mail.security = TRY(parse_security(base::get_string(properties, "security")));
  const std::int64_t standard = channel.mail.security == net::SmtpSecurity::tls ? 465 : 587;
  const std::int64_t port = base::get_int(properties, "port").value_or(standard);
  if (port < 1 || port > 65'535) return refuse("port is none");
  channel.mail.port = static_cast<std::uint16_t>(port);
  channel.mail.user = base::get_string(properties, "username");
  channel.from = base::get_string(properties, "from");
  channel.to = TRY(channel_texts(properties, "to"));
  if (channel.from.empty() || channel.to.empty()) return refuse("from and to name no addresses");
  return {};
}

}  // namespace

std::string_view event_type(EventKind kind) {
  switch (kind) {
    case EventKind::new_recommendation: return "bulwark.recommendation.new";
    case EventKind::new_finding: return "bulwark.finding.new";
    case EventKind::scan_failed: return "bulwark.scan.failed";
    case EventKind::test: return "bulwark.test";
  }
  return "bulwark.test";
}

base::Result<Channel> parse_channel(std::string_view key, std::string_view name, const base::Json& body) {
  const base::Json* found = base::find(body, "properties");
  if (!found || !found->is_object()) return refuse("the body has no properties");
  const base::Json& properties = *found;
  Channel channel;
  channel.key = key;
  channel.name = name;
  channel.scope_key = key.substr(0, key.rfind("/providers/"));
  channel.enabled = base::get_bool(properties, "enabled", true);
  channel.events = TRY(parse_events(properties));
  const auto severity = parse_severity_label(base::get_string(properties, "minimumSeverity", "High"));
  if (!severity) return refuse("minimumSeverity is none of Critical, High, Medium, Low, Unknown");
  channel.minimum_severity = *severity;
  const std::string_view kind = base::get_string(properties, "kind");
  if (base::equals_ignoring_case(kind, "Webhook")) TRY(parse_webhook(properties, channel));
  else if (base::equals_ignoring_case(kind, "Email")) TRY(parse_email(properties, channel));
  else return refuse("kind is neither Webhook nor Email");
  return channel;
}

base::Result<std::vector<Channel>> load_channels(store::Session& session) {
  std::vector<Channel> out;
  TRY(session.query("SELECT resource_key, name, body FROM resources WHERE type = ? ORDER BY resource_key", {kChannelType},
                    [&](const store::Row& row) {
                      const auto body = base::parse_json(row.text(2), row.text(0));
                      if (!body) return;
                      if (auto channel = parse_channel(row.text(0), row.text(1), *body)) out.push_back(std::move(*channel));
                    }));
  return out;
}

}  // namespace security
