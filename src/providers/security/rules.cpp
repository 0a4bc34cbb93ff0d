// SPDX-License-Identifier: Apache-2.0
// Bulwark.Security: disable rules and exemptions (what does not count), and the channels of notifications.
#include <fmt/format.h>

#include "base/text.hpp"
#include "providers/security/security.hpp"
#include "providers/security/types.hpp"
#include "security/notifications.hpp"
#include "security/rules.hpp"

namespace providers {

namespace {

// Rules change verdicts at and below their scope, and what shows them.
std::function<base::Result<void>(const arm::Call&, store::Session&, const arm::Resource&)> reassess_after(const Services& services) {
  return [&services](const arm::Call& call, store::Session& session, const arm::Resource& rule) {
    return services.assessor.reassess_scope(session, rule.id.parent().key(), call.now);
  };
}

// Before it is deleted the rule is still there to be obeyed: it is taken away first.
std::function<base::Result<void>(const arm::Call&, store::Session&, const arm::Resource&)> reassess_without(const Services& services) {
  return [&services](const arm::Call& call, store::Session& session, const arm::Resource& rule) -> base::Result<void> {
    TRY(arm::delete_resource(session, rule.id.key()));
    return services.assessor.reassess_scope(session, rule.id.parent().key(), call.now);
  };
}

base::Result<void> take_channel_secret(const Services& services, store::Session& session, const std::string& owner, base::JsonObject& properties,
                                       std::string_view name) {
  const auto* value = properties.if_contains(name);
  if (!value) return {};
  if (!value->is_string() || value->get_string().size() > 4096) return base::fail(base::Kind::invalid_input, fmt::format("properties.{} must be a text.", name));
  TRY(services.vault.put(session, owner, std::string(name), std::string(base::as_string(*value))));
  properties.erase(name);
  return {};
}

// One message of type test, at once; what the receiver said where it did not take it.
base::Result<arm::Reply> test_channel(const Services& services, const arm::Call& call, const arm::ResourceId& id) {
  std::optional<arm::Resource> resource;
  TRY(services.database.read([&](store::Session& session) -> base::Result<void> {
    resource = TRY(arm::load_resource(session, id.key()));
    return {};
  }));
  if (!resource) return arm::refuse(404, "ResourceNotFound", fmt::format("There is no notification channel '{}'.", id.name()));
  const auto channel = TRY(security::parse_channel(id.key(), id.name(), resource->body));
  const auto transport = net::curl_transport({});
  const auto sent = security::send_test(services.database, {*transport, services.vault, call.origin()}, channel, call.now);
  return arm::Reply{200, base::JsonObject{{"sent", sent.has_value()}, {"message", sent ? std::string("The receiver took it.") : sent.error().message}}, {}};
}

}  // namespace

arm::ResourceType disable_rules_type(const Services& services) {
  arm::ResourceType type;
  type.name = "Bulwark.Security/disableRules";
  type.api_versions = {"2026-01-01"};
  type.prepare = [](const arm::Call&, store::Session&, const arm::Resource*, arm::Resource& after) -> base::Result<void> {
    TRY(security::parse_disable_rule(after.id.key(), after.id.name(), after.body));
    return {};
  };
  type.written = reassess_after(services);
  type.removing = reassess_without(services);
  return type;
}

arm::ResourceType exemptions_type(const Services& services) {
  arm::ResourceType type;
  type.name = "Bulwark.Security/exemptions";
  type.api_versions = {"2026-01-01"};
  type.prepare = [](const arm::Call& call, store::Session&, const arm::Resource*, arm::Resource& after) -> base::Result<void> {
    TRY(security::parse_exemption(after.id.key(), after.body));
    after.body["properties"].as_object().insert_or_assign("createdBy", call.who());
    return {};
  };
  type.written = reassess_after(services);
  type.removing = reassess_without(services);
  return type;
}

arm::ResourceType notification_channels_type(const Services& services) {
  arm::ResourceType type;
  type.name = "Bulwark.Security/notificationChannels";
  type.api_versions = {"2026-01-01"};
  type.prepare = [&services](const arm::Call&, store::Session& session, const arm::Resource*, arm::Resource& after) -> base::Result<void> {
    auto* properties = after.body.if_contains("properties");
    if (!properties || !properties->is_object()) return base::fail(base::Kind::invalid_input, "properties is missing.");
    TRY(take_channel_secret(services, session, after.id.key(), properties->get_object(), "secret"));
    TRY(take_channel_secret(services, session, after.id.key(), properties->get_object(), "password"));
    TRY(security::parse_channel(after.id.key(), after.id.name(), after.body));
    return {};
  };
  type.actions["test"] = {"POST", [&services](const arm::Call& call, const arm::ResourceId& id) { return test_channel(services, call, id); }};
  type.removing = [&services](const arm::Call&, store::Session& session, const arm::Resource& channel) {
    return services.vault.remove(session, channel.id.key());
  };
  return type;
}

void declare_security(arm::ResourceManager& manager, const Services& services, const security::Recommendations& recommendations) {
  manager.declare(assessments_type(recommendations));
  manager.declare(sub_assessments_type(recommendations));
  manager.declare(all_sub_assessments_type(recommendations));
  manager.declare(tasks_type(recommendations));
  manager.declare(assessment_metadata_type(recommendations));
  manager.declare(pricings_type(services));
  manager.declare(secure_scores_type(recommendations));
  manager.declare(secure_score_controls_type(recommendations));
  manager.declare(score_controls_below_type(recommendations));
  manager.declare(secure_score_definitions_type(recommendations));
  manager.declare(disable_rules_type(services));
  manager.declare(exemptions_type(services));
  manager.declare(notification_channels_type(services));
}

}  // namespace providers
