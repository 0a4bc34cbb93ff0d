// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "uplink/machine.hpp"
#include "uplink/reply.hpp"

namespace uplink {

namespace {

constexpr std::size_t kEnrollBytes = 1u << 20;
constexpr std::string_view kTokenPrefix = "bwe_";

bool consists_of(std::string_view text, std::size_t least, std::size_t most, bool (*admits)(char)) {
  return text.size() >= least && text.size() <= most && std::all_of(text.begin(), text.end(), admits);
}

bool in_token(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

bool in_fingerprint(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

}  // namespace

template <typename Form, Like<EnrollRequest> Value>
void describe(Form& form, Value& request) {
  form.required("token", request.token);
  form.member("machine", request.machine);
  form.text("agentVersion", request.agent_version);
}

template <typename Form, Like<Enrolled> Value>
void describe(Form& form, Value& enrolled) {
  form.required("resourceId", enrolled.resource_id);
  form.required("credential", enrolled.credential);
  form.member("settings", enrolled.settings);
}

std::string to_text(const EnrollmentToken& token) {
  return fmt::format("{}{}.{}.{}", kTokenPrefix, token.id, token.secret, token.fingerprint);
}

// Says nothing of the text itself: it is a secret.
base::Result<EnrollmentToken> parse_token(std::string_view text) {
  text = base::trim(text);
  const auto malformed = [](std::string_view why) {
    return base::fail(base::Kind::invalid_input,
                      fmt::format("the enrolment token {}; copy it whole, from \"bwe_\" to the end of the line", why));
  };
  if (!text.starts_with(kTokenPrefix)) return malformed("does not begin with \"bwe_\"");
  const auto parts = base::split(text.substr(kTokenPrefix.size()), '.');
  if (parts.size() != 3) return malformed("does not have three parts with points between them");
  if (!consists_of(parts[0], 1, 64, in_token)) return malformed("has no id");
  if (!consists_of(parts[1], 16, 128, in_token)) return malformed("has no whole secret");
  if (parts[2] != "-" && !consists_of(parts[2], 64, 64, in_fingerprint)) return malformed("has no whole fingerprint");
  return EnrollmentToken{std::string(parts[0]), std::string(parts[1]), std::string(parts[2])};
}

base::Json to_json(const EnrollRequest& request) { return written(request); }

base::Result<EnrollRequest> parse_enroll_request(std::string_view text) {
  if (text.size() > kEnrollBytes) return base::fail(base::Kind::too_large, "the request is larger than 1 MiB");
  const base::Json json = TRY(base::parse_json(text, "the request"));
  auto request = TRY(read_as<EnrollRequest>(json, {}));
  if (request.machine.name.empty()) return base::fail(base::Kind::invalid_input, "machine is missing");
  return request;
}

base::Json to_json(const Enrolled& enrolled) { return written(enrolled); }

base::Result<Enrolled> parse_enrolled(std::string_view text) {
  if (text.size() > kReplyBytes) return base::fail(base::Kind::too_large, "the hub's answer is larger than 1 MiB");
  const base::Json json = TRY(base::parse_json(text, "the hub's answer"));
  auto enrolled = TRY(read_as<Enrolled>(json, {}));
  clamp(enrolled.settings);
  return enrolled;
}

}  // namespace uplink
