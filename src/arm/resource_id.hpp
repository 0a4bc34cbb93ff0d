// SPDX-License-Identifier: Apache-2.0
// Azure resource ids: what they are made of, and when one is a scope of another.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace arm {

// /subscriptions/S[/resourceGroups/G][/providers/NAMESPACE/TYPE/NAME[/TYPE/NAME…]][/providers/…], or "/" (the tenant), or
// /providers/…; kept as written (but for the words subscriptions and resourceGroups), compared without case. A segment may
// hold percent escapes (the repository "library%2Fnginx" of an image is one segment); they are kept in the text and decoded
// in names. Namespaces and types hold none.
class ResourceId {
 public:
  ResourceId() = default;  // the tenant, "/"

  // Doubled slashes in front are folded (Azure's SDKs send them), one at the end is dropped. Kind::invalid_input: empty
  // segments, "." and "..", also when escaped and between escaped slashes, control characters, text that is no UTF-8,
  // malformed escapes, '?' and '#', over 2048 bytes, or no pair of type and name where there must be one.
  static base::Result<ResourceId> parse(std::string_view text);

  const std::string& text() const { return text_; }
  // For comparison and storage: lower case, escapes resolved but for those of '/', '%', '?' and '#', so that each way to
  // write an id has one key. The lower case of an id that has no escapes; parses as an id itself.
  std::string key() const;
  std::string subscription() const;            // "" where it has none
  std::string resource_group() const;          // "" where it has none
  std::string type() const;                    // "Microsoft.ContainerRegistry/registries"; "Microsoft.Resources/subscriptions",
                                               // "Microsoft.Resources/resourceGroups"; "" for the tenant
  std::string name() const;                    // last segment, decoded
  std::vector<std::string> names() const;      // of the last provider's pairs, decoded: {registry, repository, digest};
                                               // of a subscription or resource group its own; one for each part of the
                                               // type behind the namespace
  ResourceId parent() const;                   // one pair less; of an extension resource what it extends; "/" at the top
  // "/type/name" or "/providers/NS/type/name" appended; the name, which is not empty, "." or "..", is escaped here.
  ResourceId child(std::string_view type, std::string_view name) const;
  ResourceId extension(std::string_view provider_type, std::string_view name) const;
  bool is_tenant() const { return text_.empty() || text_ == "/"; }

 private:
  explicit ResourceId(std::string text) : text_(std::move(text)) {}
  std::string text_ = "/";
};

// Whether `scope` is `id` or stands above it by whole segments; both keys (ResourceId::key). "…/dev" is no scope of
// "…/dev2"; "/" is one of everything, "" of nothing.
bool is_scope_of(std::string_view scope_key, std::string_view id_key);

// What a path of a request names: a resource, a list of a type, or an action.
struct Target {
  ResourceId id;          // of the resource, or of what the list stands under
  std::string type;       // whole type of the resource or of the list: "Microsoft.Security/assessments/subAssessments"
  bool is_list = false;   // the path ends with a type, not with a name
};

// Splits the path of a request into what it names. `…/providers/Microsoft.Security/assessments` is a list under what
// stands in front; a POST action ("…/registries/x/listCredentials") comes out as a list whose type is the action's path,
// for only a provider can tell. So does one segment behind the tenant, a subscription or a resource group, or the word
// `providers` at an end, as a type of Microsoft.Resources: "/subscriptions/S/resourceGroups" and "/subscriptions/S/providers"
// are lists of Microsoft.Resources/resourceGroups and Microsoft.Resources/providers under the subscription; and
// "/subscriptions/S/providers/Microsoft.Security" one whose type is the namespace alone. Kind::invalid_input as
// ResourceId::parse.
base::Result<Target> parse_target(std::string_view path);

}  // namespace arm
