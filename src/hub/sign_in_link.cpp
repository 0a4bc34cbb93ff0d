// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "arm/activity.hpp"
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "hub/hub.hpp"
#include "hub/installation.hpp"

namespace hub {

namespace {

base::Result<void> record(store::Database& database, const identity::Principal& user) {
  arm::Activity activity;
  activity.correlation_id = base::uuid4();
  activity.caller = "bulwark";
  activity.method = "POST";
  activity.operation = "Bulwark.Hub/users/link/action";
  activity.resource_id = "/api/v1/users/" + user.id + "/link";
  activity.http_status = 200;
  activity.at = store::now_ms();
  activity.properties.emplace("message", "made on the hub's machine for " + base::printable(user.name));
  return database.write([&](store::Session& session) { return arm::record_activity(session, activity); });
}

}  // namespace

base::Result<std::string> make_sign_in_link(const std::filesystem::path& data_dir, const std::string& user, const std::string& public_url) {
  if (!std::filesystem::exists(data_dir / "state.db"))
    return base::fail(base::Kind::not_found, fmt::format("{} is no data directory of a hub: it has no state.db", data_dir.string()));
  const auto database = TRY(store::open_sqlite({data_dir / "state.db"}));
  identity::Options options;
  options.tenant_id = TRY(load_installation(*database)).tenant_id;
  options.key_file = (data_dir / "hub.key").string();
  const auto transport = net::curl_transport({});
  const auto identity = TRY(identity::Identity::open(*database, *transport, std::move(options)));
  const auto found = TRY(identity->find(user));
  const std::string token = TRY(identity->make_link(found.id));
  TRY(record(*database, found));
  std::string url = public_url;
  if (url.empty())
    TRY(database->read([&](store::Session& session) -> base::Result<void> {
      url = TRY(load_url(session));
      return {};
    }));
  while (!url.empty() && url.back() == '/') url.pop_back();
  return url + "/welcome#" + token;
}

}  // namespace hub
