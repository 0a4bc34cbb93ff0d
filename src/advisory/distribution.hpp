// SPDX-License-Identifier: Apache-2.0
// From a distribution and its release to the ecosystem its advisories are filed under.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "advisory/index_reader.hpp"
#include "base/time.hpp"
#include "model/inventory.hpp"

namespace advisory {

struct Release {
  std::string ecosystem;           // canonical: "Debian:12", "Alpine:v3.19", "Red Hat:9"; empty: unknown distribution
  std::string package_type;        // deb, apk or rpm: the packages its advisories are about
  std::string label;               // "Debian 12", for people
};

Release release_of(const model::Distribution& distribution);

// Which package names the advisories of an ecosystem use.
struct NameUse {
  bool source = false;
  bool binary = false;
};
NameUse names_in(std::string_view ecosystem);

// "bookworm" → "12", "sid" → "sid"; empty where not known.
std::string_view debian_release_of(std::string_view codename);

// Day on which the last security updates for everybody ended or will end, "YYYY-MM-DD"; empty where not known.
std::string_view end_of_life(std::string_view ecosystem);

// Database::distribution_notice; without an index what the distribution alone tells.
std::string notice_for(const IndexReader* index, const model::Inventory& inventory, base::Seconds now);

}  // namespace advisory
