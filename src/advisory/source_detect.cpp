// SPDX-License-Identifier: Apache-2.0
#include <simdjson.h>

#include <algorithm>
#include <array>

#include "advisory/importers.hpp"
#include "base/text.hpp"

namespace advisory {

namespace {

namespace ondemand = simdjson::ondemand;

// Top-level members by which a document is known.
constexpr std::array<std::pair<std::string_view, Format>, 12> kTellingKeys{{
    {"affected", Format::osv},
    {"modified", Format::osv},
    {"schema_version", Format::osv},
    {"withdrawn", Format::osv},
    {"document", Format::csaf},
    {"product_tree", Format::csaf},
    {"catalogVersion", Format::kev},
    {"dateReleased", Format::kev},
    {"secfixes", Format::secdb},
    {"apkurl", Format::secdb},
    {"distroversion", Format::secdb},
    {"packages", Format::secdb},
}};

bool is_vulnerability_id(std::string_view key) {
  return key.substr(0, 4) == "CVE-" || key.substr(0, 5) == "TEMP-";
}

// {"source package": {"CVE-…": {…}}}
bool is_tracker_member(ondemand::value value) {
  ondemand::object package;
  if (value.get_object().get(package)) return false;
  for (auto member : package) {
    std::string_view key;
    if (member.unescaped_key().get(key)) return false;
    return is_vulnerability_id(key);
  }
  return false;
}

Format detect_json_object(ondemand::object object) {
  bool first = true;
  for (auto member : object) {
    std::string_view key;
    if (member.unescaped_key().get(key)) return Format::unknown;
    for (const auto& [name, format] : kTellingKeys)
      if (key == name) return format;
    ondemand::value value;
    if (first && !member.value().get(value) && is_tracker_member(value)) return Format::debian_tracker;
    first = false;
  }
  return Format::unknown;
}

Format detect_json(std::string_view document) {
  const simdjson::padded_string padded(document);
  ondemand::parser parser;
  ondemand::document json;
  if (parser.iterate(padded).get(json)) return Format::unknown;
  ondemand::object object;
  if (!json.get_object().get(object)) return detect_json_object(object);
  return Format::unknown;
}

}  // namespace

Format detect_format(std::string_view document) {
  if (document.substr(0, 3) == "\xef\xbb\xbf") document.remove_prefix(3);
  const std::string_view text = base::trim(document.substr(0, 4096));
  if (text.empty()) return Format::unknown;
  if (text.front() == '<') return text.find("oval_definitions") != std::string_view::npos ? Format::oval : Format::unknown;
  if (text.substr(0, 15) == "#model_version:" || text.substr(0, 8) == "cve,epss") return Format::epss;
  if (text.front() == '[') return text.find("\"affected\"") != std::string_view::npos ? Format::osv : Format::unknown;
  return text.front() == '{' ? detect_json(document) : Format::unknown;
}

}  // namespace advisory
