// SPDX-License-Identifier: Apache-2.0
// The tables principals and group_members as rows and statements. Everything runs inside the caller's transaction.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "identity/identity.hpp"

namespace identity {

// Subject of a user that an administrator made for OpenID Connect before its first sign-in, which binds it.
inline constexpr std::string_view kAwaitedSubject = "oidc";

struct PrincipalRow {
  Principal principal;
  std::string secret_hash;       // argon2id, "sha256:<hex>" of a generated secret, or empty
  std::string subject;           // "issuer|sub" of an OpenID Connect user
  base::JsonObject settings;     // claimed_groups: ids; secret_changed_at: seconds since 1970
  store::Millis changed_at = 0;
};

std::string_view kind_text(PrincipalKind kind);

base::Result<std::optional<PrincipalRow>> principal_by_id(store::Session& session, std::string_view id);
base::Result<std::optional<PrincipalRow>> principal_by_name(store::Session& session, PrincipalKind kind,
                                                            std::string_view name);
base::Result<std::optional<PrincipalRow>> principal_by_subject(store::Session& session, std::string_view subject);
base::Result<PrincipalRow> principal_that_exists(store::Session& session, std::string_view id);  // Kind::not_found
base::Result<std::vector<Principal>> all_principals(store::Session& session);                    // by kind and name

// Kind::conflict names what has the name already; Kind::invalid_input says what is wrong with it.
base::Result<void> insert_principal(store::Session& session, const PrincipalRow& row);
base::Result<void> update_principal(store::Session& session, const PrincipalRow& row);
base::Result<void> delete_principal(store::Session& session, const std::string& id);  // with memberships, links, tokens, sessions

// Object ids of the groups that hold the principal, through groups in groups; disabled groups confer nothing.
base::Result<std::vector<std::string>> groups_of(store::Session& session, const std::string& id);
base::Result<std::vector<std::string>> members_of(store::Session& session, const std::string& group_id);
base::Result<void> replace_members(store::Session& session, const std::string& group_id,
                                   const std::vector<std::string>& members);

base::Result<void> end_sessions(store::Session& session, const std::string& principal_id,
                                const std::string& but_hash = {});
base::Result<void> delete_links(store::Session& session, const std::string& principal_id);

// Makes the groups that a sign-in claimed the user's: memberships of the claim before that are not claimed any more end,
// those given by hand stay. Names of no group are skipped. `row` gets the new settings, which the caller writes.
base::Result<void> apply_claimed_groups(store::Session& session, PrincipalRow& row,
                                        const std::vector<std::string>& group_names);

}  // namespace identity
