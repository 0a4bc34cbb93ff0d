// SPDX-License-Identifier: Apache-2.0
// mv-expand, mv-apply, partition, fork, facet, invoke: expanded rows and subplans.
#include <fmt/format.h>

#include <algorithm>

#include "kql/bind/binder_state.hpp"
#include "kql/evaluate/scalar.hpp"

namespace kql {

namespace {

constexpr std::uint64_t kMostElements = 0x7fffffff;  // of one row

}  // namespace

RelationPtr Binder::expand(const std::vector<MvExpand::Item>& items, const Operator& op, const Expression* limit, RelationPtr input, bool keep_empty) {
  ExpandRows out;
  out.input = input;
  out.keep_empty = keep_empty;
  out.limit = limit == nullptr ? kMostElements : bind_count(limit, "the number of elements").value_or(0);
  const std::string kind = word_parameter(op, "kind", word_parameter(op, "bagexpansion", "bag"));
  out.bags_as_arrays = kind == "array";
  Schema schema = input->schema;
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
    if (name.empty()) name = unused_name(schema, "Column1");
    auto column = find_column(schema, name);
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
  return expand(expand_op.items, op, expand_op.limit, input, true);
}

RelationPtr Binder::bind(const MvApply& apply, const Operator& op, RelationPtr input) {
  const int outer = next_outer_++;
  const RelationPtr row = relation(input->schema, OuterRows{outer}, true);
  const RelationPtr expanded = expand(apply.items, op, apply.limit, row, false);
  if (is_broken(expanded)) return broken_rows();
  const RelationPtr subplan = bind_pipeline(*apply.on, expanded);
  if (is_broken(subplan)) return broken_rows();
  // Columns of the row that the subplan does not give again, nor takes apart.
  ApplyRows out{input, subplan, outer, {}};
  Schema schema;
  const auto& items = std::get<ExpandRows>(expanded->node).items;
  for (std::size_t i = 0; i < input->schema.size(); ++i) {
    const bool taken_apart = std::any_of(items.begin(), items.end(), [&](const ExpandRows::Item& item) { return item.column == i; });
    if (taken_apart || find_column(subplan->schema, input->schema[i].name)) continue;
    out.kept.push_back(i);
    schema.push_back(input->schema[i]);
  }
  schema.insert(schema.end(), subplan->schema.begin(), subplan->schema.end());
  const RelationPtr applied = relation(schema, std::move(out), input->serialized);
  // In the order of the input's columns but those taken apart, then what is new.
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < input->schema.size(); ++i) {
    const bool taken_apart = std::any_of(items.begin(), items.end(), [&](const ExpandRows::Item& item) { return item.column == i; });
    const auto index = find_column(schema, input->schema[i].name);
    if (index && !taken_apart) order.push_back(*index);
  }
  for (std::size_t i = 0; i < schema.size(); ++i)
    if (std::find(order.begin(), order.end(), i) == order.end()) order.push_back(i);
  return keep_columns(applied, order);
}

RelationPtr Binder::bind(const Partition& partition, const Operator& op, RelationPtr input) {
  if (partition.query->source != nullptr) {
    report(op.keyword, "the subquery of partition begins with an operator", "partition by x (top 1 by y)");
    return broken_rows();
  }
  ScalarPtr key;
  {
    const InScope scope(*this, scope_of(input));
    key = bind_scalar(*partition.by);
  }
  if (is_broken(key)) return broken_rows();
  const int outer = next_outer_++;
  const RelationPtr subplan = bind_pipeline(*partition.query, relation(input->schema, OuterRows{outer}, input->serialized));
  if (is_broken(subplan)) return broken_rows();
  return relation(subplan->schema, PartitionRows{input, std::move(key), subplan, outer});
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

// For each column the values and how often they are, and `with` the rows or what is asked of them.
RelationPtr Binder::bind(const Facet& facet, const Operator&, RelationPtr input) {
  const RelationPtr shared = relation(input->schema, SharedRows{input}, input->serialized);
  Expression count;
  count.kind = ExpressionKind::call;
  count.text = "count";
  for (const Expression* by : facet.by) {
    const RelationPtr rows = aggregate(shared, {{{}, const_cast<Expression*>(by)}}, {{{}, &count}});
    if (rows->schema.size() != 2) return broken_rows();
    out_.query.answers.push_back({"facet_" + rows->schema[0].name, rows});
  }
  if (facet.with == nullptr) return input;
  const RelationPtr rows = bind_pipeline(*facet.with, shared);
  if (!is_broken(rows)) out_.query.answers.push_back({"facet_with", rows});
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
