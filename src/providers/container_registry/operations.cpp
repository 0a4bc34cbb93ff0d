// SPDX-License-Identifier: Apache-2.0
// Long-running operations: the jobs behind what was answered with 202, as Azure-AsyncOperation shows them.
#include <fmt/format.h>

#include <charconv>

#include "providers/container_registry/types.hpp"

namespace providers {

namespace {

constexpr std::string_view kOperationType = "Microsoft.ContainerRegistry/locations/operationStatuses";

std::string_view azure_status(std::string_view job_state) {
  if (job_state == "succeeded") return "Succeeded";
  return job_state == "failed" ? "Failed" : "InProgress";
}

base::Result<arm::Reply> get_operation(const arm::Call&, store::Session& session, const arm::ResourceId& id) {
  std::int64_t number = 0;
  const std::string name = id.name();
  const auto parsed = std::from_chars(name.data(), name.data() + name.size(), number);
  arm::Reply reply = arm::refuse(404, "OperationNotFound", fmt::format("There is no operation '{}'.", name));
  if (parsed.ec != std::errc() || parsed.ptr != name.data() + name.size()) return reply;
  TRY(session.query("SELECT state, created_at, finished_at, error FROM jobs WHERE id = ?", {number}, [&](const store::Row& row) {
    const auto status = azure_status(row.text(0));
    base::JsonObject body{{"id", id.text()}, {"name", name}, {"status", status}, {"startTime", arm::format_millis(row.integer(1))}};
    if (row.integer(2) != 0) body.emplace("endTime", arm::format_millis(row.integer(2)));
    if (status == "Failed") body.emplace("error", base::JsonObject{{"code", "ScanFailed"}, {"message", row.text(3)}});
    reply = {200, std::move(body), {}};
    if (status == "InProgress") reply.headers.emplace_back("Retry-After", "1");
  }));
  return reply;
}

}  // namespace

arm::ResourceType operations_type() {
  arm::ResourceType type;
  type.name = kOperationType;
  type.api_versions = {"2025-11-01"};
  type.writable = false;
  type.get = get_operation;
  return type;
}

}  // namespace providers
