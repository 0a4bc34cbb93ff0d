// SPDX-License-Identifier: Apache-2.0
// The ways in for records: Logs Ingestion API, HTTP Data Collector API, OTLP/HTTP logs, JSON lines.
#pragma once

#include <optional>

#include "arm/resource_manager.hpp"
#include "hub/logs/ingest_seams.hpp"
#include "providers/insights/collection_rule.hpp"
#include "providers/operational_insights/workspaces.hpp"
#include "store/vault.hpp"

namespace hub {

inline constexpr std::size_t kLogsIngestionBytes = 1u << 20;               // of a body, packed and unpacked
inline constexpr std::size_t kDataCollectorBytes = std::size_t{30} << 20;
inline constexpr std::size_t kUnpackedLinesBytes = std::size_t{30} << 20;  // of JSON lines and OTLP
inline constexpr std::string_view kSendRight = "Microsoft.Insights/telemetry/write";  // a data action

// Thread-safe.
class IngestApi {
 public:
  // All outlive it.
  IngestApi(store::Database& database, const store::Vault& vault, arm::ResourceManager& manager, const IngestSeams& seams)
      : database_(database), vault_(vault), manager_(manager), seams_(seams) {}

  // Nothing for any other path.
  std::optional<net::ServerResponse> serve(const net::ServerRequest& request);

  // What the body of a request to a path may have at most; nothing for any other path.
  static std::optional<std::size_t> body_cap(std::string_view path);

 private:
  net::ServerResponse collect_by_rule(const net::ServerRequest& request, std::string_view immutable_id, std::string_view stream);
  net::ServerResponse collect_signed(const net::ServerRequest& request);
  net::ServerResponse collect_otlp(const net::ServerRequest& request);
  net::ServerResponse collect_lines(const net::ServerRequest& request, std::string_view table);

  base::Result<workspace::AppendReceipt> append_flow(const providers::CollectionRule& rule, const providers::CollectionRule::Flow& flow, const std::string& stream,
                                                     const BodyRows& rows);
  // The workspace of the parameter `workspace`, or the hub's own; the caller may send to it.
  tl::expected<workspace::WorkspaceRef, net::ServerResponse> target_workspace(const net::ServerRequest& request);
  net::ServerResponse refusal_of(const base::Error& error) const;

  store::Database& database_;
  const store::Vault& vault_;
  arm::ResourceManager& manager_;
  const IngestSeams& seams_;
};

}  // namespace hub
