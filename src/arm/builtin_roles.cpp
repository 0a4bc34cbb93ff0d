// SPDX-License-Identifier: Apache-2.0
#include "arm/builtin_roles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "arm/resource_id.hpp"
#include "base/text.hpp"
#include "base/yaml_doc.hpp"
#include "content/content.hpp"

namespace arm {

namespace {

std::vector<std::string> read_pattern_list(base::YamlReader& reader, std::string_view key) {
  std::vector<std::string> patterns;
  for (const base::YamlNode& item : reader.list(key)) {
    const auto fault = action_pattern_fault(item.text);
    if (fault)
      reader.fault_at(item.line, fmt::format("\"{}\" in {} {}", base::printable(item.text), key, *fault));
    else
      patterns.push_back(item.text);
  }
  return patterns;
}

std::vector<std::string> read_scope_list(base::YamlReader& reader) {
  std::vector<std::string> scopes = reader.texts("assignableScopes");
  if (scopes.empty()) reader.fault("assignableScopes", "must name at least one scope, such as \"/\"");
  for (const std::string& scope : scopes)
    if (const auto id = ResourceId::parse(scope); !id) reader.fault("assignableScopes", id.error().message);
  return scopes;
}

RoleDefinition read_role(const base::YamlNode& node, std::string_view file, base::YamlFaults& faults) {
  base::YamlReader reader(node, file, faults);
  RoleDefinition role;
  role.type = RoleType::built_in;
  role.id = reader.text("id");
  if (!role.id.empty() && (!is_uuid(role.id) || base::to_lower(role.id) != role.id))
    reader.fault("id", "must be a UUID in lower case");
  role.name = reader.text("name");
  role.description = reader.text("description");
  Permission permission;
  permission.actions = read_pattern_list(reader, "actions");
  permission.not_actions = read_pattern_list(reader, "notActions");
  permission.data_actions = read_pattern_list(reader, "dataActions");
  permission.not_data_actions = read_pattern_list(reader, "notDataActions");
  if (permission.actions.empty() && permission.data_actions.empty())
    reader.fault("actions", "and \"dataActions\" are both empty: the role grants nothing");
  role.permissions.push_back(std::move(permission));
  role.assignable_scopes = read_scope_list(reader);
  reader.finish();
  return role;
}

// Ids and names are each one role's.
class TakenNames {
 public:
  void take(std::string_view what, const std::string& value, std::string_view file, base::YamlFaults& faults) {
    if (value.empty()) return;
    const auto [at, fresh] = taken_.emplace(base::to_lower(value), file);
    if (!fresh) faults.add(file, 1, fmt::format("{} \"{}\" is taken by {}", what, base::printable(value), at->second));
  }

 private:
  std::map<std::string, std::string_view> taken_;
};

}  // namespace

base::Result<std::vector<RoleDefinition>> read_roles(const std::vector<RoleFile>& files) {
  base::YamlFaults faults;
  TakenNames taken;
  std::vector<RoleDefinition> roles;
  for (const RoleFile& file : files) {
    const std::size_t faults_before = faults.list().size();
    const auto documents = base::parse_yaml_doc(file.text, file.path, faults);
    if (documents.empty() && faults.list().size() == faults_before) faults.add(file.path, 1, "holds no role");
    for (const base::YamlNode& document : documents) {
      RoleDefinition role = read_role(document, file.path, faults);
      taken.take("id", role.id, file.path, faults);
      taken.take("name", role.name, file.path, faults);
      roles.push_back(std::move(role));
    }
  }
  TRY(faults.result());
  std::sort(roles.begin(), roles.end(), [](const RoleDefinition& a, const RoleDefinition& b) { return a.name < b.name; });
  return roles;
}

base::Result<std::vector<RoleDefinition>> builtin_roles() {
  std::vector<RoleFile> files;
  for (const std::string_view path : content::list("roles/")) files.push_back({path, content::file(path).value_or("")});
  return read_roles(files);
}

}  // namespace arm
