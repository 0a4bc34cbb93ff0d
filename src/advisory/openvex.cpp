// SPDX-License-Identifier: Apache-2.0
// OpenVEX 0.2.0 (OPENVEX-SPEC.md), and the string forms of products and vulnerabilities of 0.0.1.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "advisory/vex_readers.hpp"
#include "base/text.hpp"

namespace advisory {
namespace {

constexpr std::array<std::string_view, 4> kOpenVexStatuses = {"not_affected", "affected", "fixed", "under_investigation"};

void push_if_given(std::vector<std::string>& list, std::string_view text) {
  if (!text.empty()) list.emplace_back(text);
}

// Every name of a product or subcomponent: its @id, its identifiers and its SHA-256 hash, as a digest.
std::vector<std::string> openvex_names(const base::Json& component) {
  std::vector<std::string> names;
  push_if_given(names, base::as_string(component));
  push_if_given(names, base::get_string(component, "@id"));
  if (const base::Json* identifiers = base::find(component, "identifiers")) {
    push_if_given(names, base::get_string(*identifiers, "purl"));
  }
  if (const base::Json* hashes = base::find(component, "hashes")) {
    const std::string_view sha256 = base::get_string(*hashes, "sha-256");
    if (!sha256.empty()) names.push_back("sha256:" + base::to_lower(sha256));
  }
  return names;
}

std::vector<std::string> openvex_ids(const base::Json& statement) {
  std::vector<std::string> ids;
  push_if_given(ids, base::get_string(statement, "vulnerability"));  // 0.0.1
  if (const base::Json* vulnerability = base::find(statement, "vulnerability")) {
    push_if_given(ids, base::get_string(*vulnerability, "name"));
    push_if_given(ids, base::get_string(*vulnerability, "@id"));
    for (const base::Json& alias : base::get_array(*vulnerability, "aliases")) push_if_given(ids, base::as_string(alias));
  }
  return ids;
}

struct TimedStatement {
  base::Seconds time;
  Statement statement;
};

// One statement a product, since each product has subcomponents of its own.
base::Result<void> append_openvex_products(const base::Json& source, const TimedStatement& frame,
                                           std::vector<TimedStatement>& out) {
  const base::JsonArray& products = base::get_array(source, "products");
  if (products.empty()) out.push_back(frame);
  for (const base::Json& product : products) {
    TimedStatement timed = frame;
    timed.statement.products = openvex_names(product);
    if (timed.statement.products.empty()) {
      return base::fail(base::Kind::invalid_input, "a product has no name; give it an \"@id\" with its purl");
    }
    const base::JsonArray& own = base::get_array(product, "subcomponents");
    const base::JsonArray& shared = base::get_array(source, "subcomponents");  // 0.0.1
    for (const base::JsonArray* list : {&own, &shared}) {
      for (const base::Json& component : *list) {
        const std::vector<std::string> names = openvex_names(component);
        if (names.empty()) return base::fail(base::Kind::invalid_input, "a subcomponent has no name; give it an \"@id\"");
        timed.statement.subcomponents.insert(timed.statement.subcomponents.end(), names.begin(), names.end());
      }
    }
    out.push_back(std::move(timed));
  }
  return {};
}

base::Result<void> append_openvex_statement(const base::Json& source, std::string_view document_time, std::string_view name,
                                            std::vector<TimedStatement>& out) {
  TimedStatement frame;
  const std::string_view time = base::get_string(source, "timestamp", document_time);
  if (!time.empty()) frame.time = TRY(base::parse_time(time));
  Statement& statement = frame.statement;
  statement.by = name;
  statement.vulnerabilities = openvex_ids(source);
  statement.status = base::get_string(source, "status");
  statement.justification = base::get_string(source, "justification", base::get_string(source, "impact_statement"));
  if (statement.vulnerabilities.empty()) {
    return base::fail(base::Kind::invalid_input, "it names no vulnerability; give \"vulnerability\": {\"name\": \"CVE-…\"}");
  }
  if (std::find(kOpenVexStatuses.begin(), kOpenVexStatuses.end(), statement.status) == kOpenVexStatuses.end()) {
    return base::fail(base::Kind::invalid_input,
                      fmt::format("status \"{}\" is none of not_affected, affected, fixed and under_investigation",
                                  base::printable(statement.status.substr(0, 80))));
  }
  return append_openvex_products(source, frame, out);
}

}  // namespace

base::Result<std::vector<Statement>> read_openvex(const base::Json& document, std::string_view name) {
  std::vector<TimedStatement> timed;
  std::size_t number = 0;
  const std::string_view document_time = base::get_string(document, "timestamp");
  for (const base::Json& source : base::get_array(document, "statements")) {
    ++number;
    TRY_CONTEXT(append_openvex_statement(source, document_time, name, timed),
                fmt::format("{}: statement {}", base::printable(name), number));
  }
  std::stable_sort(timed.begin(), timed.end(),
                   [](const TimedStatement& a, const TimedStatement& b) { return a.time < b.time; });
  std::vector<Statement> statements;
  statements.reserve(timed.size());
  for (TimedStatement& entry : timed) statements.push_back(std::move(entry.statement));
  return statements;
}

}  // namespace advisory
