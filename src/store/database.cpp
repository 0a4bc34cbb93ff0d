// SPDX-License-Identifier: Apache-2.0
#include "store/database.hpp"

namespace store {

base::Result<std::optional<std::int64_t>> query_integer(Session& session, std::string_view sql,
                                                        const std::vector<Value>& parameters) {
  std::optional<std::int64_t> out;
  bool first = true;
  TRY(session.query(sql, parameters, [&](const Row& row) {
    if (std::exchange(first, false) && !row.is_null(0)) out = row.integer(0);
  }));
  return out;
}

base::Result<std::optional<std::string>> query_text(Session& session, std::string_view sql,
                                                    const std::vector<Value>& parameters) {
  std::optional<std::string> out;
  bool first = true;
  TRY(session.query(sql, parameters, [&](const Row& row) {
    if (std::exchange(first, false) && !row.is_null(0)) out = std::string(row.text(0));
  }));
  return out;
}

}  // namespace store
