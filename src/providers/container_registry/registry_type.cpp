// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "oci/reference.hpp"
#include "oci/registry_admin.hpp"
#include "providers/container_registry/container_registry.hpp"
#include "providers/container_registry/image_assessment.hpp"
#include "providers/container_registry/intake.hpp"
#include "providers/container_registry/registry_poll.hpp"
#include "providers/container_registry/types.hpp"

namespace providers {

namespace {

constexpr std::size_t kListCap = 200;

bool is_registry_name(std::string_view name) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.'; };
  return name.size() >= 2 && name.size() <= 63 && name.front() != '.' && std::all_of(name.begin(), name.end(), allowed);
}

// "https://registry.example.com:5000/" and "registry.example.com:5000" are the same registry.
base::Result<std::string> host_of(std::string_view text) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (text.substr(0, scheme.size()) == scheme) text.remove_prefix(scheme.size());
  while (!text.empty() && text.back() == '/') text.remove_suffix(1);
  const auto reference = oci::Reference::parse(std::string(text) + "/name:tag");
  if (text.empty() || text.find('/') != std::string_view::npos || !reference || reference->path != "name")
    return base::fail(base::Kind::invalid_input,
                      fmt::format("properties.loginServer '{}' is no registry's host, such as registry.example.com or 127.0.0.1:5000.", base::printable(text)));
  return reference->domain;
}

// A name that is no host is one of Azure's registries, whose clients cannot say where it is.
std::string default_host(const std::string& name) { return name.find('.') == std::string::npos ? name + ".azurecr.io" : name; }

