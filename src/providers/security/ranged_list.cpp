// SPDX-License-Identifier: Apache-2.0
#include "providers/security/ranged_list.hpp"

#include <fmt/format.h>

#include "arm/key_ranges.hpp"
#include "base/text.hpp"

namespace providers {

namespace {

constexpr char kBetween = '|';  // values in a token; ids have it escaped

using Position = std::vector<std::string>;  // the values of the order

// Behind which row a page begins; what is no token of ours begins somewhere, and shows no more than the caller may read.
Position position_of(std::string_view token, std::size_t columns) {
  Position out(columns);
  for (std::size_t i = columns; i-- > 1;) {
    const auto at = token.rfind(kBetween);
    if (at == std::string_view::npos) break;
    out[i] = token.substr(at + 1);
    token = token.substr(0, at);
  }
  out[0] = token;
  return out;
}

std::string sql_of(const RangedSelect& select) {
  std::string marks;
  for (std::size_t i = 0; i < select.order.size(); ++i) marks += i == 0 ? "?" : ", ?";
  // The first comparison is what an index begins at; no index spans the tables that the second is of.
  return fmt::format("SELECT {} FROM {} WHERE {} >= ? AND {} < ? AND ({}) > ({}){} ORDER BY {} LIMIT ?", select.columns, select.tables,
                     select.order[0], select.order[0], fmt::join(select.order, ", "), marks, select.conditions,
                     fmt::join(select.order, ", "));
}

// The page on its way.
struct RangedPage {
  const arm::Call& call;
  const RangedSelect& select;
  const std::function<base::Json(const store::Row&)>& to_json;
  const std::size_t top;
  Position last;  // of the rows taken
  base::JsonArray value{};
  bool more = false;

  void take(const store::Row& row) {
    if (value.size() == top) {
      more = true;
      return;
    }
    for (std::size_t i = 0; i < last.size(); ++i) last[i] = row.text(select.first_of_order + static_cast<int>(i));
    if (call.access.allows(call.action, last[0])) value.emplace_back(to_json(row));
  }
};

base::Result<void> read_range(store::Session& session, const arm::KeyRange& range, const std::string& sql, RangedPage& page) {
  const auto limit = static_cast<std::int64_t>(page.top) + 1;
  if (page.last[0] < range.begin) {
    page.last.assign(page.last.size(), std::string());
    page.last[0] = range.begin;
  }
  for (std::int64_t read = limit; read == limit && !page.more;) {  // again where a deny assignment took some out
    read = 0;
    const Position after = page.last;
    std::vector<store::Value> parameters{std::string_view(after[0]), std::string_view(range.end)};
    for (const auto& value : after) parameters.emplace_back(std::string_view(value));
    parameters.insert(parameters.end(), page.select.parameters.begin(), page.select.parameters.end());
    parameters.emplace_back(limit);
    TRY(session.query(sql, parameters, [&](const store::Row& row) {
      ++read;
      page.take(row);
    }));
  }
  return {};
}

}  // namespace

base::Result<arm::Reply> list_ranges(const arm::Call& call, store::Session& session, const std::string& scope_key,
                                     const RangedSelect& select, const std::function<base::Json(const store::Row&)>& to_json) {
  const auto asked = TRY(arm::read_page(call));
  const std::string sql = sql_of(select);
  RangedPage page{call, select, to_json, asked.top, position_of(asked.after, select.order.size())};
  for (const auto& range : arm::granted_ranges(call.access, call.action, scope_key)) {
    if (range.end <= page.last[0]) continue;
    TRY(read_range(session, range, sql, page));
    if (page.more) break;
  }
  const std::string next = fmt::format("{}", fmt::join(page.last, "|"));
  return arm::list_reply(call, std::move(page.value), page.more ? next : std::string());
}

}  // namespace providers
