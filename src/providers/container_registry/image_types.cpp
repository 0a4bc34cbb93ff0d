// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.hpp"
#include "oci/registry_admin.hpp"
#include "providers/container_registry/image_gate.hpp"
#include "providers/container_registry/intake.hpp"
#include "providers/container_registry/types.hpp"

namespace providers {

namespace {

// Of an image id: registry key, repository, digest.
struct ImagePath {
  std::string registry_key, repository, digest;
};

ImagePath path_of(const arm::ResourceId& id) {
  const auto repository = id.parent();
  return {repository.parent().key(), repository.name(), id.name()};
}

arm::Reply no_image(const arm::ResourceId& id) {
  return arm::refuse(404, "ResourceNotFound", fmt::format("The image '{}' was not found.", id.text()));
}

base::Result<std::optional<ImageRow>> live_image(store::Session& session, const arm::ResourceId& id) {
  const auto path = path_of(id);
  auto image = TRY(find_image(session, path.registry_key, path.repository, path.digest));
  if (image && image->deleted_at != 0) image.reset();
  return image;
}

base::Result<arm::Reply> get_image(const arm::Call&, store::Session& session, const arm::ResourceId& id) {
  const auto image = TRY(live_image(session, id));
  if (!image) return no_image(id);
  return arm::Reply{200, TRY(image_resource_json(session, *image)), {}};
}

base::Result<arm::Reply> list_images(const arm::Call& call, store::Session& session, const arm::Target& target) {
  const auto page = TRY(arm::read_page(call));
  base::JsonArray value;
  std::string last;
  for (const auto& image : TRY(live_images(session, target.id.parent().key()))) {
    const auto id = TRY(arm::ResourceId::parse(image.resource_id));
    if (image.repository != target.id.name() || image.digest <= page.after || !call.may(call.action, id)) continue;
    if (value.size() == page.top) return arm::list_reply(call, std::move(value), last);
    value.emplace_back(TRY(image_resource_json(session, image)));
    last = image.digest;
  }
  return arm::list_reply(call, std::move(value), {});
}

base::Result<arm::Reply> scan_again(const Services& services, const arm::Call& call, const arm::ResourceId& id) {
  std::optional<ImageRow> image;
  std::string operation;
  TRY(services.database.write([&](store::Session& session) -> base::Result<void> {
    image = TRY(live_image(session, id));
    const auto registry = image ? TRY(load_registry(session, services.vault, image->registry_key)) : std::nullopt;
    if (!registry) return {};
    TRY(queue_scan(services, session, *registry, *image, call.now));
    if (const auto job = TRY(store::last_job(session, std::string(kScanJob), id.key()))) operation = std::to_string(job->id);
    return {};
  }));
  if (!image) return no_image(id);
  arm::Reply reply{202, base::JsonObject{{"status", "Accepted"}}, {}};
  if (!operation.empty()) {
    const auto url = fmt::format("{}/subscriptions/{}/providers/Microsoft.ContainerRegistry/locations/local/operationStatuses/{}?api-version=2025-11-01",
                                 call.origin(), id.subscription(), operation);
    reply.headers = {{"Azure-AsyncOperation", url}, {"Location", url}, {"Retry-After", "1"}};
  }
  return reply;
}

base::Result<arm::Reply> delete_image(const Services& services, const arm::Call& call, const arm::ResourceId& id) {
  std::optional<ImageRow> image;
  std::optional<Registry> registry;
  TRY(services.database.read([&](store::Session& session) -> base::Result<void> {
    image = TRY(live_image(session, id));
    if (image) registry = TRY(load_registry(session, services.vault, image->registry_key));
    return {};
  }));
  if (!image || !registry) return arm::Reply{204, nullptr, {}};
  const RegistryConnection connection(*registry, services.allow_private_registries);
  const auto admin = TRY(oci::RegistryAdmin::open(registry->login_server, connection.registry_options()));
  const auto done = admin->delete_manifest(image->repository, TRY(oci::Digest::parse(image->digest)));
  if (!done && done.error().kind != base::Kind::not_found) return base::fail(done.error());
  TRY(services.database.write([&](store::Session& session) { return take_deletion(services, session, *registry, *image, call.now); }));
  return arm::Reply{200, nullptr, {}};
}

base::Result<arm::Reply> approve(const Services& services, const arm::Call& call, const arm::ResourceId& id) {
  const auto decision = base::get_string(call.body, "decision");
  const auto reason = base::trim(base::get_string(call.body, "reason"));
  const auto expires = base::get_string(call.body, "expires");
  if (decision != "Approved" && decision != "Refused") return base::fail(base::Kind::invalid_input, "decision must be Approved or Refused.");
  if (reason.empty() || reason.size() > 2000) return base::fail(base::Kind::invalid_input, "reason must say why, in at most 2000 characters.");
  if (!expires.empty()) TRY(base::parse_time(expires));
  arm::Resource approval;
  approval.id = id.extension(kApprovalType, "default");
  approval.body = {{"properties", base::JsonObject{{"decision", decision}, {"reason", reason}, {"expires", expires},
                                                   {"by", call.who()}, {"at", arm::format_millis(call.now)}}}};
  bool found = false;
  TRY(services.database.write([&](store::Session& session) -> base::Result<void> {
    found = TRY(live_image(session, id)).has_value();
    return found ? arm::save_resource(session, approval, call.who(), call.now) : base::Result<void>();
  }));
  if (!found) return no_image(id);
  return arm::Reply{200, arm::to_json(approval), {}};
}

base::Result<arm::Reply> take_approval_back(const Services& services, const arm::Call&, const arm::ResourceId& id) {
  TRY(services.database.write([&](store::Session& session) -> base::Result<void> {
    TRY(arm::delete_resource(session, id.extension(kApprovalType, "default").key()));
    return {};
  }));
  return arm::Reply{204, nullptr, {}};
}

base::Result<arm::Reply> gate(const Services& services, const arm::Call& call, const arm::ResourceId& id) {
  const auto rule = TRY(read_gate_rule(call.http));
  arm::Reply reply = no_image(id);
  TRY(services.database.read([&](store::Session& session) -> base::Result<void> {
    const auto image = TRY(live_image(session, id));
    if (!image) return {};
    reply = {200, TRY(answer_gate(services, session, *image, rule, call.now)), {}};
    return {};
  }));
  return reply;
}

}  // namespace

base::Result<base::JsonObject> image_resource_json(store::Session& session, const ImageRow& image) {
  base::JsonArray tags;
  for (const auto& tag : TRY(tags_of(session, image))) tags.emplace_back(tag);
  return base::JsonObject{{"id", image.resource_id},
                          {"name", image.digest},
                          {"type", kImageType},
                          {"properties", base::JsonObject{{"repository", image.repository},
                                                          {"digest", image.digest},
                                                          {"tags", std::move(tags)},
                                                          {"mediaType", image.media_type},
                                                          {"platform", image.platform},
                                                          {"os", image.os},
                                                          {"size", image.size},
                                                          {"pushed", arm::format_millis(image.pushed_at)},
                                                          {"scanState", image.scan_state},
                                                          {"scanError", image.scan_error},
                                                          {"scanned", image.scanned_at == 0 ? base::Json(nullptr) : base::Json(arm::format_millis(image.scanned_at))},
                                                          {"partial", image.partial},
                                                          {"quarantine", image.quarantine}}}};
}

arm::ResourceType repository_type(const Services&) {
  arm::ResourceType type;
  type.name = kRepositoryType;
  type.api_versions = {"2025-11-01"};
  type.writable = false;
  const auto json = [](const arm::ResourceId& id) {
    return base::JsonObject{{"id", id.text()}, {"name", id.name()}, {"type", kRepositoryType}, {"properties", base::JsonObject{}}};
  };
  type.get = [json](const arm::Call&, store::Session& session, const arm::ResourceId& id) -> base::Result<arm::Reply> {
    if (!TRY(store::query_integer(session, "SELECT 1 FROM images WHERE registry_key = ? AND repository = ? AND deleted_at = 0 LIMIT 1", {id.parent().key(), id.name()})))
      return arm::refuse(404, "ResourceNotFound", fmt::format("The repository '{}' was not found.", id.name()));
    return arm::Reply{200, json(id), {}};
  };
  type.list = [json](const arm::Call& call, store::Session& session, const arm::Target& target) -> base::Result<arm::Reply> {
    const auto page = TRY(arm::read_page(call));
    std::vector<std::string> names;
    TRY(session.query("SELECT DISTINCT repository FROM images WHERE registry_key = ? AND deleted_at = 0 AND repository > ? ORDER BY repository LIMIT ?",
                      {target.id.key(), page.after, static_cast<std::int64_t>(page.top + 1)},
                      [&](const store::Row& row) { names.emplace_back(row.text(0)); }));
    base::JsonArray value;
    const bool more = names.size() > page.top;
    if (more) names.pop_back();
    for (const auto& name : names) {
      const auto id = target.id.child("repositories", name);
      if (call.may(call.action, id)) value.emplace_back(json(id));
    }
    return arm::list_reply(call, std::move(value), more ? names.back() : "");
  };
  return type;
}

arm::ResourceType image_type(const Services& services) {
  arm::ResourceType type;
  type.name = kImageType;
  type.api_versions = {"2025-11-01"};
  type.writable = false;
  type.get = get_image;
  type.list = list_images;
  type.remove_elsewhere = [&services](const arm::Call& call, const arm::ResourceId& id) { return delete_image(services, call, id); };
  type.actions["scan"] = {"POST", [&services](const arm::Call& call, const arm::ResourceId& id) { return scan_again(services, call, id); }};
  // Decided by a role that names it alone, as Azure keeps the quarantine: who administers does not approve by that.
  type.actions["approve"] = {"POST", [&services](const arm::Call& call, const arm::ResourceId& id) { return approve(services, call, id); }, arm::Plane::data};
  type.actions["approval"] = {"DELETE", [&services](const arm::Call& call, const arm::ResourceId& id) { return take_approval_back(services, call, id); }, arm::Plane::data};
  type.actions["gate"] = {"GET", [&services](const arm::Call& call, const arm::ResourceId& id) { return gate(services, call, id); }};
  return type;
}

}  // namespace providers
