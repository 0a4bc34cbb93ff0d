// SPDX-License-Identifier: Apache-2.0
// Bulwark.Security: disable rules and exemptions (what does not count), and the channels of notifications.
#include <fmt/format.h>

#include "base/text.hpp"
#include "providers/security/security.hpp"
#include "providers/security/types.hpp"
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

base::Result<void> check_channel(const base::Json& properties) {
  const auto kind = base::get_string(properties, "kind");
  if (kind == "Webhook") {
    const auto url = base::get_string(properties, "url");
    if (url.substr(0, 8) != "https://" && url.substr(0, 7) != "http://")
      return base::fail(base::Kind::invalid_input, "properties.url must be an https:// or http:// address.");
  } else if (kind == "Email") {
    for (const auto* name : {"host", "from"})
      if (base::get_string(properties, name).empty()) return base::fail(base::Kind::invalid_input, fmt::format("properties.{} is missing.", name));
    if (base::get_array(properties, "to").empty()) return base::fail(base::Kind::invalid_input, "properties.to must name at least one address.");
  } else {
    return base::fail(base::Kind::invalid_input, "properties.kind must be Webhook or Email.");
  }
  for (const auto& event : base::get_array(properties, "events")) {
    const auto name = base::as_string(event);
    if (name != "NewRecommendation" && name != "NewFinding" && name != "ScanFailed")
      return base::fail(base::Kind::invalid_input, fmt::format("properties.events: '{}' is none of NewRecommendation, NewFinding, ScanFailed.", base::printable(name)));
  }
  return {};
}

}  // namespace

arm::ResourceType disable_rules_type(const Services& services) {
  arm::ResourceType type;
  type.name = "Bulwark.Security/disableRules";
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
  type.prepare = [&services](const arm::Call&, store::Session& session, const arm::Resource*, arm::Resource& after) -> base::Result<void> {
    auto* properties = after.body.if_contains("properties");
    if (!properties || !properties->is_object()) return base::fail(base::Kind::invalid_input, "properties is missing.");
    TRY(check_channel(*properties));
    TRY(take_channel_secret(services, session, after.id.key(), properties->get_object(), "secret"));
    return take_channel_secret(services, session, after.id.key(), properties->get_object(), "password");
  };
  type.removing = [&services](const arm::Call&, store::Session& session, const arm::Resource& channel) {
    return services.vault.remove(session, channel.id.key());
  };
  return type;
}

void declare_security(arm::ResourceManager& manager, const Services& services, const security::Recommendations& recommendations) {
  manager.declare(assessments_type(recommendations));
  manager.declare(sub_assessments_type(recommendations));
  manager.declare(all_sub_assessments_type(recommendations));
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
