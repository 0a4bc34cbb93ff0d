// SPDX-License-Identifier: Apache-2.0
#include "agent/enroll.hpp"

#include <fmt/format.h>

#include "agent/hub_address.hpp"

namespace agent {

namespace {

base::Kind kind_of_refusal(int status) {
  if (status == 401 || status == 403) return base::Kind::denied;
  if (status == 404) return base::Kind::not_found;
  if (status == 408 || status == 429 || status >= 500) return base::Kind::unavailable;
  return base::Kind::invalid_input;
}

base::Error refused_enrolment(const net::HttpResponse& answer, const std::string& hub) {
  std::string text = fmt::format("{} did not enrol this machine: {}", hub, hub_message(answer));
  if (answer.status == 401) text += "; make a new token with Add host, or bulwark token create, and enrol with it";
  if (answer.status == 404) text += "; is it the address of a hub?";
  return {kind_of_refusal(answer.status), std::move(text)};
}

}  // namespace

base::Result<Identity> enroll(const Enrolment& enrolment, const uplink::Machine& machine, const std::string& version) {
  const auto token = TRY(uplink::parse_token(enrolment.token));
  Identity identity;
  identity.hub = TRY(hub_address(enrolment.hub));
  identity.ca_file = enrolment.ca_file;
  if (token.fingerprint != "-") identity.fingerprint = token.fingerprint;
  const auto transport = TRY(hub_transport(identity, "bulwark-agent/" + version));
  net::HttpRequest request;
  request.method = "POST";
  request.url = identity.hub + "/api/v1/agents/enroll";
  request.headers = {{"Content-Type", "application/json"}};
  request.body = base::to_text(uplink::to_json(uplink::EnrollRequest{uplink::to_text(token), machine, version}));
  request.body_cap = 1u << 20;
  request.total_timeout = std::chrono::minutes(1);
  const auto answer = transport->send(request);
  if (!answer)
    return base::fail(answer.error().kind,
                      fmt::format("enrolling with {}: {}{}", identity.hub, answer.error().message,
                                  answer.error().kind == base::Kind::denied ? "; the token was not sent" : ""));
  if (answer->status / 100 != 2) return base::fail(refused_enrolment(*answer, identity.hub));
  const auto enrolled = TRY_CONTEXT(uplink::parse_enrolled(answer->body), "enrolling with " + identity.hub);
  identity.resource_id = enrolled.resource_id;
  identity.credential = enrolled.credential;
  identity.token_id = token.id;
  return identity;
}

}  // namespace agent
