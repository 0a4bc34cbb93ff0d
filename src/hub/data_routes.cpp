// SPDX-License-Identifier: Apache-2.0
// Vulnerability data, and a copy of the state.
#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <mutex>

#include "base/files.hpp"
#include "hub/apply.hpp"
#include "hub/data_jobs.hpp"
#include "hub/routes.hpp"
#include "hub/view_query.hpp"

namespace hub {

namespace {

base::Result<net::ServerResponse> get_data(const Context& context, const ApiCall&) { return json_response(TRY(data_status(context))); }

base::Result<net::ServerResponse> import_data(const Context& context, const ApiCall& call) {
  if (call.http.body.empty()) return base::fail(base::Kind::invalid_input, "The body is empty; send a file that bulwark db import takes.");
  const auto folder = TRY(base::TempDir::create("bulwark-import"));
  const auto file = folder.path() / "import";
  TRY(base::write_file_atomically(file, call.http.body));
  const auto report = TRY(context.services.data.import({file}));
  TRY(queue_match(context));
  base::JsonArray sources;
  for (const auto& source : report.sources) sources.emplace_back(base::JsonObject{{"name", source.name}, {"records", source.records}, {"newest", source.newest}});
  return json_response(base::JsonObject{{"sources", std::move(sources)}, {"warnings", texts_json(report.warnings)}, {"refused", report.refused}});
}

base::Result<net::ServerResponse> refresh_data(const Context& context, const ApiCall&) {
  TRY(queue_refresh(context, store::now_ms()));
  return json_response(base::JsonObject{{"status", "Accepted"}}, 202);
}

// An archive lies on the disk while it is made and read: one at a time.
struct BackupDesk {
  std::mutex mutex;                // held while one is made; guards `given`
  std::weak_ptr<const void> given; // what somebody reads
};

base::Result<net::ServerResponse> get_backup(const Context& context, BackupDesk& desk) {
  const std::unique_lock turn(desk.mutex, std::try_to_lock);
  if (!turn || !desk.given.expired()) return base::fail(base::Kind::conflict, "Another backup is being made or read; ask again when that is done.");
  const auto archive = std::make_shared<base::MappedFile>(TRY(backup_without_keys(context.options.data_dir)));
  net::ServerResponse response;
  response.static_body = archive->bytes();
  response.body_owner = archive;
  desk.given = archive;
  response.headers = {{"Content-Type", "application/gzip"}, {"Content-Disposition", "attachment; filename=\"bulwark.tar.gz\""}};
  return response;
}

}  // namespace

void add_data_routes(Api& api, const Context& context) {
  using View = base::Result<net::ServerResponse> (*)(const Context&, const ApiCall&);
  const auto add = [&](const char* method, const char* pattern, const char* action, View view) {
    api.add({method, pattern, action, [&context, view](const ApiCall& call) { return view(context, call); }});
  };
  add("GET", "/api/v1/data", "Bulwark.Hub/data/read", get_data);
  api.add({"POST", "/api/v1/data/import", "Bulwark.Hub/data/write", [&context](const ApiCall& call) { return import_data(context, call); }, false});
  add("POST", "/api/v1/data/refresh", "Bulwark.Hub/data/write", refresh_data);
  api.add({"GET", "/api/v1/backup", "Microsoft.Authorization/backup/write",
           [&context, desk = std::make_shared<BackupDesk>()](const ApiCall&) { return get_backup(context, *desk); }});
}

void add_routes(Api& api, const Context& context) {
  add_session_routes(api, context);
  add_view_routes(api, context);
  add_image_routes(api, context);
  add_identity_routes(api, context);
  add_data_routes(api, context);
  add_host_routes(api, context);
  add_container_routes(api, context);
  add_apply_routes(api, context);
}

}  // namespace hub
