// SPDX-License-Identifier: Apache-2.0
// Rate of ingestion into the embedded engine: request bodies of container log rows are parsed, typed, spooled, synced and
// acknowledged by a few senders, and brought into the engine by the writer.
//   bench_ingest LIBRARY FOLDER [--rows N] [--batch N] [--senders N]
// LIBRARY "none": an engine that throws rows away, so that what is measured is the hub's own part. Bodies are made before the clock starts; the CPU that this took is told apart.
#include <fmt/format.h>
#include <sys/resource.h>

#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "base/json.hpp"
#include "kql/time.hpp"
#include "model/value_table.hpp"
#include "workspace/chdb_engine.hpp"
#include "workspace/ingest/body_rows.hpp"
#include "workspace/ingest/ingestion.hpp"

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kBodies = 64;  // different ones, sent in turn
const std::string kWorkspace = "11111111-2222-3333-4444-555555555555";

class NoEngine final : public workspace::SqlEngine {
 public:
  base::Result<void> execute(std::string_view) override { return {}; }
  base::Result<workspace::QueryAnswer> query(const workspace::SqlQuery&) override { return workspace::QueryAnswer(); }
  base::Result<void> insert(const workspace::RowBatch&) override { return {}; }
  base::Result<void> cancel(std::string_view) override { return {}; }
};

struct Options {
  std::uint64_t rows = 1'000'000, batch = 1'000, senders = 4;
};

[[noreturn]] void die(const std::string& why) {
  fmt::print(stderr, "bench_ingest: {}\n", why);
  std::exit(1);
}

template <typename T>
T good(base::Result<T> result) {
  if (!result) die(result.error().message);
  return std::move(*result);
}

