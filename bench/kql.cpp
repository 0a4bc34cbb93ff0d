// SPDX-License-Identifier: Apache-2.0
// Queries on container logs in the embedded engine, each beside SQL written by hand that gives the same answer.
//   bench_kql LIBRARY FOLDER [--rows N] [--runs N] [--only NAME] [CASES.jsonl…]
// FOLDER is empty, or has the rows of an earlier run. CASES have the queries whose way to SQL is timed. Prints a JSON object.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "kql/bind/binder.hpp"
#include "kql/sql/sql_writer.hpp"
#include "kql/time.hpp"
#include "kql_folder.hpp"
#include "kql_queries.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using base::JsonArray;
using base::JsonObject;
using bench::die;
using bench::good;

constexpr std::uint64_t kRowsOfInsert = 1'000'000;

struct Options {
  std::uint64_t rows = 10'000'000, runs = 7;
  std::string only;  // the queries whose names have this in them
  std::vector<std::string> cases;
};

template <typename Run>
double milliseconds(const Run& run) {
  const auto begin = Clock::now();
  run();
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

double quantile(std::vector<double> of, double level) {
  std::sort(of.begin(), of.end());
  return of[std::min(of.size() - 1, static_cast<std::size_t>(level * static_cast<double>(of.size())))];
}

// --- the tables ---

std::uint64_t stored_rows(workspace::SqlEngine& engine, std::string_view table) {
  workspace::SqlQuery query;
  query.sql = fmt::format("SELECT toInt64(count()) AS n FROM w.{}", table);
  return static_cast<std::uint64_t>(good(engine.query(query)).table.columns[0].integer(0));
}

void fill(workspace::SqlEngine& engine, const bench::Specs& specs, std::uint64_t rows) {
  for (const auto& spec : specs) good(workspace::set_up_table(engine, *spec, bench::kPlace));
  if (stored_rows(engine, "ContainerLogV2") == rows) return;
  good(engine.execute("TRUNCATE TABLE w.ContainerLogV2"));
  good(engine.execute("TRUNCATE TABLE w.PodOwners_CL"));
  good(engine.execute(bench::owners_sql()));
  for (std::uint64_t from = 0; from < rows; from += kRowsOfInsert) good(engine.execute(bench::logs_sql(from, std::min(kRowsOfInsert, rows - from), rows)));
  good(engine.execute("OPTIMIZE TABLE w.ContainerLogV2 FINAL"));
}

// --- the way to SQL ---

// Milliseconds of each query from its text to its statement.
std::vector<double> lowering_times(const std::vector<std::string>& queries, const bench::Specs& specs) {
  kql::BindOptions options;
  options.now = kql::ticks_now();
  options.names.table = [&](std::string_view name) -> const model::TableSchema* {
    for (const auto& spec : specs)
      if (spec->schema.name == name) return &spec->schema;
    return nullptr;
  };
  const kql::SqlNames names{[](std::string_view) { return std::optional(kql::StoredTable{{{"w", "ContainerLogV2", {}}}, {"TimeGenerated"}, {"LogMessage"}, "", "", {}}); }};
  std::vector<double> out;
  for (const std::string& query : queries) {
    const auto lower = [&] {
      const kql::Bound bound = kql::bind_text(query, options);
      for (const auto& answer : bound.query.answers) {
        const kql::RelationPtr plan = kql::push_down(answer.rows);
        (void)kql::write_sql(*plan, names, kql::needed_columns(*plan));
      }
    };
    std::vector<double> times;
    for (int i = 0; i < 5; ++i) times.push_back(milliseconds(lower));
    out.push_back(quantile(times, 0.5));
  }
  return out;
}

std::vector<std::string> queries_of(const std::vector<std::string>& files) {
  std::vector<std::string> out;
  for (const bench::Query& query : bench::queries()) out.emplace_back(query.kql);
  for (const std::string& file : files) {
    const std::string text = good(base::read_file(file, 64u << 20));
    for (const std::string_view line : base::split_lines(text)) {
      if (base::trim(line).empty()) continue;
      const base::Json json = good(base::parse_json(line, file));
      out.emplace_back(base::get_string(json, "query"));
    }
  }
  return out;
}

// --- the queries ---

// The rows of an answer as texts, sorted; reals to nine digits.
std::vector<std::string> rows_of(const model::ValueTable& table) {
  std::vector<std::string> out;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    out.emplace_back();
    for (const model::Column& column : table.columns) {
      if (column.is_null(row)) out.back() += "null|";
      else if (model::column_form(column.type) == model::ColumnForm::texts) out.back() += std::string(column.text(row)) + "|";
      else if (model::column_form(column.type) == model::ColumnForm::reals) out.back() += fmt::format("{:.9g}|", column.real(row));
      else out.back() += fmt::format("{}|", column.integer(row));
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

// A query of a millisecond is run more often, until chance no longer decides.
constexpr double kLeastMs = 2'000;
constexpr std::uint64_t kMostRuns = 400;

struct Measured {
  double ours = 0, by_hand = 0;  // median milliseconds; by hand of the quickest
  double ratio = 0;              // median of the pairs
  std::string sql;               // the quickest
};

class Measuring {
 public:
  Measuring(workspace::SqlEngine& engine, workspace::QueryService& service, std::uint64_t runs) : engine_(engine), service_(service), runs_(runs) {}

  Measured measure(const bench::Query& query) {
    const std::vector<std::string> expected = ask(std::string(query.kql));
    for (const std::string& sql : query.by_hand)
      if (const auto rows = by_hand(sql); rows != expected) die(fmt::format("{}: other rows than of {}\n{}\nbut\n{}", query.name, sql, shown(expected), shown(rows)));
    Measured out;
    out.by_hand = 1e12;
    for (const std::string& sql : query.by_hand) {
      std::vector<double> times;
      for (int i = 0; i < 3; ++i) times.push_back(timed([&] { by_hand(sql); }));
      if (quantile(times, 0.5) >= out.by_hand) continue;
      out.by_hand = quantile(times, 0.5);
      out.sql = sql;
    }
    std::vector<double> ours, theirs, ratios;
    double spent = 0;
    for (std::uint64_t i = 0; i < runs_ || (spent < kLeastMs && i < kMostRuns); ++i) {
      ours.push_back(timed([&] { ask(std::string(query.kql)); }));
      theirs.push_back(timed([&] { by_hand(out.sql); }));
      ratios.push_back(ours.back() / theirs.back());
      spent += ours.back() + theirs.back();
    }
    out.ours = quantile(ours, 0.5);
    out.by_hand = quantile(theirs, 0.5);
    out.ratio = quantile(ratios, 0.5);
    return out;
  }

 private:
  template <typename Run>
  double timed(const Run& run) {
    bench::forget_conditions(engine_);
    return milliseconds(run);
  }
  static std::string shown(const std::vector<std::string>& rows) {
    std::string out;
    for (std::size_t i = 0; i < std::min<std::size_t>(rows.size(), 5); ++i) out += rows[i] + "\n";
    return out;
  }
  std::vector<std::string> ask(const std::string& text) {
    auto outcome = bench::ask_service(service_, text);
    if (!outcome) die(text + ": " + outcome.error().error.message);
    return rows_of(outcome->tables.front().rows);
  }
  std::vector<std::string> by_hand(const std::string& sql) {
    auto answer = bench::ask_engine(engine_, sql);
    if (!answer) die(sql + ": " + answer.error().message);
    return rows_of(answer->table);
  }

  workspace::SqlEngine& engine_;
  workspace::QueryService& service_;
  const std::uint64_t runs_;
};

Options read_options(int count, char** words) {
  Options out;
  for (int i = 3; i < count; ++i) {
    const std::string_view word = words[i];
    if (word == "--only" && i + 1 < count) {
      out.only = words[++i];
      continue;
    }
    if (word != "--rows" && word != "--runs") {
      out.cases.emplace_back(word);
      continue;
    }
    std::uint64_t& option = word == "--rows" ? out.rows : out.runs;
    const std::string_view number = ++i < count ? words[i] : "";
    const auto read = std::from_chars(number.data(), number.data() + number.size(), option);
    if (read.ec != std::errc() || option == 0) die(fmt::format("{} takes a number", word));
  }
  return out;
}

}  // namespace

int main(int count, char** words) {
  if (count < 3) die("usage: bench_kql LIBRARY FOLDER [--rows N] [--runs N] [--only NAME] [CASES.jsonl…]");
  const Options options = read_options(count, words);
  const auto engine = bench::open_engine(words[1], words[2]);
  const auto specs = bench::make_specs();
  const double fill_ms = milliseconds([&] { fill(*engine, specs, options.rows); });
  const auto service = bench::open_service(*engine, specs);

  const std::vector<double> lowering = lowering_times(queries_of(options.cases), specs);
  JsonArray queries;
  Measuring measuring(*engine, *service, options.runs);
  for (const bench::Query& query : bench::queries()) {
    if (query.name.find(options.only) == std::string_view::npos) continue;
    const Measured measured = measuring.measure(query);
    queries.push_back(JsonObject{{"name", std::string(query.name)}, {"ms", measured.ours}, {"byHandMs", measured.by_hand}, {"ratio", measured.ratio}, {"byHand", measured.sql}});
    fmt::print(stderr, "{}: {:.1f} ms, by hand {:.1f} ms, ratio {:.2f}\n", query.name, measured.ours, measured.by_hand, measured.ratio);
  }
  fmt::print("{}\n", base::to_text(JsonObject{{"rows", options.rows},
                                              {"fillSeconds", fill_ms / 1000},
                                              {"corpus", lowering.size()},
                                              {"lowerP50Ms", quantile(lowering, 0.5)},
                                              {"lowerP99Ms", quantile(lowering, 0.99)},
                                              {"queries", std::move(queries)}}));
  return 0;
}
