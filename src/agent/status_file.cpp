// SPDX-License-Identifier: Apache-2.0
#include "agent/status_file.hpp"

#include <fmt/format.h>

#include "base/files.hpp"
#include "base/json.hpp"

namespace agent {

base::Result<void> StatusFile::write(const AgentReport& report) {
  base::JsonArray problems;
  for (const std::string& problem : report.problems) problems.emplace_back(problem);
  const base::Json json = base::JsonObject{{"hub", report.hub},
                                           {"version", report.version},
                                           {"state", report.state},
                                           {"message", report.message},
                                           {"pid", report.pid},
                                           {"writtenAt", report.written_at},
                                           {"takenAt", report.taken_at},
                                           {"spoolMessages", report.spool_messages},
                                           {"spoolBytes", report.spool_bytes},
                                           {"lostMessages", report.lost_messages},
                                           {"refusedMessages", report.refused_messages},
                                           {"problems", std::move(problems)}};
  const std::lock_guard lock(mutex_);
  return base::write_file_atomically(path_, base::to_pretty_text(json), 0640);
}

base::Result<AgentReport> StatusFile::read(const std::filesystem::path& path) {
  const std::string text = TRY(base::read_file(path, 1u << 20));
  const base::Json json = TRY(base::parse_json(text, path.string()));
  const auto number = [&json](std::string_view key) { return base::get_int(json, key).value_or(0); };
  AgentReport out;
  out.hub = base::get_string(json, "hub");
  out.version = base::get_string(json, "version");
  out.state = base::get_string(json, "state");
  out.message = base::get_string(json, "message");
  out.pid = number("pid");
  out.written_at = number("writtenAt");
  out.taken_at = number("takenAt");
  out.spool_messages = number("spoolMessages");
  out.spool_bytes = number("spoolBytes");
  out.lost_messages = number("lostMessages");
  out.refused_messages = number("refusedMessages");
  for (const base::Json& problem : base::get_array(json, "problems")) out.problems.emplace_back(base::as_string(problem));
  if (out.state.empty()) return base::fail(base::Kind::corrupt, fmt::format("{} is no status of an agent", path.string()));
  return out;
}

}  // namespace agent
