// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/console.hpp"
#include "cli/hub_connection.hpp"
#include "cli/rows.hpp"

namespace cli {

namespace {

constexpr std::size_t kCaFileCap = 1u << 20;

base::JsonArray texts(const std::vector<std::string>& list) { return base::JsonArray(list.begin(), list.end()); }

base::Result<base::Json> registry_body(const RegistryFlags& flags) {
  base::JsonObject properties{{"loginServer", flags.host}};
  if (!flags.username.empty()) properties["username"] = flags.username;
  if (flags.password_stdin) properties["password"] = TRY(read_secret_line("password"));
  if (!flags.ca_file.empty()) properties["caCertificate"] = TRY(base::read_file(flags.ca_file, kCaFileCap));
  if (flags.plain_http) properties["plainHttp"] = true;
  if (flags.poll_minutes >= 0) properties["pollMinutes"] = flags.poll_minutes;
  if (!flags.untagged.empty()) properties["untaggedImages"] = flags.untagged == "assess" ? "Assess" : "Ignore";
  if (!flags.repositories.empty()) properties["repositories"] = texts(flags.repositories);
  if (!flags.platforms.empty()) properties["platforms"] = texts(flags.platforms);
  return base::Json{{"location", "local"}, {"properties", std::move(properties)}};
}

base::Result<std::string> new_registry_id(const client::Connection& connection, const std::string& name) {
  const auto session = TRY(connection.get("/api/v1/session"));
  const auto subscription = base::get_string(session, "subscriptionId");
  if (subscription.empty())
    return base::fail(base::Kind::invalid_input, fmt::format("{} names no subscription; is it a hub?", connection.url()));
  return fmt::format("/subscriptions/{}/resourceGroups/{}/providers/Microsoft.ContainerRegistry/registries/{}", subscription,
                     base::get_string(session, "resourceGroup", "default"), base::percent_encode(name));
}

struct RegistryCheck {
  bool works = false;
  std::string message;
};

base::Result<RegistryCheck> test_registry(const client::Connection& connection, const std::string& id) {
  const auto answer = TRY(connection.send("POST", id + "/testConnection"));
  RegistryCheck check;
  check.works = base::get_bool(answer, "reachable") && base::get_bool(answer, "versionTwo") && base::get_bool(answer, "authenticated");
  check.message = base::get_string(answer, "message", check.works ? "the registry answers" : "the registry cannot be used");
  return check;
}

base::Result<void> add_registry(const GlobalOptions& global, const RegistryFlags& flags) {
  const auto connection = TRY(connect(flags.target));
  const std::string& name = flags.names.front();
  const auto body = TRY(registry_body(flags));
  const auto id = TRY(new_registry_id(connection, name));
  const net::Headers headers = flags.replace ? net::Headers{} : net::Headers{{"If-None-Match", "*"}};
  const auto stored = connection.send("PUT", id, body, headers);
  if (!stored && stored.error().kind == base::Kind::conflict)
    return base::fail(base::Kind::conflict, stored.error().message + fmt::format("\nTo change it, run the command with --replace."));
  if (!stored) return base::fail(stored.error());
  TRY(write_output(std::string(base::get_string(*stored, "id", id)) + "\n", {}));
  const auto check = test_registry(connection, id);
  const std::string message = base::printable(check ? check->message : check.error().message);
  if (check && check->works)
    print_hint(global, fmt::format("{} is stored and answers: {}. Its images are being listed and scanned.", name, message));
  else
    print_warning(fmt::format("{} is stored, but cannot be used yet: {}; mend it and run: bulwark registry test {}", name, message, name));
  return {};
}

// Each name in turn; the first error ends the command.
template <typename Act>
int for_each_registry(const RegistryFlags& flags, Act act) {
  const auto connection = connect(flags.target);
  if (!connection) return fail_with(connection.error());
  for (const auto& name : flags.names) {
    const auto registry = client::find_registry(*connection, name);
    if (!registry) return fail_with(registry.error());
    const auto done = act(*connection, *registry);
    if (!done) return fail_with(done.error().with_context(registry->name));
  }
  return kDone;
}

}  // namespace

int run_registry_add(const GlobalOptions& global, const RegistryFlags& flags) {
  if (flags.password_stdin && flags.username.empty())
    return usage_error({base::Kind::invalid_input, "--password-stdin needs --username"});
  const auto done = add_registry(global, flags);
  return done ? kDone : fail_with(done.error());
}

int run_registry_list(const GlobalOptions& global, const RegistryFlags& flags) {
  const auto formats = list_formats(flags.list);
  if (!formats) return usage_error(formats.error());
  const auto connection = connect(flags.target);
  if (!connection) return fail_with(connection.error());
  const auto rows = connection->list("/api/v1/registries", {{"sort", flags.list.sort}}, row_limit(flags.list));
  if (!rows) return fail_with(rows.error());
  const ListView view{"registry", connection->url(),
                      {{"Name", "name"}, {"Registry", "url"}, {"State", "state"}, {"Repositories", "repositories"},
                       {"Images", "images"}, {"Unhealthy", "unhealthyImages"}, {"Critical", "counts.critical"},
                       {"High", "counts.high"}, {"Polled", "lastPolled"}, {"Error", "lastError"}},
                      "name"};
  return print_rows(global, *formats, view, *rows);
}

int run_registry_test(const GlobalOptions&, const RegistryFlags& flags) {
  bool all_work = true;
  const int code = for_each_registry(flags, [&](const client::Connection& connection, const client::RegistryEntry& registry) -> base::Result<void> {
    const auto check = TRY(test_registry(connection, registry.id));
    all_work = all_work && check.works;
    return write_output(fmt::format("{} ({}): {}\n", registry.name, registry.host, base::printable(check.message)), {});
  });
  return code == kDone && !all_work ? kFailed : code;
}

int run_registry_scan(const GlobalOptions& global, const RegistryFlags& flags) {
  return for_each_registry(flags, [&](const client::Connection& connection, const client::RegistryEntry& registry) -> base::Result<void> {
    const auto answer = TRY(connection.send("POST", registry.id + "/scan", base::JsonObject{{"rescan", flags.rescan}}));
    const auto queued = base::get_int(answer, "queued").value_or(0);
    print_hint(global, queued > 0 ? fmt::format("{}: {} images are queued.", registry.name, queued)
                                  : fmt::format("{}: it is being listed; what is new is scanned.", registry.name));
    return {};
  });
}

int run_registry_remove(const GlobalOptions& global, const RegistryFlags& flags) {
  return for_each_registry(flags, [&](const client::Connection& connection, const client::RegistryEntry& registry) -> base::Result<void> {
    TRY(connection.send("DELETE", registry.id));
    print_hint(global, fmt::format("{} is removed with all that was known of its images; the registry itself is untouched.", registry.name));
    return {};
  });
}

}  // namespace cli
