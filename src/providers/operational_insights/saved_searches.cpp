// SPDX-License-Identifier: Apache-2.0
// Saved searches of a workspace: queries with a name; those with a functionAlias are functions that other queries call.
#include <fmt/format.h>

#include "base/text.hpp"
#include "providers/operational_insights/types.hpp"
#include "providers/operational_insights/workspaces.hpp"
#include "providers/property_checks.hpp"

namespace providers {

namespace {

constexpr std::size_t kLongestQuery = 1u << 20;
constexpr std::size_t kLongestParameters = 4096;
constexpr std::size_t kLongestSearchLabel = 260;

bool is_function_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && name.size() <= 200 && letter(name[0]) && std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

base::Result<void> check_function(store::Session& session, const arm::Resource& search) {
  const auto alias = search.text_property("functionAlias");
  if (alias.empty()) return {};
  if (!is_function_name(alias))
    return base::fail(base::Kind::invalid_input, "properties.functionAlias must be a name that queries can write: letters, digits and '_', no digit in front.");
  for (const auto& other : TRY(arm::load_resources(session, std::string(kSavedSearchType), search.id.parent().key())))
    if (other.id.key() != search.id.key() && other.text_property("functionAlias") == alias)
      return base::fail(base::Kind::conflict, fmt::format("The saved search '{}' is the function '{}' already; choose another functionAlias.", other.id.name(), alias));
  return {};
}

base::Result<void> check_tags(const base::Json& properties) {
  const auto* tags = base::find(properties, "tags");
  if (!tags || tags->is_null()) return {};
  if (!tags->is_array() || tags->get_array().size() > kPropertyListCap) return must_be({properties}, "tags", "a list of {name, value}");
  for (const auto& tag : tags->get_array()) {
    TRY(need_text({tag, "properties.tags[]"}, "name", kLongestSearchLabel));
    TRY(check_text({tag, "properties.tags[]"}, "value", kLongestSearchLabel));
  }
  return {};
}

base::Result<void> prepare_search(store::Session& session, arm::Resource& after) {
  if (!TRY(arm::load_resource(session, after.id.parent().key())))
    return base::fail(base::Kind::not_found, fmt::format("There is no workspace '{}'.", after.id.parent().name()));
  const auto* given = after.body.if_contains("properties");
  if (!given) return base::fail(base::Kind::invalid_input, "properties is missing: {category, displayName, query}.");
  const Holder holder{*given};
  for (const auto* label : {"category", "displayName"}) TRY(need_text(holder, label, kLongestSearchLabel));
  TRY(need_text(holder, "query", kLongestQuery));
  TRY(check_text(holder, "functionAlias"));
  TRY(check_text(holder, "functionParameters", kLongestParameters));
  TRY(check_whole(holder, "version", 1, 100));
  TRY(check_tags(*given));
  TRY(check_function(session, after));
  after.body["properties"].get_object().emplace("version", 2);
  return {};
}

}  // namespace

base::Result<std::vector<workspace::StoredFunction>> load_functions(store::Session& session, const std::string& workspace_key) {
  std::vector<workspace::StoredFunction> functions;
  for (const auto& search : TRY(arm::load_resources(session, std::string(kSavedSearchType), workspace_key)))
    if (const auto alias = search.text_property("functionAlias"); !alias.empty())
      functions.push_back({std::string(alias), std::string(search.text_property("functionParameters")), std::string(search.text_property("query"))});
  return functions;
}

arm::ResourceType saved_searches_type() {
  arm::ResourceType type;
  type.name = kSavedSearchType;
  type.api_versions = {"2023-09-01", "2020-08-01"};
  type.status_of_creation = type.status_of_absence = 200;  // its clients know no other
  type.list = list_whole(kSavedSearchType);
  type.prepare = [](const arm::Call&, store::Session& session, const arm::Resource*, arm::Resource& after) { return prepare_search(session, after); };
  return type;
}

}  // namespace providers
