// SPDX-License-Identifier: Apache-2.0
// iff, case, coalesce, isempty and their kin.
#include <fmt/format.h>

#include "kql/sql/scalar_writer.hpp"
#include "kql/sql/sql_literals.hpp"

namespace kql {

namespace {

// A condition that is true or false. The engine writes f(if(c, NULL, x)) of an aggregate as fIf(x, NOT c), which is another
// thing where c is NULL.
Sql decided(const ScalarWriter& w, const Scalar& condition) {
  const std::string holds = TRY(w.truth(condition));
  return w.may_be_null(condition) ? fmt::format("ifNull({}, false)", holds) : holds;
}

Sql chosen_by_condition(const ScalarWriter& w, const Scalar&, const Call& call) {
  return fmt::format("if({}, {}, {})", TRY(decided(w, *call.arguments[0])), TRY(w.argument(call, 1)), TRY(w.argument(call, 2)));
}

Sql first_case_sql(const ScalarWriter& w, const Scalar&, const Call& call) {
  std::vector<std::string> parts;
  std::size_t i = 0;
  for (; i + 1 < call.arguments.size(); i += 2) {
    parts.push_back(TRY(decided(w, *call.arguments[i])));
    parts.push_back(TRY(w.argument(call, i + 1)));
  }
  parts.push_back(TRY(w.argument(call, i)));
  return fmt::format("multiIf({})", joined_sql(parts, ", "));
}

std::string empty_sql(const std::string& value, Type type) {
  if (type == Type::string) return fmt::format("({} = '')", value);
  if (type == Type::dynamic) return fmt::format("({} IN ('', '\"\"'))", value);
  return fmt::format("isNull({})", value);
}

Sql coalesced_sql(const ScalarWriter& w, const Scalar&, const Call& call) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i + 1 < call.arguments.size(); ++i) {
    const std::string value = TRY(w.argument(call, i));
    parts.push_back("NOT " + empty_sql(value, call.arguments[i]->type));
    parts.push_back(value);
  }
  parts.push_back(TRY(w.argument(call, call.arguments.size() - 1)));
  return parts.size() == 1 ? parts[0] : fmt::format("multiIf({})", joined_sql(parts, ", "));
}

template <bool wanted>
Sql emptiness(const ScalarWriter& w, const Scalar&, const Call& call) {
  return negated_unless(wanted, empty_sql(TRY(w.argument(call, 0)), call.arguments[0]->type));
}

template <bool wanted>
Sql nullness(const ScalarWriter& w, const Scalar&, const Call& call) {
  const Type type = call.arguments[0]->type;
  const std::string value = TRY(w.argument(call, 0));
  if (type == Type::string) return wanted ? "false" : "true";
  if (type == Type::dynamic) return fmt::format("({} {} '')", value, wanted ? "=" : "!=");
  return fmt::format("{}({})", wanted ? "isNull" : "isNotNull", value);
}

// The engine's pass over NULL, as KQL's do. NaN and the bytes of a guid have an order of their own there.
Sql extreme(const ScalarWriter& w, const Scalar& scalar, const Call& call) {
  if (!is_whole(scalar.type) && scalar.type != Type::datetime && scalar.type != Type::timespan)
    return base::fail(no_sql(fmt::format("{}() of this type", call.function->name)));
  std::vector<std::string> parts;
  for (const ScalarPtr& argument : call.arguments) parts.push_back(TRY(w.value(*argument)));
  return fmt::format("{}({})", call.function->name == "max_of" ? "greatest" : "least", joined_sql(parts, ", "));
}

Sql negation(const ScalarWriter& w, const Scalar&, const Call& call) { return fmt::format("(NOT {})", TRY(w.argument(call, 0))); }

constexpr SqlForm kConditionForms[] = {
    {"iff", chosen_by_condition},   {"iif", chosen_by_condition},   {"case", first_case_sql},      {"coalesce", coalesced_sql},
    {"isempty", emptiness<true>},   {"isnotempty", emptiness<false>}, {"notempty", emptiness<false>}, {"isnull", nullness<true>},
    {"isnotnull", nullness<false>}, {"notnull", nullness<false>},   {"max_of", extreme},           {"min_of", extreme},
    {"not", negation},
};

}  // namespace

std::span<const SqlForm> condition_forms() { return kConditionForms; }

}  // namespace kql
