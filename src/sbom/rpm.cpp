// SPDX-License-Identifier: Apache-2.0
#include "sbom/rpm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "sbom/catalogers_os.hpp"
#include "sbom/rpm_header.hpp"

namespace sbom {

namespace {

constexpr std::size_t kRpmDatabaseCap = 256u << 20;
constexpr std::size_t kRpmManifestCap = 16u << 20;
constexpr std::string_view kWalSuffix = "-wal";

// True for `name` in one of the folders where rpm keeps its database, at the root or in a root below it.
bool is_rpm_database(std::string_view path, std::string_view name) {
  constexpr std::array<std::string_view, 3> kFolders{"var/lib/rpm", "usr/lib/sysimage/rpm", "usr/share/rpm"};
  if (base::basename(path) != name) return false;
  const std::string_view parent = parent_path(path);
  return std::any_of(kFolders.begin(), kFolders.end(), [&](std::string_view folder) { return ends_with_path(parent, folder); });
}

bool wants_rpm_sqlite(const FileHead& file) {
  return is_rpm_database(file.path, "rpmdb.sqlite") || is_rpm_database(file.path, "rpmdb.sqlite-wal");
}
bool wants_rpm_bdb(const FileHead& file) { return is_rpm_database(file.path, "Packages"); }
bool wants_rpm_ndb(const FileHead& file) { return is_rpm_database(file.path, "Packages.db"); }

bool wants_rpm_manifest(const FileHead& file) {
  constexpr std::string_view kPath = "var/lib/rpmmanifest/container-manifest-2";
  return ends_with_path(file.path, kPath);
}

// Turns blobs into facts: a bad header is left out and counted.
class RpmCollector {
 public:
  explicit RpmCollector(const std::string& path) {
    facts_.path = path;
    facts_.manager = "rpm";
  }

  bool add(std::string_view blob) {
    const auto header = RpmHeader::parse(blob);
    auto package = header ? rpm_package(*header) : base::Result<model::Package>(base::fail(header.error()));
    if (!package) {
      if (bad_++ == 0) first_error_ = package.error().message;
    } else if (package->name != "gpg-pubkey") {  // an imported key is no software
      owned_.add(*header);
      add_os_package(std::move(*package), facts_);
    }
    return true;
  }

  bool empty() const { return facts_.packages.empty(); }

  FileFacts finish(const base::Result<void>& read) {
    const std::size_t good = facts_.packages.size();
    const auto warn = [&](const std::string& text) { facts_.warnings.push_back(fmt::format("{}: {}", facts_.path, text)); };
    if (bad_ > 0) warn(fmt::format("{} of {} packages left out: {}", bad_, bad_ + good, first_error_));
    if (owned_.truncated()) warn("the packages own too many files; some were left out");
    if (!read) warn(fmt::format("read in part, {} packages: {}", good, read.error().message));
    facts_.owned = owned_.take_sorted();
    return std::move(facts_);
  }

 private:
  FileFacts facts_;
  RpmOwnedFiles owned_;
  std::size_t bad_ = 0;
  std::string first_error_;
};

// `read` hands the blobs to the visitor it gets. A database that fails before its first package is an error.
template <typename Read>
base::Result<FileFacts> collect_rpm(const std::string& path, Read read) {
  RpmCollector collector(path);
  const base::Result<void> result = read([&](std::string_view blob) { return collector.add(blob); });
  if (!result && collector.empty()) return base::fail(result.error().with_context(path));
  return collector.finish(result);
}

base::Result<FileFacts> catalog_rpm_sqlite(std::span<const File> files) {
  const File* database = nullptr;
  std::string_view wal;
  for (const File& file : files) {
    if (file.path.ends_with(kWalSuffix))
      wal = file.content;
    else
      database = &file;
  }
  if (!database) {
    FileFacts facts;
    facts.path = files.front().path;
    if (!wal.empty())
      facts.warnings.push_back(fmt::format(
          "{}: a write-ahead log without its database in the same layer; packages changed by it are not seen", facts.path));
    return facts;
  }
  return collect_rpm(database->path, [&](const RpmBlobVisitor& visit) { return visit_rpm_sqlite(database->content, wal, visit); });
}

base::Result<FileFacts> catalog_rpm_bdb(std::span<const File> files) {
  const File& file = files.front();
  return collect_rpm(file.path, [&](const RpmBlobVisitor& visit) { return visit_rpm_bdb(file.content, visit); });
}

base::Result<FileFacts> catalog_rpm_ndb(std::span<const File> files) {
  const File& file = files.front();
  return collect_rpm(file.path, [&](const RpmBlobVisitor& visit) { return visit_rpm_ndb(file.content, visit); });
}

base::Result<FileFacts> catalog_rpm_manifest(std::span<const File> files) {
  FileFacts facts;
  facts.path = files.front().path;
  facts.manager = "rpm";
  std::vector<std::string> warnings;
  for (auto& package : parse_rpm_manifest(files.front().content, warnings)) add_os_package(std::move(package), facts);
  for (const std::string& warning : warnings) facts.warnings.push_back(fmt::format("{}: {}", facts.path, warning));
  return facts;
}

}  // namespace

constinit const Cataloger kRpmSqliteCataloger{"rpm-sqlite", 1, kRpmDatabaseCap, true, wants_rpm_sqlite, catalog_rpm_sqlite, true};
constinit const Cataloger kRpmBdbCataloger{"rpm-bdb", 1, kRpmDatabaseCap, false, wants_rpm_bdb, catalog_rpm_bdb, true};
constinit const Cataloger kRpmNdbCataloger{"rpm-ndb", 1, kRpmDatabaseCap, false, wants_rpm_ndb, catalog_rpm_ndb, true};
constinit const Cataloger kRpmManifestCataloger{"rpm-manifest", 1, kRpmManifestCap, false, wants_rpm_manifest, catalog_rpm_manifest, true};

}  // namespace sbom
