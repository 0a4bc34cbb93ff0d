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

struct IssueText {
  std::string_view key;
  std::string model::Finding::*text;
};

constexpr IssueText kIssueTexts[] = {
    {"id", &model::Finding::id},
    {"title", &model::Finding::title},
    {"description", &model::Finding::description},
    {"remediation", &model::Finding::remediation},
    {"impact", &model::Finding::impact},
    {"evidence", &model::Finding::evidence},
};

base::JsonObject issue_object(const model::Finding& issue) {
  base::JsonObject out{{"category", model::category_name(issue.category)},
                       {"severity", model::severity_name(issue.severity)},
                       {"package", package_object(issue.package)}};
  for (const IssueText& member : kIssueTexts)
    if (const std::string& text = issue.*member.text; !text.empty()) out[member.key] = stored_lines(text);
  base::JsonArray references;
  for (const std::string& reference : issue.references) references.emplace_back(stored_text(reference));
  if (!references.empty()) out["references"] = std::move(references);
  return out;
}

model::Finding issue_of(const base::Json& json) {
  model::Finding issue;
  for (const model::Category category : {model::Category::vulnerability, model::Category::secret, model::Category::malware,
                                         model::Category::misconfiguration})
    if (model::category_name(category) == base::get_string(json, "category")) issue.category = category;
  issue.severity = model::parse_severity(base::get_string(json, "severity")).value_or(model::Severity::unknown);
  if (const base::Json* package = base::find(json, "package")) issue.package = package_of(*package);
  for (const IssueText& member : kIssueTexts) issue.*member.text = std::string(base::get_string(json, member.key));
  for (const base::Json& reference : base::get_array(json, "references"))
    issue.references.emplace_back(base::as_string(reference));
  return issue;
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
  base::JsonArray issues;
  issues.reserve(inventory.issues.size());
  for (const model::Finding& issue : inventory.issues) issues.push_back(issue_object(issue));
  return base::to_text(base::JsonObject{{"format", kInventoryFormat},
                                        {"os", distribution_json(inventory.os)},
                                        {"packages", std::move(packages)},
                                        {"issues", std::move(issues)}});
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
  for (const base::Json& issue : base::get_array(json, "issues")) inventory.issues.push_back(issue_of(issue));
  return inventory;
}

}  // namespace security
