// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/console.hpp"
#include "cli/hub_connection.hpp"
#include "cli/rows.hpp"
#include "client/hosts.hpp"

namespace cli {

namespace {

constexpr std::size_t kControlsShown = 117;

// "env=prod" → {env, prod}.
base::Result<std::map<std::string, std::string>> read_labels(const std::vector<std::string>& words) {
  std::map<std::string, std::string> out;
  for (const auto& word : words) {
    const auto [name, value] = base::cut(word, "=");
    if (name.empty() || word.find('=') == std::string::npos)
      return base::fail(base::Kind::invalid_input, fmt::format("--label {} is not of the form NAME=VALUE", base::printable(word)));
    out[std::string(name)] = value;
  }
  return out;
}

// "90m", "12h", "7d" → seconds; 0 where nothing was given.
base::Result<std::int64_t> read_life(const std::string& text) {
  if (text.empty()) return 0;
  const std::string_view digits = std::string_view(text).substr(0, text.size() - 1);
  const std::string_view unit = std::string_view(text).substr(text.size() - 1);
  const std::int64_t seconds = unit == "m" ? 60 : unit == "h" ? 3'600 : unit == "d" ? 86'400 : 0;
  if (seconds == 0 || !base::is_digits(digits) || digits.size() > 5)
    return base::fail(base::Kind::invalid_input, fmt::format("--expires {} is none of 90m, 12h, 7d", base::printable(text)));
  return seconds * std::stoll(std::string(digits));
}

// The controls that fail, the worst first: what is wrong, with whom, and what mends it.
std::string failed_lines(const client::Rows& controls) {
  std::string out;
  for (const std::string_view severity : {"Critical", "High", "Medium", "Low", "Unknown"}) {
    for (const auto& row : controls.value) {
      if (base::get_string(row, "severity") != severity) continue;
      std::string names;
      for (const auto& resource : base::get_array(row, "resources"))
        if (base::get_string(resource, "status") == "fail") names += (names.empty() ? "" : ", ") + std::string(base::get_string(resource, "name"));
      out += fmt::format("\n  {:<8} {:<8} {}{}\n", severity, base::get_string(row, "id"), base::printable(base::get_string(row, "title")),
                         names.empty() ? "" : base::printable(" (" + names + ")"));
      for (const auto& line : base::get_array(row, "remediation")) out += printable_lines(base::as_string(line), "             ");
    }
  }
  return out.empty() ? std::string() : "\nFailed controls\n" + out;
}

const std::vector<Column> kHostDetails{
    {"State", "state"},           {"Last heard", "lastHeard"},      {"Status", "status"},           {"Cause", "cause"},
    {"Passed", "passPercentage"}, {"System", "os"},                 {"Kernel", "kernel"},           {"Engine", "engine.kind"},
    {"Version", "engine.version"}, {"Engine error", "engine.error"}, {"Managed", "management.managed"}, {"Because", "management.reason"},
    {"Containers", "containers"}, {"Running", "runningContainers"}, {"Images", "images"},           {"Addresses", "addresses"},
    {"Agent", "agent.version"},   {"Problems", "agent.problems"},   {"Waiting", "agent.spoolMessages"}, {"Lost", "agent.lostMessages"},
    {"Assessed", "benchmark.assessed"}, {"Id", "id"}};

template <typename Act>
int for_each_host(const HostFlags& flags, Act act) {
  const auto connection = connect(flags.target);
  if (!connection) return fail_with(connection.error());
  for (const auto& name : flags.names) {
    const auto host = client::find_host(*connection, name);
    if (!host) return fail_with(host.error());
    const auto done = act(*connection, *host);
    if (!done) return fail_with(done.error().with_context(name));
  }
  return kDone;
}

}  // namespace

int run_host_list(const GlobalOptions& global, const HostFlags& flags) {
  const auto formats = list_formats(flags.list);
  if (!formats) return usage_error(formats.error());
  const auto connection = connect(flags.target);
  if (!connection) return fail_with(connection.error());
  const client::Query query{{"state", flags.state}, {"status", flags.status}, {"engine", flags.engine}, {"managed", flags.unmanaged ? "false" : ""}, {"sort", flags.list.sort}};
  const auto rows = connection->list("/api/v1/hosts", query, row_limit(flags.list));
  if (!rows) return fail_with(rows.error());
  const ListView view{"host", connection->url(),
                      {{"Name", "name"}, {"State", "state"}, {"Status", "status"}, {"Passed %", "passPercentage"}, {"Critical", "failed.critical"}, {"High", "failed.high"},
                       {"Medium", "failed.medium"}, {"Containers", "runningContainers"}, {"Engine", "engine.version"}, {"System", "os"}, {"Last heard", "lastHeard"}},
                      "name"};
  return print_rows(global, *formats, view, *rows);
}

int run_host_show(const GlobalOptions&, const HostFlags& flags) {
  const auto formats = detail_formats(flags.list.formats);
  if (!formats) return usage_error(formats.error());
  const auto connection = connect(flags.target);
  if (!connection) return fail_with(connection.error());
  auto host = client::find_host(*connection, flags.names.front());
  if (!host) return fail_with(host.error());
  const auto failed = connection->list(client::host_path(std::string(base::get_string(*host, "name")), "controls"), {{"status", "fail"}}, kControlsShown);
  if (!failed) return fail_with(failed.error());
  const std::string text = base::printable(cell(*host, "name")) + "\n" + detail_lines(*host, kHostDetails) + failed_lines(*failed);
  if (host->is_object()) host->get_object()["failedControls"] = failed->value;
  return print_detail(*formats, text, *host);
}

int run_host_token(const GlobalOptions& global, const HostFlags& flags) {
  client::TokenRequest request;
  request.uses = flags.uses;
  const auto life = read_life(flags.expires);
  if (!life) return usage_error(life.error());
  request.seconds = *life;
  auto labels = read_labels(flags.labels);
  if (!labels) return usage_error(labels.error());
  request.labels = std::move(*labels);
  const auto connection = connect(flags.target);
  if (!connection) return fail_with(connection.error());
  const auto made = client::make_enrollment_token(*connection, request);
  if (!made) return fail_with(made.error());
  print_hint(global, fmt::format("Run this on the host, by {}; the token is not shown again.", base::printable(base::get_string(*made, "expires"))));
  const auto written = write_output(std::string(base::get_string(*made, flags.token_alone ? "token" : "command")) + "\n", {});
  return written ? kDone : fail_with(written.error());
}

int run_host_token_list(const GlobalOptions& global, const HostFlags& flags) {
  const auto formats = list_formats(flags.list);
  if (!formats) return usage_error(formats.error());
  const auto connection = connect(flags.target);
  if (!connection) return fail_with(connection.error());
  const auto rows = connection->list("/api/v1/enrollment-tokens", {{"sort", flags.list.sort}}, row_limit(flags.list));
  if (!rows) return fail_with(rows.error());
  const ListView view{"enrolment token", connection->url(),
                      {{"Id", "id"}, {"Made by", "createdBy"}, {"Made", "created"}, {"Expires", "expires"}, {"Uses", "uses"}, {"Left", "usesLeft"}}, "id"};
  return print_rows(global, *formats, view, *rows);
}

int run_host_token_remove(const GlobalOptions& global, const HostFlags& flags) {
  const auto connection = connect(flags.target);
  if (!connection) return fail_with(connection.error());
  for (const auto& id : flags.names) {
    const auto removed = connection->send("DELETE", "/api/v1/enrollment-tokens/" + base::percent_encode(id));
    if (!removed) return fail_with(removed.error());
    print_hint(global, fmt::format("{} is revoked; machines that enrolled with it stay.", base::printable(id)));
  }
  return kDone;
}

int run_host_assess(const GlobalOptions& global, const HostFlags& flags) {
  return for_each_host(flags, [&](const client::Connection& connection, const base::Json& host) -> base::Result<void> {
    const std::string name(base::get_string(host, "name"));
    TRY(connection.send("POST", client::host_path(name, "assess")));
    print_hint(global, fmt::format("{} is asked for it with the answer to its next report.", base::printable(name)));
    return {};
  });
}

int run_host_remove(const GlobalOptions& global, const HostFlags& flags) {
  return for_each_host(flags, [&](const client::Connection& connection, const base::Json& host) -> base::Result<void> {
    TRY(connection.send("DELETE", std::string(base::get_string(host, "id"))));
    print_hint(global, fmt::format("{} is removed, and its agent's credential with it; end the agent on the machine.", base::printable(base::get_string(host, "name"))));
    return {};
  });
}

}  // namespace cli
