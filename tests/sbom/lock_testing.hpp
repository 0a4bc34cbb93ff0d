// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sbom/cataloger.hpp"

// What the lock file cataloger that wants `path` reads from `content`.
inline base::Result<sbom::FileFacts> catalog_lock(std::string_view path, std::string_view content) {
  const sbom::FileHead head{path, content.size(), 0644, content.substr(0, 16)};
  for (const sbom::Cataloger& cataloger : sbom::lock_file_catalogers()) {
    if (!cataloger.wants(head)) continue;
    const sbom::File file{std::string(path), std::string(content), 0644};
    return cataloger.catalog(std::span(&file, 1));
  }
  return base::fail(base::Kind::not_found, "no cataloger wants " + std::string(path));
}

// "name version", with " dev" behind development dependencies, in the order given; {"error: …"} on failure.
inline std::vector<std::string> locked(std::string_view path, std::string_view content) {
  const auto facts = catalog_lock(path, content);
  if (!facts) return {"error: " + facts.error().message};
  std::vector<std::string> lines;
  for (const model::Package& package : facts->packages)
    lines.push_back(package.name + " " + package.version + (package.dev ? " dev" : ""));
  return lines;
}

inline std::vector<std::string> lock_warnings(std::string_view path, std::string_view content) {
  const auto facts = catalog_lock(path, content);
  return facts ? facts->warnings : std::vector<std::string>{"error: " + facts.error().message};
}

inline bool wants_lock(std::string_view path) {
  for (const sbom::Cataloger& cataloger : sbom::lock_file_catalogers())
    if (cataloger.wants(sbom::FileHead{path, 1, 0644, "x"})) return true;
  return false;
}
