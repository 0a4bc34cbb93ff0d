// SPDX-License-Identifier: Apache-2.0
#include "kql/sql/scalar_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "kql/sql/sql_literals.hpp"

namespace kql {

namespace {

std::map<std::string_view, const SqlForm*> all_forms() {
  std::map<std::string_view, const SqlForm*> out;
  for (const auto family : {operator_forms(), condition_forms(), string_operator_forms(), string_forms(), conversion_forms(), dynamic_forms(),
                            datetime_forms()})
    for (const SqlForm& form : family) out.emplace(form.name, &form);
  return out;
}

}  // namespace

const SqlForm* sql_form(std::string_view function) {
  static const std::map<std::string_view, const SqlForm*> kForms = all_forms();
  const auto at = kForms.find(function);
  return at == kForms.end() ? nullptr : at->second;
}

base::Error no_sql(std::string_view what) { return {base::Kind::unsupported, fmt::format("there is no exact SQL of {}", what)}; }

const Call* call_of(const Scalar& scalar, std::string_view function) {
  const auto* call = std::get_if<Call>(&scalar.node);
  return call != nullptr && call->function->name == function ? call : nullptr;
}

const Value* literal_of(const Scalar& scalar) {
  const auto* literal = std::get_if<Literally>(&scalar.node);
  return literal == nullptr ? nullptr : &literal->value;
}

const std::string* text_literal(const Call& call, std::size_t i) {
  if (i >= call.arguments.size() || call.arguments[i]->type != Type::string) return nullptr;
  const Value* value = literal_of(*call.arguments[i]);
  return value == nullptr ? nullptr : &value->text();
}

std::string joined_sql(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += between;
    out += part;
  }
  return out;
}

std::string negated_unless(bool wanted, const std::string& condition) { return wanted ? condition : "(NOT " + condition + ")"; }

const ColumnSql* ScalarWriter::column(const Scalar& scalar) const {
  const auto* column = std::get_if<ColumnOf>(&scalar.node);
  return column == nullptr ? nullptr : &columns_[column->index];
}

bool ScalarWriter::may_be_null(const Scalar& scalar) const {
  if (is_text_in_sql(scalar.type)) return false;
  if (const Value* literal = literal_of(scalar)) return literal->is_null();
  const ColumnSql* own = column(scalar);
  return own == nullptr || own->nullable;
}

Sql ScalarWriter::value(const Scalar& scalar) const {
  ++depth_;
  Sql out = depth_ > kDeepestExpression ? Sql(base::fail(no_sql(kTooDeep))) : value_within(scalar);
  --depth_;
  return out;
}

Sql ScalarWriter::value_within(const Scalar& scalar) const {
  if (const Value* literal = literal_of(scalar)) return sql_literal(*literal, scalar.type);
  if (const ColumnSql* own = column(scalar)) return own->sql;
  std::string out = TRY(call_value(scalar, std::get<Call>(scalar.node)));
  if (out.size() > kLongestExpression) return base::fail(no_sql("an expression as long as this"));
  return out;
}

Sql ScalarWriter::truth(const Scalar& scalar) const {
  const auto* call = std::get_if<Call>(&scalar.node);
  const SqlForm* form = call == nullptr ? nullptr : sql_form(call->function->name);
  if (form == nullptr || form->truth == nullptr) return value(scalar);
  return form->truth(*this, scalar, *call);
}

Sql ScalarWriter::call_value(const Scalar& scalar, const Call& call) const {
  const Function& function = *call.function;
  if (function.kind != Function::Kind::pure) return base::fail(no_sql(fmt::format("{}()", function.name)));
  const bool decimals = scalar.type == Type::decimal ||
                        std::any_of(call.arguments.begin(), call.arguments.end(), [](const ScalarPtr& a) { return a->type == Type::decimal; });
  if (decimals) return base::fail(no_sql("decimals"));
  if (const SqlForm* form = sql_form(function.name)) return form->value(*this, scalar, call);
  if (!function.sql.empty()) return from_template(scalar, call, function.sql);
  return base::fail(no_sql(fmt::format("{}()", function.name)));
}

// In a function that gives null for a null argument a dynamic's null is NULL, and a text that would be null is ''.
Sql ScalarWriter::from_template(const Scalar& scalar, const Call& call, std::string_view text) const {
  const bool propagates = call.function->nulls == Function::Nulls::propagate;
  std::vector<std::string> arguments;
  bool may_be = false;
  for (const ScalarPtr& argument : call.arguments) {
    std::string sql = TRY(value(*argument));
    if (propagates && argument->type == Type::dynamic) sql = fmt::format("nullIf({}, '')", sql);
    may_be = may_be || argument->type == Type::dynamic || may_be_null(*argument);
    arguments.push_back(std::move(sql));
  }
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = std::min(text.find('{', at), text.size());
    out += text.substr(at, open - at);
    if (open == text.size()) break;
    const std::size_t close = text.find('}', open);
    const std::string_view which = text.substr(open + 1, close - open - 1);
    const auto number = static_cast<std::size_t>(which.front() - '0');
    if (which != "*" && number >= arguments.size()) return base::fail(no_sql(fmt::format("{}() with so few arguments", call.function->name)));
    out += which == "*" ? joined_sql(arguments, ", ") : arguments[number];
    at = close + 1;
  }
  return propagates && may_be && is_text_in_sql(scalar.type) ? fmt::format("ifNull({}, '')", out) : out;
}

}  // namespace kql
