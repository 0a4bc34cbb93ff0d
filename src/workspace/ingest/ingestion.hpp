// SPDX-License-Identifier: Apache-2.0
// Ingestion: rows are typed, put into the spool, acknowledged, and brought into the engine behind the caller's back.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "workspace/ingest/record_sink.hpp"
#include "workspace/ingest/spool.hpp"
#include "workspace/ingest/table_catalog.hpp"
#include "workspace/ingest/table_writer.hpp"

namespace workspace {

struct IngestionOptions {
  std::filesystem::path folder;  // "spool", "sources" and "set-aside" are in it
  std::uint64_t spool_bytes = std::uint64_t{1} << 30;
  std::uint64_t segment_bytes = std::uint64_t{16} << 20;
  std::chrono::milliseconds deadline{1'000};  // how long a row waits for company before it is inserted
  PlaceOfWorkspace place;        // empty: workspace_place
  std::int64_t (*now_ticks)() = nullptr;  // of a datetime; null: the system's clock
  LogLine log;                   // empty: standard error
};

// Since the start of the process, all but those of the spool.
struct IngestionStatistics {
  std::uint64_t batches = 0, rows = 0, bytes = 0;  // received, as sent
  std::uint64_t accepted_rows = 0, refused_rows = 0;
  std::uint64_t repeated_batches = 0;              // dropped, since they were stored before
  std::uint64_t turned_away_batches = 0;           // errors: 413, 429 and the like
  std::uint64_t unknown_members = 0, truncated_values = 0, lost_values = 0, retimed_rows = 0;
  SpoolStatistics spool;
  WriterStatistics writer;
  std::chrono::milliseconds lag{0};                // age of the oldest row that is not in the engine
};

// What was accepted into one table since the start of the process, for the Usage table.
struct TableUsage {
  std::string workspace, table;
  std::uint64_t rows = 0, billed_bytes = 0, batches = 0;
};

class Ingestion final : public RecordSink {
 public:
  // Takes up what an earlier process left in the spool. The catalog and the engine outlive it.
  static base::Result<std::unique_ptr<Ingestion>> start(IngestionOptions options, TableCatalog& catalog, SqlEngine& engine);
  ~Ingestion() override;

  base::Result<AppendReceipt> append(const RecordBatch& batch) override;
  std::chrono::seconds retry_after() const override { return std::chrono::seconds(5); }

  // Waits until all rows that were accepted before are in the engine; false where that took longer.
  bool flush(std::chrono::milliseconds most);

  IngestionStatistics statistics() const;
  std::vector<TableUsage> usage() const;

 private:
  Ingestion(IngestionOptions options, TableCatalog& catalog);
  base::Result<AppendReceipt> append_checked(const RecordBatch& batch);
  base::Result<AppendReceipt> append_fresh(const RecordBatch& batch);
  base::Result<TableCatalog::Table> table_of(const RecordBatch& batch);
  void count(const RecordBatch& batch, const AppendReceipt& receipt, std::uint64_t billed_bytes);

  const IngestionOptions options_;
  TableCatalog& catalog_;
  std::unique_ptr<SourceMarks> marks_;
  std::unique_ptr<Spool> spool_;
  mutable std::mutex mutex_;  // guards the two below
  IngestionStatistics statistics_;
  std::map<std::pair<std::string, std::string>, TableUsage> usage_;
  std::unique_ptr<TableWriter> writer_;  // ends first
};

}  // namespace workspace
