// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "arm/call.hpp"
#include "store/database.hpp"

namespace providers {

// Rows about resources, in an order that an index has.
struct RangedSelect {
  std::string_view columns, tables;     // "SELECT columns FROM tables"
  std::string_view conditions;          // " AND …", may be empty
  std::vector<store::Value> parameters; // of the conditions
  std::vector<std::string_view> order;  // text columns, together unique; the first is the resource's key
  int first_of_order = 0;               // where the columns of the order stand among `columns`, in their order
};

// A page of what the caller may read at and below the scope, with $top and $skipToken. Only rows of the page are read.
base::Result<arm::Reply> list_ranges(const arm::Call& call, store::Session& session, const std::string& scope_key,
                                     const RangedSelect& select, const std::function<base::Json(const store::Row&)>& to_json);

}  // namespace providers
