// SPDX-License-Identifier: Apache-2.0
#include "providers/insights/collection_rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "providers/property_checks.hpp"

namespace providers {

namespace {

constexpr std::size_t kMostStreams = 20, kMostFlows = 20, kMostStreamColumns = 500, kLongestTransform = 15'360;
constexpr std::array<std::string_view, 2> kStreamStarts{"Custom-", "Microsoft-"};

struct StreamType {
  std::string_view word;
  model::ColumnType type;
};
constexpr StreamType kStreamTypes[] = {
    {"string", model::ColumnType::string},     {"int", model::ColumnType::int32},      {"long", model::ColumnType::int64},
    {"real", model::ColumnType::real},         {"boolean", model::ColumnType::boolean}, {"datetime", model::ColumnType::datetime},
    {"dynamic", model::ColumnType::dynamic},   {"guid", model::ColumnType::guid},
};

base::Result<model::ColumnSchema> stream_column(const Holder& holder) {
  model::ColumnSchema column;
  column.name = TRY(need_text(holder, "name", 128));
  const auto word = base::to_lower(TRY(need_text(holder, "type", 20)));
  const auto type = std::find_if(std::begin(kStreamTypes), std::end(kStreamTypes), [&](const StreamType& one) { return one.word == word; });
  if (type == std::end(kStreamTypes)) return must_be(holder, "type", "string, int, long, real, boolean, datetime or dynamic");
  column.type = type->type;
  return column;
}

base::Result<CollectionRule::Stream> stream_of(std::string_view name, const base::Json& json) {
  const Holder holder{json, fmt::format("properties.streamDeclarations.{}", base::printable(name))};
  if (name.substr(0, kStreamStarts[0].size()) != kStreamStarts[0] || name.size() > 128)
    return base::fail(base::Kind::invalid_input, fmt::format("{}: the name of a declared stream begins with Custom-.", holder.path));
  const auto& columns = base::get_array(json, "columns");
  if (columns.empty() || columns.size() > kMostStreamColumns) return must_be(holder, "columns", fmt::format("a list of 1 to {} columns", kMostStreamColumns));
  CollectionRule::Stream stream{std::string(name), {}};
  for (std::size_t i = 0; i < columns.size(); ++i) stream.columns.push_back(TRY(stream_column({columns[i], fmt::format("{}.columns[{}]", holder.path, i)})));
  return stream;
}

base::Result<void> read_destinations(const base::Json& properties, CollectionRule& rule) {
  const base::Json destinations(base::get_object(properties, "destinations"));
  for (const auto& destination : destinations.get_object())
    if (destination.key() != "logAnalytics")
      return base::fail(base::Kind::unsupported, fmt::format("properties.destinations.{} is not served; send to logAnalytics.", base::printable(destination.key())));
  const auto& workspaces = base::get_array(destinations, "logAnalytics");
  for (std::size_t i = 0; i < workspaces.size() && i < kMostFlows; ++i) {
    const Holder holder{workspaces[i], fmt::format("properties.destinations.logAnalytics[{}]", i)};
    CollectionRule::Destination destination;
    destination.name = TRY(need_text(holder, "name", 64));
    destination.workspace_id = TRY(need_text(holder, "workspaceResourceId", 2048));
    TRY_CONTEXT(arm::ResourceId::parse(destination.workspace_id), holder.path + ".workspaceResourceId");
    if (rule.find_destination(destination.name)) return must_be(holder, "name", "a name that no other destination has");
    rule.destinations.push_back(std::move(destination));
  }
  return {};
}

std::vector<std::string> texts_of(const base::Json& json, std::string_view name) {
  std::vector<std::string> out;
  for (const auto& text : base::get_array(json, name)) out.emplace_back(base::as_string(text));
  return out;
}

base::Result<CollectionRule::Flow> flow_of(const Holder& holder, const CollectionRule& rule) {
  for (const auto* list : {"streams", "destinations"}) TRY(check_texts(holder, list, kMostStreams));
  for (const auto* text : {"transformKql", "outputStream"}) TRY(check_text(holder, text, kLongestTransform));
  CollectionRule::Flow flow{texts_of(holder.json, "streams"), texts_of(holder.json, "destinations"), std::string(base::get_string(holder.json, "transformKql")),
                            std::string(base::get_string(holder.json, "outputStream"))};
  if (flow.streams.empty()) return must_be(holder, "streams", "a list of at least one stream");
  if (flow.destinations.empty()) return must_be(holder, "destinations", "a list of at least one destination");
  for (const auto& stream : flow.streams) {
    const bool is_declared = rule.find_stream(stream) || stream.substr(0, kStreamStarts[1].size()) == kStreamStarts[1];
    if (!is_declared) return must_be(holder, "streams", fmt::format("declared streams: there is no '{}' in properties.streamDeclarations", base::printable(stream)));
    const std::string_view output = flow.output_stream.empty() ? stream : flow.output_stream;
    if (!table_of_stream(output)) return must_be(holder, "outputStream", "such as Custom-Orders_CL or Microsoft-Syslog: it names a table");
  }
  for (const auto& destination : flow.destinations)
    if (!rule.find_destination(destination)) return must_be(holder, "destinations", fmt::format("names of properties.destinations: there is no '{}'", base::printable(destination)));
  return flow;
}

}  // namespace

const CollectionRule::Stream* CollectionRule::find_stream(std::string_view name) const {
  const auto found = std::find_if(streams.begin(), streams.end(), [&](const Stream& stream) { return stream.name == name; });
  return found == streams.end() ? nullptr : &*found;
}

const CollectionRule::Destination* CollectionRule::find_destination(std::string_view name) const {
  const auto found = std::find_if(destinations.begin(), destinations.end(), [&](const Destination& destination) { return destination.name == name; });
  return found == destinations.end() ? nullptr : &*found;
}

std::optional<std::string_view> table_of_stream(std::string_view stream) {
  for (const auto start : kStreamStarts)
    if (stream.size() > start.size() && stream.substr(0, start.size()) == start) return stream.substr(start.size());
  return std::nullopt;
}

std::span<const model::ColumnSchema> columns_of_stream(const CollectionRule& rule, std::string_view stream, const workspace::TableSpecs& tables) {
  if (const auto* declared = rule.find_stream(stream)) return declared->columns;
  const auto* table = tables.find(table_of_stream(stream).value_or(""));
  return table ? std::span<const model::ColumnSchema>(table->schema.columns) : std::span<const model::ColumnSchema>();
}

bool is_plain_transform(std::string_view transform) {
  const auto text = base::trim(transform);
  return text.empty() || text == "source";
}

base::Result<CollectionRule> parse_collection_rule(const arm::Resource& resource) {
  const auto* given = resource.body.if_contains("properties");
  if (!given) return base::fail(base::Kind::invalid_input, "properties is missing: {streamDeclarations, destinations, dataFlows}.");
  const Holder holder{*given};
  for (const auto* object : {"streamDeclarations", "destinations", "dataSources"}) TRY(check_object(holder, object));
  CollectionRule rule;
  rule.id = resource.id.text();
  rule.key = resource.id.key();
  rule.immutable_id = base::get_string(*given, "immutableId");
  const auto& streams = base::get_object(*given, "streamDeclarations");
  const auto& flows = base::get_array(*given, "dataFlows");
  if (streams.size() > kMostStreams) return must_be(holder, "streamDeclarations", fmt::format("at most {} streams", kMostStreams));
  if (flows.size() > kMostFlows) return must_be(holder, "dataFlows", fmt::format("at most {} flows", kMostFlows));
  for (const auto& stream : streams) rule.streams.push_back(TRY(stream_of(stream.key(), stream.value())));
  TRY(read_destinations(*given, rule));
  for (std::size_t i = 0; i < flows.size(); ++i) rule.flows.push_back(TRY(flow_of({flows[i], fmt::format("properties.dataFlows[{}]", i)}, rule)));
  return rule;
}

base::Result<std::optional<CollectionRule>> find_collection_rule(store::Session& session, std::string_view immutable_id) {
  for (const auto& resource : TRY(arm::load_resources(session, std::string(kCollectionRuleType), "/")))
    if (base::equals_ignoring_case(resource.text_property("immutableId"), immutable_id)) return std::optional(TRY(parse_collection_rule(resource)));
  return std::nullopt;
}

}  // namespace providers
