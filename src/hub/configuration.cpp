// SPDX-License-Identifier: Apache-2.0
#include "hub/configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "base/yaml.hpp"

namespace hub {

namespace {

constexpr std::array<std::string_view, 5> kFlags{"enabled", "scanEnabled", "plainHttp", "patchable", "disabled"};
constexpr std::array<std::string_view, 3> kNumbers{"pollMinutes", "cvssBelow", "port"};

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void give_type(base::Json& value, std::string_view name) {
  const std::string text(base::as_string(value));
  if (is_one_of(name, kFlags) && (text == "true" || text == "false")) value = text == "true";
  if (!is_one_of(name, kNumbers)) return;
  std::int64_t whole = 0;
  double number = 0;
  const char* const end = text.data() + text.size();
  if (const auto read = std::from_chars(text.data(), end, whole); read.ec == std::errc() && read.ptr == end) value = whole;
  else if (const auto other = std::from_chars(text.data(), end, number); other.ec == std::errc() && other.ptr == end) value = number;
}

void give_types(base::Json& value, std::string_view name) {
  if (value.is_object()) {
    for (auto& member : value.get_object()) give_types(member.value(), member.key());
  } else if (value.is_array()) {
    for (auto& entry : value.get_array()) give_types(entry, name);
  } else if (value.is_string()) {
    give_type(value, name);
  }
}

}  // namespace

base::Result<base::Json> read_configuration(std::string_view text) {
  if (text.size() > kConfigurationCap)
    return base::fail(base::Kind::too_large, fmt::format("The configuration has {} bytes, more than the {} that are read.", text.size(), kConfigurationCap));
  auto documents = TRY(base::parse_yaml(text, "the configuration"));
  if (documents.size() != 1 || !documents[0].is_object())
    return base::fail(base::Kind::invalid_input, "The configuration must be one map with sections such as registries and users.");
  give_types(documents[0], {});
  return std::move(documents[0]);
}

bool holds_already(const base::Json& there, const base::Json& wanted) {
  if (!wanted.is_object()) return there == wanted;
  return there.is_object() && std::all_of(wanted.get_object().begin(), wanted.get_object().end(), [&](const auto& member) {
           const auto* other = there.get_object().if_contains(member.key());
           return other && holds_already(*other, member.value());
         });
}

}  // namespace hub
