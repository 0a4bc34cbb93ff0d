// SPDX-License-Identifier: Apache-2.0
// The seam between those who have records (ingestion APIs, agents, the hub's own producers) and the tables of a workspace.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace workspace {

// Who sends, so that a batch sent again is stored once. The id is made of who was authenticated, never of what a request
// says, since whoever names a source can make it forget batches; it counts within its workspace. A source numbers its batches upwards, gaps allowed, and has one
// under way at a time: what has a number at or below the last stored one is taken for a repetition.
struct RecordSource {
  std::string id;              // 1 to 128 bytes, "agent/<machine>"; empty: nothing is known, repetitions are stored again
  std::uint64_t sequence = 0;  // from 1
};

// How the members of a row find their columns.
enum class MemberNaming {
  exact,     // a member is the column of its name; members without a column go nowhere and are counted
  suffixed,  // as the HTTP Data Collector API does: `_s _d _b _t _g` by the value; the table and columns are made when missing
};

struct RecordBatch {
  std::string workspace;                   // its customerId, a GUID in lower case
  std::string table;                       // case counts
  std::span<const std::string_view> rows;  // a JSON object each (body_rows.hpp, otlp_logs.hpp make them of bodies)
  RecordSource source;
  MemberNaming naming = MemberNaming::exact;
  std::string time_member;       // the member that has the time of a row; empty: TimeGenerated
  std::string resource_id;       // ARM id that every row is about; empty: none, or the rows' own where they may
  std::string source_system;     // "RestAPI"; empty: what the rows say
  bool rows_are_trusted = false; // rows of the hub's own producers: their _ResourceId and _SubscriptionId count
};

struct RefusedRow {
  std::uint64_t index = 0;  // in the batch
  std::string reason;       // "member Count: 'many' is no long", safe to show
  std::uint64_t line = 0;   // of the body that the batch came in, from 1; 0: whoever read the body says
};

struct AppendReceipt {
  bool repeated = false;  // the batch was stored before; all counts are 0
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
  std::vector<RefusedRow> refusals;    // the first kMostRefusalsTold of them
  std::uint64_t unknown_members = 0;   // went nowhere
  std::uint64_t truncated_values = 0;  // longer than kLongestValue
  std::uint64_t lost_values = 0;       // points in time that the tables cannot hold: null
  std::uint64_t retimed_rows = 0;      // TimeGenerated was missing or far from now: it is the time of ingestion
};

// Thread-safe; calls run beside one another, and those at the same time share one sync of the disk.
class RecordSink {
 public:
  virtual ~RecordSink() = default;

  // The accepted rows are durable when it returns, and in the table within seconds. A bad row is refused alone. On an
  // error nothing was stored. Kind::invalid_input: names that cannot be; Kind::not_found: no such table;
  // Kind::too_large: the batch is over a cap (413); Kind::unavailable: the spool or the disk is full, or the same batch is
  // being stored just now; the sender keeps it and sends it again after `retry_after` (429).
  virtual base::Result<AppendReceipt> append(const RecordBatch& batch) = 0;

  virtual std::chrono::seconds retry_after() const = 0;
};

}  // namespace workspace
