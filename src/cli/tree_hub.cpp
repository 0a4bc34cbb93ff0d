// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "cli/tree.hpp"

namespace cli {

namespace {

void add_listen_flags(CLI::App& hub, HubFlags& flags) {
  hub.add_option("--data", flags.data, "Folder with the hub's state")->type_name("DIR")->envname("BULWARK_DATA");
  hub.add_option("--listen", flags.listen, "Where to listen (default 127.0.0.1:8443)")->type_name("ADDR[:PORT]")->envname("BULWARK_LISTEN");
  hub.add_option("--tls-cert", flags.tls_certificate, "PEM file of the certificate")->type_name("FILE");
  hub.add_option("--tls-key", flags.tls_key, "PEM file of its key")->type_name("FILE");
  hub.add_flag("--self-signed", flags.self_signed, "Make a certificate where none is given");
  hub.add_option("--name", flags.names, "Further name or address in it; may be repeated")->type_name("NAME")->take_all()->allow_extra_args(false);
  hub.add_option("--public-url", flags.public_url, "Address as others reach it")->type_name("URL")->envname("BULWARK_PUBLIC_URL");
  hub.add_option("--oidc-file", flags.oidc_file, "YAML with issuer, clientId, … (or set BULWARK_OIDC_ISSUER …)")->type_name("FILE");
  hub.add_option("--clickhouse-file", flags.clickhouse_file, "YAML with url, user, … of a ClickHouse server for the records (or set BULWARK_CLICKHOUSE_URL …)")->type_name("FILE");
}

void add_scan_flags(CLI::App& hub, HubFlags& flags) {
  hub.add_option("--db", flags.database, "Vulnerability database (default DIR/advisories.db)")->type_name("FILE");
  hub.add_option("--refresh-hours", flags.refresh_hours, "Hours between downloads of it (default 6; 0: never)")
      ->type_name("N")
      ->check(CLI::Range(0, 8760).description(""));
  hub.add_option("--heartbeat-seconds", flags.heartbeat_seconds, "Seconds between signs of life of agents (default 60)")
      ->type_name("N")
      ->check(CLI::Range(5, 3600).description(""));
  hub.add_option("--update-url", flags.update_url, "Base address of a mirror of the OSV archives")->type_name("URL");
  add_geo_database(hub, flags.geo_database);
  hub.add_option("--config", flags.configuration, "Configuration as code, applied at every start")->type_name("FILE");
  hub.add_option("--secret-rules", flags.secret_rules, "Folder with rules of your own for secrets")->type_name("DIR");
  hub.add_option("--yara-rules", flags.yara_rules, "Folder with rules of your own for malware")->type_name("DIR");
  hub.add_option("--scan-threads", flags.scan_threads, "Images scanned at once (default 2)")->type_name("N")->check(CLI::Range(1, 256).description(""));
  hub.add_flag("--allow-private-registries,!--deny-private-registries", flags.allow_private,
               "Whether registries may redirect to private addresses other than their own (default: they may not)");
}

void add_host_flags(CLI::App& hub, HubFlags& flags) {
  const auto add_list = [&hub](const char* name, std::vector<std::string>& values, const char* text, const char* type) {
    hub.add_option(name, values, text)->type_name(type)->take_all()->allow_extra_args(false);
  };
  add_list("--trusted-user", flags.trusted_users, "Who may be in the group docker of hosts; may be repeated", "NAME");
  add_list("--trusted-image", flags.trusted_images, "Glob of image names that hosts may trust; may be repeated", "GLOB");
  hub.add_option("--own-machine", flags.own_machine, "Watch this machine as a container host (default auto: where an engine answers the hub)")
      ->type_name("auto|yes|no")
      ->envname("BULWARK_OWN_MACHINE")
      ->check(CLI::IsMember({"auto", "yes", "no"}).description(""));
  hub.add_option("--reader", flags.reader, "Socket of the host reader for that, where the hub may not ask the engine itself")->type_name("SOCKET");
}

void add_hub_archives(CLI::App& hub, Flags& flags) {
  auto* backup = hub.add_subcommand("backup",
                                    "Write one archive with all of the hub's state, also while it runs\n"
                                    "  bulwark hub backup --data ./data hub.tar.gz\n"
                                    "  bulwark hub backup --data ./data \"hub-$(date +%F).tar.gz\"\n"
                                    "  BULWARK_DATA=./data bulwark hub backup hub.tar.gz");
  auto* restore = hub.add_subcommand("restore",
                                     "Unpack such an archive into an empty folder, verified\n"
                                     "  bulwark hub restore hub.tar.gz --data ./data\n"
                                     "  bulwark hub restore hub.tar.gz --data ./copy && bulwark hub --data ./copy\n"
                                     "  BULWARK_DATA=./data bulwark hub restore hub.tar.gz");
  for (auto* command : {backup, restore}) {
    command->add_option("file", flags.archive.file, "The archive")->required()->type_name("FILE");
    command->add_option("--data", flags.archive.data, "Folder with the hub's state")->required()->type_name("DIR")->envname("BULWARK_DATA");
  }
  set_action(*backup, flags, [&flags] { return run_hub_backup(flags.global, flags.archive); });
  set_action(*restore, flags, [&flags] { return run_hub_restore(flags.global, flags.archive); });
}

void add_hub_link(CLI::App& hub, Flags& flags) {
  auto* link = hub.add_subcommand("link",
                                  "Make a one-time sign-in link for a user whose password is lost, on the hub's machine\n"
                                  "  bulwark hub link admin --data ./data\n"
                                  "  bulwark hub link ada --data ./data --public-url https://hub.example.com:8443\n"
                                  "  BULWARK_DATA=./data bulwark hub link admin");
  link->add_option("user", flags.link.user, "Sign-in name or object id")->required()->type_name("USER");
  link->add_option("--data", flags.link.data, "Folder with the hub's state")->required()->type_name("DIR")->envname("BULWARK_DATA");
  link->add_option("--public-url", flags.link.public_url, "Address of the hub (default: where it was reached last)")->type_name("URL")->envname("BULWARK_PUBLIC_URL");
  set_action(*link, flags, [&flags] { return run_hub_link(flags.global, flags.link); });
}

void add_hub(CLI::App& root, Flags& flags) {
  auto* hub = root.add_subcommand("hub",
                                  "Run the hub: it watches registries, scans their images and serves the web pages\n"
                                  "  bulwark hub --data ./data\n"
                                  "  bulwark hub --data ./data --listen 0.0.0.0:8443 --self-signed --name hub.example.com\n"
                                  "  bulwark hub --data ./data --listen 0.0.0.0 --tls-cert hub.pem --tls-key hub.key");
  hub->require_subcommand(0, 1);
  add_listen_flags(*hub, flags.hub);
  add_scan_flags(*hub, flags.hub);
  add_host_flags(*hub, flags.hub);
  set_action(*hub, flags, [&flags] { return run_hub(flags.global, flags.hub); });
  add_hub_archives(*hub, flags);
  add_hub_link(*hub, flags);
  auto* apply = hub->add_subcommand("apply",
                                    "Bring a hub's configuration to what a file says; prints what changed\n"
                                    "  bulwark hub apply -f hub.yaml\n"
                                    "  bulwark hub apply -f hub.yaml --hub https://hub.example.com:8443\n"
                                    "  render-settings | bulwark hub apply -f -");
  apply->add_option("-f,--file", flags.apply.file, "YAML or JSON; - is standard input")->required()->type_name("FILE");
  add_hub_target(*apply, flags.apply.target);
  set_action(*apply, flags, [&flags] { return run_hub_apply(flags.global, flags.apply); });
}

void add_login(CLI::App& root, Flags& flags) {
  auto& login = flags.login;
  auto* command = root.add_subcommand("login",
                                      "Sign in to a hub; an API token is kept in ~/.config/bulwark/contexts.json\n"
                                      "  bulwark login https://hub.example.com:8443\n"
                                      "  bulwark login hub.example.com --username ci --password-stdin < password\n"
                                      "  bulwark login 127.0.0.1:8443 --token-stdin --fingerprint AB:CD:… < token");
  command->add_option("url", login.url, "Address of the hub")->required()->type_name("URL");
  command->add_option("--name", login.name, "Name of the context (default: the hub's host)")->type_name("NAME");
  command->add_flag("--token-stdin", login.token_stdin, "Read an API token from standard input");
  command->add_option("--username", login.username, "Local user")->type_name("NAME");
  command->add_flag("--password-stdin", login.password_stdin, "Read the password from standard input");
  command->add_option("--client-id", login.client_id, "Program (OAuth2 client credentials)")->type_name("ID");
  command->add_flag("--client-secret-stdin", login.secret_stdin, "Read its secret from standard input");
  command->add_option("--tenant", login.tenant, "Its tenant (default: the hub's own)")->type_name("ID");
  command->add_option("--days", login.days, "Days until the API token expires (default 90)")->type_name("N")->check(CLI::Range(1, 730).description(""));
  command->add_option("--ca-file", login.ca_file, "PEM file of the hub's authority")->type_name("FILE");
  command->add_option("--fingerprint", login.fingerprint, "SHA-256 of the hub's certificate, to trust it alone")->type_name("SHA256");
  set_action(*command, flags, [&flags] { return run_login(flags.global, flags.login); });

  auto* logout = root.add_subcommand("logout",
                                     "Forget the API token of a context, and take it away at the hub\n"
                                     "  bulwark logout\n"
                                     "  bulwark logout hub.example.com\n"
                                     "  bulwark context list -o name | xargs -n1 bulwark logout");
  logout->add_option("name", flags.context.name, "A context (default: the current one)")->type_name("NAME");
  set_action(*logout, flags, [&flags] { return run_logout(flags.global, flags.context); });

  auto* whoami = root.add_subcommand("whoami",
                                     "Show who is signed in and what they may do\n"
                                     "  bulwark whoami\n"
                                     "  bulwark whoami --format json\n"
                                     "  bulwark whoami --hub https://hub.example.com:8443");
  add_detail_format(*whoami, flags.whoami.formats);
  add_hub_target(*whoami, flags.whoami.target);
  set_action(*whoami, flags, [&flags] { return run_whoami(flags.global, flags.whoami); });
}

void add_context(CLI::App& root, Flags& flags) {
  auto* context = root.add_subcommand("context", "Choose among the hubs you signed in to");
  context->require_subcommand(1);
  auto* list = context->add_subcommand("list",
                                       "List them\n"
                                       "  bulwark context list\n"
                                       "  bulwark context list -o name\n"
                                       "  bulwark context list --format json");
  add_list_flags(*list, flags.context.list);
  auto* use = context->add_subcommand("use",
                                      "Choose the hub that commands speak to\n"
                                      "  bulwark context use hub.example.com\n"
                                      "  bulwark context use production\n"
                                      "  bulwark finding list --hub staging   (for one command)");
  auto* remove = context->add_subcommand("remove",
                                         "Forget a hub and its API token\n"
                                         "  bulwark context remove staging\n"
                                         "  bulwark logout staging && bulwark context remove staging\n"
                                         "  bulwark context list -o name | xargs -n1 bulwark context remove");
  for (auto* command : {use, remove}) command->add_option("name", flags.context.name, "A context")->required()->type_name("NAME");
  set_action(*list, flags, [&flags] { return run_context_list(flags.global, flags.context); });
  set_action(*use, flags, [&flags] { return run_context_use(flags.global, flags.context); });
  set_action(*remove, flags, [&flags] { return run_context_remove(flags.global, flags.context); });
}

}  // namespace

void add_hub_commands(CLI::App& root, Flags& flags) {
  add_hub(root, flags);
  add_login(root, flags);
  add_context(root, flags);
}

}  // namespace cli
