// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include "cli/options.hpp"
#include "cli/progress.hpp"
#include "net/http.hpp"
#include "scan/scan.hpp"

namespace cli {

// What `scan` and `sbom` need to read an artifact; owns the transport that the options point to.
struct InventorySetup {
  std::unique_ptr<net::HttpTransport> transport;
  scan::InventoryOptions options;
};

base::Result<InventorySetup> prepare_inventory(const GlobalOptions& global, const SourceFlags& flags, ProgressLine& progress);

// --db, else $BULWARK_DB, else advisories.db in the cache folder.
std::filesystem::path database_path(const GlobalOptions& global, const std::string& flag);
std::filesystem::path cache_path(const GlobalOptions& global);

}  // namespace cli
