// SPDX-License-Identifier: Apache-2.0
#include "hub/apply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "arm/resource.hpp"
#include "arm/role_definition.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "hub/configuration.hpp"
#include "hub/view_query.hpp"
#include "providers/authorization/authorization.hpp"

namespace hub {

namespace {

constexpr std::array<std::string_view, 3> kSecrets{"password", "secret", "webhookSecret"};

constexpr std::array<std::string_view, 9> kSections{"registries", "users", "clients", "groups", "roles", "plans", "disableRules", "exemptions", "notifications"};

class Application {
 public:
  Application(const Context& context, const identity::Caller& caller, const arm::Access& access)
      : context_(context), caller_(caller), access_(access) {}

  base::Result<Applied> run(const base::Json& document) {
    for (const auto& member : document.get_object())
      if (std::find(kSections.begin(), kSections.end(), member.key()) == kSections.end()) fault(member.key(), "there is no such section; the sections are " + fmt::format("{}", fmt::join(kSections, ", ")));
    each(document, "roles", [&](const base::Json& role) { put_role(role); });
    each(document, "users", [&](const base::Json& user) { put_user(user); });
    each(document, "clients", [&](const base::Json& client) { put_client(client); });
    each(document, "groups", [&](const base::Json& group) { put_group(group); });
    for (const auto& plan : base::get_object(document, "plans"))
      put("Microsoft.Security/pricings", context_.subscription() + "/providers/Microsoft.Security/pricings/" + std::string(plan.key()), {{"pricingTier", plan.value()}});
    each(document, "registries", [&](const base::Json& registry) {
      put_named(registry, context_.subscription() + "/resourceGroups/default/providers/Microsoft.ContainerRegistry/registries/");
    });
    each(document, "disableRules", [&](const base::Json& rule) { put_named(rule, context_.subscription() + "/providers/Bulwark.Security/disableRules/"); });
    each(document, "exemptions", [&](const base::Json& exemption) {
      const std::string subscription = context_.subscription();
      const std::string scope(base::get_string(exemption, "scope", subscription));
      put_named(exemption, scope + "/providers/Bulwark.Security/exemptions/");
    });
    each(document, "notifications", [&](const base::Json& channel) { put_named(channel, context_.subscription() + "/providers/Bulwark.Security/notificationChannels/"); });
    if (!faults_.empty()) return base::fail(base::Kind::invalid_input, base::join(faults_, "\n"));
    return std::move(applied_);
  }

 private:
  void fault(std::string_view where, std::string_view what) { faults_.push_back(fmt::format("{}: {}", base::printable(where), what)); }

  template <typename Work>
  void each(const base::Json& document, std::string_view section, Work work) {
    section_ = section;
    const auto* list = base::find(document, section);
    if (list && !list->is_null() && !list->is_array()) fault(section, "must be a list");
    for (const auto& entry : base::get_array(document, section)) {
      if (!entry.is_object()) fault(section, "every entry must be a map with a name");
      else work(entry);
    }
  }

  void put_named(const base::Json& entry, const std::string& prefix) {
    const auto name = base::get_string(entry, "name");
    if (name.empty()) return fault(section_, "an entry has no name");
    base::JsonObject properties = entry.get_object();
    properties.erase("name");
    if (section_ == "exemptions") properties.erase("scope");  // it stands in the id
    put(section_, prefix + base::percent_encode(name), std::move(properties));
  }

  // A role is kept in its full form, so it is compared in that.
  void put_role(const base::Json& entry) {
    base::JsonObject properties = entry.get_object();
    properties.erase("name");
    const auto name = base::get_string(entry, "name");
    const auto role = arm::role_from_properties(name, base::Json(properties));
    if (!role) return fault(fmt::format("roles {}", name), role.error().message);
    put(section_, fmt::format("/providers/Microsoft.Authorization/roleDefinitions/{}", role->id), arm::role_to_properties(*role).get_object());
  }

  // Stored secrets cannot be read back by REST; they are compared here.
  base::Result<bool> same_secrets(const std::string& key, base::JsonObject& properties) {
    bool same = true;
    TRY(context_.database.read([&](store::Session& session) -> base::Result<void> {
      for (const auto name : kSecrets) {
        const auto* given = properties.if_contains(name);
        if (!given) continue;
        same = same && TRY(context_.services.vault.get(session, key, std::string(name))) == std::string(base::as_string(*given));
        properties.erase(name);
      }
      return {};
    }));
    return same;
  }

  void put(std::string_view what, const std::string& path, base::JsonObject properties) {
    const auto id = arm::ResourceId::parse(path);
    if (!id) return fault(what, id.error().message);
    base::JsonObject comparable = properties;
    const auto secrets = same_secrets(id->key(), comparable);
    if (!secrets) return fault(what, secrets.error().message);
    const auto before = context_.manager.run_as(caller_, access_, "GET", path, nullptr);
    const auto* there = before.status == 200 ? base::find(before.body, "properties") : nullptr;
    if (there && *secrets && holds_already(*there, base::Json(comparable))) {
      ++applied_.unchanged;
      return;
    }
    const auto done = context_.manager.run_as(caller_, access_, "PUT", path, base::JsonObject{{"properties", std::move(properties)}});
    if (done.status < 400) applied_.changed.push_back(path);
    else fault(fmt::format("{} {}", what, id->name()), base::get_string(*base::find(done.body, "error"), "message"));
  }

