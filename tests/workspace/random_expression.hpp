// SPDX-License-Identifier: Apache-2.0
// Expressions of a type over columns, out of the signatures of the catalog of functions. Some do not bind: who takes them
// asks the binder.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dice.hpp"
#include "kql/functions/function.hpp"
#include "kql/sql/scalar_writer.hpp"
#include "kql/value.hpp"

namespace workspace_test {

// Literals as they stand in a query, by type.
inline const std::vector<std::string>& literals_of(kql::Type type) {
  using Type = kql::Type;
  static const std::map<Type, std::vector<std::string>> kAll{
      {Type::boolean, {"true", "false", "bool(null)"}},
      {Type::int32, {"int(0)", "int(1)", "int(-7)", "int(2147483647)", "int(null)"}},
      {Type::int64, {"0", "1", "2", "3", "7", "-1", "-3", "10", "100", "9223372036854775807", "long(-9223372036854775808)", "long(null)"}},
      {Type::real, {"0.0", "1.0", "0.5", "-1.5", "2.0", "1e10", "1e-5", "real(nan)", "real(+inf)", "real(null)"}},
      {Type::datetime, {"datetime(2026-10-01)", "datetime(2026-10-01T12:00:00.1234567Z)", "datetime(1970-01-01)", "datetime(0001-01-01)", "datetime(9999-12-31T23:59:59.9999999Z)",
                        "datetime(2024-02-29)", "ago(1h)", "now()", "datetime(null)"}},
      {Type::timespan, {"1h", "1d", "30m", "7d", "1s", "1tick", "-1d", "0s", "time(1.02:03:04.0000005)", "time(null)"}},
      {Type::guid, {"guid(11111111-2222-3333-4444-555555555555)", "guid(ffffffff-0000-0000-0000-000000000001)", "guid(null)"}},
      {Type::decimal, {"decimal(1.5)", "decimal(0)", "decimal(null)"}},
      {Type::string, {"'a'", "'alpha'", "'Alpha'", "'beta'", "'ALPHA'", "'10.0.0.1'", "'42'", "''", "'é'", "'É'", "'caf'", "'straße'", "'k'", "'i'", "'alpha beta'", "'took'", "'_'", "' '",
                      "'it\\'s \\\\ \\\"q\\\" `b`'", "'%'", "'日本'", "'\\t'", "'2026-10-01'", "'1.5'", "'true'", "'a,b'", "'kill'", "'user=42'"}},
      {Type::dynamic, {"dynamic(null)", "dynamic([1,2,3])", "dynamic({'a':1,'b':[true]})", "dynamic('a')", "dynamic(1)", "dynamic(2.0)", "dynamic([])"}}};
  return kAll.at(type);
}

// What stands at some places of some functions: patterns, units, keys, small numbers.
inline const std::vector<std::string>* special_argument(std::string_view function, std::size_t argument) {
  static const std::vector<std::string> kPatterns{"'a+'", "'[0-9]+'", "'^alpha'", "'(?i)ALPHA'", "'(\\\\w+)=(\\\\d+)'", "'.'", "'a|b'", "'\\\\s'", "'$'", "'(a)(b)?'", "'é'", "'x*'", "'[^a-z]+'", "'\\\\d+$'", "'\\\\bal'"};
  static const std::vector<std::string> kUnits{"'day'", "'hour'", "'minute'", "'second'", "'millisecond'", "'microsecond'", "'month'", "'year'", "'week'", "'Hour'", "'quarter'", "'week_of_year'"};
  static const std::vector<std::string> kKeys{"'a'", "'b'", "'k'", "'nope'", "0", "1", "-1", "2", "''", "\"a'b\"", "'a b'"};
  static const std::vector<std::string> kSmall{"0", "1", "2", "3", "-1", "-2", "5", "100"};
  static const std::vector<std::string> kGroups{"'(a+)'", "'([0-9]+)'", "'(a)|[bk]'", "'[^=]([a-z]+)'", "'(\\\\w+)=(\\\\d+)'", "'^(a)'", "'(x*)'", "'(é)'"};
  static const std::vector<std::string> kRewrites{"'-'", "''", "'<\\\\0>'", "'\\\\\\\\'", "'é'"};
  static const std::vector<std::string> kFormats{"'yyyy-MM-dd'", "'HH:mm'", "'yyyy-MM-dd HH:mm:ss.fff'", "'dd/MM/yy hh:mm tt'", "'s.fffffff'", "'[ss.f]'", "'M-d'"};
  static const std::vector<std::string> kDelimiters{"','", "' '", "'a'", "'='", "''", "'\\\\'", "'é'"};
  static const std::map<std::pair<std::string_view, std::size_t>, const std::vector<std::string>*> kPlaces{
      {{"matches regex", 1}, &kPatterns}, {{"extract", 0}, &kPatterns},       {{"extract", 1}, &kSmall},        {{"extract_all", 0}, &kGroups}, {{"replace_regex", 1}, &kPatterns},
      {{"trim", 0}, &kPatterns},          {{"trim_start", 0}, &kPatterns},    {{"trim_end", 0}, &kPatterns},    {{"datetime_diff", 0}, &kUnits},  {{"datetime_add", 0}, &kUnits},
      {{"datetime_part", 0}, &kUnits},    {{"[]", 1}, &kKeys},                {{"substring", 1}, &kSmall},      {{"substring", 2}, &kSmall},      {{"split", 1}, &kDelimiters},
      {{"split", 2}, &kSmall},            {{"replace_string", 1}, &kDelimiters}, {{"startofday", 1}, &kSmall},  {{"endofday", 1}, &kSmall},       {{"startofweek", 1}, &kSmall},
      {{"endofweek", 1}, &kSmall},        {{"startofmonth", 1}, &kSmall},     {{"endofmonth", 1}, &kSmall},     {{"startofyear", 1}, &kSmall},    {{"endofyear", 1}, &kSmall},
      {{"round", 1}, &kSmall},            {{"strrep", 1}, &kSmall},           {{"array_slice", 1}, &kSmall},    {{"array_slice", 2}, &kSmall},    {{"binary_shift_left", 1}, &kSmall},
      {{"binary_shift_right", 1}, &kSmall},
      {{"replace_regex", 2}, &kRewrites}, {{"format_datetime", 1}, &kFormats},   {{"indexof", 1}, &kDelimiters},   {{"datepart", 0}, &kUnits}};
  const auto at = kPlaces.find({function, argument});
  return at == kPlaces.end() ? nullptr : at->second;
}

class RandomExpression {
 public:
  // `closed`: columns that no expression is computed on.
  RandomExpression(Dice& dice, const kql::Schema& columns, const std::set<std::string>& closed) : dice_(dice), columns_(columns), closed_(closed) {}

