// SPDX-License-Identifier: Apache-2.0
// mv-expand, mv-apply, partition, fork, facet, invoke: expanded rows and subplans.
#include <fmt/format.h>

#include <algorithm>

#include "kql/bind/binder_state.hpp"
#include "kql/evaluate/scalar.hpp"

namespace kql {

namespace {

constexpr std::uint64_t kMostElements = 0x7fffffff;  // of one row
constexpr std::uint64_t kMostElementsOfOld = 128;    // of mvexpand, as the operator was called first
constexpr std::size_t kMostPartitions = 64;          // of a subquery that names its own table

// Of a subquery without a table's name before its first operator.
bool makes_rows(const Partition& partition) {
  if (partition.query->operators.empty()) return false;
  const OperatorBody& first = partition.query->operators.front().body;
  if (partition.braces && (std::holds_alternative<Union>(first) || std::holds_alternative<Search>(first) || std::holds_alternative<Find>(first))) return true;
  const auto* project = std::get_if<Project>(&first);
  return std::holds_alternative<Range>(first) || std::holds_alternative<Datatable>(first) || (project != nullptr && project->mode == Project::Mode::print);
}

}  // namespace

RelationPtr Binder::expand(const std::vector<MvExpand::Item>& items, const Operator& op, const Expression* limit, RelationPtr input) {
  ExpandRows out;
  out.input = input;
  const std::uint64_t otherwise = text_of(op.keyword) == "mvexpand" ? kMostElementsOfOld : kMostElements;
  out.limit = limit == nullptr ? otherwise : bind_count(limit, "the number of elements").value_or(0);
  const std::string kind = word_parameter(op, "kind", word_parameter(op, "bagexpansion", "bag"));
  out.bags_as_arrays = kind == "array";
  if (kind != "array" && kind != "bag") {
    report(place_of_parameter(op, parameter(op, "kind") != nullptr ? "kind" : "bagexpansion"), fmt::format("bags are not expanded by kind '{}'; the kinds are bag and array", kind));
    return broken_rows();
  }
  Schema schema = input->schema;
  ColumnPlaces places(schema);
  const InScope scope(*this, scope_of(input));
  for (const MvExpand::Item& item : items) {
    ScalarPtr source = bind_scalar(*item.column.value);
    if (is_broken(source)) return broken_rows();
    if (source->type != Type::dynamic) {
      report(item.column.value->span, fmt::format("'{}' is of type {}; only a dynamic is expanded", text_of(item.column.value->span), type_name(source->type)),
             fmt::format("todynamic({})", text_of(item.column.value->span)));
      return broken_rows();
    }
    std::string name = item.column.names.empty() ? name_of(*item.column.value) : item.column.names[0].text;
    if (name.empty()) name = places.unused("Column1");
    auto column = places.find(name);
    if (!column) {
      column = schema.size();
      schema.push_back({name, Type::dynamic});
    }
    schema[*column].type = item.to.value_or(Type::dynamic);
    out.items.push_back({std::move(source), *column, item.to});
  }
  if (const std::string index = word_parameter(op, "with_itemindex"); !index.empty()) {
    out.index_column = schema.size();
    schema.push_back({unused_name(schema, index), Type::int64});
  }
  return relation(std::move(schema), std::move(out), input->serialized);
}

RelationPtr Binder::bind(const MvExpand& expand_op, const Operator& op, RelationPtr input) {
  return expand(expand_op.items, op, expand_op.limit, input);
}

RelationPtr Binder::bind(const MvApply& apply, const Operator& op, RelationPtr input) {
  const int outer = next_outer_++;
  const RelationPtr row = relation(input->schema, OuterRows{outer}, true);
  const RelationPtr expanded = expand(apply.items, op, apply.limit, row);
  if (is_broken(expanded)) return broken_rows();
  const RelationPtr subplan = bind_pipeline(*apply.on, expanded);
  if (is_broken(subplan)) return broken_rows();
  // Columns of the row that the subplan does not give again, nor takes apart.
  ApplyRows out{input, subplan, outer, {}};
  Schema schema;
  const auto& items = std::get<ExpandRows>(expanded->node).items;
  const auto taken_apart = [&](std::size_t i) {
    return std::any_of(items.begin(), items.end(), [&](const ExpandRows::Item& item) { return item.column == i; });
  };
  for (std::size_t i = 0; i < input->schema.size(); ++i) {
    if (taken_apart(i) || find_column(subplan->schema, input->schema[i].name)) continue;
    out.kept.push_back(i);
    schema.push_back(input->schema[i]);
  }
  schema.insert(schema.end(), subplan->schema.begin(), subplan->schema.end());
  const RelationPtr applied = relation(schema, std::move(out), input->serialized);
  // In the order of the input's columns, then what is new or taken apart.
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < input->schema.size(); ++i) {
    const auto index = find_column(schema, input->schema[i].name);
    if (index && !taken_apart(i)) order.push_back(*index);
  }
  for (std::size_t i = 0; i < schema.size(); ++i)
    if (std::find(order.begin(), order.end(), i) == order.end()) order.push_back(i);
  return keep_columns(applied, order);
}

