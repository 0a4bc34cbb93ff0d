// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>

#include "cli/console.hpp"
#include "cli/hub_connection.hpp"
#include "cli/hub_settings.hpp"
#include "cli/stop_signals.hpp"
#include "hub/hub.hpp"
#include "hub/logs/open_workspaces.hpp"

namespace cli {

namespace {

base::Result<hub::HubOptions> hub_options(const HubFlags& flags) {
  TRY(use_geo_database(flags.geo_database));
  hub::HubOptions options;
  options.data_dir = flags.data;
  const auto listen = TRY(parse_listen(flags.listen));
  options.address = listen.address;
  options.port = listen.port;
  options.certificate_file = flags.tls_certificate;
  options.key_file = flags.tls_key;
  options.self_signed = flags.self_signed;
  options.names = flags.names;
  options.public_url = flags.public_url;
  options.oidc = TRY(read_oidc(flags.oidc_file));
  options.database_file = flags.database;
  options.configuration_file = flags.configuration;
  options.secret_rules = flags.secret_rules;
  options.yara_rules = flags.yara_rules;
  options.update_url = flags.update_url;
  options.refresh_hours = flags.refresh_hours;
  options.heartbeat_seconds = flags.heartbeat_seconds;
  options.scan_threads = flags.scan_threads;
  options.allow_private_registries = flags.allow_private;
  options.own_machine = flags.own_machine == "yes" ? hub::OwnMachine::yes : flags.own_machine == "no" ? hub::OwnMachine::no : hub::OwnMachine::where_docker;
  options.reader = flags.reader;
  options.trusted_users = flags.trusted_users;
  options.trusted_images = flags.trusted_images;
  options.open_workspaces = hub::open_embedded_workspaces;
  if (const auto server = TRY(read_clickhouse(flags.clickhouse_file)))
    options.open_workspaces = [server = *server](const std::filesystem::path& data_dir, const workspace::TableSpecs& specs) {
      return hub::open_clickhouse_workspaces(data_dir, specs, server);
    };
  return options;
}

// "AB:CD:…", as openssl and browsers write a fingerprint.
std::string colons_between(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i < hex.size(); ++i) {
    if (i != 0 && i % 2 == 0) out += ':';
    out += hex[i] >= 'a' && hex[i] <= 'f' ? static_cast<char>(hex[i] - 'a' + 'A') : hex[i];
  }
  return out;
}

}  // namespace

int run_hub(const GlobalOptions& global, const HubFlags& flags) {
  if (flags.data.empty())
    return usage_error({base::Kind::invalid_input, "--data DIR is missing: the folder where the hub keeps its state (or set BULWARK_DATA)"});
  if (flags.tls_certificate.empty() != flags.tls_key.empty())
    return usage_error({base::Kind::invalid_input, "--tls-cert and --tls-key belong together"});
  auto options = hub_options(flags);
  if (!options) return usage_error(options.error());
  const StopSignals signals;
  auto started = hub::Hub::start(std::move(*options));
  if (!started) return fail_with(started.error());
  std::string lines = fmt::format("listening on {}\n", (*started)->url());
  if (const auto fingerprint = (*started)->fingerprint()) lines += fmt::format("certificate SHA-256 {}\n", colons_between(*fingerprint));
  if (const auto link = (*started)->sign_in_link()) lines += fmt::format("sign in once at {}\n", *link);
  if (const auto written = write_output(lines, {}); !written) print_warning(written.error().message);
  signals.wait();
  signals.release();  // a second signal does not wait for what still runs
  print_hint(global, "Stopping: what runs is finished first.");
  (*started)->stop();
  return kDone;
}

int run_hub_backup(const GlobalOptions& global, const HubArchiveFlags& flags) {
  if (const auto done = hub::backup(flags.data, flags.file); !done) return fail_with(done.error());
  print_hint(global, fmt::format("{} holds {}, its keys among it: keep it as you keep those.", flags.file, flags.data));
  return kDone;
}

int run_hub_link(const GlobalOptions& global, const HubLinkFlags& flags) {
  const auto link = hub::make_sign_in_link(flags.data, flags.user, flags.public_url);
  if (!link) return fail_with(link.error());
  if (const auto written = write_output(*link + "\n", {}); !written) return fail_with(written.error());
  print_hint(global, fmt::format("It sets a new password for {}, once, within 24 hours; a link from before has ended.", flags.user));
  if (link->front() == '/') print_hint(global, "Put the address of the hub in front, or name it with --public-url.");
  return kDone;
}

int run_hub_restore(const GlobalOptions& global, const HubArchiveFlags& flags) {
  if (const auto done = hub::restore(flags.file, flags.data); !done) return fail_with(done.error());
  if (std::error_code ignored; !std::filesystem::exists(std::filesystem::path(flags.data) / "hub.key", ignored))
    print_warning(fmt::format("the archive is of GET /api/v1/backup, which gives no keys: put the hub's own hub.key into {} before it starts, or set each secret again", flags.data));
  print_hint(global, fmt::format("{0} is restored; start the hub with: bulwark hub --data {0}", flags.data));
  return kDone;
}

}  // namespace cli
