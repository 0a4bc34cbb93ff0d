// SPDX-License-Identifier: Apache-2.0
#include "workspace/chdb_engine.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/text.hpp"
#include "kql/sql/sql_literals.hpp"
#include "workspace/chdb_api.hpp"
#include "workspace/chdb_session.hpp"
#include "workspace/deduplication_logs.hpp"
#include "workspace/ready_sessions.hpp"
#include "workspace/row_binary.hpp"
#include "workspace/running_by_id.hpp"
#include "workspace/sql_text.hpp"

namespace workspace {

namespace {

// The caches of a server are sized for machines that do nothing else; those that a workspace uses, smaller.
std::string configuration_text(const ChdbOptions& options) {
  return fmt::format(R"(<clickhouse>
  <max_server_memory_usage>{}</max_server_memory_usage>
  <mark_cache_size>67108864</mark_cache_size>
  <index_mark_cache_size>33554432</index_mark_cache_size>
  <index_uncompressed_cache_size>16777216</index_uncompressed_cache_size>
  <primary_index_cache_size>67108864</primary_index_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <text_index_tokens_cache_size>33554432</text_index_tokens_cache_size>
  <text_index_header_cache_size>33554432</text_index_header_cache_size>
  <text_index_postings_cache_size>67108864</text_index_postings_cache_size>
  <query_condition_cache_size>16777216</query_condition_cache_size>
  <vector_similarity_index_cache_size>1048576</vector_similarity_index_cache_size>
  <compiled_expression_cache_size>16777216</compiled_expression_cache_size>
  <mmap_cache_size>0</mmap_cache_size>
  <max_thread_pool_size>256</max_thread_pool_size>
  <background_pool_size>2</background_pool_size>
  <background_schedule_pool_size>4</background_schedule_pool_size>
  <background_common_pool_size>2</background_common_pool_size>
  <background_fetches_pool_size>1</background_fetches_pool_size>
  <background_move_pool_size>1</background_move_pool_size>
  <remote_url_allow_hosts></remote_url_allow_hosts>
  <max_table_size_to_drop>0</max_table_size_to_drop>
  <max_partition_size_to_drop>0</max_partition_size_to_drop>
</clickhouse>
)",
                     options.memory_bytes);
}

// The engine adds what it finds on standard input to the rows of an INSERT, since it is a command-line program in a library.
// An empty pipe takes its place.
base::Result<void> keep_standard_input_out() {
  if (::isatty(STDIN_FILENO) != 0) return {};  // which it leaves alone
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return base::fail(base::errno_error(errno, "cannot make a pipe for", "standard input"));
  ::close(ends[1]);
  const int done = ::dup2(ends[0], STDIN_FILENO);
  const int error = errno;
  if (ends[0] != STDIN_FILENO) ::close(ends[0]);
  if (done < 0) return base::fail(base::errno_error(error, "cannot replace", "standard input"));
  return {};
}

// The folder that this process has open: always the same one, by one engine at a time.
class FolderClaim {
 public:
  static base::Result<FolderClaim> take(const std::filesystem::path& folder) {
    State& state = the_state();
    const std::lock_guard lock(state.mutex);
    if (state.in_use || (!state.folder.empty() && state.folder != folder))
      return base::fail(base::Kind::conflict,
                        fmt::format("this process has had the workspace in {} open; it cannot open {}", state.folder.string(), folder.string()));
    state.folder = folder;
    state.in_use = true;
    return FolderClaim();
  }
  FolderClaim(FolderClaim&& other) noexcept : held_(std::exchange(other.held_, false)) {}
  FolderClaim& operator=(FolderClaim&&) = delete;
  ~FolderClaim() {
    if (!held_) return;
    State& state = the_state();
    const std::lock_guard lock(state.mutex);
    state.in_use = false;
  }

 private:
  struct State {
    std::mutex mutex;  // guards the members below
    std::filesystem::path folder;
    bool in_use = false;
  };
  static State& the_state() {
    static State state;
    return state;
  }
  FolderClaim() = default;
  bool held_ = true;
};

// Settings as they are in a session that has set none.
using KnownSettings = std::map<std::string, std::string, std::less<>>;

base::Result<KnownSettings> settings_of(const ChdbApi& api, ChdbSession& fresh) {
  const ChdbResultPtr result = TRY(fresh.run("SELECT name, value FROM system.settings", "RowBinaryWithNamesAndTypes"));
  const model::ValueTable table = TRY(read_row_binary({api.buffer(result.get()), api.length(result.get())}));
  KnownSettings out;
  for (std::size_t row = 0; row < table.rows(); ++row) out.emplace(table.columns[0].text(row), table.columns[1].text(row));
  return out;
}

// The marks of the sessions that queries run on.
using RunningMarks = RunningById<std::string>;

class ChdbEngine final : public SqlEngine {
 public:
  ChdbEngine(const ChdbApi& api, std::filesystem::path folder, FolderClaim claim, ChdbSession first, KnownSettings fresh)
      : api_(api), folder_(std::move(folder)), claim_(std::move(claim)), first_(std::move(first)), fresh_(std::move(fresh)), ready_(api, folder_) {}

