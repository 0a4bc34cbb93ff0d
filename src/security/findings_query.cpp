// SPDX-License-Identifier: Apache-2.0
// The list of findings: findings × assessments (that use their set) × images. A page is found by walking an index of
// findings in the order of the sort from where the last page ended, so that its cost does not grow with the list.
#include <fmt/format.h>

#include <algorithm>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "security/findings_query.hpp"
#include "security/sql_text.hpp"

namespace security {

namespace {

// An expression that the list is ordered by, and what a cursor keeps of it.
enum class OrderKind { integer, real, text };
struct OrderColumn {
  std::string_view sql;
  OrderKind kind;
};

// How the list can be sorted: by these, then by finding, set and assessment, all in one direction.
struct FindingSort {
  std::string_view field;
  std::vector<OrderColumn> columns;
};

const std::vector<FindingSort>& finding_sorts() {
  static const std::vector<FindingSort> sorts{
      {"severity", {{"f.severity", OrderKind::integer}, {"f.score", OrderKind::real}}},
      {"cvss", {{"f.score", OrderKind::real}}},
      {"vulnerability", {{"f.vulnerability", OrderKind::text}}},
      {"package", {{"f.package", OrderKind::text}}},
      {"firstSeen", {{"f.first_seen_at", OrderKind::integer}}},
      {"epss", {{"coalesce(v.epss, -1)", OrderKind::real}}},
      {"patchable", {{"CASE WHEN f.fixed_version <> '' THEN 1 ELSE 0 END", OrderKind::integer}}},
      {"repository", {{"coalesce(i.repository, '')", OrderKind::text}}}};
  return sorts;
}

std::vector<OrderColumn> order_columns(const SortOrder& order) {
  std::vector<OrderColumn> out;
  for (const FindingSort& sort : finding_sorts())
    if (sort.field == order.field) out = sort.columns;
  out.insert(out.end(), {{"f.finding_id", OrderKind::text}, {"f.set_id", OrderKind::integer}, {"a.id", OrderKind::integer}});
  return out;
}

// "a, b, c", each followed by `after`.
std::string order_text(const std::vector<OrderColumn>& columns, std::string_view after = {}) {
  std::string out;
  for (const OrderColumn& column : columns) out += fmt::format("{}{}{}", out.empty() ? "" : ", ", column.sql, after);
  return out;
}

std::vector<std::string_view> sort_fields() {
  std::vector<std::string_view> out;
  for (const FindingSort& sort : finding_sorts()) out.push_back(sort.field);
  return out;
}

// What the query asks, read and checked.
struct FindingFilter {
  std::vector<std::string> registries, repositories, digests, severities, categories, packages, vulnerabilities, resources,
      assessments;
  std::optional<bool> patchable, kev;
  std::string status;
  double cvss = -1;
  std::string words;

