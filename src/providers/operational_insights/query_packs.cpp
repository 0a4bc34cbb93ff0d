// SPDX-License-Identifier: Apache-2.0
// Query packs: queries that are kept and shared apart from any workspace.
#include <fmt/format.h>

#include <algorithm>

#include "arm/role_definition.hpp"
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "providers/operational_insights/types.hpp"
#include "providers/property_checks.hpp"

namespace providers {

namespace {

constexpr std::string_view kPackType = "Microsoft.OperationalInsights/queryPacks";
constexpr std::string_view kPackQueryType = "Microsoft.OperationalInsights/queryPacks/queries";
constexpr std::size_t kLongestBody = 1u << 20;

void stamp_times(base::JsonObject& properties, const arm::Resource* before, store::Millis now) {
  properties["timeCreated"] = before ? std::string(before->text_property("timeCreated")) : arm::format_millis(now);
  properties["timeModified"] = arm::format_millis(now);
}

base::Result<void> prepare_pack(const arm::Call& call, const arm::Resource* before, arm::Resource& after) {
  if (after.id.name().size() > 260) return base::fail(base::Kind::invalid_input, "A query pack's name has at most 260 characters.");
  after.body.emplace("location", "local");
  after.body["properties"] = base::JsonObject{{"queryPackId", before ? std::string(before->text_property("queryPackId")) : base::uuid4()}, {"provisioningState", "Succeeded"}};
  stamp_times(after.body["properties"].get_object(), before, call.now);
  return {};
}

base::Result<void> check_related(const base::Json& properties) {
  const Holder holder{properties};
  for (const auto* object : {"related", "tags"}) TRY(check_object(holder, object));
  if (const auto* related = base::find(properties, "related"))
    for (const auto* list : {"categories", "resourceTypes", "solutions"}) TRY(check_texts({*related, "properties.related"}, list));
  for (const auto& tag : base::get_object(properties, "tags")) TRY(check_texts({*base::find(properties, "tags"), "properties.tags"}, tag.key()));
  return {};
}

base::Result<void> prepare_query(const arm::Call& call, store::Session& session, const arm::Resource* before, arm::Resource& after) {
  if (!arm::is_uuid(after.id.name())) return base::fail(base::Kind::invalid_input, "The name of a query in a query pack is a GUID.");
  if (!TRY(arm::load_resource(session, after.id.parent().key())))
    return base::fail(base::Kind::not_found, fmt::format("There is no query pack '{}'.", after.id.parent().name()));
  auto* given = after.body.if_contains("properties");
  if (!given) return base::fail(base::Kind::invalid_input, "properties is missing: {displayName, body}.");
  const Holder holder{*given};
  TRY(need_text(holder, "displayName", 260));
  TRY(need_text(holder, "body", kLongestBody));
  TRY(check_text(holder, "description", 4096));
  TRY(check_related(*given));
  auto& properties = given->get_object();
  properties["id"] = after.id.name();
  properties["author"] = before ? std::string(before->text_property("author")) : call.caller.principal.id;
  stamp_times(properties, before, call.now);
  return {};
}

base::Result<void> remove_queries(store::Session& session, const arm::Resource& pack) {
  for (const auto& query : TRY(arm::load_resources(session, std::string(kPackQueryType), pack.id.key()))) TRY(arm::delete_resource(session, query.id.key()));
  return {};
}

// Whether a query has one of the words asked for in each list of {related: {…}}.
bool has_related(const arm::Resource& query, const base::Json& asked) {
  const auto* own = query.property("related");
  for (const auto& list : base::get_object(asked, "related")) {
    if (!list.value().is_array() || list.value().get_array().empty()) continue;
    const auto& there = own ? base::get_array(*own, list.key()) : base::get_array(base::Json(), "");
    const auto& wanted = list.value().get_array();
    if (std::none_of(wanted.begin(), wanted.end(), [&](const base::Json& word) { return std::find(there.begin(), there.end(), word) != there.end(); })) return false;
  }
  return true;
}

base::Result<arm::Reply> search_queries(const Services& services, const arm::Call& call, const arm::ResourceId& search) {
  base::JsonArray value;
  TRY(services.database.read([&](store::Session& session) -> base::Result<void> {
    for (const auto& query : TRY(arm::load_resources(session, std::string(kPackQueryType), search.parent().key())))
      if (has_related(query, call.body) && call.may(std::string(kPackQueryType) + "/read", query.id)) value.emplace_back(arm::to_json(query));
    return {};
  }));
  return arm::list_reply(call, std::move(value), {});
}

}  // namespace

arm::ResourceType query_packs_type() {
  arm::ResourceType type;
  type.name = kPackType;
  type.api_versions = {"2023-09-01", "2019-09-01"};
  type.status_of_creation = 200;
  type.new_name = base::uuid4;
  type.prepare = [](const arm::Call& call, store::Session&, const arm::Resource* before, arm::Resource& after) { return prepare_pack(call, before, after); };
  type.removing = [](const arm::Call&, store::Session& session, const arm::Resource& pack) { return remove_queries(session, pack); };
  return type;
}

arm::ResourceType pack_queries_type(const Services& services) {
  arm::ResourceType type;
  type.name = kPackQueryType;
  type.api_versions = {"2023-09-01", "2019-09-01"};
  type.status_of_creation = 200;
  type.prepare = [](const arm::Call& call, store::Session& session, const arm::Resource* before, arm::Resource& after) {
    return prepare_query(call, session, before, after);
  };
  type.actions["search"] = {"POST", [&services](const arm::Call& call, const arm::ResourceId& id) { return search_queries(services, call, id); }, arm::Plane::control, true};
  return type;
}

}  // namespace providers
