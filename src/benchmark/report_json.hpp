// SPDX-License-Identifier: Apache-2.0
// Results of an assessment for programs: docs/cis-docker.md describes the members.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "benchmark/judge.hpp"

namespace benchmark {

inline constexpr int kAuditSchemaVersion = 1;

// {schemaVersion, host, benchmark, results[{id, cceId, title, section, level, severity, status, evidence[], remediation,
// resources[]}], summary}. Evidence of containers, images and networks that pass is left out.
base::Json to_report_json(const HostFacts& facts, const Benchmark& benchmark, const std::vector<ControlResult>& results);

// {source, path, value, message}, without what it does not have.
base::JsonObject to_json(const Evidence& evidence);

// JUnit XML: a suite a section, a case a control; "error" and "skipped" as statuses have them.
std::string to_junit(const HostFacts& facts, const Benchmark& benchmark, const std::vector<ControlResult>& results);

// One line on why a control has its status: what is wrong with whom.
std::string evidence_text(const ControlResult& result);

}  // namespace benchmark
