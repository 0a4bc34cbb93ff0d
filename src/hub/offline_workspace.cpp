// SPDX-License-Identifier: Apache-2.0
#include "hub/offline_workspace.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "hub/installation.hpp"
#include "hub/logs/open_workspaces.hpp"
#include "providers/operational_insights/workspace_tables.hpp"
#include "store/database.hpp"
#include "workspace/chdb_api.hpp"
#include "workspace/timespan.hpp"

namespace hub {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes kFlushTime{5};

// The engine writes to the directory: files of another user in it would stop the hub.
base::Result<void> check_directory(const fs::path& data_dir) {
  struct stat found {};
  if (::stat((data_dir / "state.db").c_str(), &found) != 0 || ::stat(data_dir.c_str(), &found) != 0)
    return base::fail(base::Kind::not_found, fmt::format("{} is no data directory of a hub: it has no state.db", data_dir.string()));
  if (found.st_uid == ::geteuid()) return {};
  return base::fail(base::Kind::denied, fmt::format("{} belongs to another user; ask as that one: sudo -u '#{}' bulwark query …", data_dir.string(), found.st_uid));
}

base::Result<DataFolder> lock_directory(const fs::path& data_dir) {
  auto locked = DataFolder::open(data_dir);
  if (locked || locked.error().kind != base::Kind::conflict) return locked;
  return base::fail(base::Kind::conflict, fmt::format("a hub runs with the data directory {}; ask that hub instead (bulwark query --hub URL), or stop it first",
                                                      data_dir.string()));
}

std::string names_of(const std::vector<providers::Workspace>& workspaces) {
  std::vector<std::string> names;
  for (const auto& one : workspaces) names.push_back(one.ref.name);
  return base::join(names, ", ");
}

base::Result<providers::Workspace> choose(const std::vector<providers::Workspace>& workspaces, std::string_view name) {
  if (name.empty() && workspaces.size() == 1) return workspaces.front();
  if (name.empty())
    return base::fail(base::Kind::invalid_input, fmt::format("there are several workspaces; choose one with --workspace: {}", names_of(workspaces)));
  if (const auto* found = providers::find_workspace(workspaces, name)) return *found;
  return base::fail(base::Kind::not_found, fmt::format("there is no workspace '{}'; there is: {}", base::printable(name), names_of(workspaces)));
}

class OpenWorkspace final : public OfflineWorkspace {
 public:
  explicit OpenWorkspace(DataFolder folder) : folder_(std::move(folder)) {}

  base::Result<void> load(const fs::path& data_dir, std::string_view name);
  tl::expected<workspace::QueryOutcome, workspace::QueryFailure> query(std::string_view text, std::string_view timespan) override;
  void cancel() override { (void)parts_->queries->cancel(query_id_); }

 private:
  base::Result<workspace::QueryRequest> request_of(std::string_view text, std::string_view timespan) const;

  const std::string query_id_ = base::uuid4();  // of the one query at a time
  DataFolder folder_;
  std::unique_ptr<store::Database> database_;
  std::vector<providers::Workspace> workspaces_;
  providers::Workspace chosen_;
  std::vector<workspace::StoredFunction> functions_;
  std::optional<workspace::TableSpecs> tables_;
  std::shared_ptr<WorkspaceParts> parts_;  // ends first
};

base::Result<void> OpenWorkspace::load(const fs::path& data_dir, std::string_view name) {
  database_ = TRY(store::open_sqlite({data_dir / "state.db"}));
  TRY(database_->read([&](store::Session& session) -> base::Result<void> {
    workspaces_ = TRY(providers::load_workspaces(session));
    chosen_ = TRY(choose(workspaces_, name));
    functions_ = TRY(providers::load_functions(session, chosen_.key));
    return {};
  }));
  tables_ = TRY(workspace::TableSpecs::load());
  parts_ = TRY(open_embedded_workspaces(data_dir, *tables_));
  TRY(providers::set_up_workspaces(*database_, parts_->tables));
  if (!parts_->flush(kFlushTime))
    return base::fail(base::Kind::unavailable, fmt::format("the records that wait in {} do not get into their tables; standard error says why",
                                                           (data_dir / "workspace" / "spool").string()));
  return {};
}

base::Result<workspace::QueryRequest> OpenWorkspace::request_of(std::string_view text, std::string_view timespan) const {
  workspace::QueryRequest request;
  request.text = text;
  if (!timespan.empty()) request.timespan = TRY(workspace::parse_timespan(timespan, workspace::now_ticks()));
  request.workspaces = {chosen_.ref};
  request.functions = functions_;
  request.id = query_id_;
  request.find_workspace = [this](std::string_view name) -> std::optional<workspace::WorkspaceRef> {
    const auto* found = providers::find_workspace(workspaces_, name);
    return found ? std::optional(found->ref) : std::nullopt;
  };
  return request;
}

tl::expected<workspace::QueryOutcome, workspace::QueryFailure> OpenWorkspace::query(std::string_view text, std::string_view timespan) {
  const auto request = request_of(text, timespan);
  if (!request) return tl::make_unexpected(workspace::QueryFailure{request.error(), {}});
  return parts_->queries->run(*request);
}

}  // namespace

base::Result<std::unique_ptr<OfflineWorkspace>> OfflineWorkspace::open(const fs::path& data_dir, std::string_view name) {
  TRY(check_directory(data_dir));
  auto opened = std::make_unique<OpenWorkspace>(TRY(lock_directory(data_dir)));
  if (const auto library = workspace::find_chdb_library(); !fs::exists(library))
    return base::fail(base::Kind::not_found, fmt::format("the engine that keeps the records is not there: no file {}; BULWARK_ENGINE_LIBRARY names another place",
                                                         library.string()));
  TRY(opened->load(data_dir, name));
  return opened;
}

}  // namespace hub
