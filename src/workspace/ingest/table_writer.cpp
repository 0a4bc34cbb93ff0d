// SPDX-License-Identifier: Apache-2.0
#include "workspace/ingest/table_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <tuple>

#include "base/compress.hpp"
#include "base/files.hpp"
#include "base/pool.hpp"
#include "base/text.hpp"
#include "workspace/clickhouse_error.hpp"
#include "workspace/ingest/spool_files.hpp"

namespace workspace {

namespace {

constexpr std::size_t kInsertsAtOnce = 2;  // into different tables or days
constexpr int kGroupingRule = 1;  // is in the tokens; one more when the same segment would be grouped in another way

constexpr std::size_t kLargestSegment = std::size_t{1} << 30;
constexpr std::chrono::milliseconds kFirstPause{100};
constexpr std::chrono::milliseconds kLongestPause{30'000};
constexpr unsigned kHopelessAttempts = 3;

// Errors that come again however often the same rows are sent.
bool is_hopeless(const base::Error& error) {
  return error.kind == base::Kind::invalid_input || error.kind == base::Kind::conflict || error.kind == base::Kind::unsupported;
}

}  // namespace

base::Result<std::vector<RowGroup>> group_rows(const std::filesystem::path& path, SourceMarks& marks) {
  const std::string bytes = TRY(base::read_file(path, kLargestSegment));
  const Segment segment = read_segment(bytes);
  if (segment.id.empty() || segment.good_bytes != bytes.size())
    return base::fail(base::Kind::corrupt, fmt::format("{} is damaged behind byte {}", path.string(), segment.good_bytes));
  std::map<std::tuple<std::string, std::string, std::int64_t>, RowGroup> groups;
  for (const std::string_view payload : segment.payloads) {
    const SpoolFrame frame = TRY_CONTEXT(decode_frame(payload), path.string());
    marks.note(frame.workspace, frame.source);
    std::size_t at = 0;
    for (const SpoolPart& part : frame.parts) {
      RowGroup& group = groups[{frame.workspace, frame.table, part.day}];
      group.rows += std::string_view(frame.rows).substr(at, part.bytes);
      group.count += part.rows;
      at += part.bytes;
    }
  }
  std::vector<RowGroup> out;
  for (auto& [key, group] : groups) {
    std::tie(group.workspace, group.table, group.day) = key;
    group.token = fmt::format("{}:{}:{}", segment.id, kGroupingRule, out.size());
    out.push_back(std::move(group));
  }
  return out;
}

TableWriter::TableWriter(Spool& spool, SourceMarks& marks, const TableCatalog& catalog, SqlEngine& engine, PlaceOfWorkspace place,
                         std::filesystem::path folder, LogLine log)
    : spool_(spool), marks_(marks), catalog_(catalog), engine_(engine), place_(std::move(place)), folder_(std::move(folder)), gate_(gate_of(folder_)), log_(std::move(log)),
      thread_([this] { run(); }) {}

TableWriter::~TableWriter() {
  spool_.stop();
  thread_.join();
}

void TableWriter::run() {
  while (const auto segment = spool_.next()) {
    if (!write_segment(*segment) || !retire(*segment)) return;
  }
}

bool TableWriter::write_segment(const SpoolSegment& segment) {
  const auto groups = group_rows(segment.path, marks_);
  if (!groups) return keep_segment(segment, groups.error());
  std::atomic<bool> done{true};
  base::parallel_for(groups->size(), kInsertsAtOnce, [&](std::size_t i) {
    if (done && !write_group((*groups)[i])) done = false;
  });
  return done;
}

// A segment that cannot be read is set aside whole, so that those behind it get through.
bool TableWriter::keep_segment(const SpoolSegment& segment, const base::Error& error) {
  std::error_code failed;
  std::filesystem::copy_file(segment.path, segment.path.string() + ".damaged", std::filesystem::copy_options::overwrite_existing, failed);
  log_(fmt::format("{} rows of the workspace could not be read from its spool: {}. A copy is beside it", segment.rows, error.message));
  if (failed) return pause(0, base::errno_error(failed.value(), "cannot copy", segment.path), "keeping a damaged segment");
  return true;
}

bool TableWriter::write_group(const RowGroup& group) {
  for (unsigned attempt = 0;; ++attempt) {
    const base::Result<void> done = insert(group);
    if (done) {
      const std::lock_guard lock(mutex_);
      statistics_.inserted_rows += group.count;
      ++statistics_.inserts;
      return true;
    }
    forget(group);  // somebody may have taken the table away
    const bool aside = is_hopeless(done.error()) && attempt + 1 >= kHopelessAttempts && set_aside(group, done.error());
    count_failure(aside ? group.count : 0);
    if (aside) return true;
    if (!pause(attempt, done.error(), group.table)) return false;
  }
}

void TableWriter::count_failure(std::uint64_t rows_set_aside) {
  const std::lock_guard lock(mutex_);
  ++statistics_.failures;
  statistics_.set_aside_rows += rows_set_aside;
}

base::Result<void> TableWriter::insert(const RowGroup& group) {
  const WriteGate::Hold hold = TRY(gate_.pass());
  TRY(set_up(group));
  RowBatch batch;
  batch.table = table_name_sql(group.table, place_(group.workspace));
  batch.rows = group.rows;
  batch.count = group.count;
  batch.token = group.token;
  return engine_.insert(batch);
}

base::Result<void> TableWriter::set_up(const RowGroup& group) {
  const TableCatalog::Table table = catalog_.find(group.workspace, group.table);
  if (!table) return base::fail(base::Kind::conflict, fmt::format("workspace {} has no table {} any more", group.workspace, group.table));
  const std::lock_guard lock(ready_mutex_);
  TableCatalog::Table& ready = ready_[{group.workspace, group.table}];
  if (ready == table) return {};
  // What a request said of the retention of a built-in table, the catalog does not know.
  TRY(set_up_table(engine_, *table, place_(group.workspace), Retention::of_table));
  ready = table;
  return {};
}

void TableWriter::forget(const RowGroup& group) {
  const std::lock_guard lock(ready_mutex_);
  ready_.erase({group.workspace, group.table});
}

bool TableWriter::set_aside(const RowGroup& group, const base::Error& error) {
  const std::filesystem::path folder = folder_ / "set-aside";
  std::string name = group.token;
  std::replace(name.begin(), name.end(), ':', '-');
  base::Result<void> kept = make_folder(folder);
  if (kept) kept = base::write_file_atomically(folder / fmt::format("{}-{}.jsonl.zst", group.table, name), base::compress_zstd(group.rows), 0600);
  if (!kept) return false;
  log_(fmt::format("the engine of the workspace does not take {} rows of table {}: {}. They are kept in {}", group.count, group.table, error.message,
                   folder.string()));
  return true;
}

bool TableWriter::retire(const SpoolSegment& segment) {
  for (unsigned attempt = 0;; ++attempt) {
    const base::Result<void> done = let_go(segment);
    if (done) return true;
    if (!pause(attempt, done.error(), "the spool")) return false;
  }
}

base::Result<void> TableWriter::let_go(const SpoolSegment& segment) {
  const WriteGate::Hold hold = TRY(gate_.pass());
  TRY(marks_.save());
  return spool_.retire(segment);
}

// False once the writer is to end. The first failure and each at the longest pause are told.
bool TableWriter::pause(unsigned attempt, const base::Error& error, std::string_view what) {
  const auto pause = std::min(kLongestPause, kFirstPause * (1u << std::min(attempt, 10u)));
  if (attempt == 0 || pause == kLongestPause) log_(fmt::format("writing rows of the workspace ({}) failed and is tried again: {}", what, error.message));
  return !spool_.wait_for_stop(pause);
}

WriterStatistics TableWriter::statistics() const {
  const std::lock_guard lock(mutex_);
  return statistics_;
}

}  // namespace workspace
