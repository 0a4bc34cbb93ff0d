// SPDX-License-Identifier: Apache-2.0
// What the writer makes of any query passes the wall; what passes the wall, whoever wrote it, is one SELECT on the tables
// that may be read.
#include "kql_fuzzing.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "kql/bind/binder.hpp"
#include "kql/sql/check_sql.hpp"
#include "kql/sql/sql_writer.hpp"

namespace {

void write_query(std::string_view query) {
  static const std::vector<kql::SqlTableName> kTables{{"w", "T"}};
  const kql::SqlNames names{[](std::string_view) { return std::optional(kql::StoredTable{{{"w", "T", {}}}, {"TimeGenerated"}, {"m"}, "", "", {}}); }};
  kql::BindOptions options;
  options.now = 639'000'000'000'000'000;
  options.names.table = [](std::string_view name) -> const model::TableSchema* { return name == "T" ? &schema() : nullptr; };
  options.names.tables = {"T"};
  const kql::Bound bound = kql::bind_text(query, options);
  if (!bound.diagnostics.empty()) return;
  for (const auto& answer : bound.query.answers) {
    const kql::RelationPtr plan = kql::push_down(answer.rows);
    const auto sql = kql::write_sql(*plan, names, kql::needed_columns(*plan));
    if (sql) require(kql::check_sql(sql->text, kTables).has_value());
  }
}

// What stands outside of quotes, without blanks; a text is '' there, and a name as it stands where it is no column's
// ("t1.`name`" is "t1.").
std::string without_texts(std::string_view sql) {
  std::string out;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    const char mark = sql[i];
    if (mark != '\'' && mark != '`') {
      if (mark != ' ') out += mark;
      continue;
    }
    const std::size_t begin = i;
    for (++i; i < sql.size() && sql[i] != mark; ++i)
      if (sql[i] == '\\') ++i;
    const bool is_column = mark == '`' && !out.empty() && out.back() == '.' && out.substr(out.size() - std::min<std::size_t>(out.size(), 4)) != "`w`.";
    if (mark == '\'') out += "''";
    else if (!is_column) out += sql.substr(begin, i + 1 - begin);
  }
  return out;
}

void check_any(std::string_view sql) {
  if (!kql::check_sql(sql, {{"w", "T"}})) return;
  std::string rest = without_texts(sql);
  const std::string_view table = "`w`.`T`AS";
  for (std::size_t at = rest.find(table); at != std::string::npos; at = rest.find(table)) rest.replace(at, table.size(), ",");
  for (const char* never : {"`", ";", "--", "/*", "\"", "$", "#", "@", "{", "?", "file", "url", "system", "INTO", "FORMAT", "SETTINGS", "\n"}) require(rest.find(never) == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  write_query(text);
  check_any(text);
  return 0;
}
