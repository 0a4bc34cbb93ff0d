// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "benchmark/report_json.hpp"
#include "cli/console.hpp"
#include "scan/report_sarif.hpp"
#include "scan/text_table.hpp"

namespace cli {

namespace {

using benchmark::ControlResult;
using benchmark::Status;

std::string host_line(const benchmark::HostFacts& facts) {
  std::string about;
  for (const std::string_view member : {"os", "kernel"})
    if (const std::string_view text = facts.host_text(member); !text.empty())
      about += (about.empty() ? "" : ", ") + base::printable(text);
  const benchmark::Reading version = facts.engine("version");
  const std::string engine = version.value ? base::printable(base::get_string(*version.value, "Version")) : std::string();
  switch (facts.engine_kind()) {
    case benchmark::EngineKind::docker: about += "; Docker " + engine; break;
    case benchmark::EngineKind::podman: about += "; podman " + engine; break;
    case benchmark::EngineKind::none: about += "; no container engine"; break;
    case benchmark::EngineKind::unreachable: about += "; the engine cannot be asked"; break;
  }
  return fmt::format("{} ({}{}{})\n", base::printable(facts.host_text("name")), about, facts.rootless() ? ", rootless" : "",
                     facts.userns_remap() ? ", users mapped" : "");
}

std::string totals(const std::vector<ControlResult>& results) {
  std::string out = fmt::format("Total: {}", results.size());
  for (const auto status : {Status::pass, Status::fail, Status::manual, Status::not_applicable, Status::error})
    out += fmt::format(
        ", {} {}", status_name(status),
        std::count_if(results.begin(), results.end(), [status](const ControlResult& result) { return result.status == status; }));
  return out + "\n";
}

std::string_view colour_of(Status status) {
  return status == Status::fail ? "\x1b[31m" : status == Status::error ? "\x1b[33m" : "\x1b[36m";
}

// A failed control at one resource, in the form that the reports of scans take.
model::Finding finding_of(const ControlResult& result, const benchmark::ResourceVerdict& resource) {
  const benchmark::Control& control = *result.control;
  model::Finding finding;
  finding.category = model::Category::misconfiguration;
  finding.id = "CIS-Docker-" + control.id;
  finding.title = control.title;
  finding.description = control.rationale;
  finding.remediation = base::join(control.remediation, " ; ");
  finding.severity = control.severity;
  ControlResult alone{result.control, resource.verdict.status, {resource}};
  finding.evidence = benchmark::evidence_text(alone);
  if (resource.scope != benchmark::Scope::host)
    finding.package.path = fmt::format("{}/{}", scope_name(resource.scope), resource.name);
  return finding;
}

}  // namespace

std::string audit_table(const benchmark::HostFacts& facts, const benchmark::Benchmark& controls,
                        const std::vector<ControlResult>& results, const scan::TableStyle& style) {
  std::string out = host_line(facts) + fmt::format("{} {}\n{}", controls.title, controls.version, totals(results));
  scan::TextTable table({"Control", "Status", "Severity", "Title", "Evidence"});
  std::vector<std::string> colours;
  for (const ControlResult& result : results) {
    if (result.status == Status::pass || result.status == Status::not_applicable) continue;
    table.add_row({result.control->id, std::string(status_name(result.status)),
                   std::string(model::severity_name(result.control->severity)), result.control->title,
                   benchmark::evidence_text(result)});
    colours.emplace_back(style.colour ? colour_of(result.status) : "");
  }
  return colours.empty() ? out : out + "\n" + table.text(style.width, style.unicode, colours, 1);
}

std::string audit_sarif(const benchmark::HostFacts& facts, const std::vector<ControlResult>& results) {
  model::Inventory inventory;
  inventory.artifact.name = std::string(facts.host_text("name"));
  inventory.artifact.type = "host";
  std::vector<model::Finding> findings;
  for (const ControlResult& result : results)
    for (const auto& resource : result.resources)
      if (resource.verdict.status == Status::fail) findings.push_back(finding_of(result, resource));
      else if (resource.verdict.status == Status::error)
        inventory.warnings.push_back(fmt::format("{}: {}", result.control->id, resource.verdict.evidence.front().message));
  inventory.partial =
      std::any_of(results.begin(), results.end(), [](const ControlResult& result) { return result.status == Status::error; });
  scan::ReportContext context;
  context.tool_version = tool_version();
  context.created = base::format_time(base::system_now());
  return base::to_pretty_text(scan::to_sarif(inventory, findings, context));
}

}  // namespace cli