double cpu_seconds() {
  struct rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

long peak_memory_mib() {
  struct rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

// Container log rows of about 470 bytes: 136 of message, 175 of metadata.
std::string row_text(std::uint64_t n) {
  static constexpr std::array<std::string_view, 4> kLevels{"INFO", "INFO", "WARNING", "ERROR"};
  const std::int64_t ticks = model::kTicksAtUnixEpoch + std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count() * 10'000;
  return fmt::format(
      R"({{"TimeGenerated":"{}","Computer":"node-{:02}","ContainerId":"{:064x}","ContainerName":"app-{}","PodName":"shop-{:04}","PodNamespace":"team-{}",)"
      R"("LogSource":"stdout","LogLevel":"{}","LogMessage":"request {} from 10.{}.{}.{} to /api/v1/orders/{} took {} ms and returned status {} after {} retries of upstream",)"
      R"("KubernetesMetadata":{{"podLabels":{{"app":"shop","tier":"web","release":"r{}"}},"image":"registry.example/shop/web","imageTag":"1.{}"}}}})",
      kql::format_datetime(ticks), n % 20, n % 5000, n % 50, n % 5000, n % 12, kLevels[n % 4], n, n % 250, n / 250 % 250, n / 7 % 250, n * 7 % 100'003,
      n % 900, n % 50 == 0 ? 500 : 200, n % 3, n % 9, n % 40);
}

std::vector<std::string> make_bodies(std::uint64_t rows) {
  std::vector<std::string> out;
  for (std::uint64_t body = 0; body < kBodies; ++body) {
    std::string text = "[";
    for (std::uint64_t i = 0; i < rows; ++i) text += fmt::format("{}{}", i > 0 ? "," : "", row_text(body * rows + i));
    out.push_back(text + "]");
  }
  return out;
}

// Sends until `left` is used up; the slowest answer in milliseconds.
double send(workspace::RecordSink& sink, const std::vector<std::string>& bodies, std::atomic<std::int64_t>& left, std::size_t sender) {
  double slowest = 0;
  for (std::uint64_t sequence = 1; left.fetch_sub(1) > 0; ++sequence) {
    const auto begin = Clock::now();
    const auto rows = good(workspace::rows_of_json(bodies[(sender * 17 + sequence) % kBodies]));
    workspace::RecordBatch batch;
    batch.workspace = kWorkspace;
    batch.table = "ContainerLogV2";
    batch.rows = rows;
    batch.source = {fmt::format("bench/{}", sender), sequence};
    for (auto receipt = sink.append(batch); !receipt || receipt->accepted != rows.size(); receipt = sink.append(batch)) {
      if (receipt || receipt.error().kind != base::Kind::unavailable) die(receipt ? "rows were refused" : receipt.error().message);
      std::this_thread::sleep_for(std::chrono::milliseconds(50));  // 429: the spool is full
    }
    slowest = std::max(slowest, std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
  }
  return slowest;
}

std::unique_ptr<workspace::SqlEngine> open_engine(const std::string& library, const std::filesystem::path& folder) {
  if (library == "none") return std::make_unique<NoEngine>();
  workspace::ChdbOptions options;
  options.library = library;
  options.folder = folder / "engine";
  return good(workspace::open_chdb(options));
}

void run(workspace::Ingestion& ingestion, const Options& options) {
  const double cpu_before = cpu_seconds();
  const std::vector<std::string> bodies = make_bodies(options.batch);
  const double generator_cpu = (cpu_seconds() - cpu_before) / static_cast<double>(kBodies * options.batch) * static_cast<double>(options.rows);
  std::atomic<std::int64_t> left = static_cast<std::int64_t>(options.rows / options.batch);
  const double rows = static_cast<double>(options.rows / options.batch * options.batch);
  const double cpu_begin = cpu_seconds();
  const auto begin = Clock::now();
  std::vector<double> slowest(options.senders);
  std::vector<std::thread> senders;
  for (std::size_t i = 0; i < options.senders; ++i) senders.emplace_back([&, i] { slowest[i] = send(ingestion, bodies, left, i); });
  for (std::thread& sender : senders) sender.join();
  const double acknowledged = std::chrono::duration<double>(Clock::now() - begin).count();
  if (!ingestion.flush(std::chrono::minutes(10))) die("the engine did not take all rows within ten minutes");
  const double stored = std::chrono::duration<double>(Clock::now() - begin).count();
  const double cpu = cpu_seconds() - cpu_begin;
  const workspace::IngestionStatistics statistics = ingestion.statistics();
  fmt::print("{}\n", base::to_text(base::JsonObject{{"rows", rows},
                                                    {"bytesOfRow", static_cast<double>(bodies[0].size()) / static_cast<double>(options.batch)},
                                                    {"acknowledgedPerSecond", rows / acknowledged},
                                                    {"storedPerSecond", rows / stored},
                                                    {"rowsPerCpuSecond", rows / cpu},
                                                    {"cpuSeconds", cpu},
                                                    {"generatorCpuSeconds", generator_cpu},
                                                    {"inserts", statistics.writer.inserts},
                                                    {"rowsOfInsert", rows / static_cast<double>(std::max<std::uint64_t>(1, statistics.writer.inserts))},
                                                    {"syncs", statistics.spool.syncs},
                                                    {"slowestAnswerMs", *std::max_element(slowest.begin(), slowest.end())},
                                                    {"peakMemoryMiB", peak_memory_mib()}}));
}

}  // namespace

int main(int count, char** words) {
  if (count < 3) die("usage: bench_ingest LIBRARY FOLDER [--rows N] [--batch N] [--senders N]");
  Options options;
  for (int i = 3; i + 1 < count; i += 2) {
    const std::string_view word = words[i], number = words[i + 1];
    std::uint64_t& option = word == "--rows" ? options.rows : word == "--batch" ? options.batch : options.senders;
    const auto read = std::from_chars(number.data(), number.data() + number.size(), option);
    if (read.ec != std::errc() || option == 0) die(fmt::format("{} takes a number", word));
  }
  const std::filesystem::path folder = words[2];
  const auto engine = open_engine(words[1], folder);
  const auto catalog = good(workspace::TableCatalog::open(good(workspace::TableSpecs::load()), folder / "tables"));
  workspace::IngestionOptions ingest;
  ingest.folder = folder / "ingest";
  const auto ingestion = good(workspace::Ingestion::start(std::move(ingest), *catalog, *engine));
  run(*ingestion, options);
  return 0;
}
