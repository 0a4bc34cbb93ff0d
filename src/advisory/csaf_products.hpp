// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "advisory/json_text.hpp"
#include "advisory/record.hpp"

namespace advisory {

// A package of a release of a distribution, as a product id of a CSAF document names it.
struct CsafPackage {
  std::string ecosystem;  // "Red Hat:9", "SUSE:15.5", "Azure Linux:3"
  std::string name;
  std::string version;    // "[epoch:]version-release"; empty where the document gives none
  bool below = false;     // a version range: everything below `version`
  NameKind kind = NameKind::by_ecosystem;
  std::string module;     // "nodejs:18"; empty: not known, or not part of a module
};

// The product tree of a CSAF 2.0 document (section 3.2.2): branches, full product names and relationships.
class CsafProducts {
 public:
  explicit CsafProducts(json::Object document);

  // nullopt for products that are no packages of a release known here (middleware, containers, extended support).
  std::optional<CsafPackage> package(std::string_view product_id) const;

 private:
  struct Product {
    std::string name;
    std::string cpe;
    std::string purl;
  };
  struct Relation {
    std::string component;
    std::string platform;
  };

  void read_branches(json::Array branches, int depth);
  void read_product(json::Object product);
  void read_relationship(json::Object relationship);
  void follow(const std::string& id, int depth, CsafPackage& out) const;
  void apply(const Product& product, CsafPackage& out) const;

  std::unordered_map<std::string, Product> products_;
  std::unordered_map<std::string, Relation> relations_;
};

}  // namespace advisory
