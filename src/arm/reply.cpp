// SPDX-License-Identifier: Apache-2.0
#include "arm/reply.hpp"

#include "base/text.hpp"

namespace arm {

namespace {

struct KindAnswer {
  base::Kind kind;
  int status;
  std::string_view code;
};

constexpr KindAnswer kAnswers[] = {
    {base::Kind::invalid_input, 400, "InvalidRequestContent"}, {base::Kind::not_found, 404, "ResourceNotFound"},
    {base::Kind::denied, 403, "AuthorizationFailed"},          {base::Kind::unavailable, 503, "ServiceUnavailable"},
    {base::Kind::conflict, 409, "Conflict"},                   {base::Kind::corrupt, 422, "UnprocessableContent"},
    {base::Kind::too_large, 413, "RequestEntityTooLarge"},     {base::Kind::unsupported, 400, "OperationNotSupported"},
    {base::Kind::cancelled, 503, "OperationCancelled"},        {base::Kind::internal, 500, "InternalServerError"},
};

const KindAnswer& answer_of(base::Kind kind) {
  for (const auto& answer : kAnswers)
    if (answer.kind == kind) return answer;
  return kAnswers[std::size(kAnswers) - 1];
}

}  // namespace

int status_of(base::Kind kind) { return answer_of(kind).status; }

Reply refuse(int status, std::string_view code, std::string_view message, std::string_view target) {
  base::JsonObject error{{"code", code}, {"message", base::printable(message)}};
  if (!target.empty()) error.emplace("target", base::printable(target));
  return {status, base::JsonObject{{"error", std::move(error)}}, {}};
}

Reply refuse(const base::Error& error) {
  const auto& answer = answer_of(error.kind);
  return refuse(answer.status, answer.code, error.message);
}

std::optional<Reply> refuse_other_than_json(const net::ServerRequest& request) {
  if (request.body.empty()) return std::nullopt;
  const std::string type = base::to_lower(base::trim(base::cut(request.header("content-type"), ";").first));
  const bool kin = type.size() > 5 && type.substr(type.size() - 5) == "+json";  // application/merge-patch+json
  if (type == "application/json" || kin) return std::nullopt;
  return refuse(415, "UnsupportedMediaType", "The body must be JSON, and say so: Content-Type: application/json.");
}

net::ServerResponse to_response(const Reply& reply) {
  net::ServerResponse response;
  response.status = reply.status;
  response.headers = reply.headers;
  if (reply.body.is_null()) return response;
  response.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  response.body = base::to_text(reply.body);
  return response;
}

net::ServerResponse to_response(const base::Error& error) { return to_response(refuse(error)); }

}  // namespace arm
