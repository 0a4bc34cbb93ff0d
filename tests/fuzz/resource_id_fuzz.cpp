// SPDX-License-Identifier: Apache-2.0
// An id that is read reads as itself again, has a key that is its own key, and stands below its parents; a path names
// something below what it is a list of.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "arm/resource_id.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_id(const arm::ResourceId& id) {
  const auto again = arm::ResourceId::parse(id.text());
  require(again && again->text() == id.text());
  const auto by_key = arm::ResourceId::parse(id.key());
  require(by_key && by_key->key() == id.key() && by_key->names().size() == id.names().size());
  require(id.text().find("//") == std::string::npos);
  arm::ResourceId above = id;
  for (int steps = 0; !above.is_tenant(); ++steps) {
    require(steps < 2048 && arm::is_scope_of(above.key(), id.key()));
    const arm::ResourceId next = above.parent();
    require(next.text().size() < above.text().size() && static_cast<bool>(arm::ResourceId::parse(next.text())));
    above = next;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto id = arm::ResourceId::parse(text);
  if (id) check_id(*id);
  const auto target = arm::parse_target(text);
  require(!id || (target && !target->is_list && target->id.text() == id->text() && target->type == id->type()));
  if (!target) return 0;
  check_id(target->id);
  // A path may have empty segments, an id has none.
  if (text.find("//") == std::string_view::npos) require(target->is_list != static_cast<bool>(id));
  require(target->type.empty() == (!target->is_list && target->id.is_tenant()));
  return 0;
}
