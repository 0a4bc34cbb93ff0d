// SPDX-License-Identifier: Apache-2.0
// Statements that a finding does not count: OpenVEX, CycloneDX VEX, CSAF VEX and .bulwarkignore.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/finding.hpp"

namespace advisory {

struct Statement {
  std::vector<std::string> vulnerabilities;  // ids and aliases, any of which may match
  std::vector<std::string> products;   // purls (version and qualifiers optional), image references or digests; empty: every product
  std::vector<std::string> subcomponents;  // purls inside the product; empty: any
  std::string path;           // glob over the path of the finding; empty: any
  std::string status;         // not_affected, affected, fixed, under_investigation, ignored
  std::string justification;  // or reason
  std::string by;             // file name
};

// OpenVEX 0.2.0, CycloneDX 1.4+ vulnerabilities with analysis, or CSAF 2.0 VEX, told apart by content.
base::Result<std::vector<Statement>> read_vex(std::string_view text, std::string_view name);

// .bulwarkignore: one rule a line, `#` comments: `ID [package=NAME] [path=GLOB] [until=2027-01-31]
// [reason=the rest of the line]`. ID is a vulnerability, or the rule of a secret, malware or misconfiguration.
// Errors carry file and line. Rules past their date are returned as warnings and do not apply.
struct IgnoreFile {
  std::vector<Statement> statements;
  std::vector<std::string> warnings;
};
base::Result<IgnoreFile> read_ignore_file(std::string_view text, std::string_view name, base::Seconds now);

// Sets Finding::suppressed where a statement with status not_affected, fixed or ignored applies; a later statement
// of the same file wins.
void apply_statements(const std::vector<Statement>& statements, const model::Artifact& artifact,
                      std::vector<model::Finding>& findings);

}  // namespace advisory
