// SPDX-License-Identifier: Apache-2.0
#include "agent/verdict_table.hpp"

#include <algorithm>

#include "base/checksum.hpp"
#include "benchmark/report_json.hpp"

namespace agent {

namespace {

using benchmark::ResourceVerdict;
using benchmark::Scope;
using benchmark::Status;

std::string key_of(Scope scope, std::string_view id) { return std::string(benchmark::scope_name(scope)).append("/").append(id); }

base::Json evidence_of(const benchmark::Verdict& verdict) {
  base::JsonArray out;
  for (const benchmark::Evidence& evidence : verdict.evidence) out.emplace_back(benchmark::to_json(evidence));
  return out;
}

// Counted alone: the hub keeps no evidence of these.
bool is_settled(Status status) { return status == Status::pass || status == Status::not_applicable; }

bool is_told(const ResourceVerdict& resource) { return resource.scope == Scope::host || !is_settled(resource.verdict.status); }

uplink::ResourceResult told_of(const ResourceVerdict& resource, base::Json evidence) {
  return {std::string(benchmark::scope_name(resource.scope)), resource.id, resource.name,
          std::string(benchmark::status_name(resource.verdict.status)), std::move(evidence)};
}

void count(Status status, uplink::ControlCounts& counts) {
  switch (status) {
    case Status::pass: ++counts.pass; break;
    case Status::fail: ++counts.fail; break;
    case Status::manual: ++counts.manual; break;
    case Status::not_applicable: ++counts.not_applicable; break;
    case Status::error: ++counts.error; break;
  }
}

std::uint32_t checksum_of(const base::Json& evidence) { return base::crc32c(base::to_text(evidence)); }

}  // namespace

VerdictTable::VerdictTable(const benchmark::Benchmark& benchmark) : benchmark_(benchmark), known_(benchmark.controls.size()) {}

std::size_t VerdictTable::index_of(const benchmark::Control& control) const {
  return static_cast<std::size_t>(&control - benchmark_.controls.data());
}

bool VerdictTable::is_answered_by_host(const benchmark::Control& control) const {
  const Resources& resources = known_[index_of(control)];
  return resources.empty() || resources.lower_bound("host/") != resources.lower_bound("host0");
}

void VerdictTable::summarise(const Resources& resources, uplink::ControlResult& out) const {
  Status status = Status::not_applicable;
  for (const auto& [key, known] : resources) {
    count(known.status, out.counts);
    status = benchmark::worst(status, known.status);
  }
  out.status = benchmark::status_name(status);
}

uplink::ControlResult VerdictTable::set(const benchmark::ControlResult& result) {
  uplink::ControlResult out;
  out.id = result.control->id;
  Resources& resources = known_[index_of(*result.control)];
  resources.clear();
  for (const ResourceVerdict& resource : result.resources) {
    Known known{resource.verdict.status, 0};
    if (is_told(resource)) {
      base::Json evidence = evidence_of(resource.verdict);
      known.evidence = checksum_of(evidence);
      out.resources.push_back(told_of(resource, std::move(evidence)));
    }
    resources.insert_or_assign(key_of(resource.scope, resource.id), known);
  }
  summarise(resources, out);
  return out;
}

std::optional<uplink::ControlResult> VerdictTable::change(const benchmark::ControlResult& result) {
  Resources& known = known_[index_of(*result.control)];
  const Resources before = std::move(known);
  uplink::ControlResult out = set(result);
  std::erase_if(out.resources, [&](const uplink::ResourceResult& resource) {
    const std::string key = resource.scope + "/" + resource.id;
    const auto was = before.find(key);
    const auto is = known.find(key);
    return was != before.end() && was->second.status == is->second.status && was->second.evidence == is->second.evidence;
  });
  for (const auto& [key, was] : before) {
    if (is_settled(was.status) && !key.starts_with("host/")) continue;  // the hub has nothing of it
    const auto is = known.find(key);
    const bool settled = is == known.end() || (is_settled(is->second.status) && !key.starts_with("host/"));
    if (settled) out.settled.push_back(key);
  }
  const bool same = out.resources.empty() && out.settled.empty() && before.size() == known.size() &&
                    std::equal(before.begin(), before.end(), known.begin(), [](const auto& a, const auto& b) {
                      return a.first == b.first && a.second.status == b.second.status;
                    });
  if (same) return std::nullopt;
  return out;
}

std::optional<uplink::ControlResult> VerdictTable::change_container(const benchmark::Control& control, const std::string& id,
                                                                    const std::string& name, const benchmark::Verdict* verdict) {
  Resources& resources = known_[index_of(control)];
  const std::string key = key_of(Scope::container, id);
  const auto was = resources.find(key);
  const bool was_told = was != resources.end() && !is_settled(was->second.status);
  uplink::ControlResult out;
  out.id = control.id;
  if (!verdict) {
    if (was == resources.end()) return std::nullopt;
    resources.erase(was);
    if (was_told) out.settled.push_back(key);
    summarise(resources, out);
    return out;
  }
  Known now{verdict->status, 0};
  base::Json evidence;
  if (!is_settled(verdict->status)) {
    evidence = evidence_of(*verdict);
    now.evidence = checksum_of(evidence);
  }
  if (was != resources.end() && was->second.status == now.status && was->second.evidence == now.evidence) return std::nullopt;
  if (!is_settled(now.status))
    out.resources.push_back(told_of({Scope::container, id, name, *verdict}, std::move(evidence)));
  else if (was_told)
    out.settled.push_back(key);
  resources.insert_or_assign(key, now);
  summarise(resources, out);
  return out;
}

}  // namespace agent
