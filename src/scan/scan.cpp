// SPDX-License-Identifier: Apache-2.0
#include "scan/scan.hpp"

#include <algorithm>

#include "advisory/vex.hpp"
#include "base/files.hpp"

namespace scan {

namespace {

base::Result<void> apply_vex(const MatchOptions& options, Report& report) {
  for (const auto& file : options.vex_files) {
    const std::string text = TRY(base::read_file(file));
    const auto statements = TRY(advisory::read_vex(text, file.string()));
    advisory::apply_statements(statements, report.inventory.artifact, report.findings);
  }
  return {};
}

base::Result<void> apply_ignore_file(const MatchOptions& options, Report& report) {
  if (options.ignore_file.empty()) return {};
  const std::string text = TRY(base::read_file(options.ignore_file));
  const auto ignore = TRY(advisory::read_ignore_file(text, options.ignore_file.string(), options.now));
  advisory::apply_statements(ignore.statements, report.inventory.artifact, report.findings);
  auto& warnings = report.inventory.warnings;
  warnings.insert(warnings.end(), ignore.warnings.begin(), ignore.warnings.end());
  return {};
}

void filter_findings(const MatchOptions& options, std::vector<model::Finding>& findings) {
  std::erase_if(findings, [&](const model::Finding& finding) {
    const bool unwanted_severity =
        !options.severities.empty() && std::find(options.severities.begin(), options.severities.end(),
                                                 finding.severity) == options.severities.end();
    const bool without_fix = finding.category == model::Category::vulnerability && finding.fixed_version.empty();
    return unwanted_severity || (options.only_fixed && without_fix);
  });
}

void match_database(const advisory::Database& database, const MatchOptions& options, Report& report) {
  report.matched = true;
  report.database_built = database.built();
  report.database_advisories = database.advisories();
  if (auto notice = database.distribution_notice(report.inventory, options.now); !notice.empty())
    report.notices.push_back(std::move(notice));
  report.findings = database.match(report.inventory);
}

// Vulnerabilities come first among findings of one severity.
void add_issues(Report& report) {
  const auto& issues = report.inventory.issues;
  report.findings.insert(report.findings.end(), issues.begin(), issues.end());
  std::stable_sort(report.findings.begin(), report.findings.end(),
                   [](const model::Finding& a, const model::Finding& b) { return a.severity > b.severity; });
}

}  // namespace

Report report_packages(model::Inventory inventory, base::Seconds now) {
  Report report;
  report.inventory = std::move(inventory);
  if (auto notice = advisory::distribution_notice(report.inventory, now); !notice.empty())
    report.notices.push_back(std::move(notice));
  return report;
}

base::Result<Report> match_inventory(model::Inventory inventory, const advisory::Database* database,
                                     const MatchOptions& options) {
  Report report;
  if (!options.vulnerabilities) {
    report.inventory = std::move(inventory);
  } else if (!database) {
    report = report_packages(std::move(inventory), options.now);
    report.notices.push_back("NOTHING WAS MATCHED: there is no vulnerability database; make one with 'bulwark db update' "
                             "or 'bulwark db import PATH'");
  } else {
    report.inventory = std::move(inventory);
    match_database(*database, options, report);
  }
  add_issues(report);
  TRY(apply_vex(options, report));
  TRY(apply_ignore_file(options, report));
  filter_findings(options, report.findings);
  return report;
}

bool reaches(const Report& report, model::Severity threshold) {
  return std::any_of(report.findings.begin(), report.findings.end(), [&](const model::Finding& finding) {
    return !finding.suppressed && finding.severity >= threshold;
  });
}

}  // namespace scan
