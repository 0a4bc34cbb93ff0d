// SPDX-License-Identifier: Apache-2.0
#include "hub/metrics.hpp"

#include <fmt/format.h>

#include "hub/version.hpp"
#include "security/queries.hpp"

namespace hub {

namespace {

// Families in the order they are added, each with its help and type once.
class MetricsText {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    text_ += fmt::format("# HELP bulwark_{} {}\n# TYPE bulwark_{} {}\n", name, help, name, type);
  }
  template <typename Number>
  void sample(std::string_view name, std::string_view labels, Number value) {
    text_ += fmt::format("bulwark_{}{}{}{} {}\n", name, labels.empty() ? "" : "{", labels, labels.empty() ? "" : "}", value);
  }
  template <typename Number>
  void single(std::string_view name, std::string_view type, std::string_view help, Number value) {
    family(name, type, help);
    sample(name, {}, value);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void add_overview(MetricsText& text, const security::Overview& overview) {
  text.family("images", "gauge", "Images in connected registries, by state of their scan.");
  text.sample("images", "state=\"complete\"", overview.scanned);
  text.sample("images", "state=\"queued\"", overview.queued);
  text.sample("images", "state=\"scanning\"", overview.scanning);
  text.sample("images", "state=\"failed\"", overview.failed);
  text.single("unhealthy_images", "gauge", "Images with open findings.", overview.unhealthy_images);
  text.single("registries", "gauge", "Connected registries.", overview.registries);
  text.family("findings", "gauge", "Open findings, by severity.");
  text.sample("findings", "severity=\"critical\"", overview.findings.critical);
  text.sample("findings", "severity=\"high\"", overview.findings.high);
  text.sample("findings", "severity=\"medium\"", overview.findings.medium);
  text.sample("findings", "severity=\"low\"", overview.findings.low);
  text.sample("findings", "severity=\"unknown\"", overview.findings.unrated);
}

base::Result<void> add_jobs(MetricsText& text, store::Session& session) {
  text.family("jobs", "gauge", "Jobs, by kind and state.");
  return session.query("SELECT kind, state, COUNT(*) FROM jobs GROUP BY kind, state", {}, [&](const store::Row& row) {
    text.sample("jobs", fmt::format("kind=\"{}\",state=\"{}\"", row.text(0), row.text(1)), row.integer(2));
  });
}

base::Result<void> add_hosts(MetricsText& text, store::Session& session) {
  text.family("hosts", "gauge", "Container hosts, by state of their agent.");
  return session.query("SELECT state, count(*) FROM machines GROUP BY state", {},
                       [&](const store::Row& row) { text.sample("hosts", fmt::format("state=\"{}\"", row.text(0)), row.integer(1)); });
}

void add_server(MetricsText& text, const Context& context, const net::ServerStats& stats) {
  text.family("build_info", "gauge", "The version that runs.");
  text.sample("build_info", fmt::format("version=\"{}\"", version()), 1);
  text.single("http_connections_open", "gauge", "Connections now.", stats.open);
  text.single("http_connections_total", "counter", "Connections accepted.", stats.accepted);
  text.single("http_requests_total", "counter", "Requests read whole.", stats.requests);
  text.single("http_refused_total", "counter", "Requests and connections that the server turned away itself.", stats.refused);
  text.single("http_request_bytes_held", "gauge", "Bytes of requests in hand; past 256 MiB more are refused.", stats.bytes_held);
  text.single("live_listeners", "gauge", "Pages that listen for events.", context.events.listeners());
  if (const auto data = context.services.data.current())
    text.single("vulnerability_data_built_seconds", "gauge", "When the vulnerability data was built, in seconds since 1970.",
                data->database->built().time_since_epoch().count());
}

}  // namespace

net::ServerResponse serve_metrics(const Context& context, const net::ServerRequest& request, const net::ServerStats& stats) {
  const auto admitted = context.manager.admit(request);
  if (!admitted) return admitted.error();
  if (auto refused = context.manager.authorize(request, *admitted, "Bulwark.Hub/metrics/read", context.subscription())) return *refused;
  MetricsText text;
  add_server(text, context, stats);
  const auto read = context.database.read([&](store::Session& session) -> base::Result<void> {
    add_overview(text, TRY(security::read_overview(session, {"/"})));
    TRY(add_hosts(text, session));
    return add_jobs(text, session);
  });
  if (!read) return arm::to_response(read.error());
  net::ServerResponse response;
  response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = text.take();
  return response;
}

}  // namespace hub