  base::Result<void> execute(std::string_view sql) override;
  base::Result<QueryAnswer> query(const SqlQuery& query) override;
  base::Result<void> insert(const RowBatch& batch) override;
  base::Result<void> cancel(std::string_view query_id) override;

 private:
  // What a session of a query needs to set.
  base::Result<std::string> settings_to_set(const SqlQuery& query) const;

  const ChdbApi& api_;
  const std::filesystem::path folder_;
  const FolderClaim claim_;
  const ChdbSession first_;  // keeps the data open between calls
  const KnownSettings fresh_;
  ReadySessions ready_;
  RunningMarks running_;
};

base::Result<void> ChdbEngine::execute(std::string_view sql) {
  ChdbSession session = TRY(ChdbSession::open(api_, folder_));
  TRY(session.run(sql));
  return {};
}

base::Result<std::string> ChdbEngine::settings_to_set(const SqlQuery& query) const {
  std::string out;
  for (const auto& [name, value] : TRY(query_settings(query))) {
    if (name == kQueryIdSetting) continue;  // the session has a mark of its own there
    const auto fresh = fresh_.find(name);
    if (fresh == fresh_.end() || fresh->second != value) out += fmt::format("{}{}={}", out.empty() ? "" : ", ", name, kql::quote_sql_text(value));
  }
  return out;
}

base::Result<QueryAnswer> ChdbEngine::query(const SqlQuery& query) {
  ReadySession on = TRY(ready_.take(TRY(settings_to_set(query))));
  const RunningMarks::Entry entry(running_, query.id, on.mark);
  const ChdbResultPtr result = TRY(on.session.run(query.sql, "RowBinaryWithNamesAndTypes"));
  QueryAnswer answer;
  answer.table = TRY(read_row_binary({api_.buffer(result.get()), api_.length(result.get())}));
  answer.statistics.rows_read = api_.storage_rows_read(result.get());
  answer.statistics.bytes_read = api_.storage_bytes_read(result.get());
  answer.statistics.elapsed = std::chrono::microseconds(static_cast<std::int64_t>(api_.elapsed(result.get()) * 1e6));
  return answer;
}

base::Result<void> ChdbEngine::insert(const RowBatch& batch) {
  std::string statement = TRY(insert_statement(batch));
  statement.reserve(statement.size() + 1 + batch.rows.size());
  statement += '\n';
  statement += batch.rows;
  ChdbSession session = TRY(ChdbSession::open(api_, folder_));
  const ChdbResultPtr result = TRY(session.run(statement));
  const std::uint64_t written = api_.rows_written(result.get());  // of a batch that was there before, too
  if (written == batch.count) return {};
  return base::fail(base::Kind::internal,
                    fmt::format("the engine took {} of {} rows for {}", written, batch.count, base::printable(batch.table)));
}

base::Result<void> ChdbEngine::cancel(std::string_view query_id) {
  TRY(kill_statement(query_id));  // which checks the id
  std::vector<std::string> marks;
  running_.each(query_id, [&](const std::string& mark) { marks.push_back(mark); });
  for (const std::string& mark : marks) TRY(execute(TRY(kill_statement(mark))));
  return {};
}

}  // namespace

base::Result<std::unique_ptr<SqlEngine>> open_chdb(const ChdbOptions& options) {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::absolute(options.folder, error).lexically_normal();
  std::filesystem::create_directories(folder, error);
  if (error) return base::fail(base::errno_error(error.value(), "making the folder", folder));
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  TRY(base::write_file_atomically(chdb_configuration_file(folder), configuration_text(options), 0600));

  TRY(keep_standard_input_out());
  const ChdbApi* api = nullptr;
  {
    const SignalKeeper keeper;
    api = TRY(load_chdb(options.library.empty() ? find_chdb_library() : options.library));
    api->set_signal_handlers_enabled(0);
  }
  FolderClaim claim = TRY(FolderClaim::take(folder));
  TRY(forget_lost_inserts(folder));
  ChdbSession session = TRY(ChdbSession::open(*api, folder));
  KnownSettings fresh = TRY(settings_of(*api, session));
  return std::make_unique<ChdbEngine>(*api, folder, std::move(claim), std::move(session), std::move(fresh));
}

}  // namespace workspace
