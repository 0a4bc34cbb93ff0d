// SPDX-License-Identifier: Apache-2.0
// Asks queries of a folder that bench_kql filled, and tells what each takes: milliseconds of all cores, the statements that the engine was
// sent and the rows that each gave, so what the evaluator went on with in memory.
//   bench_ask LIBRARY FOLDER QUERIES [--runs N] [--only NAME] [--sql]
// QUERIES has blocks between empty lines: "// name", a query in lines of its own, and after a line "--" SQL by hand to measure
// beside it. The clock of the queries stands at the end of the rows, 2026-10-04.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <mutex>

#include "base/files.hpp"
#include "base/text.hpp"
#include "kql/time.hpp"
#include "kql/value.hpp"
#include "kql_folder.hpp"

namespace {

using bench::die;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t kEndOfRows = 639'266'688'000'000'000;  // 2026-10-04 in ticks

// Notes what passes through it.
class NotingEngine final : public workspace::SqlEngine {
 public:
  struct Statement {
    std::string sql, failure;
    std::size_t rows = 0;
    double ms = 0;
  };
  explicit NotingEngine(workspace::SqlEngine& engine) : engine_(engine) {}
  base::Result<void> execute(std::string_view sql) override { return engine_.execute(sql); }
  base::Result<workspace::QueryAnswer> query(const workspace::SqlQuery& query) override {
    const auto begin = Clock::now();
    auto answer = engine_.query(query);
    statements.push_back({query.sql, answer ? "" : answer.error().message, answer ? answer->table.rows() : 0,
                          std::chrono::duration<double, std::milli>(Clock::now() - begin).count()});
    return answer;
  }
  base::Result<void> insert(const workspace::RowBatch& batch) override { return engine_.insert(batch); }
  base::Result<void> cancel(std::string_view id) override { return engine_.cancel(id); }
  std::vector<Statement> statements;

 private:
  workspace::SqlEngine& engine_;
};

struct Asked {
  std::string name, kql, by_hand;
};

std::vector<Asked> read_queries(const std::string& text) {
  std::vector<Asked> out;
  bool between = true, sql = false;
  for (const std::string_view line : base::split_lines(text)) {
    if (base::trim(line).empty()) {
      between = true;
      continue;
    }
    if (between) out.emplace_back();
    if (between) sql = false;
    between = false;
    Asked& one = out.back();
    if (one.name.empty() && line.substr(0, 2) == "//") one.name = base::trim(line.substr(2));
    else if (line == "--") sql = true;
    else (sql ? one.by_hand : one.kql) += std::string(line) + "\n";
  }
  return out;
}

double median(std::vector<double> of) {
  std::sort(of.begin(), of.end());
  return of.empty() ? 0 : of[of.size() / 2];
}

// Of all threads of this process, the engine's too: what else runs on the machine does not count.
double cpu_milliseconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto ms = [](const timeval& time) { return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3; };
  return ms(used.ru_utime) + ms(used.ru_stime);
}

template <typename Run>
double milliseconds(workspace::SqlEngine& engine, const Run& run) {
  bench::forget_conditions(engine);
  const double begin = cpu_milliseconds();
  run();
  return cpu_milliseconds() - begin;
}

struct Options {
  std::uint64_t runs = 3;
  std::string only;
  bool sql = false;
};

Options read_options(int count, char** words) {
  Options out;
  for (int i = 4; i < count; ++i) {
    const std::string_view word = words[i];
    if (word == "--sql") out.sql = true;
    else if (word == "--only" && i + 1 < count) out.only = words[++i];
    else if (word == "--runs" && i + 1 < count) out.runs = std::strtoull(words[++i], nullptr, 10);
    else die(fmt::format("'{}' means nothing", word));
  }
  return out;
}

void ask(NotingEngine& engine, workspace::QueryService& service, const Asked& asked, const Options& options) {
  std::string failure;
  std::size_t rows = 0;
  const auto ours = [&] {
    engine.statements.clear();
    auto outcome = bench::ask_service(service, asked.kql);
    if (!outcome) failure = outcome.error().error.message;
    else rows = outcome->tables.front().rows.rows();
  };
  const auto by_hand = [&] {
    // Rows of a type that is not read here were computed all the same.
    if (auto answer = bench::ask_engine(engine, asked.by_hand); !answer && answer.error().message.find("cannot be read") == std::string::npos) failure = "by hand: " + answer.error().message;
  };
  std::vector<double> times, theirs;
  for (std::uint64_t i = 0; i < options.runs; ++i) {
    if (!asked.by_hand.empty()) theirs.push_back(milliseconds(engine, by_hand));
    times.push_back(milliseconds(engine, ours));
    if (times.back() > 5'000 && i == 0) break;
  }
  std::size_t brought = 0;
  for (const auto& statement : engine.statements) brought += statement.rows;
  fmt::print("{}\t{:.0f}\t{}\trows {}\tstatements {}\tbrought {}\t{}\n", asked.name, median(times), theirs.empty() ? "" : fmt::format("{:.0f}", median(theirs)), rows,
             engine.statements.size(), brought, base::printable(failure.substr(0, 200)));
  if (options.sql)
    for (const auto& statement : engine.statements)
      fmt::print("    [{:.0f} ms, {} rows] {}\n{}", statement.ms, statement.rows, statement.sql.substr(0, 3000),
                 statement.failure.empty() ? "" : "    FAILED " + statement.failure.substr(0, 300) + "\n");
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** words) {
  if (count < 4) die("usage: bench_ask LIBRARY FOLDER QUERIES [--runs N] [--only NAME] [--sql]");
  const Options options = read_options(count, words);
  const auto chdb_engine = bench::open_engine(words[1], words[2]);
  NotingEngine engine(*chdb_engine);
  workspace::WorkspaceQueryOptions at_end;
  at_end.now = [] { return kEndOfRows; };
  const auto service = bench::open_service(engine, bench::make_specs(), std::move(at_end));
  for (const Asked& asked : read_queries(bench::good(base::read_file(words[3], 64u << 20))))
    if (!asked.kql.empty() && asked.name.find(options.only) != std::string::npos) ask(engine, *service, asked, options);
  return 0;
}
