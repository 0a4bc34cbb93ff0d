// SPDX-License-Identifier: Apache-2.0
#include "agent/inventory.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "agent/engine_rows.hpp"
#include "base/text.hpp"

namespace agent {

namespace {

constexpr std::size_t kMostOfAKind = 50'000;
constexpr std::size_t kThingsOfAMessage = 1'000;  // a container of 64 labels has 40 KB at the very most

base::Result<base::Json> ask_engine(benchmark::HostReader& host, const std::string& path) {
  const benchmark::EngineAnswer answer = TRY(host.get(path));
  if (answer.status == 404) return base::fail(base::Kind::not_found, fmt::format("GET {}: there is no such thing", path));
  if (answer.status / 100 != 2)
    return base::fail(base::Kind::unavailable, fmt::format("GET {}: the engine answered {}", path, answer.status));
  return base::parse_json(answer.body, "GET " + path);
}

base::Result<base::JsonArray> ask_list(benchmark::HostReader& host, const std::string& path, std::string_view member = {}) {
  base::Json json = TRY(ask_engine(host, path));
  base::Json* list = member.empty() ? &json : json.is_object() ? json.get_object().if_contains(member) : nullptr;
  if (list && list->is_null()) return base::JsonArray();  // as Go writes an empty one
  if (!list || !list->is_array()) return base::fail(base::Kind::invalid_input, fmt::format("GET {}: the answer is no list", path));
  if (list->get_array().size() > kMostOfAKind)
    return base::fail(base::Kind::too_large, fmt::format("GET {}: more than {} entries", path, kMostOfAKind));
  return std::move(list->get_array());
}

template <typename Thing, typename Key>
std::map<std::string, Thing> rows_of(const base::JsonArray& list, std::optional<Thing> (*row_of)(const base::Json&), Key key) {
  std::map<std::string, Thing> out;
  for (const base::Json& entry : list)
    if (auto row = row_of(entry)) {
      std::string name = (*row).*key;
      out.insert_or_assign(std::move(name), std::move(*row));
    }
  return out;
}

template <typename Thing>
void differences(const std::map<std::string, Thing>& before, const std::map<std::string, Thing>& now, std::vector<Thing>& changed,
                 std::vector<std::string>& gone) {
  for (const auto& [id, thing] : now)
    if (const auto at = before.find(id); at == before.end() || at->second != thing) changed.push_back(thing);
  for (const auto& [id, thing] : before)
    if (!now.contains(id)) gone.push_back(id);
}

// Moves the first of `from`, at most `most` in all, to `to`.
template <typename Item>
void move_some(std::vector<Item>& from, std::vector<Item>& to, std::size_t& most) {
  const auto count = static_cast<std::ptrdiff_t>(std::min(most, from.size()));
  std::move(from.begin(), from.begin() + count, std::back_inserter(to));
  from.erase(from.begin(), from.begin() + count);
  most -= static_cast<std::size_t>(count);
}

template <typename Thing>
std::vector<std::string> names_in(const std::vector<Thing>& things, std::string Thing::*key) {
  std::vector<std::string> out;
  for (const Thing& thing : things) out.push_back(thing.*key);
  return out;
}

void append_to(std::vector<std::string>& all, std::vector<std::string> more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

}  // namespace

void take_container(const std::string& id, const benchmark::ContainerFacts* container, Things& things) {
  if (!container) {
    things.containers.erase(id);
    return;
  }
  if (!container->inspect.value && things.containers.contains(id)) return;
  uplink::Container row = container->inspect.value ? container_of(*container->inspect.value) : uplink::Container{};
  row.id = id;  // an engine that lies about it would make two of one
  if (row.name.empty()) row.name = container->name;
  things.containers.insert_or_assign(id, std::move(row));
}

void take_containers(const benchmark::HostFacts& facts, Things& things) {
  if (facts.engine_kind() == benchmark::EngineKind::none) things.containers.clear();
  if (!facts.container_list().value) return;
  std::set<std::string> there;
  for (const benchmark::ContainerFacts& container : facts.containers())
    if (!container.id.empty() && there.insert(container.id).second) take_container(container.id, &container, things);
  std::erase_if(things.containers, [&there](const auto& known) { return !there.contains(known.first); });
}

base::Result<void> take_images(benchmark::HostReader& host, Things& things) {
  things.images = rows_of(TRY(ask_list(host, "/images/json")), image_of, &uplink::Image::id);
  return {};
}

base::Result<void> take_networks(benchmark::HostReader& host, Things& things) {
  things.networks = rows_of(TRY(ask_list(host, "/networks")), network_of, &uplink::Network::id);
  return {};
}

base::Result<void> take_volumes(benchmark::HostReader& host, Things& things) {
  things.volumes = rows_of(TRY(ask_list(host, "/volumes", "Volumes")), volume_of, &uplink::Volume::name);
  return {};
}

uplink::Inventory changes_between(const Things& before, const Things& now) {
  uplink::Inventory out;
  differences(before.containers, now.containers, out.containers, out.gone_containers);
  differences(before.images, now.images, out.images, out.gone_images);
  differences(before.networks, now.networks, out.networks, out.gone_networks);
  differences(before.volumes, now.volumes, out.volumes, out.gone_volumes);
  return out;
}

bool is_empty(const uplink::Inventory& inventory) {
  return inventory.containers.empty() && inventory.images.empty() && inventory.networks.empty() && inventory.volumes.empty() &&
         inventory.gone_containers.empty() && inventory.gone_images.empty() && inventory.gone_networks.empty() &&
         inventory.gone_volumes.empty();
}

std::vector<uplink::Inventory> change_messages(uplink::Inventory changes) {
  std::vector<uplink::Inventory> out;
  while (!is_empty(changes)) {
    uplink::Inventory& part = out.emplace_back();
    std::size_t most = kThingsOfAMessage;
    move_some(changes.containers, part.containers, most);
    move_some(changes.images, part.images, most);
    move_some(changes.networks, part.networks, most);
    move_some(changes.volumes, part.volumes, most);
    move_some(changes.gone_containers, part.gone_containers, most);
    move_some(changes.gone_images, part.gone_images, most);
    move_some(changes.gone_networks, part.gone_networks, most);
    move_some(changes.gone_volumes, part.gone_volumes, most);
  }
  return out;
}

std::vector<uplink::Inventory> whole_messages(const Things& things) {
  std::vector<uplink::Inventory> out = change_messages(changes_between({}, things));
  if (out.empty()) out.emplace_back();
  uplink::Inventory& last = out.back();
  last.whole = true;
  for (std::size_t i = 0; i + 1 < out.size(); ++i) {
    append_to(last.kept_containers, names_in(out[i].containers, &uplink::Container::id));
    append_to(last.kept_images, names_in(out[i].images, &uplink::Image::id));
    append_to(last.kept_networks, names_in(out[i].networks, &uplink::Network::id));
    append_to(last.kept_volumes, names_in(out[i].volumes, &uplink::Volume::name));
  }
  return out;
}

}  // namespace agent
