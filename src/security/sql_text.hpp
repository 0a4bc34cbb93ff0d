// SPDX-License-Identifier: Apache-2.0
// A statement put together from parts, with the parameters that go with them. Texts never enter the SQL.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "security/queries.hpp"
#include "security/scopes.hpp"

namespace security {

inline constexpr std::size_t kMostWords = 8;  // of a search; further ones count for nothing

class SqlText {
 public:
  SqlText() = default;
  explicit SqlText(std::string sql) : sql_(std::move(sql)) {}
  SqlText(const SqlText&) = delete;  // parameters point into it
  SqlText& operator=(const SqlText&) = delete;

  // Appends a part and the values for its `?`.
  SqlText& add(std::string_view part) {
    sql_ += part;
    return *this;
  }
  SqlText& add(std::string_view part, std::string text) {
    texts_.push_back(std::move(text));
    parameters_.emplace_back(std::string_view(texts_.back()));
    return add(part);
  }
  SqlText& add(std::string_view part, std::int64_t value) {
    parameters_.emplace_back(value);
    return add(part);
  }
  SqlText& add_real(std::string_view part, double value) {
    parameters_.emplace_back(value);
    return add(part);
  }
  SqlText& add_in(std::string_view column, const std::vector<std::string>& values);      // " AND column IN (?, …)"
  SqlText& add_scopes(const std::string& column, const std::vector<std::string>& keys);  // " AND (column at or below …)"
  // " AND (a LIKE ? OR b LIKE ? …)" for each word, without regard to ASCII case. One of `columns` may be a condition with one
  // '?' for the pattern: "x IN (SELECT … LIKE ? ESCAPE '\\')", which looks at a text once for all rows that share it.
  SqlText& add_words(std::string_view words, const std::vector<std::string_view>& columns);
  SqlText& add(const SqlText& other);

  base::Result<void> query(store::Session& session, const store::OnRow& on_row) const {
    return session.query(sql_, parameters_, on_row);
  }
  base::Result<std::int64_t> integer(store::Session& session) const;  // 0 where there is no row
  base::Result<void> run(store::Session& session) const { return session.run(sql_, parameters_); }

 private:
  std::string sql_;
  std::deque<std::string> texts_;  // does not move its elements
  std::vector<store::Value> parameters_;
};

// The filters of a query, each asked for by the view that knows it.
class Filters {
 public:
  explicit Filters(const Query& query) : query_(query) {}

  const std::vector<std::string>& values(const std::string& name);  // empty where not given
  std::string one(const std::string& name, std::string_view otherwise = {});
  base::Result<std::optional<bool>> flag(const std::string& name);  // true, false; nothing where not given
  base::Result<void> finish() const;                                // Kind::invalid_input where one was not asked for

 private:
  const Query& query_;
  std::vector<std::string> known_;
};

// Severities as the numbers of the column; Low stands for negligible too.
base::Result<std::vector<std::int64_t>> severity_numbers(const std::vector<std::string>& labels);
std::string number_list(const std::vector<std::int64_t>& numbers);  // "4, 5", to stand in SQL

// Sort field and direction of a query. Kind::invalid_input names those that there are.
struct SortOrder {
  std::string field;
  bool descending = false;
};
base::Result<SortOrder> sort_order(const Query& query, std::string_view otherwise,
                                   const std::vector<std::string_view>& fields);

// Cursors of views that are short: how many rows to pass over.
base::Result<std::size_t> offset_of(const Query& query);
std::size_t page_size(const Query& query);  // 1 … kMostRows
std::string next_offset(std::size_t offset, std::size_t rows, std::int64_t total);

base::Result<std::vector<std::string>> tags_of(store::Session& session, const std::string& registry_key,
                                               const std::string& repository, const std::string& digest);

// From the columns resource_id, resource_type, registry_key, repository, digest, beginning at `column`; tags are added by
// add_tags. Where the row joins no image the last three are empty.
ResourceName resource_name(const store::Row& row, int column);
base::Result<void> add_tags(store::Session& session, ResourceName& resource);

}  // namespace security
