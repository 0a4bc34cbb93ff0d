// SPDX-License-Identifier: Apache-2.0
// mv-expand, and the operators that run a subplan for a part of the rows: mv-apply and partition.
#include "kql/evaluate/evaluator.hpp"
#include "kql/evaluate/group.hpp"

namespace kql {

namespace {

// The elements of a dynamic: an array's, a bag's members as bags of one (or as [key, value]), else the value itself, null
// too.
std::vector<base::Json> elements_of(const Value& value, bool bags_as_arrays) {
  std::vector<base::Json> out;
  if (value.is_null()) return {base::Json()};
  const base::Json& json = value.json();
  if (const auto* array = json.if_array()) return {array->begin(), array->end()};
  const auto* object = json.if_object();
  if (object == nullptr) return {json};
  for (const auto& member : *object) {
    if (bags_as_arrays) out.push_back(base::JsonArray{boost::json::string(member.key()), member.value()});
    else out.push_back(base::JsonObject{{member.key(), member.value()}});
  }
  return out;
}

}  // namespace

base::Result<Rows> Evaluator::rows_of(const ExpandRows& expand, const Schema& schema) {
  const Rows rows = TRY(run(*expand.input));
  Rows out;
  for (const Row& row : rows) {
    std::vector<std::vector<base::Json>> elements;
    std::size_t count = 0;
    for (const ExpandRows::Item& item : expand.items) {
      elements.push_back(elements_of(evaluate(*item.source, row), expand.bags_as_arrays));
      count = std::max(count, elements.back().size());
    }
    count = std::min<std::size_t>(count, expand.limit);
    for (std::size_t i = 0; i < count; ++i) {
      TRY(check(out.size(), schema));
      Row next = row;
      next.resize(schema.size());
      for (std::size_t k = 0; k < expand.items.size(); ++k) {
        const ExpandRows::Item& item = expand.items[k];
        const Type type = item.to.value_or(Type::dynamic);
        next[item.column] = i < elements[k].size() ? from_json(elements[k][i], type) : missing(type);
      }
      if (expand.index_column) next[*expand.index_column] = Value::integer(static_cast<std::int64_t>(i));
      out.push_back(std::move(next));
    }
  }
  return out;
}

base::Result<Rows> Evaluator::rows_of(const ApplyRows& apply, const Schema& schema) {
  const Rows rows = TRY(run(*apply.input));
  Rows out;
  for (const Row& row : rows) {
    const Rows one{row};
    set_outer(apply.outer, one);
    for (Row& made : TRY(run(*apply.subplan))) {
      TRY(check(out.size(), schema));
      Row next;
      next.reserve(schema.size());
      for (const std::size_t column : apply.kept) next.push_back(row[column]);
      std::move(made.begin(), made.end(), std::back_inserter(next));
      out.push_back(std::move(next));
    }
  }
  return out;
}

base::Result<Rows> Evaluator::rows_of(const PartitionRows& partition, const Schema& schema) {
  Rows rows = TRY(run(*partition.input));
  Grouping groups({partition.key->type});
  std::vector<Rows> parts;
  for (Row& row : rows) {
    const std::size_t number = groups.number_of({evaluate(*partition.key, row)});
    if (number == parts.size()) parts.emplace_back();
    parts[number].push_back(std::move(row));
  }
  Rows out;
  for (const Rows& part : parts) {
    set_outer(partition.outer, part);
    Rows made = TRY(run(*partition.subplan));
    TRY(check(out.size() + made.size(), schema));
    std::move(made.begin(), made.end(), std::back_inserter(out));
  }
  return out;
}

}  // namespace kql
