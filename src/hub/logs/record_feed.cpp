// SPDX-License-Identifier: Apache-2.0
#include "hub/logs/record_feed.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>

#include "arm/activity.hpp"
#include "base/text.hpp"
#include "security/records.hpp"
#include "store/records.hpp"

namespace hub {

namespace {

constexpr std::size_t kMostRows = 1'000;  // of a batch
constexpr std::chrono::milliseconds kPause{1'000}, kPauseAfterFailure{10'000}, kPauseOfDropping{60'000};
constexpr store::Millis kHeartbeatEvery = 60'000, kUsageEvery = 3'600'000;
constexpr std::string_view kActivitySource = "activity", kResolvedSource = "resolved_findings";

std::string third_segment_behind(std::string_view id, std::string_view word) {
  const std::string lower = base::to_lower(id);
  const std::size_t at = lower.find(word);
  return at == std::string::npos ? std::string() : std::string(base::cut(id.substr(at + word.size()), "/").first);
}

std::string activity_row(const store::Row& row) {
  const std::string id(row.text(8)), operation(row.text(7)), status(row.text(11));
  base::JsonObject out{{"TimeGenerated", store::record_time(row.integer(1))},
                       {"EventSubmissionTimestamp", store::record_time(row.integer(1))},
                       {"EventDataId", std::string(row.text(0))},
                       {"CorrelationId", std::string(row.text(2))},
                       {"OperationId", std::string(row.text(2))},
                       {"Caller", std::string(row.text(3))},
                       {"CallerIpAddress", std::string(row.text(5))},
                       {"HTTPRequest", base::to_text(base::JsonObject{{"method", std::string(row.text(6))}, {"clientIpAddress", std::string(row.text(5))}})},
                       {"OperationNameValue", operation},
                       {"OperationName", operation},
                       {"CategoryValue", std::string(row.text(9))},
                       {"Category", std::string(row.text(9))},
                       {"Level", std::string(row.text(10))},
                       {"ActivityStatusValue", status},
                       {"ActivityStatus", status},
                       {"ActivitySubstatusValue", fmt::format("{}", row.integer(12))},
                       {"Properties", std::string(row.text(13))},
                       {"Properties_d", std::string(row.text(13))},
                       {"ResourceId", id},
                       {"ResourceGroup", third_segment_behind(id, "/resourcegroups/")},
                       {"ResourceProviderValue", third_segment_behind(id, "/providers/")},
                       {"SubscriptionId", third_segment_behind(id, "/subscriptions/")},
                       {"_ResourceId", base::to_lower(id)}};
  return base::to_text(out);
}

}  // namespace

void RecordFeed::start() {
  usage_from_ = store::now_ms();
  thread_ = std::thread([this] { run(); });
}

void RecordFeed::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void RecordFeed::run() {
  std::string last_failure;
  for (;;) {
    const auto fed = feed(store::now_ms());
    if (!fed && fed.error().message != last_failure) fmt::print(stderr, "bulwark: records for the workspace wait: {}\n", fed.error().message);
    last_failure = fed ? std::string() : fed.error().message;
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, !options_.usage ? kPauseOfDropping : fed ? kPause : kPauseAfterFailure, [this] { return stopping_; })) break;
  }
  if (options_.usage) (void)write_usage(store::now_ms());  // else a hub that is started every day would never tell of some hours
}

base::Result<void> RecordFeed::drop_all() {
  return database_.write([](store::Session& session) { return store::drop_records(session, INT64_MAX); });
}

base::Result<void> RecordFeed::feed(store::Millis now) {
  if (!options_.usage) return drop_all();
  std::optional<workspace::WriteGate::Hold> hold;
  if (options_.gate) hold.emplace(TRY(options_.gate->pass()));
  while (TRY(feed_queued())) {
  }
  while (TRY(feed_activity())) {
  }
  while (TRY(feed_resolved())) {
  }
  TRY(feed_heartbeat(now));
  return feed_usage(now);
}

base::Result<void> RecordFeed::append(const std::string& table, const std::vector<std::string>& rows, std::int64_t sequence) {
  const std::vector<std::string_view> views(rows.begin(), rows.end());
  workspace::RecordBatch batch;
  batch.workspace = options_.workspace;
  batch.table = table;
  batch.rows = views;
  if (sequence > 0) batch.source = {"hub/" + table, static_cast<std::uint64_t>(sequence)};
  batch.source_system = "Bulwark";
  batch.rows_are_trusted = true;
  TRY(sink_.append(batch));
  return {};
}

