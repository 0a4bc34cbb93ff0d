// SPDX-License-Identifier: Apache-2.0
// Bodies of disable rules, exemptions, channels and plans, and stored inventories, from any bytes.
#include <cstdint>
#include <string_view>

#include "security/channels.hpp"
#include "security/finding_text.hpp"
#include "security/plans.hpp"
#include "security/rules.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto body = base::parse_json(text, "body");
  if (!body) return 0;
  constexpr std::string_view kKey = "/subscriptions/s/providers/bulwark.security/x/y";
  const security::FindingFacts facts{"id", "Vulnerability", "CVE-1", "zlib", model::Severity::high, 5, true};
  if (const auto rule = security::parse_disable_rule(kKey, "y", *body)) (void)rule->criteria.match(facts);
  (void)security::parse_exemption(kKey, *body);
  (void)security::parse_channel(kKey, "y", *body);
  (void)security::parse_tier(*body);
  // What is read back from a stored inventory is written the same again.
  if (const auto inventory = security::inventory_from_text(text, "inventory")) {
    const auto again = security::inventory_from_text(security::inventory_text(*inventory), "inventory");
    if (!again || security::inventory_text(*again) != security::inventory_text(*inventory)) __builtin_trap();
  }
  return 0;
}
