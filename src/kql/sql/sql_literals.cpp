// SPDX-License-Identifier: Apache-2.0
#include "kql/sql/sql_literals.hpp"

#include <fmt/format.h>

#include <cmath>

#include "kql/sql/sql_writer.hpp"

namespace kql {

namespace {

std::string quoted_sql(std::string_view text, char mark) {
  std::string out(1, mark);
  for (const char c : text) {
    if (c == '\0') {
      out += "\\0";
      continue;
    }
    if (c == mark || c == '\\') out += '\\';
    out += c;
  }
  return out += mark;
}

std::string real_literal(double real) {
  if (std::isnan(real)) return "nan";
  if (std::isinf(real)) return real > 0 ? "inf" : "negate(inf)";
  return fmt::format("toFloat64({})", real);
}

std::string whole_literal(std::int64_t value) {
  return value == INT64_MIN ? "toInt64('-9223372036854775808')" : fmt::format("toInt64({})", value);
}

}  // namespace

std::string quote_sql_text(std::string_view text) { return quoted_sql(text, '\''); }
std::string quote_sql_name(std::string_view name) { return quoted_sql(name, '`'); }

std::string_view sql_type(Type type) {
  switch (type) {
    case Type::boolean: return "Nullable(Bool)";
    case Type::int32: return "Nullable(Int32)";
    case Type::int64:
    case Type::timespan: return "Nullable(Int64)";
    case Type::real: return "Nullable(Float64)";
    case Type::datetime: return "Nullable(DateTime64(7, 'UTC'))";
    case Type::guid: return "Nullable(UUID)";
    case Type::decimal: return "Nullable(Decimal(38, 16))";
    default: return "String";
  }
}

base::Result<std::string> sql_literal(const Value& value, Type type) {
  if (value.is_null()) {
    if (type == Type::string || type == Type::dynamic) return "''";
    return fmt::format("CAST(NULL, {})", quote_sql_text(sql_type(type)));
  }
  switch (type) {
    case Type::boolean: return value.boolean() ? "true" : "false";
    case Type::int32: return fmt::format("toInt32({})", value.integer());
    case Type::int64:
    case Type::timespan: return whole_literal(value.integer());
    case Type::real: return real_literal(value.real());
    case Type::datetime: return datetime_at(whole_literal(value.integer() - kTicksAt1970));
    case Type::guid: return fmt::format("toUUID({})", quote_sql_text(value.text()));
    case Type::string: return quote_sql_text(value.text());
    case Type::dynamic: return quote_sql_text(dynamic_text(value.json()));
    case Type::decimal: break;
  }
  return base::fail(base::Kind::unsupported, "there is no exact SQL of decimals");
}

std::string ticks_since_1970(std::string_view datetime) { return fmt::format("reinterpretAsInt64({})", datetime); }

std::string datetime_at(std::string_view ticks) { return fmt::format("reinterpret({}, 'DateTime64(7, \\'UTC\\')')", ticks); }

std::string datetime_within_range(const std::string& ticks) {
  constexpr std::int64_t kEnd = 3'155'378'976'000'000'000;  // 10000-01-01
  return datetime_at(fmt::format("if({} >= {} AND {} < {}, {}, NULL)", ticks, -kTicksAt1970, ticks, kEnd - kTicksAt1970, ticks));
}

std::string unless(std::string_view condition, std::string_view value, std::string_view otherwise) {
  return fmt::format("if(throwIf(ifNull({}, false), {}) = 0, {}, {})", condition, quote_sql_text(kNoExactAnswer), value, otherwise);
}

}  // namespace kql
