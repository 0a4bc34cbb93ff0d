// SPDX-License-Identifier: Apache-2.0
#include "agent/live_facts.hpp"

#include <algorithm>

#include "benchmark/check.hpp"
#include "benchmark/collect.hpp"

namespace agent {

namespace {

constexpr std::uint32_t kAllOfEngine = benchmark::kReadsVersion | benchmark::kReadsInfo | benchmark::kReadsNetworks |
                                       benchmark::kReadsSwarm | benchmark::kReadsNodes | benchmark::kReadsSecrets;
// daemon.json and arguments say where files and data are, too.
constexpr std::uint32_t kByOptions = benchmark::kReadsOptions | benchmark::kReadsFiles | benchmark::kReadsMounts;
constexpr std::uint32_t kByPlaces = benchmark::kReadsFiles | benchmark::kReadsAudit;

const base::Json* entry_of(const benchmark::HostFacts& facts, std::string_view list, std::string_view id) {
  const base::Json* reading = base::find(facts.document(), list);
  const base::Json* value = reading ? base::find(*reading, "value") : nullptr;
  if (!value || !value->is_array()) return nullptr;
  for (const base::Json& entry : value->get_array())
    if (base::get_string(entry, "id") == id) return &entry;
  return nullptr;
}

// Places of files do not depend on what runs, which may be much.
base::Json without_lists(const benchmark::HostFacts& facts) {
  base::JsonObject out;
  for (const auto& member : facts.document().get_object())
    if (member.key() != "containers" && member.key() != "images") out.emplace(member.key(), member.value());
  return out;
}

bool has_list(const benchmark::HostFacts& facts, std::string_view list) {
  return benchmark::reading_of(facts.document(), list).value != nullptr;
}

}  // namespace

base::Result<void> LiveFacts::collect(benchmark::HostReader& host) {
  benchmark::CollectOptions options;
  options.collector = collector_;
  options.now = base::system_now();
  facts_ = TRY(benchmark::HostFacts::from_json(benchmark::collect(host, options)));
  return {};
}

const benchmark::ContainerFacts* LiveFacts::container(const std::string& id) const {
  if (!facts_) return nullptr;
  for (const benchmark::ContainerFacts& container : facts_->containers())
    if (container.id == id) return &container;
  return nullptr;
}

base::Result<void> LiveFacts::put(std::string_view member, base::Json value, std::uint32_t reads, Changed& changed) {
  const base::Json* known = base::find(facts_->document(), member);
  if (known ? *known == value : value.is_null()) return {};
  changed.reads |= reads;
  return facts_->replace(member, std::move(value));
}

base::Result<void> LiveFacts::refresh_container(benchmark::HostReader& host, const std::string& id, Changed& changed) {
  if (!has_list(*facts_, "containers")) return {};
  base::Json entry = benchmark::collect_container(host, id);
  const base::Json* known = entry_of(*facts_, "containers", id);
  if (known ? *known == entry : entry.is_null()) return {};
  if (!known || entry.is_null()) changed.reads |= benchmark::kReadsContainers;
  changed.containers.insert(id);
  return facts_->replace_in("containers", id, std::move(entry));
}

base::Result<void> LiveFacts::refresh_image(benchmark::HostReader& host, const std::string& id, Changed& changed) {
  if (!has_list(*facts_, "images")) return {};
  base::Json entry = benchmark::collect_image(host, id);
  const base::Json* known = entry_of(*facts_, "images", id);
  if (known ? *known == entry : entry.is_null()) return {};
  changed.reads |= benchmark::kReadsImages | benchmark::kReadsImage | benchmark::kReadsHistory;
  return facts_->replace_in("images", id, std::move(entry));
}

base::Result<void> LiveFacts::refresh_networks(benchmark::HostReader& host, Changed& changed) {
  const base::Json* engine = base::find(facts_->document(), "engine");
  if (!engine || !engine->is_object() || !base::find(*engine, "networks")) return {};
  base::JsonObject now = engine->get_object();
  now["networks"] = benchmark::collect_networks(host);
  return put("engine", std::move(now), benchmark::kReadsNetworks, changed);
}

base::Result<void> LiveFacts::refresh_engine(benchmark::HostReader& host, Changed& changed) {
  base::Json daemon = benchmark::collect_daemon(host);
  TRY(put("engine", benchmark::collect_engine(host), kAllOfEngine, changed));
  TRY(put("daemonConfig", benchmark::collect_daemon_config(host, daemon), kByOptions, changed));
  return put("daemon", std::move(daemon), benchmark::kReadsDaemon | kByOptions, changed);
}

base::Result<void> LiveFacts::refresh_host(benchmark::HostReader& host, Changed& changed) {
  base::Json daemon = benchmark::collect_daemon(host);
  TRY(put("daemonConfig", benchmark::collect_daemon_config(host, daemon), kByOptions, changed));
  TRY(put("mounts", benchmark::collect_mounts(host, daemon), benchmark::kReadsMounts, changed));
  TRY(put("daemon", std::move(daemon), benchmark::kReadsDaemon | kByOptions, changed));
  TRY(put("auditRules", benchmark::collect_audit(host), benchmark::kReadsAudit, changed));
  TRY(put("groups", benchmark::collect_groups(host), benchmark::kReadsGroups, changed));
  TRY(put("environment", benchmark::collect_environment(host), benchmark::kReadsEnvironment, changed));
  TRY(put("containerd", benchmark::collect_containerd(host), kByPlaces, changed));
  TRY(put("links", benchmark::collect_links(host), kByPlaces, changed));
  return put("files", benchmark::collect_files(host, without_lists(*facts_)), kByPlaces, changed);
}

base::Result<Changed> LiveFacts::refresh(benchmark::HostReader& host, const Touched& touched) {
  if (!facts_) return base::fail(base::Kind::not_found, "the facts were not collected yet");
  Changed changed;
  if (touched.engine) TRY(refresh_engine(host, changed));
  if (touched.host) TRY(refresh_host(host, changed));
  if (touched.networks && !touched.engine) TRY(refresh_networks(host, changed));
  for (const std::string& id : touched.images) TRY(refresh_image(host, id, changed));
  for (const std::string& id : touched.containers) TRY(refresh_container(host, id, changed));
  return changed;
}

}  // namespace agent
