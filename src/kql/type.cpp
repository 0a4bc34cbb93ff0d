// SPDX-License-Identifier: Apache-2.0
#include "kql/type.hpp"

#include <algorithm>
#include <array>

namespace kql {

namespace {

struct TypeAlias {
  std::string_view word;
  Type type;
};

constexpr std::array kAliases{TypeAlias{"boolean", Type::boolean}, TypeAlias{"double", Type::real},   TypeAlias{"date", Type::datetime}, TypeAlias{"time", Type::timespan},
                              TypeAlias{"uniqueid", Type::guid},   TypeAlias{"uuid", Type::guid},     TypeAlias{"uint", Type::int32},    TypeAlias{"ulong", Type::int64}};

}  // namespace

std::string_view type_name(Type type) { return model::column_type_name(type); }

std::optional<Type> parse_type(std::string_view name) {
  if (const auto type = model::parse_column_type(name)) return type;
  const auto at = std::find_if(kAliases.begin(), kAliases.end(), [&](const TypeAlias& alias) { return alias.word == name; });
  if (at == kAliases.end()) return std::nullopt;
  return at->type;
}

}  // namespace kql
