// SPDX-License-Identifier: Apache-2.0
#include "identity/api_tokens.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/crypto.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "identity/service.hpp"

namespace identity {

namespace {

constexpr std::chrono::hours kLongestLife{24 * 365 * 2};
constexpr std::size_t kMostActions = 64;
constexpr std::size_t kLongestAction = 256;
constexpr std::size_t kLongestScope = 2048;
constexpr std::size_t kLongestTokenName = 128;

bool is_action_pattern(const std::string& text) {
  return !text.empty() && text.size() <= kLongestAction && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("./*_-").find(c) != std::string_view::npos;
  });
}

// "/" for an empty scope; without the slash at its end.
base::Result<std::string> checked_scope(std::string_view scope) {
  while (scope.size() > 1 && scope.back() == '/') scope.remove_suffix(1);
  if (scope.empty()) return std::string("/");
  if (scope.front() == '/' && scope.size() <= kLongestScope && base::printable(scope) == scope) return std::string(scope);
  return base::fail(base::Kind::invalid_input, "the token's scope is no resource id: give one such as /subscriptions/…, or /");
}

base::Result<void> check_token(const std::string& name, const std::vector<std::string>& actions, std::chrono::hours life) {
  const auto refuse = [](const char* words) { return base::fail(base::Kind::invalid_input, words); };
  if (name.empty() || name.size() > kLongestTokenName || base::printable(name) != name)
    return refuse("a token needs a name of at most 128 bytes without control characters");
  if (life < std::chrono::hours(1) || life > kLongestLife) return refuse("a token lives from 1 hour to 2 years");
  if (actions.size() > kMostActions || !std::all_of(actions.begin(), actions.end(), is_action_pattern))
    return refuse("a token is narrowed to at most 64 actions such as Microsoft.Security/*/read");
  return {};
}

}  // namespace

bool is_api_token(std::string_view credential) { return credential.substr(0, kApiTokenPrefix.size()) == kApiTokenPrefix; }

ApiToken read_api_token(const store::Row& row) {
  ApiToken token;
  token.id = row.text(0);
  token.principal_id = row.text(1);
  token.name = row.text(2);
  token.scope = row.text(3);
  // Actions that cannot be read must not read as "all": the pattern that matches nothing stands for them.
  const auto actions = base::parse_json(row.text(4), "actions of a token");
  if (!actions || !actions->is_array()) {
    token.actions.emplace_back("-");
  } else {
    for (const base::Json& action : actions->get_array()) token.actions.emplace_back(base::as_string(action));
  }
  token.created_at = row.integer(5);
  token.expires_at = row.integer(6);
  token.used_at = row.integer(7);
  return token;
}

base::Result<NewApiToken> Service::add_token(const std::string& principal_id, const std::string& name,
                                             const std::string& scope, const std::vector<std::string>& actions,
                                             std::chrono::hours life) {
  TRY(check_token(name, actions, life));
  NewApiToken made;
  made.secret = fmt::format("{}{}", kApiTokenPrefix, base::random_token(32));
  ApiToken& token = made.token;
  token.id = base::uuid4();
  token.principal_id = principal_id;
  token.name = name;
  token.scope = TRY(checked_scope(scope));
  token.actions = actions;
  token.created_at = now();
  token.expires_at = token.created_at + std::chrono::milliseconds(life).count();
  base::JsonArray list;
  for (const std::string& action : actions) list.emplace_back(action);
  const std::string action_text = base::to_text(list), hash = base::sha256_hex(made.secret);
  TRY(database_.write([&](store::Session& session) -> base::Result<void> {
    const PrincipalRow owner = TRY(principal_that_exists(session, principal_id));
    if (owner.principal.kind == PrincipalKind::group) return base::fail(base::Kind::invalid_input, "a group has no tokens");
    using View = std::string_view;
    return session.run("INSERT INTO api_tokens (id, token_hash, principal_id, name, scope, actions, created_at, expires_at, "
                       "used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
                       {View(token.id), View(hash), View(principal_id), View(name), View(token.scope), View(action_text),
                        token.created_at, token.expires_at});
  }));
  return made;
}

base::Result<std::vector<ApiToken>> Service::tokens(const std::string& principal_id) {
  std::vector<ApiToken> found;
  TRY(database_.read([&](store::Session& session) {
    const std::string_view id = principal_id;
    return session.query(fmt::format("SELECT {} FROM api_tokens WHERE ? = '' OR principal_id = ? ORDER BY created_at, id",
                                     kApiTokenColumns),
                         {id, id}, [&](const store::Row& row) { found.push_back(read_api_token(row)); });
  }));
  return found;
}

base::Result<void> Service::remove_token(const std::string& id) {
  return change([&](store::Session& session) -> base::Result<void> {
    TRY(session.run("DELETE FROM api_tokens WHERE id = ?", {std::string_view(id)}));
    if (session.changes() == 0) return base::fail(base::Kind::not_found, "there is no token with this id");
    return {};
  });
}

}  // namespace identity