  // Whether the stored counts of the assessments answer how many rows there are.
  bool is_counted() const {
    return repositories.empty() && digests.empty() && categories.empty() && packages.empty() && vulnerabilities.empty() &&
           resources.empty() && !kev && cvss < 0 && words.empty() && status != "disabled" &&
           (patchable ? *patchable && severities.empty() && status == "open" : severities.empty() || status == "open");
  }
};

base::Result<double> parse_score(const std::string& text) {
  if (text.empty()) return -1;
  char* end = nullptr;
  const double score = std::strtod(text.c_str(), &end);
  if (end != text.c_str() + text.size() || !(score >= 0 && score <= 10))
    return base::fail(base::Kind::invalid_input, "filter cvss is no number from 0 to 10");
  return score;
}

base::Result<FindingFilter> read_filter(const Query& query) {
  Filters filters(query);
  FindingFilter out;
  out.registries = filters.values("registry");
  out.repositories = filters.values("repository");
  out.digests = filters.values("digest");
  out.severities = filters.values("severity");
  out.categories = filters.values("category");
  out.packages = filters.values("package");
  out.vulnerabilities = filters.values("vulnerability");
  out.assessments = filters.values("assessmentKey");
  for (const std::string& id : filters.values("resource")) out.resources.push_back(base::to_lower(id));
  out.patchable = TRY(filters.flag("patchable"));
  out.kev = TRY(filters.flag("kev"));
  out.status = filters.one("status", "open");
  if (out.status != "open" && out.status != "disabled" && out.status != "all")
    return base::fail(base::Kind::invalid_input, "filter status is none of open, disabled, all");
  out.cvss = TRY(parse_score(filters.one("cvss")));
  TRY(filters.finish());
  out.words = query.q;
  return out;
}

// The table to begin with: the one that the filters narrow most. CROSS JOIN keeps the order as written.
std::string_view tables_of(const FindingFilter& filter) {
  constexpr std::string_view kEnd =
      " LEFT JOIN vulnerabilities v ON v.id = f.vulnerability LEFT JOIN suppressions s ON s.assessment_id = a.id AND "
      "s.finding_id = f.finding_id WHERE a.set_id = f.set_id";
  static const std::string from_findings =
      fmt::format("findings f CROSS JOIN assessments a LEFT JOIN images i ON i.resource_key = a.resource_key{}", kEnd);
  static const std::string from_images = fmt::format(
      "images i CROSS JOIN assessments a CROSS JOIN findings f{} AND a.resource_key = i.resource_key", kEnd);
  static const std::string from_assessments = fmt::format(
      "assessments a CROSS JOIN findings f LEFT JOIN images i ON i.resource_key = a.resource_key{}", kEnd);
  if (!filter.resources.empty()) return from_assessments;
  if (!filter.digests.empty() || !filter.repositories.empty()) return from_images;
  return from_findings;
}

// Registry names become scopes: an id's prefix, which the stored counts and indexes know.
base::Result<std::vector<std::string>> registry_keys(store::Session& session, const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const std::string& name : names) {
    const std::string wanted = base::to_lower(name);
    TRY(session.query("SELECT resource_key, name FROM resources WHERE type = 'microsoft.containerregistry/registries'", {},
                      [&](const store::Row& row) {
                        if (base::to_lower(row.text(1)) == wanted) out.emplace_back(row.text(0));
                      }));
  }
  return out;
}

base::Result<void> add_assessment_conditions(store::Session& session, const FindingFilter& filter,
                                             const std::vector<std::string>& scopes, SqlText& sql) {
  sql.add_scopes("a.resource_key", scopes);
  if (!filter.registries.empty()) {
    const auto keys = TRY(registry_keys(session, filter.registries));
    sql.add_scopes("a.resource_key", keys);
  }
  if (!filter.assessments.empty()) sql.add_in("a.assessment_key", filter.assessments);
  return {};
}

constexpr std::string_view kVulnerabilityCalled = "f.vulnerability IN (SELECT id FROM vulnerabilities WHERE title LIKE ? ESCAPE '\\')";
constexpr std::string_view kRepositoryCalled = "a.resource_key IN (SELECT resource_key FROM images WHERE repository LIKE ? ESCAPE '\\')";
constexpr std::string_view kResourceCalled = "a.resource_key IN (SELECT resource_key FROM assessments WHERE resource_id LIKE ? ESCAPE '\\')";

// A word that no resource has in its name is looked for in the findings alone, before they are joined with anything.
base::Result<void> add_word(store::Session& session, std::string_view word, SqlText& sql) {
  SqlText resources("SELECT EXISTS (SELECT 1 FROM assessments WHERE TRUE");
  resources.add_words(word, {"resource_id"}).add(") OR EXISTS (SELECT 1 FROM images WHERE TRUE").add_words(word, {"repository"}).add(")");
  std::vector<std::string_view> columns{"f.vulnerability", "f.package", "f.finding_id", kVulnerabilityCalled};
  if (TRY(resources.integer(session)) != 0) columns.insert(columns.end(), {kRepositoryCalled, kResourceCalled});
  sql.add_words(word, columns);
  return {};
}

base::Result<void> add_conditions(store::Session& session, const FindingFilter& filter,
                                  const std::vector<std::string>& scopes, SqlText& sql) {
  TRY(add_assessment_conditions(session, filter, scopes, sql));
  const auto severities = TRY(severity_numbers(filter.severities));
  if (!severities.empty()) sql.add(fmt::format(" AND f.severity IN ({})", number_list(severities)));
  if (!filter.repositories.empty()) sql.add_in("i.repository", filter.repositories);
  if (!filter.digests.empty()) sql.add_in("i.digest", filter.digests);
  if (!filter.resources.empty()) sql.add_in("a.resource_key", filter.resources);
  if (!filter.categories.empty()) sql.add_in("f.category", filter.categories);
  if (!filter.packages.empty()) sql.add_in("f.package", filter.packages);
  if (!filter.vulnerabilities.empty()) sql.add_in("f.vulnerability", filter.vulnerabilities);
  if (filter.patchable) sql.add(*filter.patchable ? " AND f.fixed_version <> ''" : " AND f.fixed_version = ''");
  if (filter.kev) sql.add(*filter.kev ? " AND v.kev <> 0" : " AND coalesce(v.kev, 0) = 0");
  if (filter.cvss >= 0) sql.add_real(" AND f.score >= ?", filter.cvss);
  if (filter.status == "open") sql.add(" AND s.finding_id IS NULL");
  if (filter.status == "disabled") sql.add(" AND s.finding_id IS NOT NULL");
  std::size_t words = 0;
  for (const std::string_view word : base::split(filter.words, ' '))
    if (!word.empty() && ++words <= kMostWords) TRY(add_word(session, word, sql));
  return {};
}

constexpr std::pair<std::string_view, std::string_view> kSeverityColumns[] = {
    {"Critical", "critical"}, {"High", "high"}, {"Medium", "medium"}, {"Low", "low"}, {"Unknown", "unrated"}};

base::Result<std::int64_t> count_stored(store::Session& session, const FindingFilter& filter,
                                        const std::vector<std::string>& scopes) {
  std::vector<std::string> columns;
  for (const auto& [label, column] : kSeverityColumns) {
    const auto same = [word = label](const std::string& given) { return base::equals_ignoring_case(word, given); };
    if (filter.severities.empty() || std::any_of(filter.severities.begin(), filter.severities.end(), same))
      columns.emplace_back(column);
  }
  if (filter.patchable) columns = {"fixable"};
  if (filter.status == "all") columns.emplace_back("disabled");
  SqlText sql(fmt::format("SELECT sum({}) FROM assessments a WHERE a.set_id IS NOT NULL", base::join(columns, " + ")));
  TRY(add_assessment_conditions(session, filter, scopes, sql));
  return sql.integer(session);
}

base::Result<std::int64_t> count_found(store::Session& session, const FindingFilter& filter,
                                       const std::vector<std::string>& scopes) {
  if (filter.is_counted()) return count_stored(session, filter, scopes);
  SqlText sql("SELECT count(*) FROM ");
  sql.add(tables_of(filter));
  TRY(add_conditions(session, filter, scopes, sql));
  return sql.integer(session);
}

// ---- Cursors: the sort, the total, then the last row's values of the order columns, as base64 of JSON.

std::string encode_cursor(const std::string& sort, std::int64_t total, const base::JsonArray& last) {
  std::string out = base::base64_encode(base::to_text(base::JsonArray{sort, total, last}));
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  out.erase(std::find(out.begin(), out.end(), '='), out.end());
  return out;
}

struct FindingCursor {
  std::int64_t total = 0;
  base::JsonArray last;
};

base::Result<FindingCursor> decode_cursor(const Query& query, std::size_t columns) {
  const auto wrong = [] {
    return base::fail(base::Kind::invalid_input, "the cursor is none of this list; begin again without it");
  };
  const auto text = base::base64_decode(query.cursor);
  if (!text) return wrong();
  const auto json = base::parse_json(*text, "cursor");
  const auto* parts = json ? json->if_array() : nullptr;
  if (!parts || parts->size() != 3 || base::as_string(parts->at(0)) != query.sort || !parts->at(1).is_int64() ||
      !parts->at(2).is_array() || parts->at(2).get_array().size() != columns)
    return wrong();
  for (const base::Json& value : parts->at(2).get_array())
    if (!value.is_number() && !value.is_string()) return wrong();
  return FindingCursor{parts->at(1).get_int64(), parts->at(2).get_array()};
}

// " AND (columns) > (values)". The first column stands once more by itself, for an index to begin at.
void add_seek(SqlText& sql, const std::vector<OrderColumn>& columns, const base::JsonArray& last, bool descending) {
  const auto bind = [&](const base::Json& value) {
    if (value.is_string()) sql.add("?", std::string(base::as_string(value)));
    else if (value.is_double()) sql.add_real("?", value.get_double());
    else sql.add("?", value.to_number<std::int64_t>());
  };
  sql.add(fmt::format(" AND {} {} ", columns[0].sql, descending ? "<=" : ">="));
  bind(last[0]);
  sql.add(fmt::format(" AND ({}) {} (", order_text(columns), descending ? "<" : ">"));
  for (std::size_t i = 0; i < last.size(); ++i) {
    if (i > 0) sql.add(", ");
    bind(last[i]);
  }
  sql.add(")");
}

constexpr std::string_view kFindingColumns =
    "f.finding_id, f.vulnerability, coalesce(v.title, ''), f.category, f.package, f.package_type, f.version, "
    "f.fixed_version, f.fix_status, f.path, f.layer, f.severity, f.score, coalesce(v.kev, 0), coalesce(v.epss, -1), "
    "f.first_seen_at, coalesce(s.cause, ''), coalesce(s.reason, ''), a.resource_id, a.resource_type, "
    "coalesce(i.registry_key, ''), coalesce(i.repository, ''), coalesce(i.digest, '')";
constexpr int kFindingColumnCount = 23;

FindingView finding_view(const store::Row& row) {
  FindingView out;
  std::string* const texts[] = {&out.id,      &out.vulnerability, &out.title,      &out.category, &out.package, &out.package_type,
                                &out.version, &out.fixed_version, &out.fix_status, &out.path,     &out.layer};
  int column = 0;
  for (std::string* text : texts) *text = row.text(column++);
  out.severity = static_cast<model::Severity>(row.integer(11));
  out.score = row.real(12);
  out.kev = row.integer(13) != 0;
  out.epss = row.real(14);
  out.first_seen_at = row.integer(15);
  out.cause = row.text(16);
  out.reason = row.text(17);
  out.status = out.cause.empty() ? "open" : "disabled";
  out.resource = resource_name(row, 18);
  return out;
}

base::Json order_value(const store::Row& row, int column, OrderKind kind) {
  if (kind == OrderKind::real) return row.real(column);
  if (kind == OrderKind::integer) return row.integer(column);
  return base::Json(row.text(column));
}

struct FindingsRead {
  std::vector<FindingView> rows;
  base::JsonArray last;
  bool more = false;
};

base::Result<FindingsRead> read_rows(store::Session& session, const SqlText& sql, std::size_t top,
                                     const std::vector<OrderColumn>& order) {
  FindingsRead out;
  TRY(sql.query(session, [&](const store::Row& row) {
    if (out.rows.size() == top) {
      out.more = true;
      return;
    }
    out.rows.push_back(finding_view(row));
    if (out.rows.size() < top) return;
    for (std::size_t i = 0; i < order.size(); ++i)
      out.last.push_back(order_value(row, kFindingColumnCount + static_cast<int>(i), order[i].kind));
  }));
  return out;
}

}  // namespace