  std::string of(kql::Type type, int depth) {
    const std::size_t what = dice_.below(10);
    if (depth <= 0 || what < 2) {
      const std::optional<std::string> column = what != 1 ? column_of(type) : std::nullopt;
      return column ? *column : dice_.of(literals_of(type));
    }
    if (what == 2 && type != kql::Type::dynamic)
      return fmt::format("case({}, {}, {}, {}, {})", of(kql::Type::boolean, depth - 1), of(type, depth - 1), of(kql::Type::boolean, depth - 1), of(type, depth - 1), of(type, depth - 1));
    const kql::Function* function = function_for(type);
    return function == nullptr ? dice_.of(literals_of(type)) : call(*function, type, depth);
  }

  std::optional<std::string> column_of(kql::Type type) {
    std::vector<std::string> fitting;
    for (const kql::Column& column : columns_)
      if (column.type == type && closed_.count(column.name) == 0) fitting.push_back(column.name);
    return fitting.empty() ? std::nullopt : std::optional(dice_.of(fitting));
  }

  static kql::Type any_type(Dice& dice) {
    using Type = kql::Type;
    static const std::vector<Type> kTypes{Type::boolean, Type::int32,    Type::int64,    Type::int64, Type::real,    Type::real,   Type::string, Type::string,
                                          Type::string,  Type::datetime, Type::datetime, Type::timespan, Type::guid, Type::dynamic, Type::dynamic};
    return dice.of(kTypes);
  }

