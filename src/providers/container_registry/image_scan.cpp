// SPDX-License-Identifier: Apache-2.0
#include "providers/container_registry/image_scan.hpp"

#include <fmt/format.h>

#include "oci/manifest.hpp"
#include "oci/registry_client.hpp"
#include "providers/container_registry/image_assessment.hpp"
#include "providers/container_registry/image_outcome.hpp"
#include "providers/container_registry/image_trust.hpp"
#include "providers/container_registry/intake.hpp"
#include "providers/container_registry/scan_event.hpp"
#include "scan/scan.hpp"
#include "security/notifications.hpp"

namespace providers {

namespace {

// What a job is about.
struct ScanTask {
  Registry registry;
  ImageRow image;
};

base::Result<std::optional<ScanTask>> load_task(const Services& services, store::Session& session, const store::Job& job) {
  const auto payload = TRY(base::parse_json(job.payload, "a scan job"));
  std::optional<ScanTask> task;
  auto registry = TRY(load_registry(session, services.vault, std::string(base::get_string(payload, "registry"))));
  if (!registry) return task;
  const auto image = TRY(find_image(session, registry->key(), std::string(base::get_string(payload, "repository")),
                                    std::string(base::get_string(payload, "digest"))));
  if (image && image->deleted_at == 0) task = ScanTask{std::move(*registry), *image};
  return task;
}

base::Result<oci::Document> fetch_document(const RegistryConnection& connection, const ScanTask& task) {
  const auto name = task.registry.reference(task.image.repository, task.image.digest);
  oci::RegistryClient client(TRY(oci::Reference::parse(name)), connection.registry_options());
  const auto manifest = TRY(client.get_manifest(task.image.digest));
  return oci::parse_document(manifest.text, manifest.content_type, name);
}

bool is_image_config(std::string_view media_type) {
  return media_type.empty() || media_type == "application/vnd.oci.image.config.v1+json" ||
         media_type == "application/vnd.docker.container.image.v1+json" || media_type == "application/octet-stream";
}

// The images of an index become images of their own, below the same tags. A signature of the index is theirs too.
base::Result<void> take_index(const Services& services, const ScanTask& task, const oci::Document& document,
                              std::optional<SignatureState> signature) {
  return services.database.write([&](store::Session& session) -> base::Result<void> {
    const auto now = store::now_ms();
    for (const auto& child : document.manifests) {
      const std::string platform = child.platform ? child.platform->text() : "";
      if (child.attestation || !task.registry.covers_platform(platform)) continue;
      TRY(take_push(services, session, task.registry,
                    {task.image.repository, child.digest.text(), {}, child.media_type, task.image.digest, platform, now}));
    }
    ImageDetails details;
    details.signature = signature;
    const std::string config = base::to_text(to_json(details));
    TRY(session.run("UPDATE images SET media_type = ?, scan_state = ?, scan_error = '', scanned_at = ?, config = ? WHERE id = ?",
                    {document.media_type.empty() ? std::string_view("application/vnd.oci.image.index.v1+json") : std::string_view(document.media_type),
                     kComplete, now, config, task.image.id}));
    TRY(services.assessor.remove(session, task.registry.image_id(task.image.repository, task.image.digest).key(), "Index", now));
    return tell_scan(services, session, task.registry, task.image, kComplete);
  });
}

base::Result<void> mark_unsupported(const Services& services, const ScanTask& task, const std::string& reason) {
  return services.database.write([&](store::Session& session) -> base::Result<void> {
    TRY(set_scan_state(session, task.image.id, kUnsupported, reason));
    const auto image = TRY(find_image(session, task.image.registry_key, task.image.repository, task.image.digest));
    TRY(assess_image(services, session, task.registry, *image, store::now_ms()));
    return tell_scan(services, session, task.registry, task.image, kUnsupported);
  });
}

base::Result<void> begin_scan(const Services& services, const ScanTask& task) {
  return services.database.write([&](store::Session& session) -> base::Result<void> {
    TRY(set_scan_state(session, task.image.id, kScanning, ""));
    return tell_scan(services, session, task.registry, task.image, kScanning);
  });
}

base::Result<ScanOutcome> scan_image(const Services& services, const RegistryConnection& connection, const ScanTask& task) {
  ScanOutcome outcome;
  scan::InventoryOptions options;
  options.source = connection.source_options();
  options.cache_dir = services.cache_dir;
  options.checks = services.checks;
  options.claims = &services.layer_claims;
  options.on_image = [&](const oci::Image& image) { outcome.details = details_of(image); };
  const auto reference = task.registry.reference(task.image.repository, task.image.digest);
  outcome.inventory = TRY(scan::take_inventory("registry:" + reference, options));
  const auto data = services.data.current();
  scan::MatchOptions match;
  match.now = base::system_now();
  auto report = TRY(scan::match_inventory(outcome.inventory, data ? data->database.get() : nullptr, match));
  outcome.findings = std::move(report.findings);
  outcome.matched_with = data ? data->version : "";
  for (const auto& notice : report.notices) outcome.details.notices.push_back(notice);
  for (const auto& warning : outcome.inventory.warnings) outcome.details.notices.push_back(warning);
  return outcome;
}

base::Result<void> keep(const Services& services, const ScanTask& task, const ScanOutcome& outcome) {
  return services.database.write([&](store::Session& session) {
    return keep_outcome(services, session, task.registry, task.image, outcome, store::now_ms());
  });
}

}  // namespace

base::Result<void> run_scan(const Services& services, const store::Job& job) {
  std::optional<ScanTask> task;
  TRY(services.database.read([&](store::Session& session) -> base::Result<void> {
    task = TRY(load_task(services, session, job));
    return {};
  }));
  if (!task) return {};  // the registry or the image is gone
  const RegistryConnection connection(task->registry, services.allow_private_registries);
  const auto document = fetch_document(connection, *task);
  if (!document && document.error().kind == base::Kind::not_found) {
    return services.database.write([&](store::Session& session) {
      return take_deletion(services, session, task->registry, task->image, store::now_ms());
    });
  }
  if (!document) return base::fail(document.error());
  if (document->is_index) {
    TRY(take_index(services, *task, *document, check_signature(connection, task->registry, task->image)));
    return mark_index_quarantine(services, connection, task->registry, task->image);
  }
  if (!is_image_config(document->config.media_type))
    return mark_unsupported(services, *task, fmt::format("This artifact is no container image ({}).", document->config.media_type));
  TRY(begin_scan(services, *task));
  auto outcome = scan_image(services, connection, *task);
  if (!outcome && outcome.error().kind == base::Kind::unsupported) return mark_unsupported(services, *task, outcome.error().message);
  if (!outcome) return base::fail(outcome.error());
  outcome->details.signature = check_signature(connection, task->registry, task->image);
  TRY(keep(services, *task, *outcome));
  return mark_quarantine(services, connection, task->registry, task->image);
}

base::Result<void> scan_failed(const Services& services, store::Session& session, const store::Job& job,
                               const base::Error& error, bool final) {
  const auto task = TRY(load_task(services, session, job));
  if (!task) return {};
  TRY(set_scan_state(session, task->image.id, final ? kFailed : kQueued, error.message));
  const auto image = TRY(find_image(session, task->image.registry_key, task->image.repository, task->image.digest));
  if (final) {
    TRY(assess_image(services, session, task->registry, *image, store::now_ms()));
    TRY(security::notify_scan_failed(session, image->resource_id, error.message, store::now_ms()));
  }
  return tell_scan(services, session, task->registry, task->image, image->scan_state, error.message);
}

}  // namespace providers
