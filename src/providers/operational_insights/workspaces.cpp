// SPDX-License-Identifier: Apache-2.0
#include "providers/operational_insights/workspaces.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/base64.hpp"
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "providers/operational_insights/types.hpp"
#include "providers/operational_insights/workspace_tables.hpp"
#include "providers/property_checks.hpp"

namespace providers {

namespace {

constexpr std::string_view kPrimaryKey = "primarySharedKey", kSecondaryKey = "secondarySharedKey";
constexpr std::string_view kSkus[] = {"PerGB2018", "Free", "Standard", "Premium", "PerNode", "Standalone", "CapacityReservation", "LACluster"};
constexpr std::string_view kAccessWords[] = {"Enabled", "Disabled", "SecuredByPerimeter"};

bool is_workspace_name(std::string_view name) {
  const auto alphanumeric = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  return name.size() >= 4 && name.size() <= 63 && alphanumeric(name.front()) && alphanumeric(name.back()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return alphanumeric(c) || c == '-'; });
}

std::string new_shared_key() { return base::base64_encode(base::random_bytes(64)); }

base::Result<void> ensure_shared_keys(store::Session& session, const store::Vault& vault, const std::string& key) {
  for (const auto name : {kPrimaryKey, kSecondaryKey})
    if (!TRY(vault.get(session, key, std::string(name)))) TRY(vault.put(session, key, std::string(name), new_shared_key()));
  return {};
}

base::Result<void> check_workspace(const base::Json& properties) {
  const Holder holder{properties};
  TRY(check_whole(holder, "retentionInDays", kShortestRetentionDays, workspace::kLongestRetentionDays));
  for (const auto* object : {"sku", "features", "workspaceCapping"}) TRY(check_object(holder, object));
  for (const auto* access : {"publicNetworkAccessForIngestion", "publicNetworkAccessForQuery"}) TRY(check_word(holder, access, kAccessWords));
  if (const auto* sku = base::find(properties, "sku")) TRY(check_word({*sku, "properties.sku"}, "name", kSkus));
  if (const auto* features = base::find(properties, "features"))
    for (const auto* flag : {"enableLogAccessUsingOnlyResourcePermissions", "disableLocalAuth"}) TRY(check_flag({*features, "properties.features"}, flag));
  return {};
}

// What the hub says of a workspace, whatever was sent; the rest where it was left out.
void complete_workspace(base::JsonObject& properties, const arm::Resource* before, store::Millis now) {
  properties["provisioningState"] = "Succeeded";
  properties["customerId"] = before ? before->text_property("customerId") : base::uuid4();
  properties["createdDate"] = before ? std::string(before->text_property("createdDate")) : arm::format_millis(now);
  properties["modifiedDate"] = arm::format_millis(now);
  const auto add = [&](std::string_view name, base::Json value) { properties.emplace(name, std::move(value)); };
  add("retentionInDays", 30);
  add("sku", base::JsonObject{{"name", kSkus[0]}});
  add("features", base::JsonObject{{"enableLogAccessUsingOnlyResourcePermissions", true}});
  add("workspaceCapping", base::JsonObject{{"dailyQuotaGb", -1.0}, {"dataIngestionStatus", "RespectQuota"}});
  for (const auto* access : {"publicNetworkAccessForIngestion", "publicNetworkAccessForQuery"}) add(access, base::Json(kAccessWords[0]));
}

base::Result<void> prepare_workspace(const Services& services, const arm::Call& call, store::Session& session, const arm::Resource* before,
                                     arm::Resource& after) {
  if (!is_workspace_name(after.id.name()))
    return base::fail(base::Kind::invalid_input, "A workspace's name has 4 to 63 letters, digits and '-', and begins and ends with a letter or digit.");
  after.body.emplace("location", "local");
  if (!after.body.if_contains("properties")) after.body["properties"] = base::JsonObject();
  TRY(check_workspace(after.body["properties"]));
  complete_workspace(after.body["properties"].get_object(), before, call.now);
  return ensure_shared_keys(session, services.vault, after.id.key());
}

base::Result<void> remove_workspace(const Services& services, const WorkspaceTables& tables, store::Session& session, const arm::Resource& resource) {
  if (base::equals_ignoring_case(resource.id.name(), kDefaultWorkspace) && base::equals_ignoring_case(resource.id.resource_group(), services.resource_group))
    return base::fail(base::Kind::conflict, "The workspace 'default' cannot be deleted: the hub itself writes to it.");
  const std::string key = resource.id.key();
  for (const auto type : {kTableType, kSavedSearchType})
    for (const auto& below : TRY(arm::load_resources(session, std::string(type), key))) TRY(arm::delete_resource(session, below.id.key()));
  TRY(services.vault.remove(session, key));
  if (tables.remove_workspace) session.after_commit([&tables, ref = Workspace::of(resource).ref] { tables.remove_workspace(ref); });
  return {};
}

base::Result<void> workspace_written(const WorkspaceTables& tables, store::Session& session, const arm::Resource& resource) {
  if (!tables.set_up_workspace) return {};
  const auto workspace = Workspace::of(resource);
  auto specs = TRY(load_table_specs(session, tables, workspace));
  session.after_commit([&tables, workspace, specs = std::move(specs)] { tables.set_up_workspace(workspace.ref, specs, workspace.retention_days); });
  return {};
}

arm::Reply keys_reply(const SharedKeys& keys) {
  return {200, base::JsonObject{{kPrimaryKey, keys.primary}, {kSecondaryKey, keys.secondary}}, {}};
}

base::Result<arm::Reply> show_keys(const Services& services, const arm::ResourceId& id) {
  std::optional<SharedKeys> keys;
  TRY(services.database.read([&](store::Session& session) -> base::Result<void> {
    if (TRY(arm::load_resource(session, id.key()))) keys = TRY(load_shared_keys(session, services.vault, id.key()));
    return {};
  }));
  return keys ? keys_reply(*keys) : no_such_workspace(id);
}

// The primary key becomes the secondary one, so that senders can be told one after the other.
base::Result<arm::Reply> renew_keys(const Services& services, const arm::ResourceId& id) {
  std::optional<SharedKeys> keys;
  TRY(services.database.write([&](store::Session& session) -> base::Result<void> {
    if (!TRY(arm::load_resource(session, id.key()))) return {};
    const auto old = TRY(load_shared_keys(session, services.vault, id.key()));
    keys = SharedKeys{new_shared_key(), old.primary};
    TRY(services.vault.put(session, id.key(), std::string(kPrimaryKey), keys->primary));
    return services.vault.put(session, id.key(), std::string(kSecondaryKey), keys->secondary);
  }));
  return keys ? keys_reply(*keys) : no_such_workspace(id);
}

}  // namespace

