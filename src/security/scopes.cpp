// SPDX-License-Identifier: Apache-2.0
#include "security/scopes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace security {

namespace {

bool is_everything(std::string_view scope_key) { return scope_key.empty() || scope_key == "/"; }

std::size_t slashes(std::string_view text) { return static_cast<std::size_t>(std::count(text.begin(), text.end(), '/')); }

}  // namespace

bool at_or_below(std::string_view scope_key, std::string_view id_key) {
  if (is_everything(scope_key)) return true;
  if (id_key.substr(0, scope_key.size()) != scope_key) return false;
  return id_key.size() == scope_key.size() || id_key[scope_key.size()] == '/';
}

std::vector<std::string> scopes_above(std::string_view id_key) {
  std::vector<std::string> out{"/"};
  for (std::size_t at = id_key.find('/', 1); at != std::string_view::npos; at = id_key.find('/', at + 1))
    out.emplace_back(id_key.substr(0, at));
  if (!is_everything(id_key)) out.emplace_back(id_key);
  return out;
}

std::string ancestor_of_type(std::string_view id, std::string_view type, std::string_view ancestor_type) {
  if (base::equals_ignoring_case(type, ancestor_type)) return std::string(id);
  const std::string_view head = type.substr(0, ancestor_type.size());
  if (ancestor_type.empty() || !base::equals_ignoring_case(head, ancestor_type) || type[head.size()] != '/') return {};
  for (std::size_t cut = 2 * (slashes(type) - slashes(ancestor_type)); cut > 0; --cut) {
    const std::size_t slash = id.rfind('/');
    if (slash == std::string_view::npos) return {};
    id = id.substr(0, slash);
  }
  return std::string(id);
}

ScopeCondition::ScopeCondition(std::string column, const std::vector<std::string>& scope_keys) {
  if (std::any_of(scope_keys.begin(), scope_keys.end(), [](const std::string& key) { return is_everything(key); })) {
    sql_ = "1=1";
    return;
  }
  for (const std::string& key : scope_keys) {
    // '0' is the byte behind '/': the range holds what begins with the key and a slash, and an index serves it.
    sql_ += fmt::format("{0}{1} = ? OR ({1} > ? AND {1} < ?)", sql_.empty() ? "" : " OR ", column);
    texts_.insert(texts_.end(), {key, key + "/", key + "0"});
  }
  sql_ = sql_.empty() ? "1=0" : "(" + sql_ + ")";
}

void ScopeCondition::append_to(std::vector<store::Value>& parameters) const {
  for (const std::string& text : texts_) parameters.emplace_back(std::string_view(text));
}

}  // namespace security
