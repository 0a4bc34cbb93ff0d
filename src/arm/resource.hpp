// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "arm/resource_id.hpp"
#include "base/json.hpp"
#include "store/database.hpp"
#include "store/jobs.hpp"

namespace arm {

// A resource as it is stored. The body is what a PUT brings, normalised by its provider: location, tags, sku, properties …
// without id, name and type.
struct Resource {
  ResourceId id;
  base::JsonObject body;
  std::string etag;
  store::Millis created_at = 0, changed_at = 0;
  std::string created_by, changed_by;

  const base::Json* property(std::string_view name) const;
  std::string_view text_property(std::string_view name, std::string_view otherwise = {}) const;
};

base::Result<std::optional<Resource>> load_resource(store::Session& session, const std::string& resource_key);

// Resources of a type at or below a scope, in order of key, behind `after` (a key; empty: from the start).
base::Result<std::vector<Resource>> load_resources(store::Session& session, const std::string& type,
                                                   const std::string& scope_key, const std::string& after = {},
                                                   std::size_t limit = 100'000);

// Inserts or replaces; sets etag and times. `by` is the caller's name.
base::Result<void> save_resource(store::Session& session, Resource& resource, const std::string& by, store::Millis now);
base::Result<bool> delete_resource(store::Session& session, const std::string& resource_key);  // false: there was none

// As REST shows it: id, name, type, the body, systemData.
base::JsonObject to_json(const Resource& resource);

// "2026-11-29T01:02:03.456Z"
std::string format_millis(store::Millis time);

}  // namespace arm
