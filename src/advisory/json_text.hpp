// SPDX-License-Identifier: Apache-2.0
// Lenient look-ups in simdjson documents: what is missing or of another type is empty. Only importers include this.
#pragma once

#include <simdjson.h>

#include <string_view>
#include <vector>

namespace advisory::json {

using Element = simdjson::dom::element;
using Object = simdjson::dom::object;
using Array = simdjson::dom::array;

inline std::string_view text(Object object, std::string_view key) {
  std::string_view value;
  return object[key].get(value) == simdjson::SUCCESS ? value : std::string_view();
}

inline std::string_view text(Element element) {
  std::string_view value;
  return element.get(value) == simdjson::SUCCESS ? value : std::string_view();
}

inline bool get(Object object, std::string_view key, Object& out) { return object[key].get(out) == simdjson::SUCCESS; }
inline bool get(Object object, std::string_view key, Array& out) { return object[key].get(out) == simdjson::SUCCESS; }

inline std::vector<std::string_view> texts(Object object, std::string_view key) {
  std::vector<std::string_view> out;
  Array array;
  if (get(object, key, array))
    for (const Element element : array)
      if (const auto value = text(element); !value.empty()) out.push_back(value);
  return out;
}

}  // namespace advisory::json
