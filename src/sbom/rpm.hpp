// SPDX-License-Identifier: Apache-2.0
// Packages of rpm based systems: the four kinds of database, each of which yields header blobs (rpm_header.hpp),
// and the text manifest of images without a database.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/package.hpp"
#include "sbom/cataloger.hpp"

namespace sbom {

extern const Cataloger kRpmSqliteCataloger;    // rpmdb.sqlite with its -wal: rpm 4.16 and later
extern const Cataloger kRpmBdbCataloger;       // Packages: Berkeley DB hash, rpm up to 4.15
extern const Cataloger kRpmNdbCataloger;       // Packages.db: SUSE
extern const Cataloger kRpmManifestCataloger;  // container-manifest-2: Azure Linux distroless

// Gets each header blob; the view is valid during the call. False ends the reading.
using RpmBlobVisitor = std::function<bool(std::string_view blob)>;

// The blobs of a database held in memory. What was visited before an error is good; the sum of what is visited is
// bounded by a small multiple of the database's size, the time by its size.
base::Result<void> visit_rpm_sqlite(std::string_view database, std::string_view wal, const RpmBlobVisitor& visit);
base::Result<void> visit_rpm_bdb(std::string_view database, const RpmBlobVisitor& visit);
base::Result<void> visit_rpm_ndb(std::string_view database, const RpmBlobVisitor& visit);

// The database as it would be after a checkpoint: frames of a write-ahead log up to its last valid commit laid over
// the pages, and the header set to rollback mode (SQLite file format, sections 1.3 and 4). A log that does not belong
// to the database, or holds no commit, changes nothing.
base::Result<std::string> apply_sqlite_wal(std::string_view database, std::string_view wal);

// "name\tversion-release\tinstall time\tbuild time\tvendor\tepoch\tsize\tarch\tepoch number\tsource rpm", one a line.
std::vector<model::Package> parse_rpm_manifest(std::string_view text, std::vector<std::string>& warnings);

}  // namespace sbom
