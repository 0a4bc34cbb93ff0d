// SPDX-License-Identifier: Apache-2.0
// Tables out of Parquet files. The embedded engine reads them, so that no library is needed for them alone.
#pragma once

#include <filesystem>
#include <memory>

#include "base/files.hpp"
#include "base/result.hpp"
#include "kql/value.hpp"
#include "workspace/sql_engine.hpp"

namespace workspace {

// One a process, and none beside an engine of its own (chdb_engine.hpp): what that says of standard input holds here, too.
class ParquetReader {
 public:
  // Kind::not_found: the engine's library is not there.
  static base::Result<std::unique_ptr<ParquetReader>> open();

  // All rows of a file. Columns have the types that KQL has for theirs: whole numbers int or long (those of 64 bits without a
  // sign decimal), dates datetime, lists, maps and structures dynamic, what has no type of its own string.
  base::Result<kql::Table> read(const std::filesystem::path& file);

 private:
  explicit ParquetReader(base::TempDir folder) : folder_(std::move(folder)) {}

  base::TempDir folder_;
  std::unique_ptr<SqlEngine> engine_;  // ends first
  int files_ = 0;
};

}  // namespace workspace
