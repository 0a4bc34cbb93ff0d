// SPDX-License-Identifier: Apache-2.0
// The vulnerability database: one index file, imported into, memory-mapped for matching.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "model/inventory.hpp"
#include "net/http.hpp"

namespace advisory {

struct SourceStatus {
  std::string name;          // "OSV Go", "Alpine secdb v3.11/main", "CISA KEV" …
  std::size_t records = 0;
  std::string newest;        // latest modification in the source, RFC 3339; may be empty
  std::string imported;      // RFC 3339
};

struct ImportReport {
  std::vector<SourceStatus> sources;   // what this import brought
  std::vector<std::string> warnings;   // files and records that were left out, with the reason; capped
  std::size_t refused = 0;             // records left out
};

// A database file open for matching. Immutable, thread-safe.
class Database {
 public:
  // Kind::not_found: no file (the message names `db import` and `db update`); Kind::corrupt: damaged, the message names
  // file and section; Kind::unsupported: written by another version, with the mend.
  static base::Result<Database> open(const std::filesystem::path& file);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  std::vector<SourceStatus> sources() const;
  base::Seconds built() const;
  std::size_t advisories() const;
  std::size_t packages() const;

  // Every vulnerability of every package, aliases merged, worst first (severity, score, id, package). Development dependencies
  // are matched; managed_by packages are not. Distribution data alone decide for OS packages.
  std::vector<model::Finding> match(const model::Inventory& inventory) const;

  // Whether there is any data for the inventory's distribution and release; "" when fine, else a sentence to print loudly
  // (unknown distribution, no data for this release, end of life since <date>).
  std::string distribution_notice(const model::Inventory& inventory, base::Seconds now) const;

 private:
  struct State;
  explicit Database(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// What is to be said of the distribution where there is no database: unknown, or end of life.
std::string distribution_notice(const model::Inventory& inventory, base::Seconds now);

// Reads files and folders in any supported form (recognised by content: OSV JSON and all.zip, secdb JSON and zip of them,
// Debian tracker JSON, OVAL XML, CSAF/VEX JSON, KEV JSON, EPSS CSV; each plain, .gz or .zst) and merges them into the
// database at `file` (made when missing), which is replaced atomically. A source imported again replaces its own
// former records. One bad record is left out and counted, not its file.
base::Result<ImportReport> import_files(const std::filesystem::path& file, const std::vector<std::filesystem::path>& inputs,
                                        base::Seconds now);

struct UpdateOptions {
  std::vector<std::string> ecosystems;  // OSV names; empty: the default set
  std::string base_url;                 // of the OSV archives; empty: the public one
  std::filesystem::path download_dir;   // partial downloads stay here and are resumed
};

// Downloads the OSV archives (and KEV, EPSS), resumable, checksum and length verified, then imports them.
// Kind::unavailable when there is no network says how to bring the files another way.
base::Result<ImportReport> update(const std::filesystem::path& file, net::HttpTransport& transport,
                                  const UpdateOptions& options, const std::function<void(std::string_view)>& progress,
                                  base::Seconds now);

}  // namespace advisory
