// SPDX-License-Identifier: Apache-2.0
#include "hub/logs/open_workspaces.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hub/logs/row_transform.hpp"
#include "hub/logs/work_queue.hpp"
#include "workspace/chdb_api.hpp"
#include "workspace/chdb_engine.hpp"
#include "workspace/ingest/body_rows.hpp"
#include "workspace/ingest/ingestion.hpp"
#include "workspace/ingest/otlp_logs.hpp"
#include "workspace/lazy_engine.hpp"
#include "workspace/query/workspace_query.hpp"

namespace hub {

namespace {

using workspace::TableSpec;
using workspace::WorkspaceRef;

// A hub that ends waits for these.
constexpr std::chrono::seconds kFlushBeforePurge{20}, kPurgeAtOnce{2};
constexpr std::chrono::seconds kFlushBeforeDrop{5}, kLongestSetUp{20};

// What the parts stand on; it lives as long as they do.
struct Foundation {
  workspace::TablePlace place(std::string_view workspace) const { return workspace::workspace_place(workspace, cluster); }

  std::string cluster;  // empty: one server, or the embedded engine
  std::unique_ptr<workspace::LazyEngine> engine;
  std::unique_ptr<workspace::TableCatalog> catalog;
  std::unique_ptr<workspace::Ingestion> ingestion;
  WorkQueue behind_the_caller;  // what takes the engine some seconds, and no request waits for; ends first
};

base::Result<BodyRows> views(base::Result<std::vector<std::string_view>> rows) {
  return BodyRows{TRY(std::move(rows)), {}};
}

base::Result<BodyRows> made(base::Result<std::vector<std::string>> rows) {
  BodyRows out;
  for (std::string& row : TRY(std::move(rows))) out.made.push_back(std::move(row));
  for (const std::string& row : out.made) out.rows.push_back(row);
  return out;
}

bool is_custom(std::string_view table) {
  return table.size() > workspace::kCustomEnding.size() && table.substr(table.size() - workspace::kCustomEnding.size()) == workspace::kCustomEnding;
}

base::Result<void> declare_custom(workspace::TableCatalog& catalog, const WorkspaceRef& workspace, const TableSpec& spec) {
  if (!is_custom(spec.schema.name)) return {};
  TRY(catalog.declare(workspace.id, {spec.schema.name, spec.schema.description, spec.schema.columns, spec.retention_days}));
  return {};
}

// Custom tables have the columns that the catalog keeps, whoever says more of them; one that it has no more was deleted.
std::vector<TableSpec> as_kept(const workspace::TableCatalog& catalog, const WorkspaceRef& workspace, const std::vector<TableSpec>& specs) {
  std::vector<TableSpec> out;
  for (const TableSpec& spec : specs) {
    const auto kept = is_custom(spec.schema.name) ? catalog.find(workspace.id, spec.schema.name) : nullptr;
    if (!kept && is_custom(spec.schema.name)) continue;
    out.push_back(kept ? *kept : spec);
    out.back().retention_days = spec.retention_days;
  }
  return out;
}

// Every table is there before the first query asks for it, or the query waits (QueriesOfNewTables).
void set_up_tables(const std::shared_ptr<Foundation>& foundation, const WorkspaceRef& workspace, const std::vector<TableSpec>& specs) {
  const workspace::TablePlace place = foundation->place(workspace.id);
  const auto step = [place, workspace, specs, catalog = foundation->catalog.get()](workspace::SqlEngine& engine) {
    return workspace::set_up_tables(engine, as_kept(*catalog, workspace, specs), place);
  };
  foundation->behind_the_caller.add([engine = foundation->engine.get(), step, name = workspace.name] {
    const auto done = engine->prepare(step);
    if (!done) fmt::print(stderr, "bulwark: the tables of workspace {} are not as they should be: {}\n", name, done.error().message);
  });
}

// Rows on their way go with the table that they were sent to: a new one of that name may have other columns.
base::Result<void> drop_table(const std::shared_ptr<Foundation>& foundation, const WorkspaceRef& workspace, std::string_view table) {
  (void)foundation->ingestion->flush(kFlushBeforeDrop);
  TRY(foundation->catalog->remove(workspace.id, table));
  return foundation->engine->prepare([statements = workspace::drop_table_sql(table, foundation->place(workspace.id))](workspace::SqlEngine& engine) -> base::Result<void> {
    for (const std::string& statement : statements) TRY(engine.execute(statement));
    return {};
  });
}

void drop_workspace(const std::shared_ptr<Foundation>& foundation, const WorkspaceRef& workspace) {
  const std::string statement = workspace::drop_database_sql(foundation->place(workspace.id));
  foundation->behind_the_caller.add([engine = foundation->engine.get(), statement, name = workspace.name] {
    const auto done = engine->prepare([statement](workspace::SqlEngine& open) { return open.execute(statement); });
    if (!done) fmt::print(stderr, "bulwark: the rows of workspace {} could not be deleted: {}\n", name, done.error().message);
  });
}

// What is on its way is to go, too, so it arrives first.
base::Result<void> purge_rows(const Foundation& foundation, const WorkspaceRef& workspace, const TableSpec& spec, const workspace::Purge& purge) {
  const workspace::TablePlace place = foundation.place(workspace.id);
  workspace::SqlEngine& engine = *foundation.engine;
  const std::string& table = spec.schema.name;
  if (!TRY(workspace::purge_state(engine, table, place, purge.id)).begun) {
    if (!foundation.ingestion->flush(kFlushBeforePurge))
      return base::fail(base::Kind::unavailable, "rows that were taken in before are not in their tables yet; the purge waits for them");
    const auto kept = as_kept(*foundation.catalog, workspace, {spec});
    TRY(workspace::begin_purge(engine, kept.front(), place, purge));
  }
  if (TRY(workspace::wait_for_purge(engine, table, place, purge.id, kPurgeAtOnce))) return {};
  return base::fail(base::Kind::cancelled, "the engine is at it");
}

providers::WorkspaceTables tables_on(const std::shared_ptr<Foundation>& foundation, const workspace::TableSpecs& specs) {
  providers::WorkspaceTables out{specs, {}, {}, {}, {}, {}};
  out.custom = [foundation](const WorkspaceRef& workspace) -> base::Result<std::vector<TableSpec>> {
    std::vector<TableSpec> tables;
    for (const auto& table : foundation->catalog->all(workspace.id))
      if (is_custom(table->schema.name)) tables.push_back(*table);
    return tables;
  };
  out.set_up = [foundation](const WorkspaceRef& workspace, const TableSpec& spec) -> base::Result<void> {
    TRY(declare_custom(*foundation->catalog, workspace, spec));
    set_up_tables(foundation, workspace, {spec});
    return {};
  };
  out.remove = [foundation](const WorkspaceRef& workspace, std::string_view table) { return drop_table(foundation, workspace, table); };
  out.set_up_workspace = [foundation](const WorkspaceRef& workspace, const std::vector<TableSpec>& tables, int retention_days) {
    foundation->catalog->set_retention(workspace.id, retention_days);
    set_up_tables(foundation, workspace, tables);
  };
  out.remove_workspace = [foundation](const WorkspaceRef& workspace) { drop_workspace(foundation, workspace); };
  out.purge = [foundation](const WorkspaceRef& workspace, const TableSpec& spec, const workspace::Purge& purge) { return purge_rows(*foundation, workspace, spec, purge); };
  return out;
}

// A table or column may be asked for as soon as the request that made it is answered, which the engine may not have made yet.
// A query that fails meanwhile waits, and is run again.
class QueriesOfNewTables final : public workspace::QueryService {
 public:
  QueriesOfNewTables(std::unique_ptr<workspace::QueryService> service, const WorkQueue& work) : service_(std::move(service)), work_(work) {}

