// SPDX-License-Identifier: Apache-2.0
#include "hub/logs/record_feed.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>
#include <utility>

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
constexpr std::string_view kUsageTable = "Usage";

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

// A row of each table that took something in; Quantity is in megabytes.
std::vector<std::string> usage_rows(const std::vector<TakenIn>& tables, const std::vector<TakenIn>& before, store::Millis from, store::Millis to) {
  std::vector<std::string> out;
  for (const TakenIn& table : tables) {
    const auto known = std::find_if(before.begin(), before.end(), [&](const TakenIn& b) { return b.table == table.table; });
    const TakenIn start = known == before.end() ? TakenIn() : *known;
    const std::uint64_t bytes = table.bytes - start.bytes, batches = table.batches - start.batches;
    if (batches == 0) continue;
    out.push_back(base::to_text(base::JsonObject{{"TimeGenerated", store::record_time(to)},
                                                 {"StartTime", store::record_time(from)},
                                                 {"EndTime", store::record_time(to)},
                                                 {"DataType", table.table},
                                                 {"Quantity", static_cast<double>(bytes) / 1e6},
                                                 {"QuantityUnit", "MBytes"},
                                                 {"TotalBatches", batches},
                                                 {"BatchesWithinSla", batches},
                                                 {"IsBillable", false},
                                                 {"Solution", "LogManagement"}}));
  }
  return out;
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

base::Result<void> RecordFeed::append(std::string_view table, const std::vector<std::string>& rows, workspace::RecordSource source) {
  return append_to(options_.workspace, table, rows, std::move(source));
}

base::Result<void> RecordFeed::append_to(const std::string& workspace, std::string_view table, const std::vector<std::string>& rows, workspace::RecordSource source) {
  const std::vector<std::string_view> views(rows.begin(), rows.end());
  workspace::RecordBatch batch;
  batch.workspace = workspace;
  batch.table = table;
  batch.rows = views;
  batch.source = std::move(source);
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
  TRY(append(table, rows, {"hub/" + table, static_cast<std::uint64_t>(last)}));
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
  TRY(append("AzureActivity", rows, {"hub/AzureActivity", static_cast<std::uint64_t>(last)}));
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
  TRY(append("SecurityNestedRecommendation", rows, {"hub/resolved-findings", static_cast<std::uint64_t>(found.last_id)}));
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
  TRY(append("Heartbeat", {base::to_text(row)}));
  next_heartbeat_ = now + kHeartbeatEvery;
  return {};
}

base::Result<void> RecordFeed::feed_usage(store::Millis now) {
  return now < usage_from_ + kUsageEvery ? base::Result<void>() : write_usage(now);
}

// Into each workspace what it took in since the last time. One that cannot be written to is asked again; one that is gone is left.
base::Result<void> RecordFeed::write_usage(store::Millis now) {
  std::map<std::string, std::vector<TakenIn>> taken;
  for (TakenIn& table : options_.usage())
    if (table.table != kUsageTable) taken[table.workspace].push_back(std::move(table));
  for (auto& [workspace, tables] : taken) {
    std::vector<TakenIn>& before = usage_before_[workspace];
    const std::vector<std::string> rows = usage_rows(tables, before, usage_from_, now);
    if (const auto written = rows.empty() ? base::Result<void>() : append_to(workspace, kUsageTable, rows); !written && written.error().kind != base::Kind::not_found)
      return written;
    before = std::move(tables);
  }
  usage_from_ = now;
  return {};
}

}  // namespace hub
