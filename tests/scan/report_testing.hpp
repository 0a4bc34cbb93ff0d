// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "scan/report_json.hpp"

inline model::Package sample_package(std::string name, std::string version, std::string type, std::string path) {
  model::Package package;
  package.name = std::move(name);
  package.version = std::move(version);
  package.type = std::move(type);
  package.path = std::move(path);
  package.layer = "sha256:11";
  package.purl = "pkg:" + package.type + "/" + package.name + "@" + package.version;
  return package;
}

inline model::Inventory sample_inventory() {
  model::Inventory inventory;
  inventory.artifact = {"registry.example/app:1", "image", "sha256:aa", "linux/amd64", {"sha256:11", "sha256:22"}};
  inventory.os = model::Distribution{"debian", "12", "bookworm", "Debian GNU/Linux 12 (bookworm)", {}};
  inventory.packages = {sample_package("lodash", "4.17.15", "npm", "srv/node_modules/lodash/package.json"),
                        sample_package("six", "1.16.0", "pypi", "usr/lib/python3/dist-packages/six-1.16.0.egg-info")};
  inventory.packages[1].managed_by = "dpkg";
  inventory.packages[1].modularity = "a:1:2:c";
  inventory.warnings = {"layer 2 was left out"};
  inventory.partial = true;
  return inventory;
}

// One open and critical, one suppressed without any number.
inline std::vector<model::Finding> sample_findings() {
  model::Finding open;
  open.id = "CVE-2020-8203";
  open.aliases = {"GHSA-p6mc-m468-83gw"};
  open.title = "Prototype pollution in lodash";
  open.package = sample_inventory().packages[0];
  open.fixed_version = "4.17.19";
  open.status = model::FixStatus::fixed;
  open.severity = model::Severity::critical;
  open.score = 9.8;
  open.vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
  open.kev = true;
  open.epss = 0.5;
  open.epss_percentile = 0.9;
  open.references = {"http://plain.example/", "https://nvd.nist.gov/vuln/detail/CVE-2020-8203"};
  model::Finding suppressed;
  suppressed.id = "CVE-2021-23337";
  suppressed.package = open.package;
  suppressed.severity = model::Severity::medium;
  suppressed.status = model::FixStatus::will_not_fix;
  suppressed.suppressed = model::Suppression{".bulwarkignore", "not reachable", "ignored"};
  return {open, suppressed};
}

inline scan::ReportContext sample_context() {
  scan::ReportContext context;
  context.tool_version = "0.1.0";
  context.created = "2026-11-21T10:00:00Z";
  context.notices = {"Debian 12 is near its end of life"};
  context.database_built = "2026-11-20T10:00:00Z";
  context.database_advisories = 12;
  return context;
}
