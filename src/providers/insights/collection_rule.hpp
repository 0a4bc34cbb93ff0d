// SPDX-License-Identifier: Apache-2.0
// A data collection rule as ingestion needs it (Microsoft.Insights/dataCollectionRules@2023-03-11).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "arm/resource.hpp"
#include "model/table_schema.hpp"
#include "workspace/table_spec.hpp"

namespace providers {

inline constexpr std::string_view kCollectionRuleType = "Microsoft.Insights/dataCollectionRules";
inline constexpr std::string_view kCollectionEndpointType = "Microsoft.Insights/dataCollectionEndpoints";

struct CollectionRule {
  struct Stream {
    std::string name;                          // "Custom-Orders", "Microsoft-Syslog"
    std::vector<model::ColumnSchema> columns;  // as senders write them; empty for those of Microsoft's
  };
  struct Destination {
    std::string name;          // within the rule
    std::string workspace_id;  // ARM id
  };
  struct Flow {
    std::vector<std::string> streams, destinations;
    std::string transform;      // transformKql; empty or "source": rows as they come
    std::string output_stream;  // "Custom-Orders_CL", "Microsoft-Syslog"; empty: the stream itself
  };

  std::string id, key;  // of the resource
  std::string immutable_id;
  std::vector<Stream> streams;
  std::vector<Destination> destinations;
  std::vector<Flow> flows;

  const Stream* find_stream(std::string_view name) const;            // declared ones
  const Destination* find_destination(std::string_view name) const;
};

// Kind::invalid_input names the member that is wrong: streams that nobody declared, destinations that are none, names that
// do not begin with Custom- or Microsoft-.
base::Result<CollectionRule> parse_collection_rule(const arm::Resource& resource);

// "Custom-Orders_CL" is the table Orders_CL, "Microsoft-Syslog" the table Syslog; nothing for other names.
std::optional<std::string_view> table_of_stream(std::string_view stream);

// What the rows of a stream have: the declared columns, or those of the table that a stream of Microsoft's is named after.
std::span<const model::ColumnSchema> columns_of_stream(const CollectionRule& rule, std::string_view stream, const workspace::TableSpecs& tables);

bool is_plain_transform(std::string_view transform);  // empty or "source"

base::Result<std::optional<CollectionRule>> find_collection_rule(store::Session& session, std::string_view immutable_id);

}  // namespace providers