base::Result<void> check_texts(const base::Json& holder, std::string_view name) {
  const auto* value = base::find(holder, name);
  if (!value || value->is_null()) return {};
  const bool fine = value->is_array() && value->get_array().size() <= kListCap &&
                    std::all_of(value->get_array().begin(), value->get_array().end(),
                                [](const base::Json& entry) { return entry.is_string() && entry.get_string().size() <= 10'000; });
  if (!fine) return base::fail(base::Kind::invalid_input, fmt::format("properties.{} must be a list of at most {} texts.", name, kListCap));
  return {};
}

base::Result<void> check_properties(const base::Json& properties) {
  if (const auto* minutes = base::find(properties, "pollMinutes")) {
    const auto value = base::get_int(properties, "pollMinutes");
    if (!value || *value < 0 || *value > 10'080)
      return base::fail(base::Kind::invalid_input, fmt::format("properties.pollMinutes must be a whole number from 0 (never) to 10080, not {}.", base::to_text(*minutes)));
  }
  const auto untagged = base::get_string(properties, "untaggedImages", "Ignore");
  if (untagged != "Ignore" && untagged != "Assess")
    return base::fail(base::Kind::invalid_input, "properties.untaggedImages must be Ignore or Assess.");
  for (const auto* list : {"signatureKeys", "repositories", "excludedRepositories", "platforms"}) TRY(check_texts(properties, list));
  for (const auto& platform : base::get_array(properties, "platforms")) TRY(oci::Platform::parse(base::as_string(platform)));
  const auto* enabled = base::find(properties, "scanEnabled");
  if (enabled && !enabled->is_bool()) return base::fail(base::Kind::invalid_input, "properties.scanEnabled must be true or false.");
  return {};
}

// Moves a secret from the body to the vault; an empty one takes it away.
base::Result<void> take_secret(const Services& services, store::Session& session, const std::string& owner,
                               base::JsonObject& properties, std::string_view name) {
  const auto* value = properties.if_contains(name);
  if (!value) return {};
  if (!value->is_string() || value->get_string().size() > 16'384)
    return base::fail(base::Kind::invalid_input, fmt::format("properties.{} must be a text.", name));
  TRY(services.vault.put(session, owner, std::string(name), std::string(base::as_string(*value))));
  properties.erase(name);
  return {};
}

base::Result<void> prepare_registry(const Services& services, const arm::Call& call, store::Session& session,
                                    arm::Resource& after) {
  if (!is_registry_name(after.id.name()))
    return base::fail(base::Kind::invalid_input, "A registry's name has 2 to 63 letters, digits, '-', '_' and '.'.");
  for (const auto& other : TRY(arm::load_resources(session, std::string(kRegistryType), "/")))
    if (base::equals_ignoring_case(other.id.name(), after.id.name()) && other.id.key() != after.id.key())
      return base::fail(base::Kind::conflict, fmt::format("There is a registry '{}' already, in resource group {}.", other.id.name(), other.id.resource_group()));
  if (!after.body.if_contains("properties") || !after.body["properties"].is_object()) after.body["properties"] = base::JsonObject{};
  after.body.emplace("location", "local");
  if (!after.body.if_contains("sku")) after.body["sku"] = base::JsonObject{{"name", "Standard"}};
  if (!after.body["sku"].is_object()) return base::fail(base::Kind::invalid_input, "sku must be an object.");
  const std::string sku(base::get_string(after.body["sku"], "name"));
  after.body["sku"] = base::JsonObject{{"name", sku.empty() ? "Standard" : sku}, {"tier", sku.empty() ? "Standard" : sku}};
  auto& properties = after.body["properties"].get_object();  // no member is added beside it from here on
  TRY(check_properties(after.body["properties"]));
  properties["loginServer"] = TRY(host_of(base::get_string(after.body["properties"], "loginServer", default_host(after.id.name()))));
  TRY(take_secret(services, session, after.id.key(), properties, "password"));
  TRY(take_secret(services, session, after.id.key(), properties, "webhookSecret"));
  if (!TRY(services.vault.get(session, after.id.key(), "webhookSecret")))
    TRY(services.vault.put(session, after.id.key(), "webhookSecret", base::random_token(32)));
  properties["provisioningState"] = "Succeeded";
  if (!properties.if_contains("creationDate")) properties["creationDate"] = arm::format_millis(call.now);
  if (!properties.if_contains("adminUserEnabled")) properties["adminUserEnabled"] = false;
  return {};
}

base::Result<void> registry_written(const Services& services, const arm::Call& call, store::Session& session,
                                    const arm::Resource& resource) {
  const auto registry = TRY(registry_of(resource, session, services.vault));
  for (const auto& image : TRY(live_images(session, registry.key()))) {
    if (image.scan_state == kOff && registry.enabled) TRY(queue_scan(services, session, registry, image, call.now));
    TRY(assess_images(services, session, registry, {registry.image_id(image.repository, image.digest).key()}, call.now));
  }
  if (registry.enabled) TRY(queue_poll(session, registry, {}, call.now));
  session.after_commit(services.wake_jobs);
  return {};
}

base::Result<void> remove_registry(const Services& services, const arm::Call& call, store::Session& session,
                                   const arm::Resource& resource) {
  const std::string key = resource.id.key();
  TRY(services.assessor.remove(session, key, "ResourceDeleted", call.now));
  TRY(session.run("DELETE FROM images WHERE registry_key = ?", {key}));
  TRY(session.run("DELETE FROM image_parents WHERE registry_key = ?", {key}));
  TRY(session.run("DELETE FROM tags WHERE registry_key = ?", {key}));
  TRY(session.run("DELETE FROM registry_deliveries WHERE registry_key = ?", {key}));
  return services.vault.remove(session, key);
}

base::Result<arm::Reply> test_connection(const Services& services, const arm::Call& call, const arm::ResourceId& id) {
  std::optional<Registry> registry;
  TRY(services.database.read([&](store::Session& session) -> base::Result<void> {
    auto stored = TRY(arm::load_resource(session, id.key()));
    arm::Resource resource = stored ? *stored : arm::Resource{id, {}, {}, 0, 0, {}, {}};
    if (call.body.is_object()) {  // what is not saved yet
      base::Json merged = base::Json(resource.body);
      base::merge_patch(merged, call.body);
      resource.body = merged.get_object();
    } else if (!stored) {
      return {};
    }
    registry = TRY(registry_of(resource, session, services.vault));
    const auto given = resource.text_property("password");
    if (!given.empty()) registry->password = given;
    return {};
  }));
  if (!registry) return arm::refuse(404, "ResourceNotFound", fmt::format("There is no registry '{}'.", id.name()));
  registry->login_server = TRY(host_of(registry->login_server));
  const RegistryConnection connection(*registry, services.allow_private_registries);
  const auto admin = TRY(oci::RegistryAdmin::open(registry->login_server, connection.registry_options()));
  const auto check = admin->check_connection();
  return arm::Reply{200,
                    base::JsonObject{{"reachable", check.answers},
                                     {"versionTwo", check.is_registry},
                                     {"authenticated", check.credentials_accepted},
                                     {"catalog", check.catalog_listed},
                                     {"message", check.message}},
                    {}};
}

base::Result<arm::Reply> scan_registry(const Services& services, const arm::Call& call, const arm::ResourceId& id) {
  std::size_t queued = 0;
  bool found = false;
  TRY(services.database.write([&](store::Session& session) -> base::Result<void> {
    const auto registry = TRY(load_registry(session, services.vault, id.key()));
    if (!registry) return {};
    found = true;
    TRY(queue_poll(session, *registry, {}, call.now));
    session.after_commit(services.wake_jobs);
    if (!base::get_bool(call.body, "rescan")) return {};
    for (const auto& image : TRY(live_images(session, registry->key()))) {
      TRY(queue_scan(services, session, *registry, image, call.now));
      ++queued;
    }
    return {};
  }));
  if (!found) return arm::refuse(404, "ResourceNotFound", fmt::format("There is no registry '{}'.", id.name()));
  return arm::Reply{202, base::JsonObject{{"queued", queued}}, {}};
}

base::Result<arm::Reply> renew_webhook_secret(const Services& services, const arm::Call&, const arm::ResourceId& id) {
  const std::string secret = base::random_token(32);
  TRY(services.database.write([&](store::Session& session) { return services.vault.put(session, id.key(), "webhookSecret", secret); }));
  return arm::Reply{200, base::JsonObject{{"secret", secret}, {"path", "/webhooks/registries/" + id.name()}}, {}};
}

}  // namespace

arm::ResourceType registry_type(const Services& services) {
  arm::ResourceType type;
  type.name = kRegistryType;
  type.api_versions = {"2025-11-01", "2025-04-01", "2023-07-01", "2022-12-01", "2019-05-01"};
  type.prepare = [&services](const arm::Call& call, store::Session& session, const arm::Resource*, arm::Resource& after) {
    return prepare_registry(services, call, session, after);
  };
  type.written = [&services](const arm::Call& call, store::Session& session, const arm::Resource& resource) {
    return registry_written(services, call, session, resource);
  };
  type.removing = [&services](const arm::Call& call, store::Session& session, const arm::Resource& resource) {
    return remove_registry(services, call, session, resource);
  };
  type.actions["testconnection"] = {"POST", [&services](const arm::Call& call, const arm::ResourceId& id) { return test_connection(services, call, id); }};
  type.actions["scan"] = {"POST", [&services](const arm::Call& call, const arm::ResourceId& id) { return scan_registry(services, call, id); }};
  type.actions["webhooksecret"] = {"POST", [&services](const arm::Call& call, const arm::ResourceId& id) { return renew_webhook_secret(services, call, id); }};
  return type;
}

}  // namespace providers