Workspace Workspace::of(const arm::Resource& resource) {
  Workspace out;
  out.ref = {std::string(resource.text_property("customerId")), resource.id.text(), resource.id.name()};
  out.key = resource.id.key();
  out.in_default_group = base::equals_ignoring_case(resource.id.resource_group(), "default");
  const auto& properties = *resource.body.if_contains("properties");
  out.retention_days = static_cast<int>(base::get_int(properties, "retentionInDays").value_or(30));
  const base::Json features(base::get_object(properties, "features"));
  out.resource_rights_suffice = base::get_bool(features, "enableLogAccessUsingOnlyResourcePermissions", true);
  out.keys_are_refused = base::get_bool(features, "disableLocalAuth");
  return out;
}

base::Result<std::vector<Workspace>> load_workspaces(store::Session& session) {
  std::vector<Workspace> workspaces;
  for (const auto& resource : TRY(arm::load_resources(session, std::string(kWorkspaceType), "/"))) workspaces.push_back(Workspace::of(resource));
  return workspaces;
}

const Workspace* find_workspace(const std::vector<Workspace>& workspaces, std::string_view name) {
  const Workspace* found = nullptr;
  std::size_t of_that_name = 0;
  for (const auto& one : workspaces) {
    if (base::equals_ignoring_case(one.ref.id, name) || base::equals_ignoring_case(one.ref.resource_id, name)) return &one;
    if (!base::equals_ignoring_case(one.ref.name, name)) continue;
    ++of_that_name;
    if (!found || one.in_default_group) found = &one;
  }
  return of_that_name > 1 && !found->in_default_group ? nullptr : found;
}

base::Result<Workspace> ensure_default_workspace(store::Session& session, const store::Vault& vault, const std::string& subscription_id) {
  arm::Resource resource;
  resource.id = TRY(arm::ResourceId::parse(fmt::format("/subscriptions/{}/resourceGroups/default/providers/{}/{}", subscription_id, kWorkspaceType, kDefaultWorkspace)));
  if (const auto there = TRY(arm::load_resource(session, resource.id.key()))) return Workspace::of(*there);
  resource.body = {{"location", "local"}, {"tags", base::JsonObject()}, {"properties", base::JsonObject()}};
  complete_workspace(resource.body["properties"].get_object(), nullptr, store::now_ms());
  TRY(ensure_shared_keys(session, vault, resource.id.key()));
  TRY(arm::save_resource(session, resource, "bulwark", store::now_ms()));
  return Workspace::of(resource);
}

base::Result<SharedKeys> load_shared_keys(store::Session& session, const store::Vault& vault, const std::string& workspace_key) {
  return SharedKeys{TRY(vault.get(session, workspace_key, std::string(kPrimaryKey))).value_or(""),
                    TRY(vault.get(session, workspace_key, std::string(kSecondaryKey))).value_or("")};
}

arm::ResourceType workspaces_type(const Services& services, const WorkspaceTables& tables) {
  arm::ResourceType type;
  type.name = kWorkspaceType;
  type.api_versions = {"2023-09-01", "2022-10-01", "2021-06-01", "2020-08-01", "2017-10-01"};
  type.list = list_whole(kWorkspaceType);
  type.prepare = [&services](const arm::Call& call, store::Session& session, const arm::Resource* before, arm::Resource& after) {
    return prepare_workspace(services, call, session, before, after);
  };
  type.written = [&tables](const arm::Call&, store::Session& session, const arm::Resource& resource) { return workspace_written(tables, session, resource); };
  type.removing = [&services, &tables](const arm::Call&, store::Session& session, const arm::Resource& resource) {
    return remove_workspace(services, tables, session, resource);
  };
  for (const auto* name : {"sharedkeys", "listkeys"})
    type.actions[name] = {"POST", [&services](const arm::Call&, const arm::ResourceId& id) { return show_keys(services, id); }};
  add_workspace_facts(type, services, tables);
  add_workspace_purge(type, services, tables);
  type.actions["regeneratesharedkey"] = {"POST", [&services](const arm::Call&, const arm::ResourceId& id) { return renew_keys(services, id); }};
  return type;
}

}  // namespace providers