  tl::expected<workspace::QueryOutcome, workspace::QueryFailure> run(const workspace::QueryRequest& request) override {
    const bool busy = work_.is_busy();
    auto outcome = service_->run(request);
    if (outcome || !busy || !is_of_missing(outcome.error())) return outcome;
    work_.wait(std::min<std::chrono::milliseconds>(kLongestSetUp, request.limits.time));
    return service_->run(request);
  }
  base::Result<std::vector<workspace::QueryDiagnostic>> check(const workspace::QueryRequest& request) override { return service_->check(request); }
  base::Result<void> cancel(std::string_view query_id) override { return service_->cancel(query_id); }
  base::Result<std::vector<model::TableSchema>> schema(const WorkspaceRef& workspace) override { return service_->schema(workspace); }

 private:
  // The engine's word, not what the query's text has wrong: that is known without it.
  static bool is_of_missing(const workspace::QueryFailure& failure) {
    return failure.diagnostics.empty() && (failure.error.kind == base::Kind::not_found || failure.error.kind == base::Kind::internal);
  }

  const std::unique_ptr<workspace::QueryService> service_;
  const WorkQueue& work_;
};

std::shared_ptr<workspace::QueryService> query_service_on(const std::shared_ptr<Foundation>& foundation) {
  workspace::WorkspaceQueryOptions options;
  options.tables = [foundation](std::string_view workspace) { return foundation->catalog->all(workspace); };
  options.place = [cluster = foundation->cluster](std::string_view workspace) { return workspace::workspace_place(workspace, cluster); };
  // It ends before what it stands on.
  auto service = std::make_unique<QueriesOfNewTables>(workspace::make_query_service(*foundation->engine, std::move(options)), foundation->behind_the_caller);
  return {service.release(), [foundation](workspace::QueryService* one) { delete one; }};
}

std::vector<TakenIn> taken_in(const workspace::Ingestion& ingestion) {
  std::vector<TakenIn> out;
  for (const workspace::TableUsage& usage : ingestion.usage()) out.push_back({usage.workspace, usage.table, usage.rows, usage.billed_bytes, usage.batches});
  return out;
}

base::Result<std::shared_ptr<WorkspaceParts>> parts_on(const std::filesystem::path& folder, const workspace::TableSpecs& specs, workspace::LazyEngine::Open open,
                                                       const std::string& cluster) {
  auto foundation = std::make_shared<Foundation>();
  foundation->cluster = cluster;
  foundation->engine = std::make_unique<workspace::LazyEngine>(std::move(open));
  foundation->catalog = TRY(workspace::TableCatalog::open(specs, folder / "tables"));
  workspace::IngestionOptions options;
  options.folder = folder;
  options.place = [cluster](std::string_view workspace) { return workspace::workspace_place(workspace, cluster); };
  foundation->ingestion = TRY(workspace::Ingestion::start(options, *foundation->catalog, *foundation->engine));
  WorkspaceParts parts{query_service_on(foundation),
                       std::shared_ptr<workspace::RecordSink>(foundation, foundation->ingestion.get()),
                       [](std::string_view body) { return views(workspace::rows_of_json(body)); },
                       [](std::string_view body) { return views(workspace::rows_of_lines(body)); },
                       [](std::string_view body) { return made(workspace::otlp_json_rows(body)); },
                       [](std::string_view body) { return made(workspace::otlp_protobuf_rows(body)); },
                       transform_rows,
                       tables_on(foundation, specs),
                       [foundation] { return taken_in(*foundation->ingestion); },
                       workspace::gate_of(folder),
                       [foundation](std::chrono::milliseconds most) { return foundation->ingestion->flush(most); }};
  return std::make_shared<WorkspaceParts>(std::move(parts));
}

}  // namespace

base::Result<std::shared_ptr<WorkspaceParts>> open_embedded_workspaces(const std::filesystem::path& data_dir, const workspace::TableSpecs& specs) {
  const auto library = workspace::find_chdb_library();
  if (!std::filesystem::exists(library)) {
    fmt::print(stderr, "bulwark: {} is not there, so this hub keeps no records and answers no queries\n", library.string());
    return std::make_shared<WorkspaceParts>(parts_without_engine(specs));
  }
  const std::filesystem::path folder = std::filesystem::absolute(data_dir) / "workspace";
  return parts_on(folder, specs, [library, folder] { return workspace::open_chdb({library, folder / "engine"}); }, {});
}

base::Result<std::shared_ptr<WorkspaceParts>> open_clickhouse_workspaces(const std::filesystem::path& data_dir, const workspace::TableSpecs& specs,
                                                                         const ClickhouseServer& server) {
  const auto open = [server]() -> base::Result<std::unique_ptr<workspace::SqlEngine>> {
    net::TransportOptions transport;
    transport.ca_file = server.ca_file;
    return workspace::http_engine(server.http, net::curl_transport(transport));
  };
  TRY(open());  // what is wrong with the settings is told at the start; nothing is sent yet
  return parts_on(std::filesystem::absolute(data_dir) / "workspace", specs, open, server.http.cluster);
}

}  // namespace hub
