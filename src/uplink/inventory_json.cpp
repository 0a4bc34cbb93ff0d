// SPDX-License-Identifier: Apache-2.0
#include "uplink/inventory_json.hpp"

#include "uplink/form.hpp"

namespace uplink {

namespace {

constexpr std::int64_t kInventoryFormat = 1;
constexpr std::size_t kMostReferences = 100;

constexpr std::array<std::string_view, 4> kCategories{"vulnerability", "secret", "malware", "misconfiguration"};
constexpr std::array<std::string_view, 6> kSeverities{"unknown", "negligible", "low", "medium", "high", "critical"};

}  // namespace

template <typename Form, Like<model::Package> Value>
void describe(Form& form, Value& package) {
  form.text("name", package.name);  // of an issue there may be none
  form.text("version", package.version);
  form.text("type", package.type);
  form.text("arch", package.arch);
  form.text("source", package.source);
  form.text("sourceVersion", package.source_version);
  form.text("purl", package.purl);
  form.text("layer", package.layer);
  form.text("path", package.path);
  form.text("managedBy", package.managed_by);
  form.text("modularity", package.modularity);
  form.text("vendor", package.vendor);
  form.flag("dev", package.dev);
}

template <typename Form, Like<model::Distribution> Value>
void describe(Form& form, Value& os) {
  form.text("id", os.id);
  form.text("version", os.version);
  form.text("codename", os.codename);
  form.text("prettyName", os.pretty_name);
  form.texts("like", os.like, kMostReferences);
}

template <typename Form, Like<model::Finding> Value>
void describe(Form& form, Value& issue) {
  form.choice("category", issue.category, kCategories);
  form.choice("severity", issue.severity, kSeverities);
  form.required("id", issue.id);
  form.lines("title", issue.title);
  form.lines("description", issue.description);
  form.lines("remediation", issue.remediation);
  form.lines("impact", issue.impact);
  form.lines("evidence", issue.evidence);
  form.member("package", issue.package);
  form.texts("references", issue.references, kMostReferences);
}

namespace {

struct Rest {
  std::vector<model::Package> packages;
  std::vector<model::Finding> issues;
  std::vector<std::string> warnings;
  bool partial = false;
};

}  // namespace

// What both an inventory and its reading have; the distribution, which may be none, stands apart.
template <typename Form, typename Value>
void describe_rest(Form& form, Value& inventory) {
  form.list("packages", inventory.packages, kMostPackages);
  form.list("issues", inventory.issues, kMostIssues);
  form.texts("warnings", inventory.warnings, kMostWarnings);
  form.flag("partial", inventory.partial);
}

template <typename Form>
void describe(Form& form, Rest& rest) {
  describe_rest(form, rest);
}

base::Json inventory_to_json(const model::Inventory& inventory) {
  FormWriter form;
  describe_rest(form, inventory);
  if (inventory.os) form.member("os", *inventory.os);
  base::JsonObject out = std::move(form).take();
  out["format"] = kInventoryFormat;
  return out;
}

base::Result<model::Inventory> inventory_from_json(const base::Json& json) {
  if (base::get_int(json, "format") != kInventoryFormat)
    return base::fail(base::Kind::unsupported, "inventory.format is not 1");
  auto rest = TRY(read_as<Rest>(json, "inventory"));
  model::Inventory inventory;
  inventory.packages = std::move(rest.packages);
  inventory.issues = std::move(rest.issues);
  inventory.warnings = std::move(rest.warnings);
  inventory.partial = rest.partial;
  if (const base::Json* os = base::find(json, "os"); os && !os->is_null())
    inventory.os = TRY(read_as<model::Distribution>(*os, "inventory.os"));
  return inventory;
}

}  // namespace uplink
