// SPDX-License-Identifier: Apache-2.0
#include "cli/formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/console.hpp"
#include "sbom/document.hpp"
#include "scan/report_json.hpp"
#include "scan/report_sarif.hpp"

namespace cli {

namespace {

scan::ReportContext report_context(const scan::Report& report) {
  scan::ReportContext context;
  context.tool_version = tool_version();
  context.created = base::format_time(base::system_now());
  context.notices = report.notices;
  if (report.matched) {
    context.database_built = base::format_time(report.database_built);
    context.database_advisories = report.database_advisories;
  }
  return context;
}

// Bills of materials have no place for notices but among the warnings.
model::Inventory with_notices(const scan::Report& report) {
  model::Inventory inventory = report.inventory;
  inventory.warnings.insert(inventory.warnings.end(), report.notices.begin(), report.notices.end());
  return inventory;
}

// CycloneDX has a place for vulnerabilities alone.
std::vector<model::Finding> vulnerabilities_of(const scan::Report& report) {
  std::vector<model::Finding> found;
  std::copy_if(report.findings.begin(), report.findings.end(), std::back_inserter(found),
               [](const model::Finding& finding) { return finding.category == model::Category::vulnerability; });
  return found;
}

std::string render(const scan::Report& report, const std::string& format, scan::TableStyle style, bool show_suppressed) {
  if (format == "json") return base::to_pretty_text(scan::to_report_json(report.inventory, report.findings, report_context(report)));
  if (format == "sarif") return base::to_pretty_text(scan::to_sarif(report.inventory, report.findings, report_context(report)));
  if (format == "cyclonedx")
    return base::to_pretty_text(sbom::to_cyclonedx(with_notices(report), vulnerabilities_of(report), base::system_now()));
  if (format == "spdx") return base::to_pretty_text(sbom::to_spdx(with_notices(report), base::system_now()));
  if (format == "packages") return scan::packages_table(report.inventory, style);
  return scan::findings_table(report, style, show_suppressed);
}

}  // namespace

void print_warnings(const scan::Report& report) {
  for (const auto& warning : report.inventory.warnings) print_warning(warning);
  for (const auto& notice : report.notices) print_warning(notice);
}

base::Result<std::vector<OutputFormat>> parse_formats(const OutputFlags& flags, const std::vector<std::string>& allowed,
                                                      const std::string& otherwise) {
  std::vector<OutputFormat> formats;
  for (const auto& text : flags.formats) {
    const auto [name, file] = base::cut(text, "=");
    if (std::find(allowed.begin(), allowed.end(), name) == allowed.end())
      return base::fail(base::Kind::invalid_input,
                        fmt::format("--format {}: no such format; choose from {}", text, base::join(allowed, ", ")));
    formats.push_back({std::string(name), std::string(file)});
  }
  if (formats.empty()) formats.push_back({otherwise, {}});
  const auto to_stdout = [](const OutputFormat& format) { return format.file.empty(); };
  if (const auto first = std::find_if(formats.begin(), formats.end(), to_stdout);
      first != formats.end() && !flags.output.empty())
    first->file = flags.output;
  if (std::count_if(formats.begin(), formats.end(), to_stdout) > 1)
    return base::fail(base::Kind::invalid_input,
                      "two formats for standard output; give the others a file: --format json=report.json");
  return formats;
}

base::Result<void> write_report(const scan::Report& report, const std::vector<OutputFormat>& formats,
                                const GlobalOptions& global, bool show_suppressed) {
  for (const auto& format : formats) {
    scan::TableStyle style = table_style(global);
    if (!format.file.empty()) style.colour = style.unicode = false;
    TRY(write_output(render(report, format.name, style, show_suppressed), format.file));
  }
  return {};
}

}  // namespace cli
