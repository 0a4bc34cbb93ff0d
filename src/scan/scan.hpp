// SPDX-License-Identifier: Apache-2.0
// The image flow: source → layers → packages → findings. scan.cpp reads top to bottom as its stages.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "advisory/database.hpp"
#include "imagecheck/engine.hpp"
#include "model/inventory.hpp"
#include "oci/image_source.hpp"
#include "scan/layer_claims.hpp"

namespace scan {

struct InventoryOptions {
  oci::SourceOptions source;
  std::optional<oci::Platform> platform;
  std::filesystem::path cache_dir;  // of layer facts; empty: nothing is cached
  oci::Progress progress;           // may be empty
  LayerClaims* claims = nullptr;    // shared by scans at once, so that each layer is read once; not owned, needs cache_dir
  std::function<void(const oci::Image&)> on_image;  // told what the reference resolved to; may be empty
  std::shared_ptr<const imagecheck::Engine> checks;  // finds Inventory::issues; null: none are looked for
};

// Everything found in the artifact. Layers that cannot be read are left out, named in the warnings, and make the
// inventory partial; an artifact of which nothing can be read is an error.
base::Result<model::Inventory> take_inventory(const std::string& reference, const InventoryOptions& options);

struct MatchOptions {
  std::vector<std::filesystem::path> vex_files;
  std::filesystem::path ignore_file;          // empty: none
  std::vector<model::Severity> severities;    // empty: all
  bool only_fixed = false;                    // of vulnerabilities
  bool vulnerabilities = true;                // false: the database is not asked
  base::Seconds now;
};

struct Report {
  model::Inventory inventory;
  std::vector<model::Finding> findings;    // after the filters; suppressed ones carry `suppressed`
  std::vector<std::string> notices;        // to be said loudly: nothing matched, unknown distribution …
  bool matched = false;                    // a database was there
  base::Seconds database_built{};
  std::size_t database_advisories = 0;
};

// Matches an inventory against a database (null: says loudly that nothing was matched), adds the issues of the inventory,
// applies statements and filters.
base::Result<Report> match_inventory(model::Inventory inventory, const advisory::Database* database,
                                     const MatchOptions& options);

// A report of packages alone, with what is to be said of their distribution.
Report report_packages(model::Inventory inventory, base::Seconds now);

// Whether a counted finding has at least this severity.
bool reaches(const Report& report, model::Severity threshold);

}  // namespace scan