// Rows of one table that follow one another go together.
base::Result<bool> RecordFeed::feed_queued() {
  std::vector<store::QueuedRecord> queued;
  TRY(database_.read([&](store::Session& session) -> base::Result<void> {
    queued = TRY(store::queued_records(session, kMostRows));
    return {};
  }));
  if (queued.empty()) return false;
  const std::string table = queued.front().table;
  std::vector<std::string> rows;
  std::int64_t last = 0;
  for (store::QueuedRecord& record : queued) {
    if (record.table != table) break;
    rows.push_back(std::move(record.row));
    last = record.id;
  }
  TRY(append(table, rows, last));
  TRY(database_.write([&](store::Session& session) { return store::drop_records(session, last); }));
  return true;
}

base::Result<bool> RecordFeed::feed_activity() {
  std::vector<std::string> rows;
  std::int64_t last = 0;
  TRY(database_.read([&](store::Session& session) -> base::Result<void> {
    const std::int64_t mark = TRY(store::record_mark(session, kActivitySource));
    return session.query(fmt::format("SELECT {} FROM activity WHERE id > ? ORDER BY id LIMIT ?", arm::kActivityColumns),
                         {mark, static_cast<std::int64_t>(kMostRows)}, [&](const store::Row& row) {
                           rows.push_back(activity_row(row));
                           last = row.integer(14);
                         });
  }));
  if (rows.empty()) return false;
  TRY(append("AzureActivity", rows, last));
  TRY(database_.write([&](store::Session& session) { return store::set_record_mark(session, kActivitySource, last); }));
  return true;
}

base::Result<bool> RecordFeed::feed_resolved() {
  security::ResolvedRecords found;
  TRY(database_.read([&](store::Session& session) -> base::Result<void> {
    const std::int64_t mark = TRY(store::record_mark(session, kResolvedSource));
    found = TRY(security::resolved_records(session, recommendations_, mark, kMostRows));
    return {};
  }));
  if (found.rows.empty()) return false;
  std::vector<std::string> rows;
  for (const base::JsonObject& row : found.rows) rows.push_back(base::to_text(row));
  // Their sequence is of its own: ids of resolved findings, not of queued records.
  const std::vector<std::string_view> views(rows.begin(), rows.end());
  workspace::RecordBatch batch;
  batch.workspace = options_.workspace;
  batch.table = "SecurityNestedRecommendation";
  batch.rows = views;
  batch.source = {"hub/resolved-findings", static_cast<std::uint64_t>(found.last_id)};
  batch.source_system = "Bulwark";
  batch.rows_are_trusted = true;
  TRY(sink_.append(batch));
  TRY(database_.write([&](store::Session& session) { return store::set_record_mark(session, kResolvedSource, found.last_id); }));
  return true;
}

base::Result<void> RecordFeed::feed_heartbeat(store::Millis now) {
  if (now < next_heartbeat_) return {};
  utsname system{};
  uname(&system);
  const base::JsonObject row{{"TimeGenerated", store::record_time(now)}, {"Computer", std::string(system.nodename)}, {"Category", "Hub"},
                             {"OSType", "Linux"}, {"OSName", std::string(system.release)}, {"Version", options_.version},
                             {"SubscriptionId", options_.subscription}, {"ComputerEnvironment", "Non-Azure"}};
  TRY(append("Heartbeat", {base::to_text(row)}, 0));
  next_heartbeat_ = now + kHeartbeatEvery;
  return {};
}

base::Result<void> RecordFeed::feed_usage(store::Millis now) {
  return now < usage_from_ + kUsageEvery ? base::Result<void>() : write_usage(now);
}

// What came in since the last time, a row a table: Quantity is in megabytes.
base::Result<void> RecordFeed::write_usage(store::Millis now) {
  const std::vector<TakenIn> taken = options_.usage();
  std::vector<std::string> rows;
  for (const TakenIn& table : taken) {
    if (table.workspace != options_.workspace) continue;
    const auto before = std::find_if(usage_before_.begin(), usage_before_.end(),
                                     [&](const TakenIn& b) { return b.workspace == table.workspace && b.table == table.table; });
    const bool known = before != usage_before_.end();
    const std::uint64_t bytes = table.bytes - (known ? before->bytes : 0), batches = table.batches - (known ? before->batches : 0);
    if (batches == 0) continue;
    rows.push_back(base::to_text(base::JsonObject{{"TimeGenerated", store::record_time(now)},
                                                  {"StartTime", store::record_time(usage_from_)},
                                                  {"EndTime", store::record_time(now)},
                                                  {"DataType", table.table},
                                                  {"Quantity", static_cast<double>(bytes) / 1e6},
                                                  {"QuantityUnit", "MBytes"},
                                                  {"TotalBatches", batches},
                                                  {"BatchesWithinSla", batches},
                                                  {"IsBillable", false},
                                                  {"Solution", "LogManagement"}}));
  }
  if (!rows.empty()) TRY(append("Usage", rows, 0));
  usage_before_ = taken;
  usage_from_ = now;
  return {};
}

}  // namespace hub
