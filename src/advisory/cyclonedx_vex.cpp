// SPDX-License-Identifier: Apache-2.0
// CycloneDX 1.4 and later: vulnerabilities[] with analysis and affects.
#include <fmt/format.h>

#include <unordered_map>

#include "advisory/vex_readers.hpp"
#include "base/text.hpp"
#include "sbom/purl.hpp"

namespace advisory {
namespace {

// bom-ref → purl of every component. Components nest no deeper than the JSON reader lets them.
class BomReferences {
 public:
  explicit BomReferences(const base::Json& document) {
    if (const base::Json* metadata = base::find(document, "metadata")) {
      if (const base::Json* subject = base::find(*metadata, "component")) add(*subject);
    }
    add_components(document);
  }

  // A purl of a component, or the reference itself, cut out of a BOM-Link ("urn:cdx:serial/1#ref").
  std::string resolve(std::string_view reference) const {
    if (reference.starts_with("urn:cdx:")) reference = base::cut(reference, "#").second;
    const std::string text = base::percent_decode(reference);
    if (const auto found = purls_.find(text); found != purls_.end()) return found->second;
    return reference.starts_with("pkg%3A") ? text : std::string(reference);
  }

 private:
  void add(const base::Json& component) {
    const std::string_view reference = base::get_string(component, "bom-ref");
    const std::string_view purl = base::get_string(component, "purl");
    if (!reference.empty() && !purl.empty()) purls_.emplace(reference, purl);
    add_components(component);
  }

  void add_components(const base::Json& parent) {
    for (const base::Json& component : base::get_array(parent, "components")) add(component);
  }

  std::unordered_map<std::string, std::string> purls_;
};

struct AnalysisState {
  std::string_view state;
  std::string_view status;
};
constexpr AnalysisState kAnalysisStates[] = {
    {"resolved", "fixed"},         {"resolved_with_pedigree", "fixed"},  {"exploitable", "affected"},
    {"in_triage", "under_investigation"}, {"false_positive", "not_affected"}, {"not_affected", "not_affected"},
};

std::string_view status_of_analysis(std::string_view state) {
  for (const AnalysisState& known : kAnalysisStates) {
    if (known.state == state) return known.status;
  }
  return {};
}

// The purl with one version in place of its own; empty for what is no purl.
std::string with_version(const std::string& text, std::string_view version) {
  auto purl = sbom::parse_purl(text);
  if (!purl) return {};
  purl->version = version;
  return sbom::to_text(*purl);
}

// `versions` narrows a statement down: to its versions that are not said to be affected. Version ranges are left out,
// so that they never hide more than they say.
std::vector<std::string> affected_products(const base::Json& affect, const BomReferences& references) {
  std::vector<std::string> products;
  const std::string product = references.resolve(base::get_string(affect, "ref"));
  if (product.empty()) return products;
  const base::JsonArray& versions = base::get_array(affect, "versions");
  if (versions.empty()) products.push_back(product);
  for (const base::Json& entry : versions) {
    const std::string_view version = base::get_string(entry, "version");
    if (version.empty() || base::get_string(entry, "status") == "affected") continue;
    std::string purl = with_version(product, version);
    if (!purl.empty()) products.push_back(std::move(purl));
  }
  return products;
}

std::string analysis_reason(const base::Json& analysis) {
  const std::string_view justification = base::get_string(analysis, "justification");
  return std::string(justification.empty() ? base::get_string(analysis, "detail") : justification);
}

base::Result<void> append_cyclonedx_statement(const base::Json& vulnerability, const BomReferences& references,
                                              std::string_view name, std::vector<Statement>& out) {
  const base::Json* analysis = base::find(vulnerability, "analysis");
  if (analysis == nullptr) return {};
  Statement statement;
  statement.by = name;
  const std::string_view state = base::get_string(*analysis, "state");
  statement.status = status_of_analysis(state);
  if (statement.status.empty()) {
    return base::fail(base::Kind::invalid_input,
                      fmt::format("analysis.state \"{}\" is none of CycloneDX's", base::printable(state.substr(0, 80))));
  }
  statement.justification = analysis_reason(*analysis);
  if (const auto id = base::get_string(vulnerability, "id"); !id.empty()) statement.vulnerabilities.emplace_back(id);
  for (const base::Json& reference : base::get_array(vulnerability, "references")) {
    if (const auto id = base::get_string(reference, "id"); !id.empty()) statement.vulnerabilities.emplace_back(id);
  }
  if (statement.vulnerabilities.empty()) return base::fail(base::Kind::invalid_input, "it has no \"id\"");
  for (const base::Json& affect : base::get_array(vulnerability, "affects")) {
    for (std::string& product : affected_products(affect, references)) statement.products.push_back(std::move(product));
  }
  // Without "affects" it speaks of the whole subject; with some that cannot be read, of nothing.
  if (statement.products.empty() && !base::get_array(vulnerability, "affects").empty()) return {};
  out.push_back(std::move(statement));
  return {};
}

}  // namespace

base::Result<std::vector<Statement>> read_cyclonedx_vex(const base::Json& document, std::string_view name) {
  const BomReferences references(document);
  std::vector<Statement> statements;
  std::size_t number = 0;
  for (const base::Json& vulnerability : base::get_array(document, "vulnerabilities")) {
    ++number;
    TRY_CONTEXT(append_cyclonedx_statement(vulnerability, references, name, statements),
                fmt::format("{}: vulnerability {}", base::printable(name), number));
  }
  return statements;
}

}  // namespace advisory
