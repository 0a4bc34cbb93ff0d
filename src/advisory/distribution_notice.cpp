// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "advisory/distribution.hpp"
#include "base/text.hpp"

namespace advisory {

namespace {

std::string people_name(const model::Distribution& os) {
  if (!os.pretty_name.empty()) return base::printable(os.pretty_name);
  return base::printable(os.version.empty() ? os.id : os.id + " " + os.version);
}

std::size_t count_os_packages(const model::Inventory& inventory) {
  return static_cast<std::size_t>(std::count_if(inventory.packages.begin(), inventory.packages.end(), [](const auto& package) {
    return package.type == "deb" || package.type == "apk" || package.type == "rpm" || package.type == "opkg";
  }));
}

bool has_data_for(const IndexReader& index, std::string_view ecosystem) {
  for (std::size_t i = 0; i < index.key_count(); ++i)
    if (index.records().string(index.key(i).ecosystem) == ecosystem) return true;
  return false;
}

std::string unknown_notice(const model::Distribution& os, std::size_t packages) {
  std::string out = fmt::format("{} is not a distribution whose advisories are known; its {} packages were not matched",
                                people_name(os), packages);
  if (!os.like.empty())
    out += fmt::format(" (it is like {}, whose advisories say nothing of its builds)", base::printable(base::join(os.like, ", ")));
  return out + ".";
}

}  // namespace

std::string notice_for(const IndexReader* index, const model::Inventory& inventory, base::Seconds now) {
  const std::size_t packages = count_os_packages(inventory);
  if (!inventory.os) {
    if (packages == 0) return {};
    return fmt::format("The distribution is not known (no os-release); its {} packages were not matched.", packages);
  }
  const auto& os = *inventory.os;
  const Release release = release_of(os);
  if (release.ecosystem.empty()) return packages == 0 ? std::string() : unknown_notice(os, packages);
  std::string out;
  if (index && packages > 0 && !has_data_for(*index, release.ecosystem))
    out = fmt::format("The database holds no advisories for {} ({}); its {} packages were not matched. Run `bulwark db update` or import them.",
                      people_name(os), base::printable(release.ecosystem), packages);
  const auto end = end_of_life(release.ecosystem);
  if (!end.empty() && std::string(end) < base::format_date(now)) {
    if (!out.empty()) out += ' ';
    out += fmt::format("{} has had no security updates since {}: newer vulnerabilities are not listed.", people_name(os), end);
  }
  return out;
}

std::string distribution_notice(const model::Inventory& inventory, base::Seconds now) { return notice_for(nullptr, inventory, now); }

}  // namespace advisory
