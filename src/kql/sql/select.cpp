// SPDX-License-Identifier: Apache-2.0
#include "kql/sql/select.hpp"

#include <fmt/format.h>

namespace kql {

namespace {

std::string columns_text(const Select& select, const std::vector<bool>& needed, const std::vector<std::string>& extra, SqlNamer& namer,
                         std::vector<std::string>& names) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& expression) {
    names.push_back(namer.next('c'));
    out.push_back(fmt::format("{} AS {}", expression, names.back()));
  };
  for (std::size_t i = 0; i < select.columns.size(); ++i) {
    if (i < needed.size() && !needed[i]) names.emplace_back();
    else add(select.columns[i].sql);
  }
  for (const std::string& expression : extra) add(expression);
  if (out.empty()) out.push_back(fmt::format("toInt64(1) AS {}", namer.next('c')));
  return joined_sql(out, ", ");
}

}  // namespace

Rendered render(const Select& select, const std::vector<bool>& needed, const std::vector<std::string>& extra, SqlNamer& namer) {
  Rendered out;
  out.text = "SELECT " + columns_text(select, needed, extra, namer, out.names);
  if (!select.from.empty()) out.text += " FROM " + select.from;
  if (!select.where.empty()) out.text += " WHERE " + joined_sql(select.where, " AND ");
  if (select.keys && !select.keys->empty()) out.text += " GROUP BY " + joined_sql(*select.keys, ", ");
  if (!select.order.empty()) {
    std::vector<std::string> keys;
    for (const OrderSql& key : select.order) keys.push_back(key.expression + " " + key.direction);
    out.text += " ORDER BY " + joined_sql(keys, ", ");
  }
  if (!select.one_by.empty()) out.text += " LIMIT 1 BY " + joined_sql(select.one_by, ", ");
  if (select.limit) out.text += fmt::format(" LIMIT {}", *select.limit);
  return out;
}

Select as_subquery(const Select& select, const std::vector<bool>& needed, SqlNamer& namer) {
  std::vector<std::string> keys;
  for (const OrderSql& key : select.order) keys.push_back(key.expression);
  Select inner = select;
  if (!inner.limit) inner.order.clear();  // an order without a limit is made outside alone
  const Rendered rendered = render(inner, needed, keys, namer);
  const std::string name = namer.next('t');
  Select out;
  out.from = fmt::format("({}) AS {}", rendered.text, name);
  for (std::size_t i = 0; i < select.columns.size(); ++i) {
    ColumnSql column = select.columns[i];
    column.sql = rendered.names[i].empty() ? "" : name + "." + rendered.names[i];
    out.columns.push_back(std::move(column));
  }
  for (std::size_t i = 0; i < keys.size(); ++i)
    out.order.push_back({name + "." + rendered.names[select.columns.size() + i], select.order[i].direction});
  return out;
}

}  // namespace kql
