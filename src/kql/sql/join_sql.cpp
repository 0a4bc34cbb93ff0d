// SPDX-License-Identifier: Apache-2.0
// Joins and unions.
#include <fmt/format.h>

#include "kql/sql/relation_writer.hpp"
#include "kql/sql/sql_literals.hpp"

namespace kql {

namespace {

bool is_right_alone(JoinKind kind) { return kind == JoinKind::right_semi || kind == JoinKind::right_anti; }
bool is_one_side(JoinKind kind) { return is_right_alone(kind) || kind == JoinKind::left_semi || kind == JoinKind::left_anti; }
bool pads_right(JoinKind kind) { return kind == JoinKind::left_outer || kind == JoinKind::full_outer; }
bool pads_left(JoinKind kind) { return kind == JoinKind::right_outer || kind == JoinKind::full_outer; }

std::string_view join_word(JoinKind kind) {
  switch (kind) {
    case JoinKind::inner:
    case JoinKind::inner_unique: return "INNER JOIN";
    case JoinKind::left_outer: return "LEFT JOIN";
    case JoinKind::right_outer: return "RIGHT JOIN";
    case JoinKind::full_outer: return "FULL JOIN";
    case JoinKind::left_semi:
    case JoinKind::right_semi: return "LEFT SEMI JOIN";
    default: return "LEFT ANTI JOIN";
  }
}

std::vector<ScalarPtr> keys_of(const JoinRows& join, bool left) {
  std::vector<ScalarPtr> out;
  for (const auto& [l, r] : join.keys) out.push_back(left ? l : r);
  return out;
}

}  // namespace

// `padded`: where a row has no partner the engine fills this side's columns with the defaults of their types, which has to
// be NULL.
base::Result<Select> RelationWriter::joined_side(const Relation& side, const std::vector<ScalarPtr>& keys, std::vector<std::string>& key_names, bool padded,
                                                 bool one_by_key) {
  Select in = TRY(all_of(side));
  in.order.clear();
  const ScalarWriter writer(in.columns);
  std::vector<std::string> texts;
  for (const ScalarPtr& key : keys) texts.push_back(key_sql(TRY(writer.value(*key)), key->type));
  if (one_by_key) in.one_by = texts;
  for (std::size_t i = 0; padded && i < in.columns.size(); ++i) {
    if (side.schema[i].type == Type::string || side.schema[i].type == Type::dynamic || in.columns[i].sql.empty()) continue;
    in.columns[i].sql = fmt::format("toNullable({})", in.columns[i].sql);
    in.columns[i].nullable = true;
  }
  const Rendered rendered = render(in, needed(side), texts, namer_);
  const std::string name = namer_.next('t');
  Select out;
  out.from = fmt::format("({}) AS {}", rendered.text, name);
  for (std::size_t i = 0; i < in.columns.size(); ++i) {
    ColumnSql column = in.columns[i];
    column.sql = rendered.names[i].empty() ? "" : name + "." + rendered.names[i];
    out.columns.push_back(std::move(column));
  }
  for (std::size_t i = 0; i < keys.size(); ++i) key_names.push_back(name + "." + rendered.names[in.columns.size() + i]);
  return out;
}

base::Result<Select> RelationWriter::write(const JoinRows& join, const Relation&) {
  if (join.keys.empty()) return base::fail(no_sql("a join without a key"));
  std::vector<std::string> left_keys, right_keys;
  Select left = TRY(joined_side(*join.left, keys_of(join, true), left_keys, pads_left(join.kind), join.kind == JoinKind::inner_unique));
  Select right = TRY(joined_side(*join.right, keys_of(join, false), right_keys, pads_right(join.kind), false));
  if (is_right_alone(join.kind)) {
    std::swap(left, right);
    std::swap(left_keys, right_keys);
  }
  std::vector<std::string> conditions;
  for (std::size_t i = 0; i < join.keys.size(); ++i) {
    const Type type = join.keys[i].first->type;
    const bool text = type == Type::string || type == Type::dynamic;
    conditions.push_back(fmt::format("{} {} {}", left_keys[i], text ? "=" : "<=>", right_keys[i]));
  }
  Select out;
  out.from = fmt::format("{} {} {} ON {}", left.from, join_word(join.kind), right.from, joined_sql(conditions, " AND "));
  out.columns = std::move(left.columns);
  if (is_one_side(join.kind)) return out;
  for (const std::size_t column : join.right_columns) out.columns.push_back(right.columns[column]);
  return out;
}

base::Result<Select> RelationWriter::write(const UnionRows& all, const Relation& relation) {
  if (all.inputs.empty()) return base::fail(no_sql("a union of nothing"));
  const std::vector<bool> wanted = needed(relation);
  std::vector<std::string> texts, names;
  Select out;
  out.columns.resize(relation.schema.size());
  for (const RelationPtr& input : all.inputs) {
    Select select = TRY(this->select(*input));
    if (!select.limit) select.order.clear();
    Rendered rendered = render(select, wanted, {}, namer_);
    texts.push_back(select.limit ? fmt::format("({})", rendered.text) : rendered.text);
    if (names.empty()) names = std::move(rendered.names);
  }
  const std::string name = namer_.next('t');
  out.from = fmt::format("({}) AS {}", joined_sql(texts, " UNION ALL "), name);
  for (std::size_t i = 0; i < out.columns.size(); ++i) {
    out.columns[i].sql = names[i].empty() ? "" : name + "." + names[i];
    out.columns[i].nullable = relation.schema[i].type != Type::string && relation.schema[i].type != Type::dynamic;
  }
  return out;
}

}  // namespace kql
