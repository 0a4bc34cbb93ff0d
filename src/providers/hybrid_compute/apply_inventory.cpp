// SPDX-License-Identifier: Apache-2.0
// What stands on a host: written where it differs, and nowhere else.
#include <fmt/format.h>

#include <set>
#include <unordered_map>
#include <unordered_set>

#include "arm/resource.hpp"
#include "base/text.hpp"
#include "providers/hybrid_compute/apply.hpp"
#include "providers/hybrid_compute/host_records.hpp"
#include "security/finding_text.hpp"

namespace providers::hybrid_compute {

namespace {

constexpr std::size_t kMostOfAKind = 50'000;  // containers, images … of one host; further ones are passed over
constexpr std::size_t kMostPorts = 256, kMostLabels = 64, kMostNames = 64, kMostDigests = 64;
constexpr std::size_t kIdBytes = 512;

base::Json time_json(std::int64_t ms) {
  return ms <= 0 || ms > 253'402'300'799'000 ? base::Json(nullptr) : base::Json(arm::format_millis(ms));
}

base::JsonObject container_detail(const uplink::Container& container) {
  base::JsonObject labels;
  for (const auto& label : container.labels)
    if (labels.size() < kMostLabels) labels[security::stored_text(label.first)] = security::stored_text(label.second);
  return {{"id", security::stored_text(container.id)},
          {"name", security::stored_text(container.name)},
          {"image", security::stored_text(container.image)},
          {"imageId", security::stored_text(container.image_id)},
          {"state", security::stored_text(container.state)},
          {"created", time_json(container.created_at)},
          {"started", time_json(container.started_at)},
          {"finished", time_json(container.finished_at)},
          {"exitCode", container.exit_code ? base::Json(*container.exit_code) : base::Json(nullptr)},
          {"restarts", container.restarts},
          {"privileged", container.privileged},
          {"user", security::stored_text(container.user)},
          {"networkMode", security::stored_text(container.network_mode)},
          {"ports", safe_texts(container.ports, kMostPorts)},
          {"command", security::stored_text(container.command)},
          {"labels", std::move(labels)},
          {"management", management_json(container.management)}};
}

base::JsonObject image_detail(const uplink::Image& image) {
  return {{"id", security::stored_text(image.id)}, {"names", safe_texts(image.names, kMostNames)}, {"digests", safe_texts(image.digests, kMostDigests)},
          {"size", image.size_bytes}, {"created", time_json(image.created_at)}};
}

// What is stored of one kind, by id.
struct StoredThing {
  std::string name, state, detail;
};
using StoredThings = std::unordered_map<std::string, StoredThing>;

base::Result<StoredThings> stored_things(Taking& taking, std::string_view sql, const std::string& kind = {}) {
  StoredThings out;
  std::vector<store::Value> parameters{std::string_view(taking.machine.key)};
  if (!kind.empty()) parameters.emplace_back(std::string_view(kind));
  TRY(taking.session.query(sql, parameters, [&](const store::Row& row) {
    out.emplace(std::string(row.text(0)), StoredThing{std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3))});
  }));
  return out;
}

// The ids that are gone: named as such, or, of a whole inventory, neither listed nor kept.
std::vector<std::string> gone_ids(const StoredThings& stored, bool whole, const std::unordered_set<std::string>& listed, const std::vector<std::string>& kept,
                                  const std::vector<std::string>& gone) {
  std::vector<std::string> out;
  if (!whole) {
    for (const std::string& id : gone)
      if (const std::string safe = security::stored_text(id); stored.count(safe) > 0) out.push_back(safe);
    return out;
  }
  std::unordered_set<std::string> staying = listed;
  for (const std::string& id : kept) staying.insert(security::stored_text(id));
  for (const auto& thing : stored)
    if (staying.count(thing.first) == 0) out.push_back(thing.first);
  return out;
}

bool fits(const std::string& id) { return !id.empty() && id.size() <= kIdBytes; }

// ---- Containers

class Containers {
 public:
  explicit Containers(Taking& taking) : taking_(taking), first_(taking.machine.inventory_at == 0) {}

  base::Result<void> apply(const uplink::Inventory& inventory) {
    stored_ = TRY(stored_things(taking_, "SELECT id, name, state, detail FROM host_containers WHERE machine_key = ?"));
    std::unordered_set<std::string> listed;
    for (const uplink::Container& container : inventory.containers) {
      if (!fits(container.id)) continue;
      const std::string id = security::stored_text(container.id);
      if (listed.insert(id).second) TRY(put(id, container));
    }
    for (const std::string& id : gone_ids(stored_, inventory.whole, listed, inventory.kept_containers, inventory.gone_containers)) TRY(remove(id));
    return {};
  }

