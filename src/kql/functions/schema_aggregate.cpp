// SPDX-License-Identifier: Apache-2.0
// buildschema(): the least schema that all values of a dynamic fit in.
#include <map>
#include <set>

#include "kql/functions/aggregate.hpp"

namespace kql {

namespace {

constexpr std::size_t kMostNodes = 100'000;

// What has been met at one place of the values: plain types by name, members of bags, elements of arrays.
struct SchemaNode {
  std::set<std::string> types;
  std::vector<std::string> order;  // of the members, as they were met first
  std::map<std::string, std::unique_ptr<SchemaNode>> members;
  std::unique_ptr<SchemaNode> elements;
};

std::string_view plain_type(const base::Json& json) {
  if (json.is_bool()) return "bool";
  if (json.is_double()) return "double";
  return json.is_number() ? "long" : "string";
}

class SchemaOf : public Accumulator {
 public:
  void add(std::span<const Value> arguments) override {
    if (arguments[0].is_null()) return;
    met_ = true;
    meet(arguments[0].json(), root_);
  }
  Value result() override { return met_ ? Value::dynamic(written(root_)) : Value(); }

 private:
  // NOLINTNEXTLINE(misc-no-recursion): as deep as the value, which is capped where it is read
  void meet(const base::Json& json, SchemaNode& at) {
    if (json.is_null()) return;
    if (const auto* object = json.if_object()) {
      for (const auto& member : *object) {
        auto& node = at.members[std::string(member.key())];
        if (!node && !take(node)) continue;
        if (node->types.empty() && node->members.empty() && !node->elements) at.order.emplace_back(member.key());
        meet(member.value(), *node);
      }
    } else if (const auto* array = json.if_array()) {
      if (!at.elements && !take(at.elements)) return;
      for (const base::Json& element : *array) meet(element, *at.elements);
    } else {
      at.types.emplace(plain_type(json));
    }
  }
  bool take(std::unique_ptr<SchemaNode>& node) {
    if (nodes_ >= kMostNodes) return false;
    ++nodes_;
    node = std::make_unique<SchemaNode>();
    return true;
  }
  // NOLINTNEXTLINE(misc-no-recursion): as deep as the values
  static base::Json written(const SchemaNode& node) {
    base::JsonArray choices;
    for (const std::string& type : node.types) choices.emplace_back(boost::json::string(type));
    if (!node.members.empty()) {
      base::JsonObject bag;
      for (const std::string& name : node.order)
        if (!bag.contains(name)) bag.emplace(name, written(*node.members.at(name)));
      choices.push_back(std::move(bag));
    }
    if (node.elements) choices.push_back(base::JsonObject{{"`indexer`", written(*node.elements)}});
    if (choices.size() == 1) return std::move(choices[0]);
    return choices;
  }

  SchemaNode root_;
  bool met_ = false;
  std::size_t nodes_ = 0;
};

std::unique_ptr<Accumulator> make_schema(const AggregateArguments&) { return std::make_unique<SchemaOf>(); }

constexpr Aggregate kSchemaAggregates[] = {
    {.name = "buildschema", .signature = "(dynamic) dynamic", .make = make_schema, .label = "schema"},
};

}  // namespace

std::span<const Aggregate> schema_aggregates() { return kSchemaAggregates; }

}  // namespace kql
