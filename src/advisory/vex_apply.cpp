// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_map>

#include "advisory/vex.hpp"
#include "advisory/vex_product.hpp"
#include "base/glob.hpp"
#include "base/text.hpp"

namespace advisory {
namespace {

// A statement whose names are parsed, once the first finding asks for it.
struct PreparedStatement {
  const Statement* statement = nullptr;
  bool prepared = false;
  std::vector<ProductName> products;
  std::vector<ProductName> subcomponents;
  bool names_artifact = false;  // one of the products is the artifact, or any product is meant

  void prepare(const ArtifactNames& artifact);
  bool applies_to(const model::Package& package, const std::optional<sbom::Purl>& purl) const;
};

void PreparedStatement::prepare(const ArtifactNames& artifact) {
  if (prepared) return;
  prepared = true;
  products = std::vector<ProductName>(statement->products.begin(), statement->products.end());
  subcomponents = std::vector<ProductName>(statement->subcomponents.begin(), statement->subcomponents.end());
  names_artifact = products.empty() || std::any_of(products.begin(), products.end(), [&artifact](const ProductName& product) {
                     return product.names_artifact(artifact);
                   });
}

// The product is the artifact, or the package itself; subcomponents narrow either down.
bool PreparedStatement::applies_to(const model::Package& package, const std::optional<sbom::Purl>& purl) const {
  const auto is_package = [&](const ProductName& name) { return name.names_package(package, purl); };
  const auto is_product = [&](const ProductName& name) { return name.is_purl() && is_package(name); };
  if (!statement->path.empty() && (package.path.empty() || !base::Glob(statement->path).matches(package.path))) return false;
  if (!names_artifact && std::none_of(products.begin(), products.end(), is_product)) return false;
  return subcomponents.empty() || std::any_of(subcomponents.begin(), subcomponents.end(), is_package);
}

bool is_suppressing(const Statement& statement) {
  return statement.status == "not_affected" || statement.status == "fixed" || statement.status == "ignored";
}

// Statements by vulnerability id, in lower case.
class StatementIndex {
 public:
  StatementIndex(const std::vector<Statement>& statements, const model::Artifact& artifact) : artifact_(artifact) {
    prepared_.resize(statements.size());
    for (std::size_t i = 0; i < statements.size(); ++i) {
      prepared_[i].statement = &statements[i];
      for (const std::string& id : statements[i].vulnerabilities) by_id_[base::to_lower(id)].push_back(i);
    }
  }

  std::optional<model::Suppression> suppression_of(const model::Finding& finding);

 private:
  std::vector<std::size_t> candidates(const model::Finding& finding) const;

  ArtifactNames artifact_;
  std::vector<PreparedStatement> prepared_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_id_;
};

// In the order of the statements, each once.
std::vector<std::size_t> StatementIndex::candidates(const model::Finding& finding) const {
  std::vector<std::size_t> found;
  const auto add = [&](std::string_view id) {
    const auto entry = by_id_.find(base::to_lower(id));
    if (entry != by_id_.end()) found.insert(found.end(), entry->second.begin(), entry->second.end());
  };
  add(finding.id);
  for (const std::string& alias : finding.aliases) add(alias);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

// Within a file the last statement that applies wins; between files the first that suppresses.
std::optional<model::Suppression> StatementIndex::suppression_of(const model::Finding& finding) {
  const std::vector<std::size_t> found = candidates(finding);
  if (found.empty()) return std::nullopt;
  std::optional<sbom::Purl> purl;
  if (auto parsed = sbom::parse_purl(finding.package.purl)) purl = std::move(*parsed);
  std::vector<std::pair<std::string_view, const Statement*>> verdicts;  // by file
  for (const std::size_t i : found) {
    PreparedStatement& candidate = prepared_[i];
    candidate.prepare(artifact_);
    if (!candidate.applies_to(finding.package, purl)) continue;
    const std::string_view file = candidate.statement->by;
    const auto known = std::find_if(verdicts.begin(), verdicts.end(), [file](const auto& entry) { return entry.first == file; });
    if (known == verdicts.end()) {
      verdicts.emplace_back(file, candidate.statement);
    } else {
      known->second = candidate.statement;
    }
  }
  for (const auto& entry : verdicts) {
    const Statement& statement = *entry.second;
    if (is_suppressing(statement)) return model::Suppression{statement.by, statement.justification, statement.status};
  }
  return std::nullopt;
}

}  // namespace

void apply_statements(const std::vector<Statement>& statements, const model::Artifact& artifact,
                      std::vector<model::Finding>& findings) {
  StatementIndex index(statements, artifact);
  for (model::Finding& finding : findings) {
    if (!finding.suppressed) finding.suppressed = index.suppression_of(finding);
  }
}

}  // namespace advisory
