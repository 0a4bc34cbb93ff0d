// SPDX-License-Identifier: Apache-2.0
#include "cli/console.hpp"
#include "cli/formats.hpp"
#include "cli/inventory_options.hpp"
#include "scan/scan.hpp"

namespace cli {

namespace {

const std::vector<std::string> kSbomFormats{"cyclonedx", "spdx", "json", "table"};

base::Result<scan::Report> list_packages(const GlobalOptions& global, const SbomFlags& flags) {
  ProgressLine progress(wants_progress(global));
  const auto setup = TRY(prepare_inventory(global, flags.source, progress));
  return scan::report_packages(TRY(scan::take_inventory(flags.reference, setup.options)), base::system_now());
}

}  // namespace

int run_sbom(const GlobalOptions& global, const SbomFlags& flags) {
  auto formats = parse_formats(flags.output, kSbomFormats, "cyclonedx");
  if (!formats) {
    print_error(formats.error());
    return kUsage;
  }
  for (auto& format : *formats)
    if (format.name == "table") format.name = "packages";
  const auto report = list_packages(global, flags);
  if (!report) return fail_with(report.error());
  print_warnings(*report);
  if (auto written = write_report(*report, *formats, global, false); !written) return fail_with(written.error());
  return report->inventory.partial && !flags.allow_partial ? kPartial : kDone;
}

}  // namespace cli
