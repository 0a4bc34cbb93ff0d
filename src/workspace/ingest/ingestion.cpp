// SPDX-License-Identifier: Apache-2.0
#include "workspace/ingest/ingestion.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "model/value_table.hpp"
#include "workspace/ingest/ingest_limits.hpp"
#include "workspace/ingest/suffixed_columns.hpp"
#include "workspace/ingest/typed_row.hpp"

namespace workspace {

namespace {

std::int64_t system_ticks() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return model::kTicksAtUnixEpoch + std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch).count() / 100;
}

std::int64_t milliseconds_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::uint64_t bytes_of_rows(const RecordBatch& batch) {
  std::uint64_t bytes = 0;
  for (const std::string_view row : batch.rows) bytes += row.size();
  return bytes;
}

base::Result<void> check_batch(const RecordBatch& batch) {
  if (!is_workspace_id(batch.workspace))
    return base::fail(base::Kind::invalid_input, fmt::format("'{}' is no id of a workspace", base::printable(batch.workspace)));
  if (!batch.source.id.empty() && (!SourceMarks::is_source_id(batch.source.id) || batch.source.sequence == 0))
    return base::fail(base::Kind::invalid_input, "a source is 1 to 128 visible letters without blanks, and numbers its batches from 1");
  if (batch.rows.size() > kMostRowsOfBatch)
    return base::fail(base::Kind::too_large, fmt::format("the batch has {} rows; send at most {} at once", batch.rows.size(), kMostRowsOfBatch));
  if (const std::uint64_t bytes = bytes_of_rows(batch); bytes > kLargestBatch)
    return base::fail(base::Kind::too_large, fmt::format("the batch has {} bytes; send at most {} at once", bytes, kLargestBatch));
  return {};
}

// The rows of a batch, by day.
class FrameBuilder {
 public:
  void add(std::int64_t day, std::string_view line) {
    Day& of_day = days_[day];
    of_day.text += line;
    ++of_day.rows;
  }
  void finish(SpoolFrame& frame) {
    for (auto& day : days_) {
      frame.parts.push_back({day.first, day.second.rows, day.second.text.size()});
      if (frame.rows.empty()) frame.rows = std::move(day.second.text);
      else frame.rows += day.second.text;
    }
  }

 private:
  struct Day {
    std::uint64_t rows = 0;
    std::string text;
  };
  std::map<std::int64_t, Day> days_;
};

struct TypedBatch {
  SpoolFrame frame;
  AppendReceipt receipt;
  std::uint64_t billed_bytes = 0;
};

TypedBatch type_rows(const TableSpec& table, const RecordBatch& batch, std::int64_t now_ticks) {
  TypedBatch out;
  RowTyper typer(table, batch, now_ticks);
  FrameBuilder builder;
  for (std::size_t i = 0; i < batch.rows.size(); ++i) {
    if (auto reason = typer.type(batch.rows[i])) {
      ++out.receipt.refused;
      if (out.receipt.refusals.size() < kMostRefusalsTold) out.receipt.refusals.push_back({i, std::move(*reason)});
      continue;
    }
    builder.add(typer.day(), typer.line());
    ++out.receipt.accepted;
    out.billed_bytes += typer.billed_bytes();
  }
  builder.finish(out.frame);
  out.receipt.unknown_members = typer.counts().unknown_members;
  out.receipt.truncated_values = typer.counts().truncated_values;
  out.receipt.lost_values = typer.counts().lost_values;
  out.receipt.retimed_rows = typer.counts().retimed_rows;
  return out;
}

}  // namespace

Ingestion::Ingestion(IngestionOptions options, TableCatalog& catalog) : options_(std::move(options)), catalog_(catalog) {}

Ingestion::~Ingestion() = default;

base::Result<std::unique_ptr<Ingestion>> Ingestion::start(IngestionOptions options, TableCatalog& catalog, SqlEngine& engine) {
  if (!options.place) options.place = [](std::string_view workspace) { return workspace_place(workspace); };
  if (!options.now_ticks) options.now_ticks = system_ticks;
  if (!options.log) options.log = [](const std::string& line) { fmt::print(stderr, "bulwark: {}\n", line); };
  std::unique_ptr<Ingestion> out(new Ingestion(std::move(options), catalog));
  const IngestionOptions& kept = out->options_;
  SpoolOptions spool;
  spool.folder = kept.folder / "spool";
  spool.capacity_bytes = kept.spool_bytes;
  spool.segment_bytes = kept.segment_bytes;
  spool.deadline = kept.deadline;
  spool.log = kept.log;
  out->marks_ = TRY(SourceMarks::open(kept.folder / "sources"));
  SourceMarks& marks = *out->marks_;
  out->spool_ = TRY(Spool::open(std::move(spool), [&marks](const SpoolFrame& frame) { marks.note(frame.workspace, frame.source); }));
  out->writer_ = std::make_unique<TableWriter>(*out->spool_, marks, catalog, engine, kept.place, kept.folder, kept.log);
  return out;
}

