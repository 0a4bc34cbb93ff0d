// SPDX-License-Identifier: Apache-2.0
#include "arm/resource.hpp"

#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace arm {

namespace {

constexpr std::string_view kColumns = "resource_id, body, etag, created_at, created_by, changed_at, changed_by, resource_key";

base::Result<Resource> resource_from(const store::Row& row) {
  Resource resource;
  resource.id = TRY(ResourceId::parse(row.text(0)));
  const auto body = TRY(base::parse_json(row.text(1), row.text(0)));
  if (body.is_object()) resource.body = body.get_object();
  resource.etag = row.text(2);
  resource.created_at = row.integer(3);
  resource.created_by = row.text(4);
  resource.changed_at = row.integer(5);
  resource.changed_by = row.text(6);
  return resource;
}

// The first key behind all that start with `prefix`, in byte order.
std::string behind_prefix(std::string prefix) {
  prefix.back() = static_cast<char>(prefix.back() + 1);
  return prefix;
}

}  // namespace

const base::Json* Resource::property(std::string_view name) const {
  const auto* properties = body.if_contains("properties");
  return properties ? base::find(*properties, name) : nullptr;
}

std::string_view Resource::text_property(std::string_view name, std::string_view otherwise) const {
  const auto* value = property(name);
  return value && value->is_string() ? base::as_string(*value) : otherwise;
}

base::Result<std::optional<Resource>> load_resource(store::Session& session, const std::string& resource_key) {
  base::Result<std::optional<Resource>> found;
  TRY(session.query(fmt::format("SELECT {} FROM resources WHERE resource_key = ?", kColumns), {resource_key},
                    [&](const store::Row& row) { found = resource_from(row).map([](Resource r) { return std::optional(std::move(r)); }); }));
  return found;
}

base::Result<std::vector<Resource>> load_resources(store::Session& session, const std::string& type,
                                                   const std::string& scope_key, const std::string& after,
                                                   std::size_t limit) {
  std::vector<Resource> resources;
  std::optional<base::Error> failure;
  const std::string type_key = base::to_lower(type);
  const std::string prefix = scope_key == "/" ? "/" : scope_key + "/";
  const std::string end = behind_prefix(prefix);
  const std::string& begin = after > prefix ? after : prefix;
  TRY(session.query(fmt::format("SELECT {} FROM resources WHERE type = ? AND ((resource_key > ? AND resource_key < ?) OR "
                                "(resource_key = ? AND resource_key > ?)) ORDER BY resource_key LIMIT ?",
                                kColumns),
                    {type_key, begin, end, scope_key, after, static_cast<std::int64_t>(limit)}, [&](const store::Row& row) {
                      auto resource = resource_from(row);
                      if (resource)
                        resources.push_back(std::move(*resource));
                      else
                        failure = resource.error();
                    }));
  if (failure) return base::fail(*failure);
  return resources;
}

base::Result<void> save_resource(store::Session& session, Resource& resource, const std::string& by, store::Millis now) {
  resource.etag = fmt::format("\"{}\"", base::uuid4());
  if (resource.created_at == 0) {
    resource.created_at = now;
    resource.created_by = by;
  }
  resource.changed_at = now;
  resource.changed_by = by;
  const std::string key = resource.id.key();
  const std::string type = base::to_lower(resource.id.type());
  const std::string name = resource.id.name();
  const std::string body = base::to_text(resource.body);
  return session.run(
      "INSERT INTO resources (resource_key, resource_id, type, name, body, etag, created_at, created_by, changed_at, changed_by) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (resource_key) DO UPDATE SET body = excluded.body, "
      "etag = excluded.etag, changed_at = excluded.changed_at, changed_by = excluded.changed_by",
      {key, resource.id.text(), type, name, body, resource.etag, resource.created_at, resource.created_by,
       resource.changed_at, resource.changed_by});
}

base::Result<bool> delete_resource(store::Session& session, const std::string& resource_key) {
  TRY(session.run("DELETE FROM resources WHERE resource_key = ?", {resource_key}));
  return session.changes() > 0;
}

base::JsonObject to_json(const Resource& resource) {
  base::JsonObject out{{"id", resource.id.text()}, {"name", resource.id.name()}, {"type", resource.id.type()}};
  for (const auto& member : resource.body) out.insert_or_assign(member.key(), member.value());
  out.insert_or_assign("systemData", base::JsonObject{{"createdBy", resource.created_by},
                                                      {"createdAt", format_millis(resource.created_at)},
                                                      {"lastModifiedBy", resource.changed_by},
                                                      {"lastModifiedAt", format_millis(resource.changed_at)}});
  return out;
}

std::string format_millis(store::Millis time) {
  const std::string whole = base::format_time(base::Seconds(std::chrono::seconds(time / 1000)));
  return fmt::format("{}.{:03}Z", std::string_view(whole).substr(0, whole.size() - 1), time % 1000);
}

}  // namespace arm
