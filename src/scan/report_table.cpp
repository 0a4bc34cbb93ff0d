// SPDX-License-Identifier: Apache-2.0
#include "scan/report_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "scan/text_table.hpp"

namespace scan {

namespace {

using model::Severity;

constexpr std::array kWorstFirst{Severity::critical, Severity::high,       Severity::medium,
                                 Severity::low,      Severity::negligible, Severity::unknown};

std::string severity_colour(Severity severity) {
  switch (severity) {
    case Severity::critical: return "\x1b[1;31m";
    case Severity::high: return "\x1b[31m";
    case Severity::medium: return "\x1b[33m";
    case Severity::low: return "\x1b[34m";
    default: return "\x1b[2m";
  }
}

std::string artifact_line(const model::Inventory& inventory) {
  std::string about;
  if (inventory.os) {
    const auto& os = *inventory.os;
    about = !os.pretty_name.empty() ? os.pretty_name : os.id + (os.version.empty() ? "" : " " + os.version);
  } else {
    about = "no operating system recognised";
  }
  if (!inventory.artifact.platform.empty()) about += ", " + inventory.artifact.platform;
  std::string line = fmt::format("{} ({})\n", inventory.artifact.name, about);
  if (!inventory.artifact.digest.empty()) line += inventory.artifact.digest + "\n";
  return line;
}

// "Total: 12 (CRITICAL: 1, HIGH: 4; fixable 9)"
std::string total_line(const std::vector<const model::Finding*>& findings) {
  std::vector<std::string> counts;
  std::size_t fixable = 0;
  for (const auto* finding : findings) fixable += finding->fixed_version.empty() ? 0u : 1u;
  for (Severity severity : kWorstFirst) {
    std::size_t count = 0;
    for (const auto* finding : findings) count += finding->severity == severity ? 1u : 0u;
    if (count > 0) counts.push_back(fmt::format("{}: {}", model::severity_name(severity), count));
  }
  return fmt::format("Total: {} ({}; fixable {})\n", findings.size(), base::join(counts, ", "), fixable);
}

std::string status_cell(const model::Finding& finding) {
  if (!finding.fixed_version.empty()) return finding.fixed_version;
  switch (finding.status) {
    case model::FixStatus::will_not_fix: return "(will not fix)";
    case model::FixStatus::fix_deferred: return "(fix deferred)";
    case model::FixStatus::end_of_life: return "(end of life)";
    case model::FixStatus::under_investigation: return "(under investigation)";
    default: return "(no fix yet)";
  }
}

std::string severity_cell(const model::Finding& finding) {
  std::string cell(model::severity_name(finding.severity));
  if (finding.score >= 0) cell += fmt::format(" {:.1f}", finding.score);
  if (finding.kev) cell += " exploited";
  return cell;
}

std::string table_of(const std::vector<const model::Finding*>& findings, const TableStyle& style) {
  TextTable table({"Severity", "Vulnerability", "Package", "Installed", "Fixed in", "Title"});
  std::vector<std::string> colours;
  for (const auto* finding : findings) {
    table.add_row({severity_cell(*finding), finding->id, finding->package.name, finding->package.version,
                   status_cell(*finding), finding->title});
    colours.push_back(style.colour ? severity_colour(finding->severity) : "");
  }
  return table.text(style.width, style.unicode, colours, 0);
}

// Secrets, malware and misconfiguration.
std::string issues_table(const std::vector<const model::Finding*>& issues, const TableStyle& style) {
  TextTable table({"Severity", "Category", "Rule", "Title", "Where", "Seen"});
  std::vector<std::string> colours;
  for (const auto* issue : issues) {
    table.add_row({severity_cell(*issue), std::string(model::category_name(issue->category)), issue->id, issue->title,
                   issue->package.path, issue->evidence});
    colours.push_back(style.colour ? severity_colour(issue->severity) : "");
  }
  return table.text(style.width, style.unicode, colours, 0);
}

std::string issues_part(const std::vector<const model::Finding*>& issues, const TableStyle& style) {
  if (issues.empty()) return {};
  std::vector<std::string> counts;
  for (Severity severity : kWorstFirst) {
    const auto count = std::count_if(issues.begin(), issues.end(), [&](const auto* issue) { return issue->severity == severity; });
    if (count > 0) counts.push_back(fmt::format("{}: {}", model::severity_name(severity), count));
  }
  return fmt::format("\nSecrets, malware and misconfiguration: {} ({})\n\n", issues.size(), base::join(counts, ", ")) +
         issues_table(issues, style);
}

std::string suppressed_table(const std::vector<const model::Finding*>& findings, const TableStyle& style) {
  TextTable table({"Vulnerability", "Package", "Installed", "Status", "Reason", "By"});
  for (const auto* finding : findings)
    table.add_row({finding->id, finding->package.name.empty() ? finding->package.path : finding->package.name,
                   finding->package.version, finding->suppressed->status, finding->suppressed->reason, finding->suppressed->by});
  return fmt::format("\nSuppressed: {}\n", findings.size()) + table.text(style.width, style.unicode);
}

std::string notice_lines(const std::vector<std::string>& notices, const TableStyle& style) {
  std::string out;
  for (const auto& notice : notices)
    out += fmt::format("{}!! {}{}\n", style.colour ? "\x1b[1;33m" : "", base::printable(notice), style.colour ? "\x1b[0m" : "");
  return out;
}

}  // namespace

std::string findings_table(const Report& report, const TableStyle& style, bool show_suppressed) {
  std::vector<const model::Finding*> counted, issues, suppressed;
  for (const auto& finding : report.findings) {
    const bool is_issue = finding.category != model::Category::vulnerability;
    (finding.suppressed ? suppressed : is_issue ? issues : counted).push_back(&finding);
  }
  std::string out = artifact_line(report.inventory);
  out += notice_lines(report.notices, style);
  const std::string scope = fmt::format("{} packages, database built {} with {} advisories",
                                        report.inventory.packages.size(), base::format_date(report.database_built),
                                        report.database_advisories);
  if (!report.matched)
    out += packages_table(report.inventory, style);
  else if (counted.empty())
    out += fmt::format("Total: 0 findings in {}\n", scope);
  else
    out += total_line(counted) + scope + "\n\n" + table_of(counted, style);
  out += issues_part(issues, style);
  if (show_suppressed && !suppressed.empty())
    out += suppressed_table(suppressed, style);
  else if (!suppressed.empty())
    out += fmt::format("{} suppressed (--show-suppressed lists them)\n", suppressed.size());
  return out;
}

std::string packages_table(const model::Inventory& inventory, const TableStyle& style) {
  TextTable table({"Type", "Package", "Version", "Path"});
  for (const auto& package : inventory.packages)
    table.add_row({package.type, package.name + (package.dev ? " (dev)" : ""), package.version, package.path});
  return fmt::format("{} packages\n\n", inventory.packages.size()) + table.text(style.width, style.unicode);
}

}  // namespace scan
