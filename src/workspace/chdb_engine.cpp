// SPDX-License-Identifier: Apache-2.0
#include "workspace/chdb_engine.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <map>
#include <mutex>

#include "base/files.hpp"
#include "base/text.hpp"
#include "workspace/chdb_api.hpp"
#include "workspace/clickhouse_error.hpp"
#include "workspace/deduplication_logs.hpp"
#include "workspace/row_binary.hpp"
#include "workspace/sql_text.hpp"

namespace workspace {

namespace {

// Turning the library's own signal handlers off, and each connect after that, sets these to their defaults.
constexpr std::array kSignals{SIGABRT, SIGSEGV, SIGILL, SIGBUS, SIGSYS, SIGFPE, SIGTSTP, SIGTRAP};

// Puts the process's signal handlers back at the end of its life.
class SignalKeeper {
 public:
  SignalKeeper() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], nullptr, &before_[i]);
  }
  SignalKeeper(const SignalKeeper&) = delete;
  SignalKeeper& operator=(const SignalKeeper&) = delete;
  ~SignalKeeper() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &before_[i], nullptr);
  }

 private:
  std::array<struct sigaction, kSignals.size()> before_{};
};

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

struct ResultFree {
  const ChdbApi* api;
  void operator()(ChdbResult* result) const { api->free_result(result); }
};
using ResultPtr = std::unique_ptr<ChdbResult, ResultFree>;

// One session of the engine; used by one thread at a time. Statements of one session take turns, those of several run
// beside one another.
class ChdbSession {
 public:
  static base::Result<ChdbSession> open(const ChdbApi& api, const std::filesystem::path& folder);
  ChdbSession(ChdbSession&& other) noexcept : api_(other.api_), connection_(std::exchange(other.connection_, nullptr)) {}
  ChdbSession& operator=(ChdbSession&&) = delete;
  ~ChdbSession() {
    if (!connection_) return;
    const std::lock_guard lock(opening());
    api_->close(connection_);
  }

  base::Result<ResultPtr> run(std::string_view sql, std::string_view format = "Null") {
    ResultPtr result(api_->query(*connection_, sql.data(), sql.size(), format.data(), format.size()), ResultFree{api_});
    if (!result) return base::fail(base::Kind::internal, "the engine of the workspace gave no answer");
    const char* error = api_->error(result.get());
    if (error && *error) return base::fail(clickhouse_error(error));
    return result;
  }

 private:
  ChdbSession(const ChdbApi* api, ChdbConnection connection) : api_(api), connection_(connection) {}

  // Opening and closing take turns.
  static std::mutex& opening() {
    static std::mutex mutex;
    return mutex;
  }

  const ChdbApi* api_;
  ChdbConnection connection_;
};

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

std::filesystem::path configuration_file(const std::filesystem::path& folder) { return folder / "engine.xml"; }

base::Result<ChdbSession> ChdbSession::open(const ChdbApi& api, const std::filesystem::path& folder) {
  std::array<std::string, 3> arguments{"clickhouse", "--path=" + (folder / "data").string(),
                                       "--config-file=" + configuration_file(folder).string()};
  std::array<char*, 3> pointers{arguments[0].data(), arguments[1].data(), arguments[2].data()};
  const std::lock_guard lock(opening());
  const SignalKeeper keeper;
  ChdbConnection connection = api.connect(static_cast<int>(pointers.size()), pointers.data());
  if (!connection || !*connection)
    return base::fail(base::Kind::unavailable,
                      fmt::format("the engine of the workspace cannot open {}; is another process using it? It says why on standard error",
                                  folder.string()));
  return ChdbSession(&api, connection);
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
  const ResultPtr result = TRY(fresh.run("SELECT name, value FROM system.settings", "RowBinaryWithNamesAndTypes"));
  const model::ValueTable table = TRY(read_row_binary({api.buffer(result.get()), api.length(result.get())}));
  KnownSettings out;
  for (std::size_t row = 0; row < table.rows(); ++row) out.emplace(table.columns[0].text(row), table.columns[1].text(row));
  return out;
}

class ChdbEngine final : public SqlEngine {
 public:
  ChdbEngine(const ChdbApi& api, std::filesystem::path folder, FolderClaim claim, ChdbSession first, KnownSettings fresh)
      : api_(api), folder_(std::move(folder)), claim_(std::move(claim)), first_(std::move(first)), fresh_(std::move(fresh)) {}

  base::Result<void> execute(std::string_view sql) override;
  base::Result<QueryAnswer> query(const SqlQuery& query) override;
  base::Result<void> insert(const RowBatch& batch) override;
  base::Result<void> cancel(std::string_view query_id) override;

 private:
  const ChdbApi& api_;
  const std::filesystem::path folder_;
  const FolderClaim claim_;
  const ChdbSession first_;  // keeps the data open between calls
  const KnownSettings fresh_;  // which no query needs to set
};

base::Result<void> ChdbEngine::execute(std::string_view sql) {
  ChdbSession session = TRY(ChdbSession::open(api_, folder_));
  TRY(session.run(sql));
  return {};
}

base::Result<QueryAnswer> ChdbEngine::query(const SqlQuery& query) {
  std::string set;
  for (const auto& [name, value] : TRY(query_settings(query))) {
    const auto fresh = fresh_.find(name);
    if (fresh == fresh_.end() || fresh->second != value) set += fmt::format("{}{}={}", set.empty() ? "SET " : ", ", name, quote_text(value));
  }
  ChdbSession session = TRY(ChdbSession::open(api_, folder_));
  TRY(session.run(set));
  const ResultPtr result = TRY(session.run(query.sql, "RowBinaryWithNamesAndTypes"));
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
  const ResultPtr result = TRY(session.run(statement));
  const std::uint64_t written = api_.rows_written(result.get());  // of a batch that was there before, too
  if (written == batch.count) return {};
  return base::fail(base::Kind::internal,
                    fmt::format("the engine took {} of {} rows for {}", written, batch.count, base::printable(batch.table)));
}

base::Result<void> ChdbEngine::cancel(std::string_view query_id) { return execute(TRY(kill_statement(query_id))); }

}  // namespace

base::Result<std::unique_ptr<SqlEngine>> open_chdb(const ChdbOptions& options) {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::absolute(options.folder, error).lexically_normal();
  std::filesystem::create_directories(folder, error);
  if (error) return base::fail(base::errno_error(error.value(), "making the folder", folder));
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  TRY(base::write_file_atomically(configuration_file(folder), configuration_text(options), 0600));

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