  bool may_write_people() {
    const bool may = access_.allows("Microsoft.Authorization/principals/write", base::to_lower(context_.subscription()));
    if (!may) fault(section_, "you may not write users, groups and clients");
    return may;
  }

  void put_user(const base::Json& entry) {
    if (!may_write_people()) return;
    const std::string name(base::get_string(entry, "name"));
    identity::Principal user;
    const auto found = context_.identity.find(name);
    if (found) user = *found;
    const identity::Principal before = user;
    user.name = name;
    user.display_name = base::get_string(entry, "displayName", found ? user.display_name : name);
    user.email = base::get_string(entry, "email", user.email);
    const auto password = base::get_string(entry, "password");
    const bool same = found && before.display_name == user.display_name && before.email == user.email;
    if (!same) {  // a password is set where the user is new: people change theirs
      const auto made = context_.identity.put_user(user, found || password.empty() ? std::nullopt : std::optional<std::string>(password));
      if (!made) return fault("users " + name, made.error().message);
      user = *made;
    }
    count("user " + name, same);
    assign(entry, user.id, "User");
  }

  void put_client(const base::Json& entry) {
    if (!may_write_people()) return;
    const std::string id(base::get_string(entry, "clientId")), display(base::get_string(entry, "displayName", id));
    const auto put = context_.identity.put_service_principal(id, display, std::string(base::get_string(entry, "secret")));
    if (!put) return fault("clients " + id, put.error().message);
    count("client " + id, !put->changed);
    assign(entry, put->principal.id, "ServicePrincipal");
  }

  void put_group(const base::Json& entry) {
    if (!may_write_people()) return;
    const std::string name(base::get_string(entry, "name"));
    identity::Principal group;
    if (const auto found = context_.identity.find(name)) group = *found;
    const std::string shown_before = group.display_name;
    group.kind = identity::PrincipalKind::group;
    group.name = name;
    group.display_name = base::get_string(entry, "displayName", name);
    std::vector<std::string> members;
    for (const auto& member : base::get_array(entry, "members")) {
      const auto found = context_.identity.find(std::string(base::as_string(member)));
      if (!found) return fault("groups " + name, found.error().message);
      members.push_back(found->id);
    }
    std::sort(members.begin(), members.end());
    auto there = group.id.empty() ? base::Result<std::vector<std::string>>(std::vector<std::string>()) : context_.identity.members(group.id);
    if (there) std::sort(there->begin(), there->end());
    const bool same = !group.id.empty() && there && *there == members && shown_before == group.display_name;
    const auto made = same ? base::Result<identity::Principal>(group) : context_.identity.put_group(group, members);
    if (!made) return fault("groups " + name, made.error().message);
    count("group " + name, same);
    assign(entry, made->id, "Group");
  }

  // roles: [{role: Owner, scope: /subscriptions/…}], or names alone (of the subscription).
  void assign(const base::Json& entry, const std::string& principal, const std::string& type) {
    for (const auto& wanted : base::get_array(entry, "roles")) {
      const std::string name(wanted.is_string() ? base::as_string(wanted) : base::get_string(wanted, "role"));
      const std::string subscription = context_.subscription();
      const std::string scope(base::get_string(wanted, "scope", subscription));
      std::string guid = name;
      for (const auto& role : context_.access_control.builtin_roles())
        if (base::equals_ignoring_case(role.name, name)) guid = role.id;
      if (!access_.allows("Microsoft.Authorization/roleAssignments/write", base::to_lower(scope))) {
        fault(section_, fmt::format("you may not assign roles at {}", scope));
        continue;
      }
      bool made = false;
      const auto done = arm::is_uuid(guid) ? context_.database.write([&](store::Session& session) -> base::Result<void> {
        made = TRY(providers::assign_role(session, scope, guid, principal, type, caller_.principal.name));
        return {};
      }) : base::Result<void>(base::fail(base::Kind::invalid_input, fmt::format("there is no role '{}'", name)));
      if (!done) fault(section_, done.error().message);
      else count(fmt::format("role {} of {}", name, principal), !made);
    }
    context_.access_control.forget();
  }

  void count(const std::string& what, bool same) {
    if (same) ++applied_.unchanged;
    else applied_.changed.push_back(what);
  }

  const Context& context_;
  const identity::Caller& caller_;
  const arm::Access& access_;
  std::string section_;
  std::vector<std::string> faults_;
  Applied applied_;
};

}  // namespace

base::Result<Applied> apply_configuration(const Context& context, const identity::Caller& caller, const arm::Access& access,
                                          std::string_view text) {
  return Application(context, caller, access).run(TRY(read_configuration(text)));
}

base::Result<Applied> apply_file(const Context& context, const std::filesystem::path& file) {
  const auto text = TRY_CONTEXT(base::read_file(file, kConfigurationCap), "reading the configuration");
  auto everything = std::make_shared<const arm::Role>(arm::Role{"bulwark", "bulwark", {{{"*"}, {}, {}, {}}}});
  identity::Caller caller;
  caller.principal.name = "bulwark";
  const arm::Access access({{"/", "bulwark", everything}}, {}, {"bulwark"});
  return apply_configuration(context, caller, access, text);
}

void add_apply_routes(Api& api, const Context& context) {
  api.add({"POST", "/api/v1/apply", "", [&context](const ApiCall& call) -> base::Result<net::ServerResponse> {
             const auto applied = TRY(apply_configuration(context, call.caller, call.access, call.http.body));
             return json_response(base::JsonObject{{"changed", texts_json(applied.changed)}, {"unchanged", applied.unchanged}});
           }});
}

}  // namespace hub
