// SPDX-License-Identifier: Apache-2.0
// scan: steps that match rows one after the other, and what they keep.
#include <fmt/format.h>

#include <set>

#include "kql/bind/binder_state.hpp"
#include "kql/evaluate/scalar.hpp"

namespace kql {

namespace {

constexpr std::size_t kMostSteps = 64;

std::optional<ScanRows::Step::Output> scan_output(std::string_view word) {
  using Output = ScanRows::Step::Output;
  if (word.empty() || word == "all") return Output::all;
  if (word == "last") return Output::last;
  return word == "none" ? std::optional(Output::none) : std::nullopt;
}

}  // namespace

std::optional<ScanRows::Step> Binder::bind_scan_step(const Scan::Step& step, const Schema& schema, const Scope& scope) {
  const auto output = scan_output(step.output);
  if (!output) {
    report(step.name.span, fmt::format("the output of step '{}' is all, last or none", step.name.text));
    return std::nullopt;
  }
  const InScope inner(*this, scope);
  ScanRows::Step out{step.optional, *output, bind_predicate(*step.condition), {}};
  bool sound = !is_broken(out.condition);
  for (const auto& [name, expression] : step.assignments) {
    const auto column = find_column(schema, name.text);
    const ScalarPtr value = bind_scalar(*expression);
    if (!column) report(name.span, fmt::format("'{}' is not declared", name.text), fmt::format("declare ({}: {})", name.text, type_name(value->type)));
    sound = sound && column && !is_broken(value);
    if (sound) out.assigned.emplace_back(*column, converted(value, schema[*column].type));
  }
  if (!sound) return std::nullopt;
  bool looks_around = has_window_call(*out.condition);
  for (const auto& [column, value] : out.assigned) looks_around = looks_around || has_window_call(*value);
  if (!looks_around) return out;
  report(step.name.span, "prev() and its like may not stand in scan; compute them before, or use what a step holds");
  return std::nullopt;
}

RelationPtr Binder::bind(const Scan& scan, const Operator& op, RelationPtr input) {
  if (!scan.order.empty() || !scan.partition.empty()) {
    report(op.keyword, "scan has no 'order by' and no 'partition by' of its own", "sort by … | scan …");
    return broken_rows();
  }
  ScanRows out;
  out.input = input;
  Schema schema = input->schema;
  for (const Declaration& column : scan.declare) {
    const Type type = column.type.value_or(Type::dynamic);
    if (find_column(schema, column.name.text)) report(column.name.span, fmt::format("a column named '{}' is there already", column.name.text));
    schema.push_back({column.name.text, type});
    std::optional<Value> value = missing(type);
    if (column.otherwise != nullptr) value = constant(*column.otherwise, type, "a default of scan");
    if (!value) return broken_rows();
    out.defaults.push_back(std::move(*value));
  }
  if (scan.steps.empty() || scan.steps.size() > kMostSteps) {
    report(op.keyword, fmt::format("scan has from 1 to {} steps", kMostSteps));
    return broken_rows();
  }
  Scope scope{&schema, nullptr, {}, &schema, true, false, false, nullptr};
  for (const Scan::Step& step : scan.steps)
    if (!scope.steps.emplace(step.name.text, schema.size() * (scope.steps.size() + 1)).second)
      report(step.name.span, fmt::format("there are two steps named '{}'", step.name.text));
  for (const Scan::Step& step : scan.steps) {
    auto bound = bind_scan_step(step, schema, scope);
    if (!bound) return broken_rows();
    out.steps.push_back(std::move(*bound));
  }
  if (const std::string name = word_parameter(op, "with_match_id"); !name.empty()) {
    out.with_match_id = true;
    schema.push_back({unused_name(schema, name), Type::int64});
  }
  return relation(std::move(schema), std::move(out), input->serialized);
}

}  // namespace kql
