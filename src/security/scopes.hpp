// SPDX-License-Identifier: Apache-2.0
// Scopes as the tables of this module ask for them: ids in lower case, prefixes by whole segments.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/database.hpp"

namespace security {

// Whether `scope` is `id` or stands above it; "/" and "" are above everything.
bool at_or_below(std::string_view scope_key, std::string_view id_key);

// The id and every prefix of it that ends before a '/', "/" first. Not all of them name a resource.
std::vector<std::string> scopes_above(std::string_view id_key);

// The id, or its ancestor, that is of the type: the pairs that the type of `id` has more than `ancestor_type` are cut off. "" where
// the types do not fit. Types are compared without case; the id keeps its letters.
std::string ancestor_of_type(std::string_view id, std::string_view type, std::string_view ancestor_type);

// A condition "column is at or below one of the scopes" with its parameters, to be put into a statement. An empty list
// of scopes lets nothing through. The texts live in the object; keep it until the statement has run.
class ScopeCondition {
 public:
  ScopeCondition(std::string column, const std::vector<std::string>& scope_keys);

  const std::string& sql() const { return sql_; }
  void append_to(std::vector<store::Value>& parameters) const;

 private:
  std::string sql_;
  std::vector<std::string> texts_;
};

}  // namespace security
