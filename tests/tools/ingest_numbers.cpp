// SPDX-License-Identifier: Apache-2.0
// Sends numbered records until it is killed, and checks afterwards what became of them.
//   ingest_numbers LIBRARY FOLDER          prints "ready", then sends; FOLDER/acks has a line for each acknowledged batch
//   ingest_numbers LIBRARY FOLDER check    exit 0 where every acknowledged record is there exactly once
// A sender that is started again goes on behind its last acknowledged batch, as one does that never saw an answer.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <mutex>
#include <thread>

#include "workspace/chdb_engine.hpp"
#include "workspace/ingest/body_rows.hpp"
#include "workspace/ingest/ingestion.hpp"
#include "workspace/sql_text.hpp"

namespace {

constexpr std::size_t kSenders = 3;
constexpr std::uint64_t kRowsOfBatch = 40;
const std::string kWorkspace = "11111111-2222-3333-4444-555555555555";
const std::string kTable = "Numbers_CL";

using Acks = std::array<std::uint64_t, kSenders>;  // the last acknowledged batch of each sender

[[noreturn]] void die(const std::string& why) {
  fmt::print(stderr, "ingest_numbers: {}\n", why);
  std::fflush(stdout);
  std::_Exit(1);  // the engine's threads still run
}

template <typename T>
T good(base::Result<T> result) {
  if (!result) die(result.error().message);
  return std::move(*result);
}

Acks read_acks(const std::filesystem::path& file) {
  Acks out{};
  std::ifstream in(file);
  for (std::size_t sender = 0, sequence = 0; in >> sender >> sequence;) out.at(sender) = std::max<std::uint64_t>(out.at(sender), sequence);
  return out;
}

std::string batch_body(std::size_t sender, std::uint64_t sequence) {
  std::string out;
  for (std::uint64_t n = (sequence - 1) * kRowsOfBatch + 1; n <= sequence * kRowsOfBatch; ++n)
    out += fmt::format("{{\"sender\":\"s{}\",\"n\":{},\"text\":\"record {} of sender {}\"}}\n", sender, n, n, sender);
  return out;
}

void send_for_ever(workspace::RecordSink& sink, std::size_t sender, std::uint64_t sequence, int acks) {
  for (;; ++sequence) {
    const std::string body = batch_body(sender, sequence);
    const auto rows = good(workspace::rows_of_lines(body));
    workspace::RecordBatch batch;
    batch.workspace = kWorkspace;
    batch.table = kTable;
    batch.rows = rows;
    batch.naming = workspace::MemberNaming::suffixed;
    batch.source = {fmt::format("sender/{}", sender), sequence};
    const workspace::AppendReceipt receipt = good(sink.append(batch));
    if (!receipt.repeated && receipt.accepted != kRowsOfBatch) die(fmt::format("only {} rows were accepted", receipt.accepted));
    const std::string line = fmt::format("{} {}\n", sender, sequence);
    if (::write(acks, line.data(), line.size()) != static_cast<ssize_t>(line.size())) die("cannot write the acks");
  }
}

void send(workspace::Ingestion& ingestion, const std::filesystem::path& folder) {
  const Acks known = read_acks(folder / "acks");
  const int acks = ::open((folder / "acks").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (acks < 0) die("cannot open the acks");
  fmt::print("ready\n");
  std::fflush(stdout);
  std::vector<std::thread> threads;
  for (std::size_t sender = 0; sender < kSenders; ++sender)
    threads.emplace_back([&ingestion, sender, &known, acks] { send_for_ever(ingestion, sender, known.at(sender) + 1, acks); });
  for (std::thread& thread : threads) thread.join();
}

// Of each sender: records 1 … n once each, n being what was acknowledged, or one batch more whose answer was lost.
void check(workspace::Ingestion& ingestion, workspace::SqlEngine& engine, const std::filesystem::path& folder) {
  if (!ingestion.flush(std::chrono::seconds(60))) die("the spool did not empty itself");
  const Acks acks = read_acks(folder / "acks");
  workspace::SqlQuery query;
  query.sql = fmt::format("SELECT sender_s, count(), uniqExact(n_d), max(n_d) FROM {} GROUP BY sender_s ORDER BY sender_s",
                          workspace::table_name_sql(kTable, workspace::workspace_place(kWorkspace)));
  const auto columns = good(engine.query(query)).table.columns;
  if (columns[0].rows() != kSenders) die(fmt::format("{} senders have records instead of {}", columns[0].rows(), kSenders));
  for (std::size_t sender = 0; sender < kSenders; ++sender) {
    const auto count = static_cast<std::uint64_t>(columns[1].integer(sender)), different = static_cast<std::uint64_t>(columns[2].integer(sender));
    const std::uint64_t acknowledged = acks[sender] * kRowsOfBatch;
    fmt::print("sender {}: {} records acknowledged, {} there, {} different\n", sender, acknowledged, count, different);
    const bool whole = static_cast<std::uint64_t>(columns[3].real(sender)) == count;
    if (count < acknowledged) die(fmt::format("records of sender {} are missing", sender));
    if (count != different || !whole || count > acknowledged + kRowsOfBatch) die(fmt::format("records of sender {} are there twice, or were never sent", sender));
  }
}

}  // namespace

int main(int count, char** words) {
  if (count < 3) die("usage: ingest_numbers LIBRARY FOLDER [check]");
  const std::filesystem::path folder = words[2];
  workspace::ChdbOptions options;
  options.library = words[1];
  options.folder = folder / "engine";
  const auto engine = good(workspace::open_chdb(options));
  const auto catalog = good(workspace::TableCatalog::open(good(workspace::TableSpecs::load()), folder / "tables"));
  workspace::IngestionOptions ingest;
  ingest.folder = folder / "ingest";
  ingest.deadline = std::chrono::milliseconds(50);
  ingest.segment_bytes = 200'000;
  const auto ingestion = good(workspace::Ingestion::start(std::move(ingest), *catalog, *engine));
  if (count > 3) check(*ingestion, *engine, folder);
  else send(*ingestion, folder);
  return 0;
}
