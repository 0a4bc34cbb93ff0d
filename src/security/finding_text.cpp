// SPDX-License-Identifier: Apache-2.0
#include "security/finding_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace security {

namespace {

base::JsonArray stored_texts(const std::vector<std::string>& texts) {
  base::JsonArray out;
  out.reserve(texts.size());
  for (const std::string& text : texts) out.emplace_back(stored_text(text));
  return out;
}

// Members that are empty are left out: most are, and the rows are many.
void put_text(base::JsonObject& object, std::string_view key, std::string_view text) {
  if (!text.empty()) object[key] = stored_text(text);
}

void put_lines(base::JsonObject& object, std::string_view key, std::string_view text) {
  if (!text.empty()) object[key] = stored_lines(text);
}

void put_texts(base::JsonObject& object, std::string_view key, const std::vector<std::string>& texts) {
  if (!texts.empty()) object[key] = stored_texts(texts);
}

}  // namespace

std::string stored_text(std::string_view text) {
  const auto plain = [](char c) { return c >= 0x20 && c < 0x7f; };
  return std::all_of(text.begin(), text.end(), plain) ? std::string(text) : base::printable(text);
}

std::string stored_lines(std::string_view text) {
  std::string out;
  for (const std::string_view line : base::split(text, '\n')) {
    if (!out.empty() || line.data() != text.data()) out += '\n';
    out += stored_text(line);
  }
  return out;
}

std::string category_label(const model::Finding& finding) { return std::string(model::category_name(finding.category)); }

std::string ignored_text(const model::Finding& finding) {
  if (!finding.suppressed) return {};
  const model::Suppression& why = *finding.suppressed;
  return stored_text(fmt::format("{} ({}): {}", why.status, why.by, why.reason));
}

std::string finding_detail(const model::Finding& finding) {
  base::JsonObject out;
  put_text(out, "purl", finding.package.purl);
  put_text(out, "arch", finding.package.arch);
  put_text(out, "vector", finding.vector);
  put_text(out, "vendorSeverity", finding.vendor_severity);
  put_texts(out, "sources", finding.sources);
  put_lines(out, "evidence", finding.evidence);
  return base::to_text(out);
}

std::string vulnerability_detail(const model::Finding& finding) {
  base::JsonObject out;
  put_lines(out, "description", finding.description);
  put_lines(out, "remediation", finding.remediation);
  put_lines(out, "impact", finding.impact);
  put_texts(out, "aliases", finding.aliases);
  put_text(out, "vector", finding.vector);
  put_texts(out, "vectors", finding.vectors);
  put_texts(out, "references", finding.references);
  if (finding.epss_percentile >= 0) out["epssPercentile"] = finding.epss_percentile;
  return base::to_text(out);
}

}  // namespace security
