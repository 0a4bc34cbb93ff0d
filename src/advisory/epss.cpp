// SPDX-License-Identifier: Apache-2.0
// Exploit Prediction Scoring System of FIRST: "#model_version:v2023.03.01,score_date:2024-01-01T00:00:00+0000", then
// "cve,epss,percentile" and a row each.
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>

#include "advisory/importers.hpp"
#include "base/text.hpp"

namespace advisory {

namespace {

// A number from 0 to 1 in units of 1e-9.
std::optional<std::uint32_t> parse_probability(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= 0 && value <= 1)) return std::nullopt;
  return static_cast<std::uint32_t>(std::lround(value * 1e9));
}

std::optional<index::EpssRow> parse_epss_row(std::string_view line) {
  const auto [cve, scores] = base::cut(line, ",");
  const auto [probability, percentile] = base::cut(scores, ",");
  const auto number = cve_number(cve);
  const auto first = parse_probability(base::trim(probability));
  const auto second = parse_probability(base::trim(percentile));
  if (number == 0 || !first || !second) return std::nullopt;
  return index::EpssRow{number, *first, *second};
}

std::string_view epss_date(std::string_view comment) {
  const auto date = base::cut(comment, "score_date:").second;
  return base::cut(date, ",").first;
}

}  // namespace

base::Result<void> import_epss(std::string_view document, std::string_view name, RecordSet& into, Refusals& refusals) {
  const auto source = into.add_source("EPSS", index::SourceKind::epss);
  while (!document.empty()) {
    const auto end = document.find('\n');
    const auto line = base::trim(document.substr(0, end));
    document.remove_prefix(end == std::string_view::npos ? document.size() : end + 1);
    if (line.empty() || line.substr(0, 4) == "cve,") continue;
    if (line.front() == '#') {
      into.sources[source].newest = into.strings.intern(epss_date(line).substr(0, 40));
    } else if (const auto row = parse_epss_row(line)) {
      into.epss.push_back(*row);
      ++into.sources[source].records;
    } else {
      refusals.add(name, fmt::format("\"{}\" is no row of cve,epss,percentile", base::printable(line.substr(0, 60))));
    }
  }
  if (into.sources[source].records == 0)
    return base::fail(base::Kind::invalid_input, fmt::format("{}: no EPSS score in it", name));
  return {};
}

}  // namespace advisory
