// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "advisory/database.hpp"
#include "advisory/download.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

namespace advisory {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOsvArchives = "https://osv-vulnerabilities.storage.googleapis.com";
constexpr std::string_view kKevCatalogue = "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json";
constexpr std::string_view kEpssScores = "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz";

// What images hold most; others are given by name.
constexpr std::array<std::string_view, 18> kDefaultEcosystems{
    "Debian", "Ubuntu", "Alpine", "AlmaLinux", "Rocky Linux", "Red Hat", "Azure Linux", "Wolfi", "Chainguard",
    "npm",    "PyPI",   "Go",     "Maven",     "crates.io",   "RubyGems", "Packagist",  "NuGet", "Pub"};

std::string trim_slashes(std::string url) {
  while (!url.empty() && url.back() == '/') url.pop_back();
  return url;
}

// A mirror holds the two small files under names of their own.
std::vector<DownloadRequest> extra_files(const UpdateOptions& options, const fs::path& folder) {
  const std::string mirror = trim_slashes(options.base_url);
  const bool is_public = mirror.empty() || mirror == kOsvArchives;
  return {{is_public ? std::string(kKevCatalogue) : mirror + "/known_exploited_vulnerabilities.json", folder / "kev.json", "CISA KEV"},
          {is_public ? std::string(kEpssScores) : mirror + "/epss_scores-current.csv.gz", folder / "epss.csv.gz", "EPSS"}};
}

std::vector<DownloadRequest> archives(const UpdateOptions& options, const fs::path& folder) {
  std::vector<std::string> ecosystems = options.ecosystems;
  if (ecosystems.empty()) ecosystems.assign(kDefaultEcosystems.begin(), kDefaultEcosystems.end());
  const std::string host = options.base_url.empty() ? std::string(kOsvArchives) : trim_slashes(options.base_url);
  std::vector<DownloadRequest> out;
  for (const auto& ecosystem : ecosystems) {
    const std::string encoded = base::percent_encode(ecosystem);
    out.push_back({host + "/" + encoded + "/all.zip", folder / (encoded + ".zip"), "OSV " + base::printable(ecosystem)});
  }
  return out;
}

base::Error no_network(const base::Error& error) {
  return {base::Kind::unavailable,
          fmt::format("{}. What has been downloaded is kept, and the next `bulwark db update` goes on from there. Without a network: "
                      "fetch {}/<ecosystem>/all.zip on another machine, bring the files here and run `bulwark db import PATH…`",
                      error.message, kOsvArchives)};
}

}  // namespace

base::Result<ImportReport> update(const fs::path& file, net::HttpTransport& transport, const UpdateOptions& options,
                                  const std::function<void(std::string_view)>& progress, base::Seconds now) {
  const fs::path folder = options.download_dir.empty() ? base::cache_dir() / "downloads" : options.download_dir;
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return base::fail(base::errno_error(error.value(), "cannot create", folder));
  std::vector<fs::path> inputs;
  std::vector<std::string> warnings;
  for (const auto& request : archives(options, folder)) {
    const auto got = download(transport, request, progress);
    if (!got && got.error().kind == base::Kind::unavailable) return base::fail(no_network(got.error()));
    if (!got && got.error().kind != base::Kind::not_found) return base::fail(got.error());
    if (got)
      inputs.push_back(request.target);
    else
      warnings.push_back(got.error().message);
  }
  if (inputs.empty()) return base::fail(base::Kind::not_found, warnings.empty() ? "no ecosystem was asked for" : warnings.front());
  for (const auto& request : extra_files(options, folder)) {
    const auto got = download(transport, request, progress);
    if (got)
      inputs.push_back(request.target);
    else
      warnings.push_back(got.error().message);
  }
  if (progress) progress("importing");
  auto report = TRY(import_files(file, inputs, now));
  report.warnings.insert(report.warnings.begin(), warnings.begin(), warnings.end());
  return report;
}

}  // namespace advisory
