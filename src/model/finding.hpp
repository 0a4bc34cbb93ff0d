// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/package.hpp"

namespace model {

// Ordered: a higher value is worse. Bands of the CVSS qualitative scale (CVSS v3.1 section 5).
enum class Severity { unknown, negligible, low, medium, high, critical };

std::string_view severity_name(Severity severity);                      // "UNKNOWN" … "CRITICAL"
std::optional<Severity> parse_severity(std::string_view text);          // any case; "moderate" and "important" too
Severity severity_of_score(double score);                               // CVSS base score 0.0 … 10.0

enum class FixStatus { affected, fixed, will_not_fix, fix_deferred, end_of_life, under_investigation };

std::string_view fix_status_name(FixStatus status);                     // "affected", "fixed", "will_not_fix" …

enum class Category { vulnerability, secret, malware, misconfiguration, configuration };  // of an image; the last of a host

std::string_view category_name(Category category);                      // "Vulnerability", "Secret" …

// Why a finding is not counted.
struct Suppression {
  std::string by;      // file that says so: ".bulwarkignore", "vex.json"
  std::string reason;  // VEX justification or the words given
  std::string status;  // "ignored", "not_affected", "fixed"
};

// One vulnerability in one package of one artifact; or a secret, malware or a misconfiguration of it.
struct Finding {
  Category category = Category::vulnerability;
  std::string id;                     // CVE first, else GHSA, else the source's own; of the other categories the rule's
  std::vector<std::string> aliases;   // every other id of the same vulnerability, sorted
  std::string title;
  std::string description;            // what it is; vulnerabilities may leave these three empty
  std::string remediation;            // how to mend it
  std::string impact;                 // what it can lead to
  std::string evidence;               // what was seen, short; a secret stands masked
  Package package;                    // of the other categories: `path` and `layer` alone, where there is one
  std::string fixed_version;          // lowest fixed version above the installed one for this release; may be empty
  FixStatus status = FixStatus::affected;
  Severity severity = Severity::unknown;
  double score = -1;                  // CVSS base score computed here; below zero where there is no vector
  std::string vector;                 // the vector behind score
  std::vector<std::string> vectors;   // every CVSS vector given for it, of any version
  std::string vendor_severity;        // as the vendor wrote it ("unimportant", "Important", "moderate")
  bool kev = false;                   // in CISA's Known Exploited Vulnerabilities catalogue
  double epss = -1;                   // probability 0 … 1; below zero where not known
  double epss_percentile = -1;
  std::vector<std::string> references;
  std::vector<std::string> sources;   // advisory ids that said so, e.g. "DSA-5417-1"
  std::string published;              // RFC 3339, may be empty
  std::optional<Suppression> suppressed;
};

}  // namespace model
