// SPDX-License-Identifier: Apache-2.0
// The engines under test: libchdb.so in this process, and the same behind HTTP in a process of its own. In sanitizer trees
// there is the latter alone, since a sanitized program cannot load that library.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/files.hpp"
#include "workspace/chdb_api.hpp"
#include "workspace/chdb_engine.hpp"
#include "workspace/http_engine.hpp"

namespace workspace_test {

enum class Way { embedded, http };

inline constexpr const char* kUser = "bulwark";
inline constexpr const char* kPassword = "p&ss word";

// The process that answers ClickHouse's HTTP interface.
class ChdbHttpServer {
 public:
  explicit ChdbHttpServer(const std::filesystem::path& folder) {
    const char* program = std::getenv("BULWARK_CHDB_HTTP_SERVER");
    std::array<int, 2> in{}, out{};
    if (!program || ::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) return;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    std::array<std::string, 5> words{program, workspace::find_chdb_library().string(), folder.string(), kUser, kPassword};
    std::array<char*, 6> arguments{words[0].data(), words[1].data(), words[2].data(), words[3].data(), words[4].data(), nullptr};
    if (::posix_spawn(&pid_, program, &actions, nullptr, arguments.data(), environ) != 0) pid_ = -1;
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    stdin_ = in[1];
    char c = 0;
    while (::read(out[0], &c, 1) == 1 && c != '\n') port_ += c;
    ::close(out[0]);
  }
  ChdbHttpServer(const ChdbHttpServer&) = delete;
  ChdbHttpServer& operator=(const ChdbHttpServer&) = delete;
  ~ChdbHttpServer() {
    if (stdin_ >= 0) ::close(stdin_);
    if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
  }

  bool started() const { return !port_.empty(); }
  std::string url() const { return "http://127.0.0.1:" + port_ + "/"; }
  void kill() {
    ::kill(pid_, SIGKILL);
    ::waitpid(std::exchange(pid_, -1), nullptr, 0);
  }

 private:
  pid_t pid_ = -1;
  int stdin_ = -1;
  std::string port_;
};

// The engines of this test program, each opened at its first use.
class Engines : public ::testing::Environment {
 public:
  void TearDown() override {
    embedded_.reset();
    http_.reset();
    server_.reset();
  }

  workspace::SqlEngine& get(Way way) {
    std::unique_ptr<workspace::SqlEngine>& engine = way == Way::embedded ? embedded_ : http_;
    if (!engine) engine = way == Way::embedded ? open_embedded() : open_http();
    return *engine;
  }

  // Closed and opened again on the same data; the server is killed with SIGKILL.
  void restart(Way way) {
    if (way == Way::embedded) embedded_.reset();
    else {
      get(way);
      http_.reset();
      server_->kill();
      server_.reset();
    }
  }
  const ChdbHttpServer& server() {
    get(Way::http);
    return *server_;
  }

 private:
  std::filesystem::path folder(const char* name) {
    if (!dir_) dir_.emplace(base::TempDir::create().value());
    return dir_->path() / name;
  }
  std::unique_ptr<workspace::SqlEngine> open_embedded() {
    workspace::ChdbOptions options;
    options.folder = folder("embedded");
    auto engine = workspace::open_chdb(options);
    if (!engine) throw std::runtime_error(engine.error().message);
    return std::move(*engine);
  }
  std::unique_ptr<workspace::SqlEngine> open_http() {
    server_ = std::make_unique<ChdbHttpServer>(folder("http"));
    if (!server_->started()) throw std::runtime_error("chdb_http_server did not start; BULWARK_CHDB_HTTP_SERVER names it");
    auto engine = workspace::http_engine({server_->url(), kUser, kPassword, "", true}, net::curl_transport({}));
    if (!engine) throw std::runtime_error(engine.error().message);
    return std::move(*engine);
  }

  std::optional<base::TempDir> dir_;
  std::unique_ptr<workspace::SqlEngine> embedded_;
  std::unique_ptr<ChdbHttpServer> server_;
  std::unique_ptr<workspace::SqlEngine> http_;
};

inline Engines* const kEngines = static_cast<Engines*>(::testing::AddGlobalTestEnvironment(new Engines));  // GoogleTest's own
inline Engines& engines() { return *kEngines; }

// Skips the test where the library is not there; in ./check, which installs it, that is a failure.
inline bool library_is_missing() {
  return !std::filesystem::exists(workspace::find_chdb_library());
}

#define NEED_ENGINE_LIBRARY()                                                                                           \
  if (workspace_test::library_is_missing()) {                                                                           \
    if (std::getenv("BULWARK_ENGINE_REQUIRED")) FAIL() << "no file " << workspace::find_chdb_library();                 \
    GTEST_SKIP() << "no file " << workspace::find_chdb_library() << "; `npm ci` in a copy of scripts/engine brings it"; \
  }

// Tests that hold for each engine. Each has a database of its own, `db`.
class EngineTest : public ::testing::TestWithParam<Way> {
 protected:
  void SetUp() override {
    NEED_ENGINE_LIBRARY();
    std::string name = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    db = name.substr(0, name.find('/'));
    run("DROP DATABASE IF EXISTS " + db);
    run("CREATE DATABASE " + db);
  }

  workspace::SqlEngine& engine() { return engines().get(GetParam()); }
  void restart() { engines().restart(GetParam()); }

  void run(const std::string& sql) {
    const auto done = engine().execute(sql);
    ASSERT_TRUE(done) << sql << ": " << done.error().message;
  }
  base::Result<workspace::QueryAnswer> ask(const std::string& sql, const std::string& id = "") {
    workspace::SqlQuery query;
    query.sql = sql;
    query.id = id;
    return engine().query(query);
  }
  // The answer as text: rows by '\n', columns by '|', nulls as "null".
  std::string text(const std::string& sql);

  std::string db;
};

std::string text_of(const model::ValueTable& table);

inline std::string EngineTest::text(const std::string& sql) {
  const auto answer = ask(sql);
  return answer ? text_of(answer->table) : answer.error().message;
}

inline std::string text_of(const model::ValueTable& table) {
  std::string out;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (row > 0) out += '\n';
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const model::Column& column = table.columns[i];
      if (i > 0) out += '|';
      if (column.is_null(row)) out += "null";
      else if (model::column_form(column.type) == model::ColumnForm::texts) out += column.text(row);
      else if (model::column_form(column.type) == model::ColumnForm::reals) out += std::to_string(column.real(row));
      else out += std::to_string(column.integer(row));
    }
  }
  return out;
}

inline const auto kWays =
#ifdef BULWARK_SANITIZED
    ::testing::Values(Way::http);
#else
    ::testing::Values(Way::embedded, Way::http);
#endif

inline std::string way_name(const ::testing::TestParamInfo<Way>& info) { return info.param == Way::embedded ? "embedded" : "http"; }

}  // namespace workspace_test
