// SPDX-License-Identifier: Apache-2.0
#include "hub/view_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "arm/resource.hpp"
#include "base/text.hpp"
#include "security/sql_text.hpp"

namespace hub {

namespace {

// Columns are called as their cells; the views know them by what they order by.
std::string sort_of(std::string_view given) {
  const bool descending = given.substr(0, 1) == "-";
  const std::string_view field = given.substr(descending ? 1 : 0);
  const std::string_view known = field == "counts" ? "severity" : field == "score" ? "cvss" : field == "registry" ? "name" : field;
  return (descending ? "-" : "") + std::string(known);
}

constexpr std::size_t kCsvTop = security::kMostRows;

// npm's "@scope/name" (validate-npm-package-name): letters, digits and a few marks, nothing that a formula needs to do anything.
bool is_scoped_npm_name(std::string_view text) {
  const auto is_part = [](std::string_view part) {
    return !part.empty() && part.front() != '.' && part.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-._~") == std::string_view::npos;
  };
  const auto [scope, name] = base::cut(text.substr(1), "/");
  return text.front() == '@' && text.size() <= 214 && is_part(scope) && is_part(name);
}

// OWASP, "CSV Injection": what begins so is taken for a formula.
bool is_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos && !is_scoped_npm_name(text);
}

std::string csv_cell(const base::Json* value) {
  if (!value || value->is_null()) return {};
  std::string text;
  if (value->is_string()) {
    text = value->get_string();
  } else if (value->is_array()) {
    for (const auto& entry : value->get_array()) text += (text.empty() ? "" : " ") + (entry.is_string() ? std::string(base::as_string(entry)) : base::to_text(entry));
  } else {
    return value->is_double() ? fmt::format("{}", value->get_double()) : base::to_text(*value);  // not 7.5E0
  }
  if (is_formula(text)) text.insert(0, "'");
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + "\"";
}

// "counts.high" looks into the member.
const base::Json* csv_value(const base::Json& row, std::string_view column) {
  const auto parts = base::cut(column, ".");
  const auto* value = base::find(row, parts.first);
  return value && !parts.second.empty() ? csv_value(*value, parts.second) : value;
}

std::array<std::int64_t, 5> severities_of(const base::Json& row) {
  const base::Json counts(base::get_object(row, "counts"));
  const auto count = [&](const char* severity) { return base::get_int(counts, severity).value_or(0); };
  return {count("critical"), count("high"), count("medium"), count("low"), count("unknown")};
}

bool row_precedes(const base::Json& a, const base::Json& b, const std::string& field) {
  if (field == "severity") return severities_of(a) < severities_of(b);
  const auto texts = std::pair(base::get_string(a, field), base::get_string(b, field));
  if (texts.first != texts.second) return texts.first < texts.second;
  return base::get_int(a, field).value_or(0) < base::get_int(b, field).value_or(0);
}

}  // namespace

base::Result<security::Query> read_query(const ApiCall& call, std::string_view action) {
  security::Query query;
  query.scopes = call.access.granted_scopes(action);
  for (const auto& parameter : call.http.query) {
    const auto& [name, value] = parameter;
    if (name == "top") {
      const auto read = std::from_chars(value.data(), value.data() + value.size(), query.top);
      if (read.ec != std::errc() || read.ptr != value.data() + value.size() || query.top == 0 || query.top > security::kMostRows)
        return base::fail(base::Kind::invalid_input, fmt::format("top must be a whole number from 1 to {}.", security::kMostRows));
    } else if (name == "cursor") {
      query.cursor = value;
    } else if (name == "sort") {
      query.sort = sort_of(value);
    } else if (name == "q") {
      query.q = value;
    } else if (name != "format" && name != "api-version" && !value.empty()) {
      for (const auto part : base::split(value, ',')) query.filters[name].emplace_back(part);
    }
  }
  if (wants_csv(call)) query.top = kCsvTop;
  return query;
}

base::Result<void> narrow_to_registry(store::Session& session, security::Query& query) {
  const auto filter = query.filters.find("registry");
  if (filter == query.filters.end()) return {};
  std::vector<std::string> narrowed;
  for (const auto& name : filter->second) {
    TRY(session.query("SELECT resource_key FROM resources WHERE type = 'microsoft.containerregistry/registries' AND lower(name) = ?", {base::to_lower(name)},
                      [&](const store::Row& row) {
                        for (const auto& scope : query.scopes)
                          if (arm::is_scope_of(scope, row.text(0))) return narrowed.emplace_back(row.text(0)), void();
                      }));
  }
  query.scopes = std::move(narrowed);
  query.filters.erase("registry");
  return {};
}

bool wants_csv(const ApiCall& call) { return call.http.parameter("format") == "csv"; }

net::ServerResponse page_response(base::JsonArray value, std::int64_t total, const std::string& next) {
  return json_response(base::JsonObject{{"value", std::move(value)}, {"total", total}, {"next", next.empty() ? base::Json(nullptr) : base::Json(next)}});
}

base::Result<void> sort_rows(base::JsonArray& rows, const security::Query& query, std::string_view otherwise,
                             const std::vector<std::string_view>& fields) {
  const auto order = TRY(security::sort_order(query, otherwise, fields));
  std::stable_sort(rows.begin(), rows.end(), [&](const base::Json& a, const base::Json& b) {
    return order.descending ? row_precedes(b, a, order.field) : row_precedes(a, b, order.field);
  });
  return {};
}

base::Result<net::ServerResponse> part_response(const security::Query& query, base::JsonArray rows) {
  const std::size_t begin = std::min(TRY(security::offset_of(query)), rows.size());
  const std::size_t end = std::min(begin + security::page_size(query), rows.size());
  const auto total = static_cast<std::int64_t>(rows.size());
  return page_response(base::JsonArray(rows.begin() + begin, rows.begin() + end), total, security::next_offset(begin, end - begin, total));
}

net::ServerResponse csv_response(const std::string& name, const std::vector<std::string>& columns, const base::JsonArray& rows) {
  net::ServerResponse response;
  response.headers = {{"Content-Type", "text/csv; charset=utf-8"}, {"Content-Disposition", fmt::format("attachment; filename=\"{}.csv\"", name)}};
  response.body = base::join(columns, ",") + "\r\n";
  for (const auto& row : rows) {
    std::string line;
    for (const auto& column : columns) line += (&column == &columns.front() ? "" : ",") + csv_cell(csv_value(row, column));
    response.body += line + "\r\n";
  }
  return response;
}

base::Json time_or_null(store::Millis time) { return time == 0 ? base::Json(nullptr) : base::Json(arm::format_millis(time)); }

base::JsonArray texts_json(const std::vector<std::string>& texts) {
  base::JsonArray out;
  for (const auto& text : texts) out.emplace_back(text);
  return out;
}

base::JsonObject name_json(const security::ResourceName& name) {
  return {{"registry", name.registry}, {"repository", name.repository}, {"digest", name.digest}, {"tags", texts_json(name.tags)}};
}

}  // namespace hub