 private:
  base::Result<void> put(const std::string& id, const uplink::Container& container) {
    const base::JsonObject detail = container_detail(container);
    const std::string text = base::to_text(detail), name(base::as_string(detail.at("name"))), state(base::as_string(detail.at("state")));
    const auto before = stored_.find(id);
    if (before == stored_.end() && stored_.size() >= kMostOfAKind) return {};
    if (before != stored_.end() && before->second.detail == text) return {};
    const std::string image_id(base::as_string(detail.at("imageId")));
    TRY(taking_.session.run("INSERT INTO host_containers (machine_key, id, name, image_id, state, detail) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (machine_key, id) DO "
                            "UPDATE SET name = excluded.name, image_id = excluded.image_id, state = excluded.state, detail = excluded.detail",
                            {std::string_view(taking_.machine.key), std::string_view(id), std::string_view(name), std::string_view(image_id), std::string_view(state),
                             std::string_view(text)}));
    taking_.effects.containers = true;
    const std::string old = before == stored_.end() ? std::string() : before->second.state;
    if (old != state && !first_) TRY(note(taking_, {"container", fmt::format("{} ({})", name, base::as_string(detail.at("image"))), old, state}));
    TRY(record_container(taking_.session, taking_.machine, detail, taking_.at));
    stored_[id] = {name, state, text};
    return {};
  }

  base::Result<void> remove(const std::string& id) {
    TRY(taking_.session.run("DELETE FROM host_containers WHERE machine_key = ? AND id = ?", {std::string_view(taking_.machine.key), std::string_view(id)}));
    taking_.effects.containers = true;
    const StoredThing& thing = stored_.at(id);
    TRY(note(taking_, {"container", thing.name, thing.state, "removed"}));
    auto detail = base::parse_json(thing.detail, "a container").value_or(base::JsonObject{});
    if (!detail.is_object()) return {};
    detail.get_object()["state"] = "deleted";
    return record_container(taking_.session, taking_.machine, detail.get_object(), taking_.at);
  }

  Taking& taking_;
  const bool first_;  // what stood there before the hub knew the host is no change
  StoredThings stored_;
};

// ---- Images

// "sha256:…" of "nginx@sha256:…".
std::string digest_of(std::string_view name) { return security::stored_text(base::cut_last(name, "@").second); }

base::Result<void> put_digests(Taking& taking, const std::string& id, const uplink::Image& image) {
  TRY(taking.session.run("DELETE FROM host_image_digests WHERE machine_key = ? AND image_id = ?", {std::string_view(taking.machine.key), std::string_view(id)}));
  std::set<std::string> digests;
  for (const std::string& name : image.digests)
    if (digests.size() < kMostDigests && name.size() <= kIdBytes && name.find('@') != std::string::npos) digests.insert(digest_of(name));
  for (const std::string& digest : digests)
    TRY(taking.session.run("INSERT INTO host_image_digests (machine_key, image_id, digest) VALUES (?, ?, ?)",
                           {std::string_view(taking.machine.key), std::string_view(id), std::string_view(digest)}));
  return {};
}

class Images {
 public:
  explicit Images(Taking& taking) : taking_(taking), first_(taking.machine.inventory_at == 0) {}

  base::Result<void> apply(const uplink::Inventory& inventory) {
    stored_ = TRY(stored_things(taking_, "SELECT id, name, '', detail FROM host_images WHERE machine_key = ?"));
    std::unordered_set<std::string> listed;
    for (const uplink::Image& image : inventory.images) {
      if (!fits(image.id)) continue;
      const std::string id = security::stored_text(image.id);
      if (listed.insert(id).second) TRY(put(id, image));
    }
    for (const std::string& id : gone_ids(stored_, inventory.whole, listed, inventory.kept_images, inventory.gone_images)) TRY(remove(id));
    return {};
  }

