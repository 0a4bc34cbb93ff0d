// SPDX-License-Identifier: Apache-2.0
// Azure Container Registry's quarantine ("quarantine pattern" and the schema of its details).
#include <fmt/format.h>

#include "base/text.hpp"
#include "oci/registry_admin.hpp"

namespace oci {

namespace {

constexpr std::size_t kDescriptionCap = 1'000;  // the schema: 1,024 characters
constexpr std::size_t kLinkCap = 2'000;

}  // namespace

std::string quarantine_details(const QuarantineReport& report) {
  base::JsonArray summary;
  const auto count = [&](std::string_view severity, std::uint64_t findings) {
    summary.push_back(base::JsonObject{{"severity", severity}, {"count", findings}});
  };
  count("Critical", report.critical);
  count("High", report.high);
  count("Medium", report.medium);
  count("Low", report.low);
  count("None", report.none);
  const std::string description =
      fmt::format("{} at {}{}{}", report.passed ? "Passed" : "Failed", report.time.empty() ? "unknown time" : report.time,
                  report.reason.empty() ? "" : ": ", report.reason);
  base::JsonObject result;
  result["version"] = "0.0.1";
  result["summary"] = std::move(summary);
  result["description"] = base::printable(std::string_view(description).substr(0, kDescriptionCap));
  base::JsonObject details;
  details["scanner"] = "Bulwark";
  details["state"] = report.passed ? "Passed" : "Failed";
  if (!report.link.empty() && report.link.size() <= kLinkCap) details["link"] = report.link;
  details["result"] = std::move(result);
  return base::to_text(details);
}

base::Result<void> RegistryAdmin::set_quarantine(const std::string& repository, const Digest& digest, bool passed,
                                                 std::string_view details) {
  TRY(check_repository(repository));
  const std::string what = "quarantine of " + describe(repository, digest.text());
  RegistryRequest request;
  request.method = "PATCH";
  request.path = fmt::format("/acr/v1/{}/_manifests/{}", repository, digest.text());
  request.scope = fmt::format("repository:{}:metadata_write", repository);
  request.headers = {{"Content-Type", "application/json"}};
  request.body = base::to_text(
      base::JsonObject{{"quarantineState", passed ? "Passed" : "Failed"}, {"quarantineDetails", details}});
  const net::HttpResponse response = TRY_CONTEXT(session_.send(request), what);
  if (response.status / 100 == 2) return {};
  if (response.status == 405)
    return base::fail(base::Kind::unsupported,
                      fmt::format("{}: {} has no quarantine; only Azure Container Registry (Premium) has one", what, domain_));
  if (response.status == 401 || response.status == 403)
    return base::fail(base::Kind::denied, fmt::format("{}: {} does not let these credentials end it; give the account "
                                                      "the role AcrQuarantineWriter",
                                                      what, domain_));
  return base::fail(session_.failure(response, what));
}

}  // namespace oci
