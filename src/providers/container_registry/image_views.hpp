// SPDX-License-Identifier: Apache-2.0
// Registries, repositories and images as pages list them.
#pragma once

#include <string>
#include <vector>

#include "providers/container_registry/images.hpp"
#include "security/counts.hpp"
#include "security/queries.hpp"

namespace providers {

struct RepositoryView {
  std::string repository;
  std::int64_t images = 0, unhealthy = 0;
  security::Counts counts;
  store::Millis pushed_at = 0;
};

// Filters unhealthy (true), q. Sorts severity (the default), repository, images, unhealthyImages, fixable,
// lastPushed.
base::Result<security::Page<RepositoryView>> list_repository_views(store::Session& session, const Registry& registry, const security::Query& query);

struct ImageView {
  ImageRow image;
  std::string status;  // of its assessment; empty: none yet
  security::Counts counts;
  std::vector<std::string> tags;
  bool current = false;  // a tag leads to it
};

// Images of one repository (empty: of all). Filters severity, scanState, unhealthy, tag, q. Sorts severity (the default, the most
// severe first), pushed, digest, fixable, size, repository, tags, scanned, scanState.
base::Result<security::Page<ImageView>> list_image_views(store::Session& session, const Registry& registry, const std::string& repository,
                                                         const security::Query& query);
base::Result<std::optional<ImageView>> find_image_view(store::Session& session, const Registry& registry, const std::string& repository,
                                                       const std::string& digest);

}  // namespace providers