 private:
  using Takes = kql::FormalParameter::Takes;

  static bool has_sql(const kql::Function& function) { return !function.sql.empty() || kql::sql_form(function.name) != nullptr; }
  // Their last digits are the library's that computes them.
  static bool is_inexact(std::string_view name) {
    static const std::set<std::string_view> kNames{"exp",  "exp2", "exp10", "log", "log2", "log10", "pow",  "sin",   "cos",      "tan", "asin", "acos", "atan",
                                                   "atan2", "cot",  "gamma", "loggamma", "erf", "erfc", "sqrt", "degrees", "radians"};
    return kNames.count(name) > 0;
  }

  // Those whose result may be of a type: with SQL, and all.
  struct Choices {
    std::vector<const kql::Function*> with_sql, all;
  };
  static const std::map<kql::Type, Choices>& choices() {
    static const std::map<kql::Type, Choices> kChoices = [] {
      std::map<kql::Type, Choices> out;
      const auto add = [&](const kql::Function& function) {
        if (function.kind != kql::Function::Kind::pure || function.name.substr(0, 4) == "geo_" || is_inexact(function.name)) return;
        const kql::Signature& signature = kql::signature_of(function.signature);
        for (const kql::Type type : {kql::Type::boolean, kql::Type::int32, kql::Type::int64, kql::Type::real, kql::Type::string, kql::Type::datetime, kql::Type::timespan,
                                     kql::Type::guid, kql::Type::decimal, kql::Type::dynamic}) {
          if (!may_give(signature, type)) continue;
          out[type].all.push_back(&function);
          if (has_sql(function)) out[type].with_sql.push_back(&function);
        }
      };
      for (const kql::Function& function : kql::operator_functions()) add(function);
      for (const kql::Function& function : kql::string_operator_functions()) add(function);
      for (const std::string_view name : kql::function_names())
        for (const kql::Function* function : kql::functions_named(name)) add(*function);
      return out;
    }();
    return kChoices;
  }

  static bool fits(const kql::FormalParameter& parameter, kql::Type type) {
    using Type = kql::Type;
    switch (parameter.takes) {
      case Takes::exactly: return parameter.type == type;
      case Takes::plain: return type != Type::dynamic;
      case Takes::number:
      case Takes::common_number: return type == Type::int32 || type == Type::int64 || type == Type::real;
      case Takes::whole: return type == Type::int32 || type == Type::int64;
      case Takes::summable: return type == Type::int32 || type == Type::int64 || type == Type::real || type == Type::datetime || type == Type::timespan;
      case Takes::orderable:
      case Takes::common_ordered: return type != Type::dynamic && type != Type::guid;
      default: return true;
    }
  }
  static bool is_shared(const kql::FormalParameter& parameter) {
    return parameter.takes == Takes::common || parameter.takes == Takes::common_number || parameter.takes == Takes::common_ordered;
  }
  static bool may_give(const kql::Signature& signature, kql::Type type) {
    switch (signature.result) {
      case kql::Signature::Result::exactly: return signature.type == type;
      case kql::Signature::Result::first: return !signature.parameters.empty() && fits(signature.parameters[0], type);
      case kql::Signature::Result::common:
        return std::all_of(signature.parameters.begin(), signature.parameters.end(), [&](const auto& p) { return !is_shared(p) || fits(p, type); });
    }
    return false;
  }