RelationPtr Binder::bind(const Partition& partition, const Operator& op, RelationPtr input) {
  const std::string strategy = word_parameter(op, "hint.strategy", "legacy");
  if (strategy != "legacy" && strategy != "native" && strategy != "shuffle") {
    report(place_of_parameter(op, "hint.strategy"), fmt::format("partition has no strategy '{}'; the strategies are native, shuffle and legacy", strategy));
    return broken_rows();
  }
  ScalarPtr key;
  {
    const InScope scope(*this, scope_of(input));
    key = bind_scalar(*partition.by);
  }
  if (is_broken(key)) return broken_rows();
  if (key->type == Type::dynamic) {
    report(partition.by->span, "rows are not partitioned by a dynamic", fmt::format("extend key = tostring({})", text_of(partition.by->span)));
    return broken_rows();
  }
  // A subquery that names a table, or makes one, runs in the way of `legacy`, whatever the strategy.
  if (partition.query->source != nullptr || makes_rows(partition)) return bind_partition(partition, key, input);
  const int outer = next_outer_++;
  const RelationPtr subplan = bind_pipeline(*partition.query, relation(input->schema, OuterRows{outer}, input->serialized));
  if (is_broken(subplan)) return broken_rows();
  return relation(subplan->schema, PartitionRows{input, std::move(key), subplan, outer});
}

// partition by x { T | where y == toscalar(x) }: the subquery once for each value of the key, which it sees as a constant.
RelationPtr Binder::bind_partition(const Partition& partition, const ScalarPtr& key, RelationPtr input) {
  const Name name{partition.by->text, partition.by->span};
  const auto values = run_now(relation({{name.text, key->type}}, AggregateRows{input, {key}, {}}), partition.by->span);
  if (out_.failure) return broken_rows();
  Rows keys = values ? values->rows : Rows();
  if (keys.size() > kMostPartitions) {
    report(partition.by->span, fmt::format("the key has {} values; a subquery that names a table takes at most {}", keys.size(), kMostPartitions));
    return broken_rows();
  }
  const bool schema_alone = keys.empty();
  if (schema_alone) keys.push_back({missing(key->type)});
  std::vector<std::pair<std::string, RelationPtr>> parts;
  const auto before = environment_;
  for (const Row& value : keys) {
    declare(name, {literal(value[0], key->type, name.span)});
    parts.emplace_back("", bind_pipeline(*partition.query));
    environment_ = before;
    if (is_broken(parts.back().second)) return broken_rows();
  }
  const RelationPtr all = parts.size() == 1 ? parts[0].second : union_of(parts, "", false);
  return schema_alone ? relation(all->schema, LimitRows{all, 0}) : all;
}

RelationPtr Binder::bind(const Fork& fork, const Operator&, RelationPtr input) {
  const RelationPtr shared = relation(input->schema, SharedRows{input}, input->serialized);
  for (std::size_t i = 0; i < fork.branches.size(); ++i) {
    const RelationPtr rows = bind_pipeline(*fork.branches[i].query, shared);
    if (is_broken(rows)) return rows;
    out_.query.answers.push_back({fork.branches[i].name ? fork.branches[i].name->text : fmt::format("fork_{}", i), rows});
  }
  return input;
}

// What is asked of the rows `with`, and for each column its values and how often they are.
RelationPtr Binder::bind(const Facet& facet, const Operator&, RelationPtr input) {
  const RelationPtr shared = relation(input->schema, SharedRows{input}, input->serialized);
  if (facet.with != nullptr) {
    const RelationPtr rows = bind_pipeline(*facet.with, shared);
    if (!is_broken(rows)) out_.query.answers.push_back({"facet_with", rows});
  }
  Expression count;
  count.kind = ExpressionKind::call;
  count.text = "count";
  for (const Expression* by : facet.by) {
    const RelationPtr rows = aggregate(shared, {{{}, const_cast<Expression*>(by)}}, {{{Name{"count_" + name_of(*by), by->span}}, &count}});
    if (rows->schema.size() != 2) return broken_rows();
    out_.query.answers.push_back({"facet_" + rows->schema[0].name, rows});
  }
  return input;
}

RelationPtr Binder::bind(const Invoke& invoke, const Operator&, RelationPtr input) {
  const Expression& call = *invoke.call;
  const Meaning* meaning = environment_->find(call.text);
  const BoundFunction* function = meaning == nullptr ? stored_function(call.text) : std::get_if<BoundFunction>(&meaning->what);
  if (function == nullptr) {
    report(call.span, fmt::format("there is no function '{}' to invoke", call.text));
    return broken_rows();
  }
  auto called = call_function(*function, call, input);
  if (const auto* rows = std::get_if<RelationPtr>(&called)) return *rows;
  if (std::holds_alternative<ScalarPtr>(called)) report(call.span, fmt::format("{}() gives a value; invoke needs a table", call.text));
  return broken_rows();
}

}  // namespace kql