base::Result<Page<FindingView>> list_findings(store::Session& session, const Query& query) {
  const FindingFilter filter = TRY(read_filter(query));
  const SortOrder sort = TRY(sort_order(query, "-severity", sort_fields()));
  const std::vector<OrderColumn> order = order_columns(sort);
  const std::size_t top = page_size(query);

  SqlText sql(fmt::format("SELECT {}, {} FROM ", kFindingColumns, order_text(order)));
  sql.add(tables_of(filter));
  TRY(add_conditions(session, filter, query.scopes, sql));
  Page<FindingView> page;
  if (query.cursor.empty()) {
    page.total = TRY(count_found(session, filter, query.scopes));
  } else {
    const FindingCursor cursor = TRY(decode_cursor(query, order.size()));
    page.total = cursor.total;
    add_seek(sql, order, cursor.last, sort.descending);
  }
  sql.add(fmt::format(" ORDER BY {} LIMIT ?", order_text(order, sort.descending ? " DESC" : "")),
          static_cast<std::int64_t>(top + 1));

  FindingsRead read = TRY(read_rows(session, sql, top, order));
  page.rows = std::move(read.rows);
  if (read.more) page.next = encode_cursor(query.sort, page.total, read.last);
  for (FindingView& row : page.rows) TRY(add_tags(session, row.resource));
  return page;
}

base::Result<std::optional<FindingView>> find_finding_row(store::Session& session, const std::string& finding_id,
                                                          const std::string& resource_key,
                                                          const std::vector<std::string>& scopes) {
  FindingFilter filter;
  filter.resources = {resource_key};
  SqlText sql(fmt::format("SELECT {} FROM ", kFindingColumns));
  sql.add(tables_of(filter)).add(" AND a.resource_key = ?", resource_key).add(" AND f.finding_id = ?", finding_id);
  sql.add_scopes("a.resource_key", scopes).add(" LIMIT 1");
  std::optional<FindingView> out;
  TRY(sql.query(session, [&](const store::Row& row) { out = finding_view(row); }));
  if (out) TRY(add_tags(session, out->resource));
  return out;
}

}  // namespace security
