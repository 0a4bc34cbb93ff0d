// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "security/finding_text.hpp"

namespace security {

namespace {

constexpr int kInventoryFormat = 1;

struct PackageText {
  std::string_view key;
  std::string model::Package::*text;
};

constexpr PackageText kPackageTexts[] = {
    {"name", &model::Package::name},
    {"version", &model::Package::version},
    {"type", &model::Package::type},
    {"arch", &model::Package::arch},
    {"source", &model::Package::source},
    {"sourceVersion", &model::Package::source_version},
    {"purl", &model::Package::purl},
    {"layer", &model::Package::layer},
    {"path", &model::Package::path},
    {"managedBy", &model::Package::managed_by},
    {"modularity", &model::Package::modularity},
    {"vendor", &model::Package::vendor},
};

base::JsonObject package_object(const model::Package& package) {
  base::JsonObject out;
  for (const PackageText& member : kPackageTexts)
    if (const std::string& text = package.*member.text; !text.empty()) out[member.key] = stored_text(text);
  if (package.dev) out["dev"] = true;
  return out;
}

model::Package package_of(const base::Json& json) {
  model::Package package;
  for (const PackageText& member : kPackageTexts) package.*member.text = std::string(base::get_string(json, member.key));
  package.dev = base::get_bool(json, "dev");
  return package;
}

base::Json distribution_json(const std::optional<model::Distribution>& os) {
  if (!os) return nullptr;
  base::JsonArray like;
  for (const std::string& id : os->like) like.emplace_back(stored_text(id));
  return base::JsonObject{{"id", stored_text(os->id)},
                          {"version", stored_text(os->version)},
                          {"codename", stored_text(os->codename)},
                          {"prettyName", stored_text(os->pretty_name)},
                          {"like", std::move(like)}};
}

model::Distribution distribution_of(const base::Json& json) {
  model::Distribution os;
  os.id = base::get_string(json, "id");
  os.version = base::get_string(json, "version");
  os.codename = base::get_string(json, "codename");
  os.pretty_name = base::get_string(json, "prettyName");
  for (const base::Json& id : base::get_array(json, "like")) os.like.emplace_back(base::as_string(id));
  return os;
}

}  // namespace

std::string inventory_text(const model::Inventory& inventory) {
  base::JsonArray packages;
  packages.reserve(inventory.packages.size());
  for (const model::Package& package : inventory.packages) packages.push_back(package_object(package));
  return base::to_text(base::JsonObject{{"format", kInventoryFormat},
                                        {"os", distribution_json(inventory.os)},
                                        {"packages", std::move(packages)}});
}

base::Result<model::Inventory> inventory_from_text(std::string_view text, std::string_view what) {
  const base::Json json = TRY(base::parse_json(text, what));
  if (base::get_int(json, "format") != kInventoryFormat)
    return base::fail(base::Kind::unsupported, fmt::format("{} has another format; scan the image again", what));
  model::Inventory inventory;
  if (const base::Json* os = base::find(json, "os"); os && os->is_object()) inventory.os = distribution_of(*os);
  const base::JsonArray& packages = base::get_array(json, "packages");
  inventory.packages.reserve(packages.size());
  for (const base::Json& package : packages) inventory.packages.push_back(package_of(package));
  return inventory;
}

}  // namespace security
