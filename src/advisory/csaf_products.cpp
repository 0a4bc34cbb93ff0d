// SPDX-License-Identifier: Apache-2.0
#include "advisory/csaf_products.hpp"

#include "advisory/ecosystem.hpp"
#include "base/text.hpp"

namespace advisory {

namespace {

constexpr int kDeepestBranch = 30;
constexpr int kLongestChain = 6;  // package in module in module in platform

// "cpe:/o:redhat:enterprise_linux:9::baseos" or "cpe:2.3:o:redhat:enterprise_linux:9:*:…" → ecosystem, empty where
// it is no release that packages are matched against.
std::string ecosystem_of_cpe(std::string_view cpe) {
  const auto parts = base::split(cpe, ':');
  const std::size_t first = cpe.substr(0, 5) == "cpe:/" ? 1 : 2;  // part: "/o" or "o"
  const auto at = [&](std::size_t i) { return first + i < parts.size() && parts[first + i] != "*" ? parts[first + i] : std::string_view(); };
  const std::string vendor(at(1));
  const std::string product(at(2));
  const std::string version(at(3));
  if (version.empty() && product != "tumbleweed") return {};
  if (vendor == "redhat" && product == "enterprise_linux") return canonical_ecosystem("Red Hat:enterprise_linux:" + version);
  if (vendor == "opensuse" && product == "leap") return "openSUSE:Leap " + version;
  if (vendor == "opensuse" && product == "tumbleweed") return "openSUSE:Tumbleweed";
  const bool module = product.substr(0, 11) == "sle-module-" && product != "sle-module-live-patching";
  if (vendor != "suse" || (product != "sles" && !module)) return {};
  const auto pack = at(4);
  return "SUSE:" + version + (pack.substr(0, 2) == "sp" ? "." + std::string(pack.substr(2)) : std::string());
}

// Microsoft names its platforms in words only.
std::string ecosystem_of_platform(std::string_view name) {
  if (name.find("Azure Linux 3") != std::string_view::npos || name.find("azl3") == 0) return "Azure Linux:3";
  const bool mariner = name.find("Mariner") != std::string_view::npos || name.find("Azure Linux") != std::string_view::npos;
  if (mariner && name.find("2.0") != std::string_view::npos) return "Mariner:2.0";
  if (mariner && name.find("1.0") != std::string_view::npos) return "Mariner:1.0";
  return {};
}

// "azl3 openssl 3.3.2-1", or with '<' in front a range.
bool apply_microsoft_name(std::string_view name, CsafPackage& out) {
  const bool below = !name.empty() && name.front() == '<';
  if (below) name.remove_prefix(1);
  const auto words = base::split(name, ' ');
  if (words.size() != 3 || (words[0] != "azl3" && words[0] != "cbl2" && words[0] != "cm1" && words[0] != "cm2")) return false;
  out.name = words[1];
  out.version = words[2];
  out.below = below;
  return true;
}

std::string_view purl_qualifier(std::string_view purl, std::string_view key) {
  for (const auto qualifier : base::split(base::cut(base::cut(purl, "#").first, "?").second, '&')) {
    const auto [name, value] = base::cut(qualifier, "=");
    if (name == key) return value;
  }
  return {};
}

std::string name_and_stream(std::string_view module) {
  const auto parts = base::split(module, ':');
  return parts.size() < 2 ? std::string() : std::string(parts[0]) + ":" + std::string(parts[1]);
}

// pkg:rpm/redhat/openssl@3.0.1-43.el9?arch=x86_64&epoch=1&rpmmod=…, pkg:rpmmod/redhat/nodejs@18:…
void apply_purl(std::string_view purl, CsafPackage& out) {
  const auto path = base::cut(base::cut(purl, "#").first, "?").first;
  const auto [before, version] = base::cut_last(path, "@");
  const std::string name = base::percent_decode(base::basename(before));
  const std::string module = name_and_stream(base::percent_decode(purl_qualifier(purl, "rpmmod")));
  if (path.substr(0, 11) == "pkg:rpmmod/") {
    out.module = name_and_stream(name + ":" + base::percent_decode(version));
    return;
  }
  if (path.substr(0, 8) != "pkg:rpm/") return;
  out.name = name;
  out.version = base::percent_decode(version);
  const auto epoch = purl_qualifier(purl, "epoch");
  if (!epoch.empty() && epoch != "0" && !out.version.empty()) out.version = std::string(epoch) + ":" + out.version;
  const auto arch = purl_qualifier(purl, "arch");
  out.kind = arch == "src" ? NameKind::source : arch.empty() ? NameKind::either : NameKind::binary;
  if (!module.empty()) out.module = module;
}

}  // namespace

CsafProducts::CsafProducts(json::Object document) {
  json::Object tree;
  if (!json::get(document, "product_tree", tree)) return;
  json::Array list;
  if (json::get(tree, "branches", list)) read_branches(list, 0);
  json::Object entry;
  if (json::get(tree, "full_product_names", list))
    for (const json::Element element : list)
      if (!element.get(entry)) read_product(entry);
  if (json::get(tree, "relationships", list))
    for (const json::Element element : list)
      if (!element.get(entry)) read_relationship(entry);
}

void CsafProducts::read_branches(json::Array branches, int depth) {
  if (depth > kDeepestBranch) return;
  for (const json::Element element : branches) {
    json::Object branch;
    if (element.get(branch)) continue;
    json::Object product;
    if (json::get(branch, "product", product)) read_product(product);
    json::Array children;
    if (json::get(branch, "branches", children)) read_branches(children, depth + 1);
  }
}

void CsafProducts::read_product(json::Object product) {
  Product out;
  out.name = json::text(product, "name");
  json::Object helper;
  if (json::get(product, "product_identification_helper", helper)) {
    out.cpe = json::text(helper, "cpe");
    out.purl = json::text(helper, "purl");
  }
  products_[std::string(json::text(product, "product_id"))] = std::move(out);
}

void CsafProducts::read_relationship(json::Object relationship) {
  json::Object full_name;
  if (!json::get(relationship, "full_product_name", full_name)) return;
  const std::string id(json::text(full_name, "product_id"));
  relations_[id] = {std::string(json::text(relationship, "product_reference")),
                    std::string(json::text(relationship, "relates_to_product_reference"))};
}

void CsafProducts::apply(const Product& product, CsafPackage& out) const {
  if (out.ecosystem.empty()) out.ecosystem = product.cpe.empty() ? ecosystem_of_platform(product.name) : ecosystem_of_cpe(product.cpe);
  if (!product.purl.empty())
    apply_purl(product.purl, out);
  else if (out.name.empty())
    apply_microsoft_name(product.name, out);
}

void CsafProducts::follow(const std::string& id, int depth, CsafPackage& out) const {
  if (depth > kLongestChain) return;
  if (const auto relation = relations_.find(id); relation != relations_.end()) {
    follow(relation->second.platform, depth + 1, out);
    follow(relation->second.component, depth + 1, out);
  } else if (const auto product = products_.find(id); product != products_.end()) {
    apply(product->second, out);
  }
}

std::optional<CsafPackage> CsafProducts::package(std::string_view product_id) const {
  CsafPackage out;
  follow(std::string(product_id), 0, out);
  if (out.ecosystem.empty() || out.name.empty()) return std::nullopt;
  return out;
}

}  // namespace advisory
