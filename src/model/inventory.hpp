// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/finding.hpp"
#include "model/package.hpp"

namespace model {

// Everything known of one artifact before it is matched.
struct Inventory {
  Artifact artifact;
  std::optional<Distribution> os;
  std::vector<Package> packages;      // sorted by type, name, version, path
  std::vector<std::string> warnings;  // what was left out and why, ready to print
  std::vector<Finding> issues;        // secrets, malware and misconfiguration: they need no vulnerability database
  bool partial = false;               // some layer or file could not be read: exit code 4
};

}  // namespace model
