// SPDX-License-Identifier: Apache-2.0
#include "providers/hybrid_compute/evidence.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "security/finding_text.hpp"

namespace providers::hybrid_compute {

namespace {

constexpr std::size_t kMostFacts = 20, kEvidenceBytes = 8u << 10, kValueBytes = 1'000;
constexpr int kDeepest = 6;

// Texts of hostile origin made safe, in values of any shape.
base::Json safe_value(const base::Json& value, int depth) {
  if (value.is_string()) return base::Json(security::stored_text(std::string_view(value.get_string()).substr(0, kValueBytes)));
  if (depth >= kDeepest) return base::Json("…");
  if (value.is_array()) {
    base::JsonArray out;
    for (const base::Json& entry : value.get_array())
      if (out.size() < kMostFacts) out.push_back(safe_value(entry, depth + 1));
    return out;
  }
  if (!value.is_object()) return value;
  base::JsonObject out;
  for (const auto& member : value.get_object())
    if (out.size() < kMostFacts) out[security::stored_text(member.key())] = safe_value(member.value(), depth + 1);
  return out;
}

}  // namespace

base::JsonArray stored_evidence(const base::Json& evidence) {
  base::JsonArray out;
  if (!evidence.is_array()) return out;
  std::size_t bytes = 0;
  for (const base::Json& fact : evidence.get_array()) {
    if (out.size() == kMostFacts) break;
    base::JsonObject kept;
    for (const std::string_view text : {"source", "path", "message"})
      if (const auto words = base::get_string(fact, text).substr(0, kValueBytes); !words.empty()) kept[text] = security::stored_text(words);
    if (const base::Json* value = base::find(fact, "value"); value && !value->is_null()) kept["value"] = safe_value(*value, 0);
    bytes += base::to_text(kept).size();
    if (bytes > kEvidenceBytes) break;
    out.emplace_back(std::move(kept));
  }
  return out;
}

std::string evidence_line(std::string_view scope, std::string_view name, const base::JsonArray& evidence) {
  std::string words;
  for (const base::Json& fact : evidence) {
    const std::string_view message = base::get_string(fact, "message");
    if (!message.empty()) words.append(words.empty() ? "" : "; ").append(message);
  }
  if (scope == "host") return words;
  return fmt::format("{} {}{}{}", scope, name, words.empty() ? "" : ": ", words);
}

}  // namespace providers::hybrid_compute
