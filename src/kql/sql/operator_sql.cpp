// SPDX-License-Identifier: Apache-2.0
// Comparisons, arithmetic, and, or, between, in.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "kql/sql/scalar_writer.hpp"
#include "kql/sql/sql_literals.hpp"
#include "kql/sql/stored_time_sql.hpp"

namespace kql {

namespace {

bool is_nan_literal(const Scalar& scalar) {
  const Value* value = literal_of(scalar);
  return scalar.type == Type::real && value != nullptr && !value->is_null() && std::isnan(value->real());
}
// A literal that is a number, not null and not NaN.
bool is_plain_literal(const Scalar& scalar) {
  const Value* value = literal_of(scalar);
  return value != nullptr && !value->is_null() && !is_nan_literal(scalar);
}

bool is_single_literal(const base::Json& json) { return !json.is_array() && !json.is_object() && !json.is_double(); }

// The text of a dynamic tells whether it is equal to another where both are written the same way: a stored array may have
// its numbers written otherwise.
base::Result<void> check_comparable(const Call& call) {
  for (const ScalarPtr& argument : call.arguments) {
    if (argument->type != Type::dynamic) continue;
    const Value* value = literal_of(*argument);
    if (value == nullptr || value->is_null() || !is_single_literal(value->json())) continue;
    return {};
  }
  if (call.arguments[0]->type == Type::dynamic) return base::fail(no_sql("a comparison of two dynamics"));
  return {};
}

// Of two values that are not null. NaN is equal to nothing, there and here.
std::string equal_sql(const std::string& a, const std::string& b) { return fmt::format("({} = {})", a, b); }

struct Pair {
  const Scalar& left;
  const Scalar& right;
  std::string a, b;
  bool left_may_be_null, right_may_be_null;
};

base::Result<Pair> pair_of(const ScalarWriter& w, const Call& call) {
  const Scalar& left = *call.arguments[0];
  const Scalar& right = *call.arguments[1];
  TRY(check_comparable(call));
  std::string a = TRY(w.value(left));
  std::string b = TRY(w.value(right));
  return Pair{left, right, std::move(a), std::move(b), w.may_be_null(left), w.may_be_null(right)};
}

// A text that meets another type: where it is a literal it is read as that type.
Sql equal_to_text(const ScalarWriter& w, const Call& call, bool wanted) {
  const std::size_t text = call.arguments[0]->type == Type::string ? 0 : 1;
  const Scalar& other = *call.arguments[1 - text];
  const std::string* literal = text_literal(call, text);
  if (literal == nullptr || call.arguments[text]->type == other.type) return base::fail(no_sql("a comparison of a text with another type"));
  const Value value = convert(Value::text(*literal), Type::string, other.type);
  if (value.is_null()) return wanted ? "false" : "true";
  const std::string equal = equal_sql(TRY(w.value(other)), TRY(sql_literal(value, other.type)));
  return negated_unless(wanted, fmt::format("ifNull({}, false)", equal));
}

template <bool wanted>
Sql equality(const ScalarWriter& w, const Scalar&, const Call& call) {
  if (call.arguments[0]->type != call.arguments[1]->type) return equal_to_text(w, call, wanted);
  const Pair p = TRY(pair_of(w, call));
  const std::string equal = negated_unless(wanted, equal_sql(p.a, p.b));
  if (p.left.type == Type::string) return equal;
  if (p.left.type == Type::dynamic) return fmt::format("if({0} = '' AND {1} = '', NULL, {2})", p.a, p.b, equal);
  if (!p.left_may_be_null && !p.right_may_be_null) return equal;
  const std::string otherwise = fmt::format("ifNull({}, {})", equal, !wanted);
  if (!p.left_may_be_null || !p.right_may_be_null) return otherwise;
  return fmt::format("if(isNull({}) AND isNull({}), NULL, {})", p.a, p.b, otherwise);
}

Sql equal_truth(const ScalarWriter& w, const Scalar&, const Call& call) {
  if (call.arguments[0]->type != call.arguments[1]->type) return equal_to_text(w, call, true);
  const Pair p = TRY(pair_of(w, call));
  const std::string equal = equal_sql(p.a, p.b);
  if (const std::string also = bounds_of_period(w, call); !also.empty()) return fmt::format("({}{})", equal, also);
  return p.left.type == Type::dynamic ? fmt::format("({} AND {} != '')", equal, p.a) : equal;
}

Sql not_equal_truth(const ScalarWriter& w, const Scalar& scalar, const Call& call) {
  if (call.arguments[0]->type == Type::string && call.arguments[1]->type == Type::string)
    return fmt::format("({} != {})", TRY(w.argument(call, 0)), TRY(w.argument(call, 1)));
  return equality<false>(w, scalar, call);
}

// The sign of a comparison is the function's name.
Sql ordering(const ScalarWriter& w, const Scalar&, const Call& call) {
  if (const auto bound = bound_of_time(w, call)) return *bound;
  const Type type = call.arguments[0]->type;
  if (type == Type::dynamic) return base::fail(no_sql("an order of dynamics"));
  const std::string a = TRY(w.argument(call, 0)), b = TRY(w.argument(call, 1));
  if (type == Type::guid) return fmt::format("(toString({}) {} toString({}))", a, call.function->name, b);
  return fmt::format("({} {} {})", a, call.function->name, b);
}

Sql ordering_truth(const ScalarWriter& w, const Scalar& scalar, const Call& call) {
  const std::string holds = TRY(ordering(w, scalar, call));
  const std::string also = bounds_of_period(w, call);
  return also.empty() ? holds : fmt::format("({}{})", holds, also);
}

template <bool wanted>
Sql between_value(const ScalarWriter& w, const Scalar&, const Call& call) {
  const Type type = call.arguments[0]->type;
  const Scalar& low = *call.arguments[1];
  const Scalar& high = *call.arguments[2];
  if (type == Type::dynamic || type == Type::guid) return base::fail(no_sql("an order of dynamics"));
  const bool plain = is_plain_literal(low) && is_plain_literal(high);
  if (type == Type::real && !plain) return base::fail(no_sql("between with bounds that may be NaN"));
  const std::string a = TRY(w.argument(call, 0)), from = TRY(w.value(low)), to = TRY(w.value(high));
  const std::string inside = negated_unless(wanted, fmt::format("({} >= {} AND {} <= {})", a, from, a, to));
  if (!w.may_be_null(low) && !w.may_be_null(high)) return inside;
  return fmt::format("if(isNull({}) OR isNull({}) OR isNull({}), NULL, {})", a, from, to, inside);
}

Sql between_truth(const ScalarWriter& w, const Scalar& scalar, const Call& call) {
  const std::string holds = TRY(between_value<true>(w, scalar, call));
  const std::string also = bounds_of_period(w, *call.arguments[0], ">=", *call.arguments[1]) + bounds_of_period(w, *call.arguments[0], "<=", *call.arguments[2]);
  return also.empty() ? holds : fmt::format("({}{})", holds, also);
}

std::string is_value(const Scalar& scalar, const std::string& sql) {
  return scalar.type == Type::dynamic ? fmt::format("{} != ''", sql) : fmt::format("isNotNull({})", sql);
}

// The condition that holds where the first argument is one of the others; NULL or false where it is not.
Sql in_list(const ScalarWriter& w, const Call& call) {
  const Scalar& own = *call.arguments[0];
  TRY(check_comparable(call));
  const std::string a = TRY(w.value(own));
  const bool as_list = own.type != Type::real && std::all_of(call.arguments.begin() + 1, call.arguments.end(),
                                                             [](const ScalarPtr& s) { return literal_of(*s) != nullptr; });
  std::vector<std::string> others;
  for (std::size_t i = 1; i < call.arguments.size(); ++i) {
    const Scalar& other = *call.arguments[i];
    const Value* literal = literal_of(other);
    if (literal != nullptr && literal->is_null()) continue;
    const std::string b = TRY(w.value(other));
    if (as_list) others.push_back(b);
    else if (literal != nullptr || own.type == Type::string) others.push_back(equal_sql(a, b));
    else others.push_back(fmt::format("({} AND {})", equal_sql(a, b), is_value(other, b)));
  }
  if (others.empty()) return "false";
  const std::string found = as_list ? fmt::format("{} IN ({})", a, joined_sql(others, ", ")) : joined_sql(others, " OR ");
  return own.type == Type::dynamic ? fmt::format("({} != '' AND ({}))", a, found) : fmt::format("({})", found);
}

template <bool wanted>
Sql in_value(const ScalarWriter& w, const Scalar&, const Call& call) {
  return negated_unless(wanted, fmt::format("ifNull({}, false)", TRY(in_list(w, call))));
}
Sql in_truth(const ScalarWriter& w, const Scalar&, const Call& call) { return in_list(w, call); }

template <bool truth>
Sql logical(const ScalarWriter& w, const Scalar&, const Call& call) {
  std::vector<std::string> parts;
  for (const ScalarPtr& argument : call.arguments) parts.push_back(TRY(truth ? w.truth(*argument) : w.value(*argument)));
  return fmt::format("({})", joined_sql(parts, call.function->name == "and" ? " AND " : " OR "));
}

// --- arithmetic ---

bool takes(const Call& call, Type left, Type right) { return call.arguments[0]->type == left && call.arguments[1]->type == right; }

// Sums and multiples of datetimes, which are rare.
base::Result<void> check_no_sum_of_datetimes(const Scalar& scalar, const Call& call) {
  const bool moved = takes(call, Type::datetime, Type::timespan) || takes(call, Type::timespan, Type::datetime);
  if (scalar.type == Type::datetime && !moved) return base::fail(no_sql("a sum or multiple of datetimes"));
  return {};
}

Sql moved(const ScalarWriter& w, const Call& call, std::size_t datetime, std::string_view sign) {
  const Scalar& time = *call.arguments[datetime];
  const Scalar& span = *call.arguments[1 - datetime];
  const std::string ticks = fmt::format("({} {} {})", ticks_since_1970(TRY(w.value(time))), sign, TRY(w.value(span)));
  return stays_in_range(w, time, span) ? datetime_at(ticks) : datetime_within_range(ticks);
}

Sql sum_or_difference(const ScalarWriter& w, const Scalar& scalar, const Call& call) {
  const std::string_view sign = call.function->name;
  if (scalar.type == Type::dynamic) return base::fail(no_sql("arithmetic of dynamics"));
  TRY(check_no_sum_of_datetimes(scalar, call));
  if (takes(call, Type::datetime, Type::timespan)) return moved(w, call, 0, sign);
  if (takes(call, Type::timespan, Type::datetime)) return moved(w, call, 1, sign);
  const std::string a = TRY(w.argument(call, 0)), b = TRY(w.argument(call, 1));
  if (takes(call, Type::datetime, Type::datetime)) return fmt::format("({} - {})", ticks_since_1970(a), ticks_since_1970(b));
  return is_whole(scalar.type) ? fmt::format("toInt64({} {} {})", a, sign, b) : fmt::format("({} {} {})", a, sign, b);
}

// Ticks of a real number of them; NULL where they are no timespan.
std::string ticks_of(const std::string& real) {
  return fmt::format("accurateCastOrNull(if(abs({0}) < 9.2e18, trunc({0}), NULL), 'Int64')", real);
}

Sql product(const ScalarWriter& w, const Scalar& scalar, const Call& call) {
  if (scalar.type == Type::dynamic) return base::fail(no_sql("arithmetic of dynamics"));
  TRY(check_no_sum_of_datetimes(scalar, call));
  const std::string a = TRY(w.argument(call, 0)), b = TRY(w.argument(call, 1));
  if (scalar.type == Type::timespan) return ticks_of(fmt::format("(toFloat64({}) * toFloat64({}))", a, b));
  return is_whole(scalar.type) ? fmt::format("toInt64({} * {})", a, b) : fmt::format("({} * {})", a, b);
}

Sql quotient(const ScalarWriter& w, const Scalar& scalar, const Call& call) {
  if (scalar.type == Type::dynamic) return base::fail(no_sql("arithmetic of dynamics"));
  TRY(check_no_sum_of_datetimes(scalar, call));
  const std::string a = TRY(w.argument(call, 0)), b = TRY(w.argument(call, 1));
  if (scalar.type == Type::timespan) return ticks_of(fmt::format("(toFloat64({}) / nullIf(toFloat64({}), 0))", a, b));
  if (!is_whole(scalar.type)) return fmt::format("(toFloat64({}) / toFloat64({}))", a, b);
  const Value* divisor = literal_of(*call.arguments[1]);
  const std::string plain = fmt::format("intDivOrNull(toInt64({}), toInt64({}))", a, b);  // 0 for the least number by -1
  if (divisor != nullptr && !divisor->is_null() && divisor->integer() != -1) return plain;
  return fmt::format("if({1} = -1, negate(toInt64({0})), {2})", a, b, plain);
}

// The engine divides, cuts and multiplies, which is exact of whole numbers that are not large.
std::string rest_of_reals(const std::string& a, const std::string& b) {
  const std::string exact = fmt::format("{0} = trunc({0}) AND {1} = trunc({1}) AND abs({0}) < 1e15 AND abs({1}) < 1e15", a, b);
  const std::string rest = fmt::format("if({1} = 0, if(isNull({0}), NULL, nan), if(modulo({0}, {1}) < 0, modulo({0}, {1}) + abs({1}), modulo({0}, {1})))", a, b);
  return unless(fmt::format("NOT ({})", exact), rest, "NULL");
}

Sql rest(const ScalarWriter& w, const Scalar& scalar, const Call& call) {
  if (scalar.type == Type::dynamic) return base::fail(no_sql("arithmetic of dynamics"));
  const std::string a = TRY(w.argument(call, 0)), b = TRY(w.argument(call, 1));
  if (scalar.type == Type::real) return rest_of_reals(a, b);
  const Value* divisor = literal_of(*call.arguments[1]);
  if (divisor == nullptr) return base::fail(no_sql("% of a divisor that is not known"));  // the engine refuses the least number
  if (divisor->is_null() || divisor->integer() == INT64_MIN) return base::fail(no_sql("% of this divisor"));
  const bool time = call.arguments[0]->type == Type::datetime;
  const std::string dividend = time ? fmt::format("({} + {})", ticks_since_1970(a), kTicksAt1970) : a;
  return fmt::format("toInt64(positiveModuloOrNull(toInt64({}), toInt64({})))", dividend, b);
}

Sql negated_number(const ScalarWriter& w, const Scalar& scalar, const Call& call) {
  if (scalar.type == Type::dynamic) return base::fail(no_sql("arithmetic of dynamics"));
  const std::string a = TRY(w.argument(call, 0));
  return scalar.type == Type::real ? fmt::format("negate({})", a) : fmt::format("negate(toInt64({}))", a);
}

constexpr SqlForm kOperatorForms[] = {
    {"==", equality<true>, equal_truth},
    {"!=", equality<false>, not_equal_truth},
    {"<", ordering, ordering_truth},
    {"<=", ordering, ordering_truth},
    {">", ordering, ordering_truth},
    {">=", ordering, ordering_truth},
    {"between", between_value<true>, between_truth},
    {"!between", between_value<false>},
    {"in", in_value<true>, in_truth},
    {"!in", in_value<false>},
    {"and", logical<false>, logical<true>},
    {"or", logical<false>, logical<true>},
    {"+", sum_or_difference},
    {"-", sum_or_difference},
    {"*", product},
    {"/", quotient},
    {"%", rest},
    {"unary-", negated_number},
};

}  // namespace

std::span<const SqlForm> operator_forms() { return kOperatorForms; }

}  // namespace kql
