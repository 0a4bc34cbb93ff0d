// SPDX-License-Identifier: Apache-2.0
// top-nested and reduce.
#include <fmt/format.h>

#include "kql/bind/binder_state.hpp"
#include "kql/evaluate/scalar.hpp"
#include "kql/functions/plugin.hpp"

namespace kql {

namespace {

constexpr std::size_t kMostLevels = 32;

}  // namespace

std::optional<TopNestedRows::Level> Binder::bind_top_nested_level(const TopNested::Level& level, RelationPtr input, Schema& schema) {
  TopNestedRows::Level out;
  const std::size_t errors = out_.diagnostics.size();
  out.count = bind_count(level.rows, "the number of values");
  out.ascending = level.ascending;
  std::string name;
  {
    const InScope scope(*this, scope_of(input));
    out.key = bind_scalar(*level.of.value);
    name = level.of.names.empty() ? name_of(*level.of.value) : level.of.names[0].text;
  }
  if (is_broken(out.key)) return std::nullopt;
  if (level.others != nullptr) out.others = constant(*level.others, out.key->type, "the name of the others");
  constexpr std::string_view kNoAggregate = "an aggregate is expected here, such as count() or max(x)";
  if (level.by.value->kind == ExpressionKind::name) {
    report(level.by.value->span, std::string(kNoAggregate));
    return std::nullopt;
  }
  AggregateList list;
  list.input = input;
  aggregates_ = &list;
  {
    const Schema nothing;
    const InScope scope(*this, {&nothing, nullptr, {}, nullptr, false, false, false, nullptr});
    out.order = bind_scalar(*level.by.value);
  }
  aggregates_ = nullptr;
  if (!is_broken(out.order) && list.calls.empty()) report(level.by.value->span, std::string(kNoAggregate));
  if (out_.diagnostics.size() > errors || is_broken(out.order)) return std::nullopt;
  out.calls = std::move(list.calls);
  out.made = std::move(list.columns);
  if (name.empty()) name = "Column1";
  name = unused_name(schema, name);
  schema.push_back({name, out.key->type});
  schema.push_back({unused_name(schema, level.by.names.empty() ? "aggregated_" + name : level.by.names[0].text), out.order->type});
  return out;
}

RelationPtr Binder::bind(const TopNested& top, const Operator& op, RelationPtr input) {
  if (top.levels.size() > kMostLevels) {
    report(op.keyword, fmt::format("top-nested has at most {} levels", kMostLevels));
    return broken_rows();
  }
  TopNestedRows out{input, {}};
  Schema schema;
  for (const TopNested::Level& level : top.levels) {
    auto bound = bind_top_nested_level(level, input, schema);
    if (!bound) return broken_rows();
    out.levels.push_back(std::move(*bound));
  }
  return relation(std::move(schema), std::move(out));
}

RelationPtr Binder::bind(const Reduce& reduce, const Operator& op, RelationPtr input) {
  const std::string kind = word_parameter(op, "kind");
  if (!kind.empty() && kind != "source") {
    report(place_of_parameter(op, "kind"), fmt::format("there is no reduce of kind '{}'; the only kind is source", kind));
    return broken_rows();
  }
  const InScope scope(*this, scope_of(input));
  ScalarPtr threshold = literal(Value::real(0.1), Type::real, {}), characters = literal(Value::text(std::string()), Type::string, {});
  for (const Parameter& parameter : reduce.with) {
    const bool is_threshold = parameter.name.text == "threshold";
    if (!is_threshold && parameter.name.text != "characters") {
      report(parameter.name.span, fmt::format("reduce has no property '{}'; it has threshold and characters", parameter.name.text));
      return broken_rows();
    }
    const auto value = constant(*parameter.values.front(), is_threshold ? Type::real : Type::string, "a property of reduce");
    if (!value) return broken_rows();
    (is_threshold ? threshold : characters) = literal(*value, is_threshold ? Type::real : Type::string, parameter.name.span);
  }
  const ScalarPtr text = bind_scalar(*reduce.by);
  if (is_broken(text)) return broken_rows();
  if (text->type != Type::string && text->type != Type::dynamic) {
    report(reduce.by->span, fmt::format("reduce takes texts, not {}", type_name(text->type)), fmt::format("tostring({})", text_of(reduce.by->span)));
    return broken_rows();
  }
  Schema schema = kind.empty() ? Schema() : input->schema;
  for (const auto& [name, type] : {std::pair("Pattern", Type::string), std::pair("Count", Type::int64), std::pair("Representative", Type::string)})
    schema.push_back({unused_name(schema, name), type});
  std::vector<PluginArgument> arguments{{"text", {}, converted(text, Type::string)},
                                        {"threshold", {}, threshold},
                                        {"characters", {}, characters},
                                        {"keeps", {}, literal(Value::boolean(!kind.empty()), Type::boolean, {})}};
  return relation(std::move(schema), PluginRows{input, &reduce_plugin(), std::move(arguments), nullptr});
}

}  // namespace kql
