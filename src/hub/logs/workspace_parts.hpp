// SPDX-License-Identifier: Apache-2.0
// What the hub's workspaces are kept and asked by.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hub/logs/ingest_seams.hpp"
#include "providers/operational_insights/operational_insights.hpp"
#include "workspace/query_service.hpp"
#include "workspace/write_gate.hpp"

namespace hub {

// What a table of a workspace took in since the process began.
struct TakenIn {
  std::string workspace, table;
  std::uint64_t rows = 0, bytes = 0, batches = 0;
};

struct WorkspaceParts {
  std::shared_ptr<workspace::QueryService> queries;
  std::shared_ptr<workspace::RecordSink> records;
  RowReader json, json_lines, otlp_json, otlp_protobuf;  // ingest_seams.hpp
  RowTransform transform;
  providers::WorkspaceTables tables;
  std::function<std::vector<TakenIn>()> usage;  // empty where nothing is kept
  std::optional<workspace::WriteGate> gate = std::nullopt;  // that a backup closes
  // Waits until the records that were taken in before are in their tables; false where that took longer.
  std::function<bool(std::chrono::milliseconds most)> flush = nullptr;
};

// Of a hub without an engine: its workspaces are there and have their tables, and whoever asks or sends hears why nothing comes.
WorkspaceParts parts_without_engine(const workspace::TableSpecs& specs);

}  // namespace hub