 private:
  base::Result<void> put(const std::string& id, const uplink::Image& image) {
    const std::string text = base::to_text(image_detail(image));
    const std::string name = image.names.empty() ? id : security::stored_text(image.names.front());
    const auto before = stored_.find(id);
    if (before == stored_.end() && stored_.size() >= kMostOfAKind) return {};
    if (before != stored_.end() && before->second.detail == text) return {};
    TRY(taking_.session.run("INSERT INTO host_images (machine_key, id, name, detail, set_id, asked_at) VALUES (?, ?, ?, ?, NULL, 0) ON CONFLICT (machine_key, id) DO "
                            "UPDATE SET name = excluded.name, detail = excluded.detail",
                            {std::string_view(taking_.machine.key), std::string_view(id), std::string_view(name), std::string_view(text)}));
    TRY(put_digests(taking_, id, image));
    taking_.effects.containers = true;
    if (before == stored_.end() && !first_) TRY(note(taking_, {"image", name, "", "there", id}));
    if (before != stored_.end() && before->second.name != name) TRY(note(taking_, {"image", name, before->second.name, name, id}));
    stored_[id] = {name, "", text};
    return {};
  }

  base::Result<void> remove(const std::string& id) {
    for (const std::string_view sql : {"DELETE FROM host_images WHERE machine_key = ? AND id = ?", "DELETE FROM host_image_digests WHERE machine_key = ? AND image_id = ?"})
      TRY(taking_.session.run(sql, {std::string_view(taking_.machine.key), std::string_view(id)}));
    taking_.effects.containers = true;
    return note(taking_, {"image", stored_.at(id).name, "there", "removed", id});
  }

  Taking& taking_;
  const bool first_;
  StoredThings stored_;
};

// ---- Networks and volumes, of which nothing else hangs

struct Thing {
  std::string id, detail;
};

base::Result<void> apply_things(Taking& taking, const std::string& kind, const std::vector<Thing>& things, bool whole, const std::vector<std::string>& kept,
                                const std::vector<std::string>& gone) {
  const StoredThings stored = TRY(stored_things(taking, "SELECT id, '', '', detail FROM host_objects WHERE machine_key = ? AND kind = ?", kind));
  std::unordered_set<std::string> listed;
  std::size_t count = stored.size();
  for (const Thing& thing : things) {
    if (!fits(thing.id) || !listed.insert(thing.id).second) continue;
    const auto before = stored.find(thing.id);
    if (before == stored.end() && ++count > kMostOfAKind) continue;
    if (before != stored.end() && before->second.detail == thing.detail) continue;
    TRY(taking.session.run("INSERT INTO host_objects (machine_key, kind, id, detail) VALUES (?, ?, ?, ?) ON CONFLICT (machine_key, kind, id) DO UPDATE SET detail = "
                           "excluded.detail",
                           {std::string_view(taking.machine.key), std::string_view(kind), std::string_view(thing.id), std::string_view(thing.detail)}));
  }
  for (const std::string& id : gone_ids(stored, whole, listed, kept, gone))
    TRY(taking.session.run("DELETE FROM host_objects WHERE machine_key = ? AND kind = ? AND id = ?",
                           {std::string_view(taking.machine.key), std::string_view(kind), std::string_view(id)}));
  return {};
}

base::Result<void> apply_networks(Taking& taking, const uplink::Inventory& inventory) {
  std::vector<Thing> networks;
  for (const uplink::Network& network : inventory.networks) {
    const std::string id = security::stored_text(network.id);
    networks.push_back({id, base::to_text(base::JsonObject{{"id", id}, {"name", security::stored_text(network.name)}, {"driver", security::stored_text(network.driver)},
                                                           {"scope", security::stored_text(network.scope)}})});
  }
  return apply_things(taking, "network", networks, inventory.whole, inventory.kept_networks, inventory.gone_networks);
}

base::Result<void> apply_volumes(Taking& taking, const uplink::Inventory& inventory) {
  std::vector<Thing> volumes;
  for (const uplink::Volume& volume : inventory.volumes) {
    const std::string name = security::stored_text(volume.name);
    volumes.push_back({name, base::to_text(base::JsonObject{{"id", name}, {"name", name}, {"driver", security::stored_text(volume.driver)},
                                                            {"mountpoint", security::stored_text(volume.mountpoint)}})});
  }
  return apply_things(taking, "volume", volumes, inventory.whole, inventory.kept_volumes, inventory.gone_volumes);
}

}  // namespace

base::Result<void> apply(Taking& taking, const uplink::Inventory& inventory) {
  TRY(Containers(taking).apply(inventory));
  TRY(Images(taking).apply(inventory));
  TRY(apply_networks(taking, inventory));
  TRY(apply_volumes(taking, inventory));
  if (inventory.whole) taking.machine.inventory_at = taking.at;
  return {};
}

}  // namespace providers::hybrid_compute
