// SPDX-License-Identifier: Apache-2.0
// Configuration as code from any bytes: the document, and what its sections are read into.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "arm/role_definition.hpp"
#include "hub/configuration.hpp"
#include "security/channels.hpp"
#include "security/rules.hpp"

namespace {

constexpr std::string_view kId = "6d1f1f0e-43f0-4c4b-9a53-0d6c1b7a2f10";
constexpr std::string_view kKey = "/subscriptions/s/providers/bulwark.security/x/y";

// A role that is taken is the same when it is written and read again: else each application would write it anew.
void check_role(const base::Json& entry) {
  const auto role = arm::role_from_properties(kId, entry);
  if (!role) return;
  const base::Json written = arm::role_to_properties(*role);
  const auto again = arm::role_from_properties(kId, written);
  if (!again || !hub::holds_already(written, arm::role_to_properties(*again))) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = hub::read_configuration(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!document) return 0;
  if (!hub::holds_already(*document, *document)) std::abort();  // the same again changes nothing
  for (const auto& role : base::get_array(*document, "roles")) check_role(role);
  for (const auto& rule : base::get_array(*document, "disableRules")) (void)security::parse_disable_rule(kKey, "y", base::JsonObject{{"properties", rule}});
  for (const auto& exemption : base::get_array(*document, "exemptions")) (void)security::parse_exemption(kKey, base::JsonObject{{"properties", exemption}});
  for (const auto& channel : base::get_array(*document, "notifications")) (void)security::parse_channel(kKey, "y", base::JsonObject{{"properties", channel}});
  return 0;
}
