// SPDX-License-Identifier: Apache-2.0
// join, lookup and union.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "kql/bind/binder_state.hpp"
#include "kql/evaluate/scalar.hpp"
#include "kql/syntax/hints.hpp"

namespace kql {

namespace {

ScalarPtr column_in(const Schema& schema, std::size_t index) {
  return std::make_shared<const Scalar>(Scalar{schema[index].type, ColumnOf{index}, {}});
}

std::optional<JoinKind> join_kind(std::string_view word) {
  static const std::map<std::string_view, JoinKind> kKinds{
      {"inner", JoinKind::inner},           {"innerunique", JoinKind::inner_unique}, {"leftouter", JoinKind::left_outer},
      {"rightouter", JoinKind::right_outer}, {"fullouter", JoinKind::full_outer},    {"leftsemi", JoinKind::left_semi},
      {"rightsemi", JoinKind::right_semi},  {"anti", JoinKind::left_anti},           {"leftanti", JoinKind::left_anti},
      {"leftantisemi", JoinKind::left_anti}, {"rightanti", JoinKind::right_anti},    {"rightantisemi", JoinKind::right_anti}};
  const auto at = kKinds.find(word);
  return at == kKinds.end() ? std::nullopt : std::optional(at->second);
}

std::vector<std::string> join_kinds(bool lookup) {
  if (lookup) return {"leftouter", "inner"};
  return {"inner", "innerunique", "leftouter", "rightouter", "fullouter", "leftsemi", "rightsemi", "leftanti", "rightanti"};
}

// Of a stored table, narrowed to a time or not.
std::string stored_name(const Relation& rows) {
  const auto* filter = std::get_if<FilterRows>(&rows.node);
  const auto* table = std::get_if<TableRows>(filter == nullptr ? &rows.node : &filter->input->node);
  return table == nullptr ? std::string() : table->table;
}

// Of what tells rows apart: two tables that share a time alone are not joined by it.
std::string first_shared_name(const Schema& left, const Schema& right) {
  for (const Column& column : left)
    if (column.type != Type::datetime && std::any_of(right.begin(), right.end(), [&](const Column& other) { return other.name == column.name; })) return column.name;
  return {};
}

bool has_one_side(JoinKind kind) {
  return kind == JoinKind::left_semi || kind == JoinKind::left_anti || kind == JoinKind::right_semi || kind == JoinKind::right_anti;
}

}  // namespace

// `a`, `$left.a == $right.b`, and several of them with commas or `and`.
void Binder::bind_join_condition(const Expression& condition, const RelationPtr& left, const RelationPtr& right, JoinRows& join) {
  if (condition.kind == ExpressionKind::logical && condition.text == "and") {
    for (const Expression* part : condition.arguments) bind_join_condition(*part, left, right, join);
    return;
  }
  ScalarPtr on_left, on_right;
  if (condition.kind == ExpressionKind::name) {
    const auto l = column_of(left, {condition.text, condition.span});
    const auto r = column_of(right, {condition.text, condition.span});
    if (!l || !r) return;
    on_left = column_in(left->schema, *l);
    on_right = column_in(right->schema, *r);
  } else if (condition.kind == ExpressionKind::binary && condition.text == "==") {
    const auto side_of = [](const Expression& e) {
      return e.kind == ExpressionKind::member && e.arguments[0]->kind == ExpressionKind::name ? e.arguments[0]->text : std::string();
    };
    const bool swapped = side_of(*condition.arguments[0]) == "$right";
    const InScope scope(*this, {&left->schema, &right->schema, {}, nullptr, false, false, false});
    on_left = bind_scalar(*condition.arguments[swapped ? 1 : 0]);
    on_right = bind_scalar(*condition.arguments[swapped ? 0 : 1]);
    if (side_of(*condition.arguments[swapped ? 0 : 1]) != "$right") {
      report(condition.span, "a join's condition compares $left.a == $right.b");
      return;
    }
  } else {
    report(condition.span, "a join's condition is a column of both sides, or $left.a == $right.b");
    return;
  }
  if (is_broken(on_left) || is_broken(on_right)) return;
  const auto type = common_type(on_left->type, on_right->type);
  if (!type) {
    report(condition.span, fmt::format("the keys of the join have different types: {} and {}", type_name(on_left->type), type_name(on_right->type)));
    return;
  }
  join.keys.emplace_back(converted(on_left, *type), converted(on_right, *type));
}

// A kind that join alone has is for it; what is nearly a kind is spelt out.
void Binder::report_join_kind(const Operator& op, const std::string& word, bool lookup, bool joins) {
  const Span span = place_of_parameter(op, "kind");
  if (joins) return report(span, fmt::format("lookup is of kind leftouter or inner, not '{}'; join has this kind", word));
  const Hint hint = join_kind_hint(word);
  report(span, fmt::format("there is no {} of kind '{}'{}{}", lookup ? "lookup" : "join", word, hint.advice.empty() ? "" : "; ", hint.advice),
         hint.instead.empty() && hint.advice.empty() ? nearest_name(word, join_kinds(lookup)) : std::string(hint.instead));
}

RelationPtr Binder::bind(const Join& join_op, const Operator& op, RelationPtr input) {
  const RelationPtr right = bind_table(*join_op.right);
  if (is_broken(right)) return broken_rows();
  const std::string word = word_parameter(op, "kind", join_op.lookup ? "leftouter" : "innerunique");
  const auto kind = join_kind(word);
  if (!kind || (join_op.lookup && *kind != JoinKind::left_outer && *kind != JoinKind::inner)) {
    report_join_kind(op, word, join_op.lookup, kind.has_value());
    return broken_rows();
  }
  if (join_op.on.empty()) {
    const std::string shared = first_shared_name(input->schema, right->schema);
    report({op.span.end, op.span.end}, fmt::format("'on' and the columns to join by are expected behind the table of {}", join_op.lookup ? "lookup" : "join"),
           shared.empty() ? "on $left.a == $right.b" : "on " + shared);
    return broken_rows();
  }
  JoinRows join{input, right, *kind, {}, {}};
  const std::size_t errors = out_.diagnostics.size();
  for (const Expression* condition : join_op.on) bind_join_condition(*condition, input, right, join);
  if (out_.diagnostics.size() > errors || join.keys.empty()) return broken_rows();
  if (has_one_side(*kind)) {
    const bool left_side = *kind == JoinKind::left_semi || *kind == JoinKind::left_anti;
    return relation(left_side ? input->schema : right->schema, std::move(join));
  }
  Schema schema = input->schema;
  Schema taken = schema;  // a made name is none of either side: of k on the left, k and k1 on the right come k, k2 and k1
  taken.insert(taken.end(), right->schema.begin(), right->schema.end());
  ColumnPlaces places(taken), left_places(input->schema);
  for (std::size_t i = 0; i < right->schema.size(); ++i) {
    const bool is_key = std::any_of(join.keys.begin(), join.keys.end(), [&](const auto& key) {
      const auto* column = std::get_if<ColumnOf>(&key.second->node);
      return column != nullptr && column->index == i;
    });
    if (join_op.lookup && is_key) continue;
    join.right_columns.push_back(i);
    Column column = right->schema[i];
    if (left_places.find(column.name)) {
      column.name = places.unused(column.name);
      taken.push_back(column);
    }
    schema.push_back(std::move(column));
  }
  return relation(std::move(schema), std::move(join));
}

// Columns by name; of one name with several types a column each: x_long, x_string.
RelationPtr Binder::union_of(const std::vector<std::pair<std::string, RelationPtr>>& inputs, std::string_view source_column, bool only_common) {
  struct Place {
    std::string name;
    std::vector<Type> types;
    std::size_t inputs = 0;
  };
  std::vector<Place> places;
  std::unordered_map<std::string_view, std::size_t> place_of;  // `union *` has thousands
  for (const auto& [name, input] : inputs)
    for (const Column& column : input->schema) {
      const auto [at, added] = place_of.emplace(column.name, places.size());
      if (added) places.push_back({column.name, {}, 0});
      Place& place = places[at->second];
      ++place.inputs;
      if (std::find(place.types.begin(), place.types.end(), column.type) == place.types.end()) place.types.push_back(column.type);
    }
  Schema own;  // names that inputs give, which no made one takes: x_long of a table makes x of type long x_long1
  for (const Place& place : places)
    if (place.types.size() == 1) own.push_back({place.name, place.types.front()});
  ColumnPlaces own_places(own);
  Schema schema;
  if (!source_column.empty()) schema.push_back({std::string(source_column), Type::string});
  std::vector<std::string> sources(schema.size());  // the input's column of each of the schema's
  for (const Place& place : places) {
    if (only_common && (place.inputs < inputs.size() || place.types.size() > 1)) continue;
    for (const Type type : place.types) {
      schema.push_back({place.types.size() == 1 ? place.name : own_places.unused(fmt::format("{}_{}", place.name, type_name(type))), type});
      sources.push_back(place.name);
    }
  }
  std::vector<ScalarPtr> nothing;  // what stands where an input has no such column
  for (const Column& column : schema) nothing.push_back(literal(missing(column.type), column.type, {}));
  UnionRows all;
  for (const auto& [name, input] : inputs) {
    std::unordered_map<std::string_view, std::size_t> own_columns;
    for (std::size_t i = 0; i < input->schema.size(); ++i) own_columns.emplace(input->schema[i].name, i);
    std::vector<ScalarPtr> values;
    values.reserve(schema.size());
    for (std::size_t i = 0; i < schema.size(); ++i) {
      const auto at = own_columns.find(sources[i]);
      if (i == 0 && !source_column.empty()) values.push_back(literal(Value::text(name), Type::string, {}));
      else if (at != own_columns.end() && input->schema[at->second].type == schema[i].type) values.push_back(column_in(input->schema, at->second));
      else values.push_back(nothing[i]);
    }
    all.inputs.push_back(relation(schema, ProjectRows{input, std::move(values)}));
    columns_ -= std::min(columns_, schema.size() - schema.size() / 8);  // most of them are what is missing in this one
  }
  return relation(std::move(schema), std::move(all));
}

// A table, or the query on one: broken and without a word where a table or a function of it is not there.
RelationPtr Binder::bind_fuzzy(const Expression& table) {
  const std::size_t diagnostics = out_.diagnostics.size(), unresolved = unresolved_;
  const RelationPtr rows = bind_table(table);
  if (unresolved_ == unresolved) return rows;
  out_.diagnostics.resize(std::min(diagnostics, out_.diagnostics.size()));
  unresolved_ = unresolved;
  return broken_rows();
}

RelationPtr Binder::bind(const Union& tables, const Operator& op, RelationPtr input) {
  std::vector<std::pair<std::string, RelationPtr>> inputs;
  if (input != nullptr) inputs.emplace_back(input_name_.empty() ? "union_arg0" : std::string(input_name_), input);
  const bool fuzzy = word_parameter(op, "isfuzzy") == "true" || (parameter(op, "isfuzzy") != nullptr && parameter(op, "isfuzzy")->value.integer != 0);
  for (const Expression* table : tables.tables) {
    if (gives_up()) return broken_rows();
    const bool is_name = table->kind == ExpressionKind::name;
    if (is_name && table->text.find('*') != std::string::npos) {
      for (const std::string& name : tables_like(table->text)) inputs.emplace_back(name, bind_table_name(name, table->span));
      continue;
    }
    const RelationPtr rows = is_elsewhere(*table) ? bind_table_elsewhere(*table, !fuzzy) : fuzzy ? bind_fuzzy(*table) : bind_table(*table);
    if (is_broken(rows)) continue;
    inputs.emplace_back(is_elsewhere(*table) ? stored_name(*rows) : source_name(*table, fmt::format("union_arg{}", inputs.size())), rows);
  }
  const std::string kind = word_parameter(op, "kind", "outer");
  if (inputs.empty()) {
    if (out_.diagnostics.empty()) report(op.span, "union finds no table");
    return broken_rows();
  }
  return union_of(inputs, word_parameter(op, "withsource", word_parameter(op, "with_source")), kind == "inner");
}

}  // namespace kql
