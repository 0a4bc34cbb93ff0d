// SPDX-License-Identifier: Apache-2.0
// Facts of a host: any document is judged by every control, each verdict with evidence, and the reports are printable. What
// is no JSON goes to the readers of audit rules.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.hpp"
#include "benchmark/audit_netlink.hpp"
#include "benchmark/report_json.hpp"
#include "benchmark/shapes.hpp"

namespace {

void read_rules(std::string_view input) {
  std::vector<benchmark::AuditRule> rules;
  if (const auto text = benchmark::audit_rule_text(input))
    if (const auto rule = benchmark::parse_audit_rule(*text)) rules.push_back(*rule);
  for (const std::string_view line : base::split_lines(input))
    if (auto rule = benchmark::parse_audit_rule(line)) rules.push_back(std::move(*rule));
  if (const auto* rule = benchmark::rule_for(rules, "/etc/docker"); rule && rule->path.empty()) std::abort();
}

void judge_all(const benchmark::HostFacts& facts) {
  const auto& controls = benchmark::cis_docker();
  const auto results = assess(facts, controls, {{"ann"}, {"registry.example/**"}});
  if (results.size() != controls.controls.size()) std::abort();
  for (const auto& result : results)
    for (const auto& resource : result.resources)
      if (resource.verdict.evidence.empty()) std::abort();
  (void)base::to_text(benchmark::to_report_json(facts, controls, results));
  (void)benchmark::to_junit(facts, controls, results);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto json = base::parse_json(input, "input");
  if (!json) {
    read_rules(input);
    return 0;
  }
  (void)benchmark::kept_container(*json);
  (void)benchmark::kept_image(*json);
  (void)benchmark::kept_history(*json);
  if (const auto facts = benchmark::HostFacts::from_json(*json)) judge_all(**facts);
  return 0;
}
