// SPDX-License-Identifier: Apache-2.0
// Copies of a folder that is written to: each holds what was acknowledged before it was begun, once.
#include "workspace/folder_copy.hpp"

#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "test_engine.hpp"
#include "workspace/ingest/body_rows.hpp"
#include "workspace/ingest/ingestion.hpp"

namespace workspace {
namespace {

using namespace workspace_test;

const std::string kCopiedWorkspace = "11111111-2222-3333-4444-555555555555";

// A hub's folder with an engine in a process of its own on it.
class Folder {
 public:
  explicit Folder(std::filesystem::path path) : path_(std::move(path)), server_(path_ / "engine" / "data") {
    auto opened = http_engine({server_.url(), kUser, kPassword, "", true}, net::curl_transport({}));
    if (!server_.started() || !opened) throw std::runtime_error("chdb_http_server did not start");
    engine_ = std::move(*opened);
    catalog_ = TableCatalog::open(specs_, path_ / "tables").value();
    IngestionOptions options;
    options.folder = path_;
    options.deadline = std::chrono::milliseconds(1);
    options.log = [](const std::string& line) { ADD_FAILURE() << line; };
    ingestion_ = Ingestion::start(std::move(options), *catalog_, *engine_).value();
  }

  void append(std::uint64_t first, std::uint64_t count) {
    std::string lines;
    for (std::uint64_t n = first; n < first + count; ++n) lines += fmt::format("{{\"n\":{}}}\n", n);
    const auto rows = rows_of_lines(lines).value();
    RecordBatch batch;
    batch.workspace = kCopiedWorkspace;
    batch.table = "Numbers_CL";
    batch.rows = rows;
    batch.naming = MemberNaming::suffixed;
    batch.source = {"test/numbers", first};
    const auto receipt = ingestion_->append(batch);
    ASSERT_TRUE(receipt) << receipt.error().message;
  }

  // "rows|different ones|the lowest|the highest"
  std::string numbers() {
    EXPECT_TRUE(ingestion_->flush(std::chrono::seconds(60)));
    SqlQuery query;
    query.sql = fmt::format("SELECT count(), uniqExact(n_d), min(n_d), max(n_d) FROM {}", table_name_sql("Numbers_CL", workspace_place(kCopiedWorkspace)));
    const auto answer = engine_->query(query);
    return answer ? text_of(answer->table) : answer.error().message;
  }

  std::uint64_t highest() {
    const std::string text = numbers();
    return static_cast<std::uint64_t>(std::stod(text.substr(text.rfind('|') + 1)));
  }

 private:
  const std::filesystem::path path_;
  ChdbHttpServer server_;
  std::unique_ptr<SqlEngine> engine_;
  TableSpecs specs_ = TableSpecs::load().value();
  std::unique_ptr<TableCatalog> catalog_;
  std::unique_ptr<Ingestion> ingestion_;  // ends first
};

constexpr std::uint64_t kRowsAtOnce = 20;

TEST(FolderCopy, taken_while_rows_come_in_has_each_acknowledged_one_once) {
  NEED_ENGINE_LIBRARY();
  const auto dir = base::TempDir::create().value();
  Folder folder(dir.path() / "hub");
  std::atomic<std::uint64_t> acknowledged{0};
  std::atomic<bool> stop{false};
  std::thread sender([&] {
    for (std::uint64_t first = 1; !stop; first += kRowsAtOnce) {
      folder.append(first, kRowsAtOnce);
      acknowledged = first + kRowsAtOnce - 1;
    }
  });
  std::vector<std::uint64_t> before;
  for (int copy = 0; copy < 3; ++copy) {
    const std::uint64_t wanted = acknowledged + 40 * kRowsAtOnce;
    while (acknowledged < wanted && !HasFailure()) std::this_thread::yield();
    before.push_back(acknowledged);
    const auto closed = gate_of(dir.path() / "hub").close();
    ASSERT_TRUE(closed);
    const auto copied = copy_folder(dir.path() / "hub", dir.path() / std::to_string(copy), *closed);
    EXPECT_TRUE(copied) << copied.error().message;
  }
  stop = true;
  sender.join();
  for (std::size_t copy = 0; copy < before.size(); ++copy) {
    const auto path = dir.path() / std::to_string(copy);
    EXPECT_TRUE(check_folder_copy(path));
    Folder restored(path);
    const std::uint64_t highest = restored.highest();
    EXPECT_GE(highest, before[copy]);
    EXPECT_EQ(restored.numbers(), fmt::format("{0}|{0}|{1:f}|{2:f}", highest, 1.0, static_cast<double>(highest))) << "copy " << copy;
    restored.append(1, kRowsAtOnce);            // sent again
    restored.append(highest + 1, kRowsAtOnce);  // and new
    const std::uint64_t now = highest + kRowsAtOnce;
    EXPECT_EQ(restored.numbers(), fmt::format("{0}|{0}|{1:f}|{2:f}", now, 1.0, static_cast<double>(now)));
  }
}

TEST(FolderCopy, of_a_folder_with_damaged_marks_is_told) {
  const auto dir = base::TempDir::create().value();
  ASSERT_TRUE(base::write_file_atomically(dir.path() / "sources", "nonsense\n"));
  const auto checked = check_folder_copy(dir.path());
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, base::Kind::corrupt);
}

}  // namespace
}  // namespace workspace
