// SPDX-License-Identifier: Apache-2.0
#include "kql/type.hpp"

#include <algorithm>
#include <array>

namespace kql {

namespace {

struct Alias {
  std::string_view word;
  Type type;
};

constexpr std::array kAliases{Alias{"boolean", Type::boolean}, Alias{"double", Type::real},   Alias{"date", Type::datetime}, Alias{"time", Type::timespan},
                              Alias{"uniqueid", Type::guid},   Alias{"uuid", Type::guid},     Alias{"uint", Type::int32},    Alias{"ulong", Type::int64}};

}  // namespace

std::string_view type_name(Type type) { return model::column_type_name(type); }

std::optional<Type> parse_type(std::string_view name) {
  if (const auto type = model::parse_column_type(name)) return type;
  const auto at = std::find_if(kAliases.begin(), kAliases.end(), [&](const Alias& alias) { return alias.word == name; });
  if (at == kAliases.end()) return std::nullopt;
  return at->type;
}

}  // namespace kql
