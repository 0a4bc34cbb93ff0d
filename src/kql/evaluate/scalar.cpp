// SPDX-License-Identifier: Apache-2.0
#include "kql/evaluate/scalar.hpp"

#include <algorithm>
#include <array>

#include "kql/functions/function.hpp"

namespace kql {

namespace {

constexpr std::size_t kFewArguments = 6;

Value call_on(const Scalar& scalar, const Call& call, std::span<const Value> values, std::span<const Type> types) {
  const Function& function = *call.function;
  if (function.nulls == Function::Nulls::propagate)
    for (const Value& value : values)
      if (value.is_null()) return missing(scalar.type);
  Value result = function.evaluate({values, types, scalar.type});
  return result.is_null() ? missing(scalar.type) : result;
}

Value evaluate_call(const Scalar& scalar, const Call& call, const Row& row, RowWindow* window) {
  const std::size_t count = call.arguments.size();
  const auto fill = [&](Value* values, Type* types) {
    for (std::size_t i = 0; i < count; ++i) {
      values[i] = evaluate(*call.arguments[i], row, window);
      types[i] = call.arguments[i]->type;
    }
    return call_on(scalar, call, {values, count}, {types, count});
  };
  if (count <= kFewArguments) {
    std::array<Value, kFewArguments> values;
    std::array<Type, kFewArguments> types;
    return fill(values.data(), types.data());
  }
  std::vector<Value> values(count);
  std::vector<Type> types(count);
  return fill(values.data(), types.data());
}

void append_conjuncts(const ScalarPtr& condition, std::vector<ScalarPtr>& out) {
  const auto* call = std::get_if<Call>(&condition->node);
  if (call == nullptr || call->function->name != "and") return out.push_back(condition);
  for (const ScalarPtr& argument : call->arguments) append_conjuncts(argument, out);
}

}  // namespace

Value evaluate(const Scalar& scalar, const Row& row, RowWindow* window) {
  if (const auto* literal = std::get_if<Literally>(&scalar.node)) return literal->value;
  if (const auto* column = std::get_if<ColumnOf>(&scalar.node)) return row[column->index];
  const Call& call = std::get<Call>(scalar.node);
  if (call.function->kind == Function::Kind::window) return window == nullptr ? missing(scalar.type) : evaluate_window(scalar, call, row, *window);
  return evaluate_call(scalar, call, row, window);
}

std::optional<Value> constant_value(const Scalar& scalar) {
  if (const auto* literal = std::get_if<Literally>(&scalar.node)) return literal->value;
  const auto* call = std::get_if<Call>(&scalar.node);
  if (call == nullptr || call->function->kind != Function::Kind::pure) return std::nullopt;
  const bool known = std::all_of(call->arguments.begin(), call->arguments.end(), [](const ScalarPtr& a) { return constant_value(*a).has_value(); });
  if (!known) return std::nullopt;
  return evaluate(scalar, {});
}

bool is_pure(const Scalar& scalar) {
  const auto* call = std::get_if<Call>(&scalar.node);
  return call == nullptr || (call->function->kind == Function::Kind::pure &&
                             std::all_of(call->arguments.begin(), call->arguments.end(), [](const ScalarPtr& a) { return is_pure(*a); }));
}

std::vector<ScalarPtr> conjuncts_of(const ScalarPtr& condition) {
  std::vector<ScalarPtr> out;
  append_conjuncts(condition, out);
  return out;
}

bool has_window_call(const Scalar& scalar) {
  const auto* call = std::get_if<Call>(&scalar.node);
  if (call == nullptr) return false;
  return call->function->kind == Function::Kind::window ||
         std::any_of(call->arguments.begin(), call->arguments.end(), [](const ScalarPtr& a) { return has_window_call(*a); });
}

}  // namespace kql
