// SPDX-License-Identifier: Apache-2.0
// What the hub's workspaces are kept and asked by.
#pragma once

#include <functional>
#include <memory>

#include "hub/logs/ingest_seams.hpp"
#include "providers/operational_insights/operational_insights.hpp"
#include "workspace/query_service.hpp"

namespace hub {

struct WorkspaceParts {
  std::shared_ptr<workspace::QueryService> queries;
  std::shared_ptr<workspace::RecordSink> records;
  RowReader json, json_lines, otlp_json, otlp_protobuf;  // ingest_seams.hpp
  RowTransform transform;
  providers::WorkspaceTables tables;
};

// Of a hub without an engine: its workspaces are there and have their tables, and whoever asks or sends hears why nothing comes.
WorkspaceParts parts_without_engine(const workspace::TableSpecs& specs);

}  // namespace hub
