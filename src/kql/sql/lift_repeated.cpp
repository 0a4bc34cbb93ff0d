// SPDX-License-Identifier: Apache-2.0
#include "kql/sql/lift_repeated.hpp"

#include <map>

namespace kql {

namespace {

constexpr std::size_t kLongPart = 1'000;        // text of a part that is not repeated
constexpr std::size_t kLongExpression = 4'000;  // a shorter one is left as it is, whatever it repeats

// What there is no SQL of since it is too deep would stay as deep.
bool is_too_deep(const Sql& sql) { return !sql && sql.error().message == no_sql(kTooDeep).message; }

class Lifting {
 public:
  explicit Lifting(std::span<const ColumnSql> columns) : given_(columns.size()), writer_(columns) {}

  bool is_long(const Scalar& scalar) const {
    const Sql sql = writer_.value(scalar);
    return sql ? sql->size() > kLongExpression : !is_too_deep(sql);
  }

  ScalarPtr without_repeated(const ScalarPtr& scalar) {
    const auto* call = std::get_if<Call>(&scalar->node);
    if (call == nullptr) return scalar;
    std::vector<ScalarPtr> arguments;
    for (const ScalarPtr& argument : call->arguments) arguments.push_back(without_repeated(argument));
    if (arguments == call->arguments)
      for (ScalarPtr& argument : arguments) argument = lifted_from(*scalar, argument);
    if (arguments == call->arguments) return scalar;
    return std::make_shared<const Scalar>(Scalar{scalar->type, Call{call->function, std::move(arguments)}, scalar->span});
  }

  std::vector<ColumnSql> take_columns() { return std::move(columns_); }

 private:
  // A dynamic is left where it is: the steps of a path are written as one.
  ScalarPtr lifted_from(const Scalar& whole, const ScalarPtr& part) {
    if (!std::holds_alternative<Call>(part->node) || part->type == Type::dynamic) return part;
    const Sql sql = writer_.value(*part);
    if (!sql || sql->size() <= kLongPart) return part;
    const Sql around = writer_.value(whole);
    if (around ? around->size() < 2 * sql->size() : is_too_deep(around)) return part;
    const auto [at, added] = places_.emplace(*sql, given_ + columns_.size());
    if (added) columns_.push_back({*sql, writer_.may_be_null(*part), false, false});
    return std::make_shared<const Scalar>(Scalar{part->type, ColumnOf{at->second}, part->span});
  }

  std::size_t given_;
  ScalarWriter writer_;
  std::vector<ColumnSql> columns_;
  std::map<std::string, std::size_t> places_;  // by SQL
};

}  // namespace

Lifted lift_repeated(std::span<const ColumnSql> columns, const std::vector<ScalarPtr>& scalars, const std::vector<bool>& wanted) {
  Lifting lifting(columns);
  Lifted out;
  out.scalars = scalars;
  for (std::size_t i = 0; i < scalars.size(); ++i)
    if (wanted[i] && lifting.is_long(*scalars[i])) out.scalars[i] = lifting.without_repeated(scalars[i]);
  out.columns = lifting.take_columns();
  return out;
}

}  // namespace kql
