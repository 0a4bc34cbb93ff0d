// SPDX-License-Identifier: Apache-2.0
#include "security/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace security {

namespace {

constexpr std::size_t kMostTags = 100;

std::string like_pattern(std::string_view word) {
  std::string out = "%";
  for (const char c : base::to_lower(word)) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out + "%";
}

std::vector<std::string> names_of(const std::vector<std::string_view>& views) { return {views.begin(), views.end()}; }

}  // namespace

SqlText& SqlText::add_in(std::string_view column, const std::vector<std::string>& values) {
  add(fmt::format(" AND {} IN (", column));
  for (std::size_t i = 0; i < values.size(); ++i) add(i == 0 ? "?" : ", ?", values[i]);
  return add(values.empty() ? "NULL)" : ")");
}

SqlText& SqlText::add_scopes(const std::string& column, const std::vector<std::string>& keys) {
  const ScopeCondition condition(column, keys);
  std::vector<store::Value> values;
  condition.append_to(values);
  for (const store::Value& value : values) add("", std::string(std::get<std::string_view>(value)));
  return add(" AND " + condition.sql());
}

SqlText& SqlText::add_words(std::string_view words, const std::vector<std::string_view>& columns) {
  std::size_t count = 0;
  for (const std::string_view word : base::split(words, ' ')) {
    if (word.empty() || ++count > kMostWords) continue;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const bool is_condition = columns[i].find('?') != std::string_view::npos;
      add(fmt::format("{}{}{}", i == 0 ? " AND (" : " OR ", columns[i], is_condition ? "" : " LIKE ? ESCAPE '\\'"), like_pattern(word));
    }
    add(")");
  }
  return *this;
}

SqlText& SqlText::add(const SqlText& other) {
  for (const store::Value& value : other.parameters_) {
    if (const auto* text = std::get_if<std::string_view>(&value)) add("", std::string(*text));
    else parameters_.push_back(value);
  }
  return add(other.sql_);
}

base::Result<std::int64_t> SqlText::integer(store::Session& session) const {
  const auto value = TRY(store::query_integer(session, sql_, parameters_));
  return value.value_or(0);
}

const std::vector<std::string>& Filters::values(const std::string& name) {
  static const std::vector<std::string> none;
  known_.push_back(name);
  const auto found = query_.filters.find(name);
  return found == query_.filters.end() ? none : found->second;
}

std::string Filters::one(const std::string& name, std::string_view otherwise) {
  const auto& given = values(name);
  return given.empty() ? std::string(otherwise) : given.front();
}

base::Result<std::optional<bool>> Filters::flag(const std::string& name) {
  const std::string text = one(name);
  if (text.empty()) return std::nullopt;
  if (text == "true") return true;
  if (text == "false") return false;
  return base::fail(base::Kind::invalid_input, fmt::format("filter {} is neither true nor false", name));
}

base::Result<void> Filters::finish() const {
  for (const auto& entry : query_.filters)
    if (!entry.second.empty() && std::find(known_.begin(), known_.end(), entry.first) == known_.end())
      return base::fail(base::Kind::invalid_input, fmt::format("no filter '{}' here; there are {}", base::printable(entry.first),
                                                               base::join(known_, ", ")));
  return {};
}

base::Result<std::vector<std::int64_t>> severity_numbers(const std::vector<std::string>& labels) {
  std::vector<std::int64_t> out;
  for (const std::string& label : labels) {
    const auto severity = parse_severity_label(label);
    if (!severity)
      return base::fail(base::Kind::invalid_input, fmt::format("severity '{}' is none of Critical, High, Medium, Low, Unknown",
                                                               base::printable(label)));
    out.push_back(static_cast<std::int64_t>(*severity));
    if (*severity == model::Severity::low) out.push_back(static_cast<std::int64_t>(model::Severity::negligible));
  }
  return out;
}

std::string number_list(const std::vector<std::int64_t>& numbers) { return fmt::format("{}", fmt::join(numbers, ", ")); }

base::Result<SortOrder> sort_order(const Query& query, std::string_view otherwise,
                                   const std::vector<std::string_view>& fields) {
  std::string_view text = query.sort.empty() ? otherwise : std::string_view(query.sort);
  SortOrder out;
  out.descending = text.substr(0, 1) == "-";
  if (out.descending) text.remove_prefix(1);
  if (std::find(fields.begin(), fields.end(), text) == fields.end())
    return base::fail(base::Kind::invalid_input, fmt::format("cannot sort by '{}'; there are {}", base::printable(text),
                                                             base::join(names_of(fields), ", ")));
  out.field = text;
  return out;
}

base::Result<std::size_t> offset_of(const Query& query) {
  std::size_t out = 0;
  if (query.cursor.empty()) return out;
  const char* end = query.cursor.data() + query.cursor.size();
  const auto [at, error] = std::from_chars(query.cursor.data(), end, out);
  if (error != std::errc() || at != end || out > 100'000'000)
    return base::fail(base::Kind::invalid_input, "the cursor is none of this list; begin again without it");
  return out;
}

std::size_t page_size(const Query& query) { return std::clamp<std::size_t>(query.top, 1, kMostRows); }

std::string next_offset(std::size_t offset, std::size_t rows, std::int64_t total) {
  return offset + rows < static_cast<std::size_t>(total) ? std::to_string(offset + rows) : std::string();
}

base::Result<std::vector<std::string>> tags_of(store::Session& session, const std::string& registry_key,
                                               const std::string& repository, const std::string& digest) {
  std::vector<std::string> out;
  TRY(session.query("SELECT tag FROM tags WHERE registry_key = ? AND repository = ? AND digest = ? ORDER BY tag LIMIT ?",
                    {std::string_view(registry_key), std::string_view(repository), std::string_view(digest),
                     static_cast<std::int64_t>(kMostTags)},
                    [&](const store::Row& row) { out.emplace_back(row.text(0)); }));
  return out;
}

ResourceName resource_name(const store::Row& row, int column) {
  ResourceName out;
  out.id = row.text(column);
  out.type = row.text(column + 1);
  out.name = base::percent_decode(out.id.substr(out.id.rfind('/') + 1));
  out.registry = row.text(column + 2);  // its key, until add_tags
  out.repository = row.text(column + 3);
  out.digest = row.text(column + 4);
  return out;
}

base::Result<void> add_tags(store::Session& session, ResourceName& resource) {
  if (resource.registry.empty()) {
    if (base::equals_ignoring_case(resource.type, "Microsoft.ContainerRegistry/registries")) resource.registry = resource.name;
    return {};
  }
  resource.tags = TRY(tags_of(session, resource.registry, resource.repository, resource.digest));
  const std::string of_registry = resource.id.substr(0, resource.id.find("/repositories/"));
  resource.registry = of_registry.substr(of_registry.rfind('/') + 1);
  return {};
}

}  // namespace security
