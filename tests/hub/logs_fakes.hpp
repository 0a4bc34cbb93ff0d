// SPDX-License-Identifier: Apache-2.0
// A workspace that a test writes the answers of.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "hub/logs/workspace_parts.hpp"

namespace hub_testing {

// Answers `print x` with a row {x}; "slow" waits for its cancelling; "wrong" is a fault at line 1, column 4.
class FakeQueries final : public workspace::QueryService {
 public:
  explicit FakeQueries(const workspace::TableSpecs& specs) : specs_(specs) {}

  tl::expected<workspace::QueryOutcome, workspace::QueryFailure> run(const workspace::QueryRequest& request) override {
    {
      const std::lock_guard lock(mutex_);
      asked.push_back(request);
    }
    if (request.text == "wrong") return tl::make_unexpected(workspace::QueryFailure{{base::Kind::invalid_input, "wrong"}, faults()});
    if (request.text == "slow") return wait_for_cancelling(request.id);
    workspace::QueryOutcome outcome;
    outcome.tables.resize(1);
    outcome.tables[0].name = "PrimaryResult";
    auto& columns = outcome.tables[0].rows.columns;
    columns.emplace_back("text", model::ColumnType::string);
    columns.emplace_back("at", model::ColumnType::datetime);
    columns.emplace_back("bag", model::ColumnType::dynamic);
    columns[0].append(std::string_view(request.text));
    columns[1].append(std::int64_t{model::kTicksAtUnixEpoch});
    columns[2].append(std::string_view(R"({"a":[1,2]})"));
    outcome.render = workspace::Render{"table", {}};
    outcome.statistics.rows_read = 3;
    if (request.text == "partial") outcome.partial = base::Error{base::Kind::too_large, "more than 1 row"};
    return outcome;
  }

  base::Result<std::vector<workspace::QueryDiagnostic>> check(const workspace::QueryRequest& request) override {
    return request.text == "wrong" ? faults() : std::vector<workspace::QueryDiagnostic>();
  }

  base::Result<void> cancel(std::string_view id) override {
    {
      const std::lock_guard lock(mutex_);
      cancelled_ = id;
    }
    changed_.notify_all();
    return {};
  }

  base::Result<std::vector<model::TableSchema>> schema(const workspace::WorkspaceRef&) override {
    std::vector<model::TableSchema> out;
    for (const auto& spec : specs_.all()) out.push_back(spec.schema);
    return out;
  }

  std::vector<workspace::QueryRequest> asked;  // read it when no request runs
  std::atomic<bool> waits{false};              // a slow query runs

 private:
  static std::vector<workspace::QueryDiagnostic> faults() {
    workspace::QueryDiagnostic fault;
    fault.start = {1, 4};
    fault.end = {1, 6};
    fault.message = "'ng' is no column";
    fault.suggestion = "name";
    return {fault};
  }

  tl::expected<workspace::QueryOutcome, workspace::QueryFailure> wait_for_cancelling(const std::string& id) {
    std::unique_lock lock(mutex_);
    waits = true;
    const bool ended = changed_.wait_for(lock, std::chrono::seconds(60), [&] { return cancelled_ == id; });
    waits = false;
    return tl::make_unexpected(workspace::QueryFailure{{ended ? base::Kind::cancelled : base::Kind::internal, ended ? "The query was cancelled." : "nobody cancelled"}, {}});
  }

  const workspace::TableSpecs& specs_;
  std::mutex mutex_;  // guards the two below and `asked`
  std::condition_variable changed_;
  std::string cancelled_;
};

// Keeps what it is given as texts; a row `"bad"` is refused; the table Full_CL is full, the table Missing_CL is none.
class FakeRecords final : public workspace::RecordSink {
 public:
  struct Batch {
    workspace::RecordBatch head;
    std::vector<std::string> rows;
  };

  base::Result<workspace::AppendReceipt> append(const workspace::RecordBatch& batch) override {
    if (batch.table == "Full_CL") return base::fail(base::Kind::unavailable, "The spool is full.");
    if (batch.table == "Missing_CL") return base::fail(base::Kind::not_found, "There is no table Missing_CL.");
    workspace::AppendReceipt receipt;
    Batch kept{batch, {}};
    for (const auto row : batch.rows) {
      if (row.find("bad") != std::string_view::npos) {
        receipt.refusals.push_back({receipt.accepted + receipt.refused, "it is bad"});
        ++receipt.refused;
      } else {
        kept.rows.emplace_back(row);
        ++receipt.accepted;
      }
    }
    const std::lock_guard lock(mutex_);
    batches.push_back(std::move(kept));
    return receipt;
  }
  std::chrono::seconds retry_after() const override { return std::chrono::seconds(7); }

  std::vector<Batch> batches;

 private:
  std::mutex mutex_;  // guards `batches`
};

// Keeps what is purged, by its id; while it is held back no purge comes to its end.
class FakePurges {
 public:
  base::Result<void> run(const workspace::TableSpec& table, const workspace::Purge& purge) {
    std::unique_lock lock(mutex_);
    tables_[purge.id] = table.schema.name;
    if (!changed_.wait_for(lock, std::chrono::seconds(60), [this] { return !held_; })) return base::fail(base::Kind::cancelled, "nobody let it go");
    if (failure_) return base::fail(*failure_);
    return {};
  }
  void hold(bool held) {
    const std::lock_guard lock(mutex_);
    held_ = held;
    changed_.notify_all();
  }
  void fail_with(base::Error error) {
    const std::lock_guard lock(mutex_);
    failure_ = std::move(error);
  }
  std::map<std::string, std::string> tables() {
    const std::lock_guard lock(mutex_);
    return tables_;
  }

 private:
  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::map<std::string, std::string> tables_;
  std::optional<base::Error> failure_;
  bool held_ = false;
};

inline base::Result<hub::BodyRows> rows_of(std::string_view body) {
  const auto json = TRY(base::parse_json(body, "the body"));
  hub::BodyRows out;
  for (const auto& row : json.is_array() ? json.get_array() : base::JsonArray{json}) out.made.push_back(base::to_text(row));
  for (const auto& row : out.made) out.rows.push_back(row);
  return out;
}

inline base::Result<hub::BodyRows> lines_of(std::string_view body) {
  hub::BodyRows out;
  while (!body.empty()) {
    const auto end = std::min(body.find('\n'), body.size());
    out.rows.push_back(body.substr(0, end));
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  return out;
}

}  // namespace hub_testing
