// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "oci/registry_admin.hpp"

namespace oci {

// Nothing where the catalog is listed, else why not.
std::string RegistryAdmin::catalog_problem() {
  RegistryRequest request;
  request.path = "/v2/_catalog?n=1";
  request.scope = "registry:catalog:*";
  const auto answer = session_.send(request);
  if (!answer) return answer.error().message;
  if (answer->status != 200) return session_.failure(*answer, "the catalog").message;
  const auto page = base::parse_json(answer->body, "the catalog");
  if (!page || !base::find(*page, "repositories")) return "the answer is no list of repositories";
  return {};
}

ConnectionCheck RegistryAdmin::check_connection() {
  ConnectionCheck check;
  const auto say = [&](std::string message) {
    check.message = std::move(message);
    return check;
  };
  const auto base = session_.base_url();
  if (!base) return say(base.error().message);
  net::HttpRequest probe;  // without credentials: whether something listens is one question, what it accepts another
  probe.url = base->text() + "v2/";
  probe.body_cap = 1u << 20;
  probe.total_timeout = std::chrono::seconds(30);
  const auto answer = transport_->send(probe);
  if (!answer) return say(answer.error().message);
  check.answers = true;
  if (!is_registry_answer(*answer))
    return say(fmt::format("{} answers with status {}, and not as a registry does; check host and port", domain_,
                           answer->status));
  check.is_registry = true;
  RegistryRequest request;
  request.path = "/v2/";
  const auto login = session_.send(request);
  if (!login) return say(login.error().message);
  if (login->status != 200) return say(session_.failure(*login, domain_).message);
  check.credentials_accepted = true;
  const std::string problem = catalog_problem();
  check.catalog_listed = problem.empty();
  if (check.catalog_listed) return say(fmt::format("{} is connected", domain_));
  return say(fmt::format("{} is connected, but does not list its repositories ({}); name those to watch, or give the "
                         "account the right to list the catalog",
                         domain_, problem));
}

}  // namespace oci
