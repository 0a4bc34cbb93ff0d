// SPDX-License-Identifier: Apache-2.0
// Brings the segments of a spool into the engine: of each one insert a workspace, table and day.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "workspace/ingest/source_marks.hpp"
#include "workspace/ingest/spool.hpp"
#include "workspace/ingest/table_catalog.hpp"
#include "workspace/sql_engine.hpp"
#include "workspace/write_gate.hpp"

namespace workspace {

using PlaceOfWorkspace = std::function<TablePlace(std::string_view workspace)>;

// The rows of one segment that go to one table and day.
struct RowGroup {
  std::string workspace, table, rows;
  std::int64_t day = 0;
  std::uint64_t count = 0;
  std::string token;  // the same whenever the same segment is read
};

// Kind::corrupt where it is damaged. In the order of workspace, table and day.
base::Result<std::vector<RowGroup>> group_rows(const std::filesystem::path& segment, SourceMarks& marks);

struct WriterStatistics {
  std::uint64_t inserted_rows = 0, inserts = 0;
  std::uint64_t failures = 0;        // inserts that were tried again
  std::uint64_t set_aside_rows = 0;  // that the engine will never take: kept in "set-aside" beside the segments
};

// One thread with a helper for inserts, which ends with the object: the insert that it is at is waited for. While the engine fails, a segment is tried
// again after longer and longer pauses, up to half a minute.
class TableWriter {
 public:
  TableWriter(Spool& spool, SourceMarks& marks, const TableCatalog& catalog, SqlEngine& engine, PlaceOfWorkspace place,
              std::filesystem::path folder, LogLine log);
  TableWriter(const TableWriter&) = delete;
  TableWriter& operator=(const TableWriter&) = delete;
  ~TableWriter();

  WriterStatistics statistics() const;

 private:
  using TableKey = std::pair<std::string, std::string>;  // workspace and table

  void run();
  bool write_segment(const SpoolSegment& segment);  // false: stop() was called
  bool write_group(const RowGroup& group);
  void count_failure(std::uint64_t rows_set_aside);
  base::Result<void> insert(const RowGroup& group);
  base::Result<void> set_up(const RowGroup& group);
  void forget(const RowGroup& group);
  bool set_aside(const RowGroup& group, const base::Error& error);
  bool keep_segment(const SpoolSegment& segment, const base::Error& error);
  bool retire(const SpoolSegment& segment);
  base::Result<void> let_go(const SpoolSegment& segment);
  bool pause(unsigned attempt, const base::Error& error, std::string_view what);

  Spool& spool_;
  SourceMarks& marks_;
  const TableCatalog& catalog_;
  SqlEngine& engine_;
  const PlaceOfWorkspace place_;
  const std::filesystem::path folder_;
  const WriteGate gate_;  // passed for each step, so that a backup finds the engine, the spool and the marks as of one moment
  const LogLine log_;
  std::mutex ready_mutex_;                         // guards ready_, and holds while a table is set up
  std::map<TableKey, TableCatalog::Table> ready_;  // tables that the engine has, as of these specifications
  mutable std::mutex mutex_;                       // guards statistics_
  WriterStatistics statistics_;
  std::thread thread_;
};

}  // namespace workspace
