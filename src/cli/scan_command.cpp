// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/console.hpp"
#include "cli/formats.hpp"
#include "cli/inventory_options.hpp"
#include "imagecheck/engine.hpp"
#include "scan/scan.hpp"

namespace cli {

namespace {

const std::vector<std::string> kScanFormats{"table", "json", "sarif", "cyclonedx", "spdx"};

base::Result<std::vector<model::Severity>> parse_severities(const std::vector<std::string>& words) {
  std::vector<model::Severity> severities;
  for (const auto& list : words) {
    for (std::string_view word : base::split(list, ',')) {
      const auto severity = model::parse_severity(base::trim(word));
      if (!severity)
        return base::fail(base::Kind::invalid_input,
                          fmt::format("'{}' is no severity; choose from unknown, negligible, low, medium, high, critical", word));
      severities.push_back(*severity);
    }
  }
  return severities;
}

struct Scanners {
  bool vulnerabilities = true;
  imagecheck::EngineOptions checks;
};

base::Result<Scanners> parse_scanners(const ScanFlags& flags) {
  Scanners scanners;
  imagecheck::EngineOptions& checks = scanners.checks;
  checks.secret_rules = flags.secret_rules;
  checks.yara_rules = flags.yara_rules;
  if (flags.scanners.empty()) return scanners;
  const std::pair<std::string_view, bool*> known[] = {{"vuln", &scanners.vulnerabilities},
                                                      {"secret", &checks.secrets},
                                                      {"malware", &checks.malware},
                                                      {"misconfig", &checks.misconfiguration}};
  for (const auto& scanner : known) *scanner.second = false;
  for (const auto& list : flags.scanners) {
    for (std::string_view word : base::split(list, ',')) {
      word = base::trim(word);
      const auto at = std::find_if(std::begin(known), std::end(known), [word](const auto& scanner) { return scanner.first == word; });
      if (at == std::end(known))
        return base::fail(base::Kind::invalid_input,
                          fmt::format("'{}' is no scanner; choose from vuln, secret, malware, misconfig", base::printable(word)));
      *at->second = true;
    }
  }
  return scanners;
}

// The flags, checked before anything is read.
struct ScanPlan {
  std::vector<OutputFormat> formats;
  std::shared_ptr<const imagecheck::Engine> checks;  // null: none of its scanners was chosen
  scan::MatchOptions match;
  std::optional<model::Severity> fail_on;
};

base::Result<ScanPlan> plan_scan(const ScanFlags& flags) {
  ScanPlan plan;
  plan.formats = TRY(parse_formats(flags.output, kScanFormats, "table"));
  plan.match.severities = TRY(parse_severities(flags.severities));
  plan.match.only_fixed = flags.only_fixed;
  const Scanners scanners = TRY(parse_scanners(flags));
  plan.match.vulnerabilities = scanners.vulnerabilities;
  if (scanners.checks.secrets || scanners.checks.malware || scanners.checks.misconfiguration)
    plan.checks = TRY(imagecheck::Engine::create(scanners.checks));
  plan.match.vex_files.assign(flags.vex.begin(), flags.vex.end());
  plan.match.now = base::system_now();
  plan.match.ignore_file = flags.ignore_file;
  if (flags.ignore_file.empty() && std::filesystem::exists(".bulwarkignore")) plan.match.ignore_file = ".bulwarkignore";
  if (!flags.fail_on.empty()) plan.fail_on = TRY(parse_severities({flags.fail_on})).front();
  return plan;
}

// A missing database is no error for `scan`: it lists the packages and says so. A damaged one is.
base::Result<std::optional<advisory::Database>> open_database(const GlobalOptions& global, const ScanFlags& flags) {
  const auto file = database_path(global, flags.database);
  if (flags.database.empty() && !std::filesystem::exists(file)) return std::optional<advisory::Database>();
  return std::optional<advisory::Database>(TRY(advisory::Database::open(file)));
}

base::Result<scan::Report> scan_artifact(const GlobalOptions& global, const ScanFlags& flags, const ScanPlan& plan) {
  const auto database = plan.match.vulnerabilities ? TRY(open_database(global, flags)) : std::optional<advisory::Database>();
  ProgressLine progress(wants_progress(global));
  auto setup = TRY(prepare_inventory(global, flags.source, progress));
  setup.options.checks = plan.checks;
  auto inventory = TRY(scan::take_inventory(flags.reference, setup.options));
  return scan::match_inventory(std::move(inventory), database ? &*database : nullptr, plan.match);
}

// A machine that reads JSON gets the failure as JSON too.
void report_failure(const base::Error& error, const std::vector<OutputFormat>& formats) {
  print_error(error);
  for (const auto& format : formats) {
    if (format.name != "json") continue;
    const base::Json document{{"schemaVersion", 1},
                              {"error", {{"code", base::kind_name(error.kind)}, {"message", error.message}}}};
    (void)write_output(base::to_pretty_text(document), format.file);
  }
}

}  // namespace

int run_scan(const GlobalOptions& global, const ScanFlags& flags) {
  const auto plan = plan_scan(flags);
  if (!plan) {
    print_error(plan.error());
    return kUsage;
  }
  const auto report = scan_artifact(global, flags, *plan);
  if (!report) {
    report_failure(report.error(), plan->formats);
    return kFailed;
  }
  print_warnings(*report);
  if (auto written = write_report(*report, plan->formats, global, flags.show_suppressed); !written)
    return fail_with(written.error());
  if (plan->fail_on && scan::reaches(*report, *plan->fail_on)) return kThresholdCrossed;
  if (report->inventory.partial && !flags.allow_partial) return kPartial;
  return kDone;
}

}  // namespace cli
