// SPDX-License-Identifier: Apache-2.0
// CSAF 2.0 with the VEX profile (section 4.5): the product tree gives names to product ids, product_status the verdicts.
#include <unordered_map>
#include <utility>

#include "advisory/vex_readers.hpp"
#include "base/text.hpp"

namespace advisory {
namespace {

// What a product id stands for: names of its own, or a component inside another product.
struct CsafProductNames {
  std::vector<std::string> names;  // purls, digests; else the product's name
  std::string component;           // product ids of a relationship
  std::string inside;
};

class CsafProductNamesById {
 public:
  explicit CsafProductNamesById(const base::Json& document) {
    const base::Json* tree = base::find(document, "product_tree");
    if (tree == nullptr) return;
    for (const base::Json& product : base::get_array(*tree, "full_product_names")) add_product(product);
    add_branches(*tree);
    for (const base::Json& relationship : base::get_array(*tree, "relationships")) add_relationship(relationship);
    for (const base::Json& group : base::get_array(*tree, "product_groups")) {
      groups_.emplace(base::get_string(group, "group_id"), &base::get_array(group, "product_ids"));
    }
  }

  // Products and subcomponents of a statement about one product id; false for an id that is not in the tree. Of
  // relationships in relationships the innermost component and the outermost product count.
  bool fill(std::string_view id, Statement& statement) const {
    const auto found = products_.find(std::string(id));
    if (found == products_.end()) return false;
    const CsafProductNames& product = found->second;
    if (product.component.empty()) {
      statement.products = product.names;
    } else {
      statement.products = leaf_names(product.inside, &CsafProductNames::inside);
      statement.subcomponents = leaf_names(product.component, &CsafProductNames::component);
      if (statement.subcomponents.empty()) return false;
    }
    return !statement.products.empty();
  }

  const base::JsonArray* group(std::string_view id) const {
    const auto found = groups_.find(std::string(id));
    return found == groups_.end() ? nullptr : found->second;
  }

 private:
  static constexpr int kLongestRelationship = 8;

  std::vector<std::string> leaf_names(std::string id, std::string CsafProductNames::*next) const {
    for (int hop = 0; hop < kLongestRelationship; ++hop) {
      const auto found = products_.find(id);
      if (found == products_.end()) return {};
      if ((found->second.*next).empty()) return found->second.names;
      id = found->second.*next;
    }
    return {};
  }

  static std::vector<std::string> names_of(const base::Json& product) {
    std::vector<std::string> names;
    if (const base::Json* helper = base::find(product, "product_identification_helper")) {
      if (const auto purl = base::get_string(*helper, "purl"); !purl.empty()) names.emplace_back(purl);
      for (const base::Json& purl : base::get_array(*helper, "purls")) {
        if (const auto text = base::as_string(purl); !text.empty()) names.emplace_back(text);
      }
      for (const base::Json& file : base::get_array(*helper, "hashes")) {
        for (const base::Json& hash : base::get_array(file, "file_hashes")) {
          if (base::get_string(hash, "algorithm") != "sha256") continue;
          names.push_back("sha256:" + base::to_lower(base::get_string(hash, "value")));
        }
      }
    }
    if (names.empty()) {
      if (const auto name = base::get_string(product, "name"); !name.empty()) names.emplace_back(name);
    }
    return names;
  }

  void add_product(const base::Json& product) {
    const std::string_view id = base::get_string(product, "product_id");
    if (!id.empty()) products_[std::string(id)].names = names_of(product);
  }

  // Branches nest no deeper than the JSON reader lets them.
  void add_branches(const base::Json& parent) {
    for (const base::Json& branch : base::get_array(parent, "branches")) {
      if (const base::Json* product = base::find(branch, "product")) add_product(*product);
      add_branches(branch);
    }
  }

  void add_relationship(const base::Json& relationship) {
    const base::Json* product = base::find(relationship, "full_product_name");
    if (product == nullptr) return;
    const std::string_view id = base::get_string(*product, "product_id");
    const std::string_view component = base::get_string(relationship, "product_reference");
    const std::string_view inside = base::get_string(relationship, "relates_to_product_reference");
    if (id.empty() || component.empty() || inside.empty()) return;
    CsafProductNames& names = products_[std::string(id)];
    names.names = names_of(*product);
    names.component = component;
    names.inside = inside;
  }

  std::unordered_map<std::string, CsafProductNames> products_;
  std::unordered_map<std::string, const base::JsonArray*> groups_;
};

using ReasonsById = std::unordered_map<std::string, std::string>;

// `flags` carry the machine-readable justification, `threats` of category "impact" one in words.
ReasonsById csaf_reasons(const base::Json& vulnerability, const CsafProductNamesById& products) {
  ReasonsById reasons;
  const auto add = [&](const base::Json& entry, std::string_view reason) {
    for (const base::Json& id : base::get_array(entry, "product_ids")) {
      reasons.emplace(base::as_string(id), reason);
    }
    for (const base::Json& group : base::get_array(entry, "group_ids")) {
      const base::JsonArray* members = products.group(base::as_string(group));
      if (members == nullptr) continue;
      for (const base::Json& id : *members) reasons.emplace(base::as_string(id), reason);
    }
  };
  for (const base::Json& flag : base::get_array(vulnerability, "flags")) add(flag, base::get_string(flag, "label"));
  for (const base::Json& threat : base::get_array(vulnerability, "threats")) {
    if (base::get_string(threat, "category") == "impact") add(threat, base::get_string(threat, "details"));
  }
  return reasons;
}

struct CsafStatus {
  std::string_view member;  // of product_status
  std::string_view status;
};
// Later ones win where a product is in several.
constexpr CsafStatus kCsafStatuses[] = {
    {"known_not_affected", "not_affected"}, {"first_fixed", "fixed"},       {"fixed", "fixed"},
    {"under_investigation", "under_investigation"}, {"known_affected", "affected"}, {"first_affected", "affected"},
    {"last_affected", "affected"},
};

void append_csaf_statements(const base::Json& vulnerability, const CsafProductNamesById& products, std::string_view name,
                            std::vector<Statement>& out) {
  Statement frame;
  frame.by = name;
  if (const auto cve = base::get_string(vulnerability, "cve"); !cve.empty()) frame.vulnerabilities.emplace_back(cve);
  for (const base::Json& id : base::get_array(vulnerability, "ids")) {
    if (const auto text = base::get_string(id, "text"); !text.empty()) frame.vulnerabilities.emplace_back(text);
  }
  const base::Json* status = base::find(vulnerability, "product_status");
  if (frame.vulnerabilities.empty() || status == nullptr) return;
  const ReasonsById reasons = csaf_reasons(vulnerability, products);
  for (const CsafStatus& known : kCsafStatuses) {
    for (const base::Json& id : base::get_array(*status, known.member)) {
      Statement statement = frame;
      statement.status = known.status;
      if (!products.fill(base::as_string(id), statement)) continue;
      const auto reason = reasons.find(std::string(base::as_string(id)));
      if (reason != reasons.end()) statement.justification = reason->second;
      out.push_back(std::move(statement));
    }
  }
}

}  // namespace

base::Result<std::vector<Statement>> read_csaf_vex(const base::Json& document, std::string_view name) {
  const CsafProductNamesById products(document);
  std::vector<Statement> statements;
  for (const base::Json& vulnerability : base::get_array(document, "vulnerabilities")) {
    append_csaf_statements(vulnerability, products, name, statements);
  }
  return statements;
}

}  // namespace advisory