  const kql::Function* function_for(kql::Type type) {
    const auto at = choices().find(type);
    if (at == choices().end()) return nullptr;
    const bool any = at->second.with_sql.empty() || dice_.one_in(25);
    return dice_.of(any ? at->second.all : at->second.with_sql);
  }

  kql::Type type_for(const kql::FormalParameter& parameter) {
    if (parameter.takes == Takes::exactly) return parameter.type;
    for (int i = 0; i < 30; ++i)
      if (const kql::Type type = any_type(dice_); fits(parameter, type)) return type;
    return kql::Type::int64;
  }

  std::string argument(const kql::Function& function, std::size_t index, const kql::FormalParameter& parameter, kql::Type type, int depth) {
    const std::vector<std::string>* special = special_argument(function.name, index);
    if (special != nullptr && !dice_.one_in(12)) return dice_.of(*special);
    if (parameter.constant) return dice_.of(literals_of(type));
    if (index > 0 && dice_.one_in(2)) return dice_.of(literals_of(type));  // needles, bounds, divisors: mostly known
    return of(type, depth - 1);
  }

  std::string call(const kql::Function& function, kql::Type type, int depth) {
    const kql::Signature& signature = kql::signature_of(function.signature);
    std::optional<kql::Type> shared;
    if (signature.result == kql::Signature::Result::common) shared = type;
    std::size_t count = signature.parameters.size();
    while (count > 0 && signature.parameters[count - 1].optional && dice_.one_in(2)) --count;
    if (signature.repeated > 0) count += signature.repeated * dice_.below(3);
    std::vector<std::string> arguments;
    for (std::size_t i = 0; i < count; ++i) {
      const kql::FormalParameter* parameter = signature.parameter(i);
      if (parameter == nullptr) break;
      kql::Type wanted = type_for(*parameter);
      if (i == 0 && signature.result == kql::Signature::Result::first) wanted = type;
      if (is_shared(*parameter)) {
        if (!shared) shared = wanted;
        wanted = *shared;
      }
      arguments.push_back(argument(function, i, *parameter, wanted, depth));
    }
    return text_of_call(function.name, arguments);
  }

  static std::string joined(const std::vector<std::string>& parts, std::string_view between, std::size_t from = 0) {
    std::string out;
    for (std::size_t i = from; i < parts.size(); ++i) out += (i > from ? std::string(between) : std::string()) + parts[i];
    return out;
  }

  static std::string text_of_call(std::string_view name, const std::vector<std::string>& a) {
    static const std::set<std::string_view> kLists{"in", "!in", "in~", "!in~", "has_any", "has_all"};
    static const std::set<std::string_view> kWords{"and",       "or",       "contains",   "startswith",    "endswith",    "has",   "hasprefix", "hassuffix", "contains_cs",
                                                   "startswith_cs", "endswith_cs", "has_cs", "hasprefix_cs", "hassuffix_cs", "matches regex"};
    if (name == "[]" && a.size() == 2) return fmt::format("({})[{}]", a[0], a[1]);
    if (name == "unary-") return fmt::format("(-({}))", joined(a, ", "));
    if (name == "unary+") return fmt::format("(+({}))", joined(a, ", "));
    if (kLists.count(name) > 0 && !a.empty()) return fmt::format("({} {} ({}))", a[0], name, joined(a, ", ", 1));
    if ((name == "between" || name == "!between") && a.size() == 3) return fmt::format("({} {} ({} .. {}))", a[0], name, a[1], a[2]);
    const bool is_sign = !name.empty() && !(name[0] >= 'a' && name[0] <= 'z') && name[0] != '_';
    if (is_sign || kWords.count(name) > 0) return fmt::format("({})", joined(a, fmt::format(" {} ", name)));
    return fmt::format("{}({})", name, joined(a, ", "));
  }

  Dice& dice_;
  const kql::Schema& columns_;
  const std::set<std::string>& closed_;
};

}  // namespace workspace_test