base::Result<AppendReceipt> Ingestion::append(const RecordBatch& batch) {
  base::Result<AppendReceipt> out = append_checked(batch);
  if (out) return out;
  const std::lock_guard lock(mutex_);
  ++statistics_.turned_away_batches;
  return out;
}

base::Result<AppendReceipt> Ingestion::append_checked(const RecordBatch& batch) {
  TRY(check_batch(batch));
  if (batch.source.id.empty()) return append_fresh(batch);
  switch (marks_->begin(batch.workspace, batch.source)) {
    case SourceMarks::Verdict::repeated: {
      AppendReceipt receipt;
      receipt.repeated = true;
      count(batch, receipt, 0);
      return receipt;
    }
    case SourceMarks::Verdict::under_way:
      return base::fail(base::Kind::unavailable, fmt::format("a batch of source {} is being stored just now; send again later", batch.source.id));
    case SourceMarks::Verdict::fresh: break;
  }
  base::Result<AppendReceipt> out = append_fresh(batch);
  marks_->end(batch.workspace, batch.source, out && out->accepted > 0);
  return out;
}

base::Result<AppendReceipt> Ingestion::append_fresh(const RecordBatch& batch) {
  const TableCatalog::Table table = TRY(table_of(batch));
  TypedBatch typed = type_rows(*table, batch, options_.now_ticks());
  if (typed.receipt.accepted > 0) {
    typed.frame.workspace = batch.workspace;
    typed.frame.table = batch.table;
    typed.frame.source = batch.source;
    typed.frame.appended_ms = milliseconds_now();
    TRY(spool_->append(typed.frame));
  }
  count(batch, typed.receipt, typed.billed_bytes);
  return std::move(typed.receipt);
}

// Made, or given the columns it lacks, where the batch names its members the older way.
base::Result<TableCatalog::Table> Ingestion::table_of(const RecordBatch& batch) {
  TableCatalog::Table table = catalog_.find(batch.workspace, batch.table);
  if (batch.naming == MemberNaming::suffixed) {
    TableDeclaration declaration;
    declaration.table = batch.table;
    declaration.columns = missing_columns(table ? *table : TableSpec{}, batch.rows, batch.time_member);
    if (!table || !declaration.columns.empty()) table = TRY(catalog_.declare(batch.workspace, declaration));
  }
  if (!table)
    return base::fail(base::Kind::not_found, fmt::format("the workspace has no table '{}'; a custom one is made first and ends in {}",
                                                         base::printable(batch.table.substr(0, 100)), kCustomEnding));
  return table;
}

void Ingestion::count(const RecordBatch& batch, const AppendReceipt& receipt, std::uint64_t billed_bytes) {
  const std::lock_guard lock(mutex_);
  ++statistics_.batches;
  statistics_.rows += batch.rows.size();
  statistics_.bytes += bytes_of_rows(batch);
  if (receipt.repeated) ++statistics_.repeated_batches;
  statistics_.accepted_rows += receipt.accepted;
  statistics_.refused_rows += receipt.refused;
  statistics_.unknown_members += receipt.unknown_members;
  statistics_.truncated_values += receipt.truncated_values;
  statistics_.lost_values += receipt.lost_values;
  statistics_.retimed_rows += receipt.retimed_rows;
  if (receipt.accepted == 0) return;
  TableUsage& usage = usage_[{batch.workspace, batch.table}];
  usage.rows += receipt.accepted;
  usage.billed_bytes += billed_bytes;
  ++usage.batches;
}

bool Ingestion::flush(std::chrono::milliseconds most) { return spool_->flush(most); }

IngestionStatistics Ingestion::statistics() const {
  IngestionStatistics out;
  {
    const std::lock_guard lock(mutex_);
    out = statistics_;
  }
  out.spool = spool_->statistics();
  out.writer = writer_->statistics();
  if (out.spool.oldest_ms > 0) out.lag = std::chrono::milliseconds(std::max<std::int64_t>(0, milliseconds_now() - out.spool.oldest_ms));
  return out;
}

std::vector<TableUsage> Ingestion::usage() const {
  const std::lock_guard lock(mutex_);
  std::vector<TableUsage> out;
  for (const auto& [key, usage] : usage_) {
    out.push_back(usage);
    out.back().workspace = key.first;
    out.back().table = key.second;
  }
  return out;
}

}  // namespace workspace
