// SPDX-License-Identifier: Apache-2.0
#include "arm/key_ranges.hpp"

#include <algorithm>

#include "arm/resource_id.hpp"

namespace arm {

namespace {

// The key itself, and what begins with it and a slash. Others may lie between the two ("demo-2" behind "demo").
void add_scope(const std::string& key, std::vector<KeyRange>& out) {
  if (key == "/") return out.push_back({"/", "0"}), void();  // '0' is the byte behind '/'
  out.push_back({key, key + '\x01'});
  out.push_back({key + "/", key + "0"});
}

}  // namespace

std::vector<KeyRange> granted_ranges(const Access& access, std::string_view action, const std::string& scope_key) {
  std::vector<KeyRange> out;
  for (const std::string& granted : access.granted_scopes(action)) {
    if (is_scope_of(granted, scope_key))
      add_scope(scope_key, out);
    else if (is_scope_of(scope_key, granted))
      add_scope(granted, out);
  }
  std::sort(out.begin(), out.end(), [](const KeyRange& a, const KeyRange& b) { return a.begin < b.begin; });
  return out;
}

}  // namespace arm
