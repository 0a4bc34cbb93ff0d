// SPDX-License-Identifier: Apache-2.0
#include "workspace/chdb_session.hpp"

#include <fmt/format.h>

#include <mutex>
#include <string>

#include "workspace/clickhouse_error.hpp"

namespace workspace {

namespace {

// Opening and closing take turns.
std::mutex& opening() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

SignalKeeper::SignalKeeper() {
  for (std::size_t i = 0; i < kChdbSignals.size(); ++i) ::sigaction(kChdbSignals[i], nullptr, &before_[i]);
}

SignalKeeper::~SignalKeeper() {
  for (std::size_t i = 0; i < kChdbSignals.size(); ++i) ::sigaction(kChdbSignals[i], &before_[i], nullptr);
}

std::filesystem::path chdb_configuration_file(const std::filesystem::path& folder) { return folder / "engine.xml"; }

base::Result<ChdbSession> ChdbSession::open(const ChdbApi& api, const std::filesystem::path& folder) {
  std::array<std::string, 3> arguments{"clickhouse", "--path=" + (folder / "data").string(),
                                       "--config-file=" + chdb_configuration_file(folder).string()};
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

ChdbSession::~ChdbSession() {
  if (!connection_) return;
  const std::lock_guard lock(opening());
  api_->close(connection_);
}

base::Result<ChdbResultPtr> ChdbSession::run(std::string_view sql, std::string_view format) {
  ChdbResultPtr result(api_->query(*connection_, sql.data(), sql.size(), format.data(), format.size()), ChdbResultFree{api_});
  if (!result) return base::fail(base::Kind::internal, "the engine of the workspace gave no answer");
  const char* error = api_->error(result.get());
  if (error && *error) return base::fail(clickhouse_error(error));
  return result;
}

}  // namespace workspace
