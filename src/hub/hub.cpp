// SPDX-License-Identifier: Apache-2.0
#include "hub/hub.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <thread>

#include "base/text.hpp"
#include "hub/api.hpp"
#include "hub/apply.hpp"
#include "hub/context.hpp"
#include "hub/data_jobs.hpp"
#include "hub/installation.hpp"
#include "hub/job_runner.hpp"
#include "hub/logs/ingest_api.hpp"
#include "hub/logs/logs_api.hpp"
#include "hub/logs/record_feed.hpp"
#include "hub/logs/row_transform.hpp"
#include "hub/logs/workspace_parts.hpp"
#include "hub/metrics.hpp"
#include "hub/own_agent.hpp"
#include "hub/routes.hpp"
#include "hub/scheduler.hpp"
#include "hub/version.hpp"
#include "hub/static_files.hpp"
#include "net/server.hpp"
#include "net/url.hpp"
#include "providers/authorization/authorization.hpp"
#include "providers/container_registry/container_registry.hpp"
#include "providers/container_registry/image_scan.hpp"
#include "providers/container_registry/intake.hpp"
#include "providers/container_registry/registry_poll.hpp"
#include "providers/hybrid_compute/hybrid_compute.hpp"
#include "providers/insights/insights.hpp"
#include "providers/operational_insights/workspace_purge.hpp"
#include "providers/operational_insights/workspace_tables.hpp"
#include "providers/security/security.hpp"

namespace hub {

namespace {

constexpr std::chrono::milliseconds kGrace{10'000};
constexpr std::size_t kImportBytes = 1u << 30;

class RunningHub final : public Hub {
 public:
  static base::Result<std::unique_ptr<RunningHub>> start(HubOptions options);
  ~RunningHub() override { stop(); }

  std::string url() const override { return url_; }
  std::optional<std::string> sign_in_link() const override { return link_; }
  std::optional<std::string> fingerprint() const override { return fingerprint_; }
  void stop() override;

 private:
  explicit RunningHub(HubOptions options) : options_(std::move(options)) {}

  base::Result<void> open_stores();
  base::Result<void> open_identity();
  base::Result<void> open_workspaces();
  void declare();
  void add_jobs();
  base::Result<void> first_start();
  base::Result<void> listen(std::optional<net::TlsIdentity> tls);
  net::ServerResponse route(const net::ServerRequest& request);
  net::ServerResponse answer(const net::ServerRequest& request);
  bool is_ready();

  const HubOptions options_;
  std::optional<DataFolder> folder_;  // closed after all that is in it
  std::unique_ptr<store::Database> database_;
  std::optional<store::Vault> vault_;
  std::optional<security::Recommendations> recommendations_;
  std::unique_ptr<providers::VulnerabilityData> data_;
  std::unique_ptr<net::HttpTransport> transport_;
  std::unique_ptr<security::Assessor> assessor_;
  std::unique_ptr<identity::Identity> identity_;
  std::unique_ptr<arm::AccessControl> access_control_;
  std::unique_ptr<arm::ResourceManager> manager_;
  EventBus events_;
  scan::LayerClaims layer_claims_;
  providers::Installation installation_;
  std::optional<providers::Services> services_;
  std::optional<workspace::TableSpecs> tables_;
  std::shared_ptr<WorkspaceParts> workspaces_;
  std::optional<IngestSeams> ingest_seams_;
  std::unique_ptr<providers::hybrid_compute::Hosts> hosts_;
  std::optional<Context> context_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<LogsApi> logs_api_;
  std::unique_ptr<IngestApi> ingest_api_;
  std::unique_ptr<JobRunner> jobs_;
  std::unique_ptr<Scheduler> scheduler_;
  std::unique_ptr<RecordFeed> record_feed_;
  std::unique_ptr<OwnAgent> own_agent_;
  std::unique_ptr<net::HttpServer> server_;
  std::string url_, pin_;
  std::optional<std::string> link_, fingerprint_;
  bool stopped_ = false;
};

base::Result<std::unique_ptr<RunningHub>> RunningHub::start(HubOptions options) {
  auto hub = std::unique_ptr<RunningHub>(new RunningHub(std::move(options)));
  if (hub->options_.data_dir.empty()) return base::fail(base::Kind::invalid_input, "--data DIR is missing: where the hub keeps its state");
  hub->folder_.emplace(TRY(DataFolder::open(hub->options_.data_dir)));
  auto certificate = TRY(load_tls(hub->options_));
  if (certificate && hub->options_.certificate_file.empty()) hub->fingerprint_ = TRY(net::certificate_fingerprint(certificate->certificate_pem));
  // Of one that an authority signed agents ask that authority: it is renewed, and its fingerprint changes.
  if (certificate && TRY(net::is_self_signed(certificate->certificate_pem))) hub->pin_ = TRY(net::certificate_fingerprint(certificate->certificate_pem));
  TRY(hub->open_stores());
  TRY(hub->open_identity());
  TRY(hub->open_workspaces());
  hub->declare();
  hub->add_jobs();
  TRY(hub->first_start());
  if (!hub->options_.configuration_file.empty()) TRY_CONTEXT(apply_file(*hub->context_, hub->options_.configuration_file), hub->options_.configuration_file.string());
  TRY(hub->listen(std::move(certificate)));
  TRY(hub->jobs_->start());
  hub->scheduler_->start();
  hub->record_feed_->start();
  hub->own_agent_ = TRY_CONTEXT(OwnAgent::start(*hub->hosts_, hub->options_), "watching this machine (--own-machine no goes without)");
  return hub;
}

base::Result<void> RunningHub::open_stores() {
  database_ = TRY(store::open_sqlite({options_.data_dir / "state.db"}));
  vault_ = TRY(store::Vault::open(options_.data_dir / "hub.key"));
  recommendations_ = TRY(security::Recommendations::load());
  data_ = TRY(providers::VulnerabilityData::open(options_.database_file.empty() ? options_.data_dir / "advisories.db" : options_.database_file));
  installation_ = TRY(load_installation(*database_));
  transport_ = net::curl_transport({});
  assessor_ = std::make_unique<security::Assessor>(*recommendations_, [this](const security::Change& change) {
    events_.publish("assessment", {{"key", change.subject.assessment_key},
                                   {"id", change.subject.resource_id},
                                   {"status", change.after},
                                   {"previous", change.before},
                                   {"counts", security::to_json(change.counts)}});
  });
  imagecheck::EngineOptions checks;
  checks.secret_rules = options_.secret_rules;
  checks.yara_rules = options_.yara_rules;
  services_.emplace(providers::Services{*database_, *vault_, *assessor_, *data_, TRY(imagecheck::Engine::create(checks)), options_.data_dir / "cache", layer_claims_, installation_.subscription_id, "default",
                                        options_.allow_private_registries,
                                        [this](std::string_view event, const base::JsonObject& data) { events_.publish(event, data); },
                                        [this] {
                                          if (jobs_) jobs_->wake();
                                        }});
  uplink::Settings agents;
  agents.heartbeat_seconds = options_.heartbeat_seconds;
  agents.trusted_users = options_.trusted_users;
  agents.trusted_images = options_.trusted_images;
  hosts_ = std::make_unique<providers::hybrid_compute::Hosts>(*services_, agents);
  return {};
}

base::Result<void> RunningHub::open_identity() {
  identity::Options options;
  options.tenant_id = installation_.tenant_id;
  options.issuer_url = options_.public_url;
  options.oidc = options_.oidc;
  options.key_file = (options_.data_dir / "hub.key").string();
  identity_ = TRY(identity::Identity::open(*database_, *transport_, std::move(options)));
  access_control_ = TRY(arm::AccessControl::open(*database_));
  manager_ = std::make_unique<arm::ResourceManager>(*database_, *access_control_, *identity_);
  return {};
}

base::Result<void> RunningHub::open_workspaces() {
  tables_ = TRY(workspace::TableSpecs::load());
  workspaces_ = options_.open_workspaces ? TRY(options_.open_workspaces(options_.data_dir, *tables_)) : std::make_shared<WorkspaceParts>(parts_without_engine(*tables_));
  const auto& parts = *workspaces_;
  ingest_seams_.emplace(IngestSeams{*parts.records, *tables_, parts.json, parts.json_lines, parts.otlp_json, parts.otlp_protobuf, parts.transform});
  LogsApiOptions logs;
  logs.examples = TRY(workspace::load_example_queries());
  logs_api_ = std::make_unique<LogsApi>(*database_, *manager_, *parts.queries, std::move(logs));
  ingest_api_ = std::make_unique<IngestApi>(*database_, *vault_, *manager_, *ingest_seams_);
  RecordFeedOptions feed;
  TRY(database_->write([&](store::Session& session) -> base::Result<void> {
    feed.workspace = TRY(providers::ensure_default_workspace(session, *vault_, installation_.subscription_id)).ref.id;
    return {};
  }));
  feed.subscription = installation_.subscription_id;
  feed.version = version();
  feed.usage = parts.usage;
  feed.gate = parts.gate;
  record_feed_ = std::make_unique<RecordFeed>(*database_, *recommendations_, *parts.records, feed);
  return providers::set_up_workspaces(*database_, parts.tables);
}

void RunningHub::declare() {
  providers::declare_resources(*manager_, installation_);
  providers::declare_authorization(*manager_, *access_control_);
  providers::declare_container_registry(*manager_, *services_);
  providers::hybrid_compute::declare_hybrid_compute(*manager_, *hosts_);
  providers::declare_security(*manager_, *services_, *recommendations_);
  providers::declare_operational_insights(*manager_, *services_, workspaces_->tables);
  providers::declare_insights(*manager_, workspaces_->tables, check_transform);
  context_.emplace(Context{options_, installation_, *services_, *recommendations_, *database_, *identity_, *access_control_, *manager_, events_, url_, *hosts_, pin_});
  api_ = std::make_unique<Api>(*manager_, installation_.subscription_id);
  add_routes(*api_, *context_);
}

void RunningHub::add_jobs() {
  jobs_ = std::make_unique<JobRunner>(*database_, options_.scan_threads + 1);
  const auto& services = *services_;
  jobs_->add(std::string(providers::kScanJob),
             {[&services](const store::Job& job) { return providers::run_scan(services, job); },
              [&services](store::Session& session, const store::Job& job, const base::Error& error, bool final) {
                return providers::scan_failed(services, session, job, error, final);
              }});
  jobs_->add(std::string(providers::kPollJob), {[&services](const store::Job& job) { return providers::run_poll(services, job); }, {}, 3});
  jobs_->add(std::string(providers::kPurgeJob),
             {[&services, this](const store::Job& job) { return providers::run_purge(services, workspaces_->tables, job); }, {}, std::numeric_limits<int>::max()});
  add_data_jobs(*jobs_, *context_, *transport_);
  scheduler_ = std::make_unique<Scheduler>(*context_, *transport_);
}

base::Result<void> RunningHub::first_start() {
  const auto first = TRY(identity_->first_start());
  if (!first) return {};
  TRY(database_->write([&](store::Session& session) -> base::Result<void> {
    for (const auto role : {providers::kOwnerRole, providers::kImageApproverRole})
      TRY(providers::assign_role(session, "/", std::string(role), first->administrator.id, "User", "bulwark"));
    return {};
  }));
  access_control_->forget();
  link_ = "/welcome#" + first->link_token;
  return {};
}

base::Result<void> RunningHub::listen(std::optional<net::TlsIdentity> tls) {
  net::ServerOptions server;
  server.address = options_.address;
  server.port = options_.port;
  server.is_patient = LogsApi::is_query;  // each keeps its worker until it is answered
  const LogsApiOptions logs;
  constexpr std::size_t kTurningAway = 4;  // for those who are told that too many wait
  server.patient_workers = logs.queries_at_once + logs.queries_waiting + kTurningAway;
  const bool secure = tls.has_value();
  server.tls = std::move(tls);
  server.limits.body_bytes_for = [](const std::string&, const std::string& path) {
    if (path == "/api/v1/data/import") return kImportBytes;
    if (const auto cap = IngestApi::body_cap(path)) return *cap;
    if (const auto cap = agent_body_cap(path)) return *cap;
    return path.compare(0, 10, "/webhooks/") == 0 ? std::size_t{1} << 20 : std::size_t{4} << 20;
  };
  server.refusal = [](int status, std::string_view message) {
    return arm::to_response(arm::refuse(status, status == 413 ? "RequestEntityTooLarge" : "BadRequest", message));
  };
  server_ = TRY(net::HttpServer::start(std::move(server), [this](const net::ServerRequest& request) { return answer(request); }));
  const bool bracketed = options_.address.find(':') != std::string::npos;
  url_ = options_.public_url.empty() ? fmt::format("{}://{}:{}", secure ? "https" : "http", bracketed ? "[" + options_.address + "]" : options_.address, server_->port())
                                     : options_.public_url;
  if (link_) link_ = url_ + *link_;
  return keep_url(*database_, url_);
}

net::ServerResponse RunningHub::answer(const net::ServerRequest& request) {
  auto response = route(request);
  add_security_headers(request, response);
  return response;
}

bool starts_with(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

net::ServerResponse RunningHub::route(const net::ServerRequest& request) {
  const std::string& path = request.path;
  if (path == "/healthz") return json_response(base::JsonObject{{"status", "ok"}});
  if (path == "/readyz") return is_ready() ? json_response(base::JsonObject{{"status", "ready"}}) : json_response(base::JsonObject{{"status", "not ready"}}, 503);
  if (path == "/metrics") return serve_metrics(*context_, request, server_->stats());
  if (auto open = serve_open_api(*context_, request)) return *open;
  if (auto told = serve_agents(*context_, request)) return *told;
  if (auto taken = ingest_api_->serve(request)) return *taken;
  if (auto asked = logs_api_->serve(request)) return *asked;
  if (starts_with(path, "/v1/")) return arm::to_response(arm::refuse(404, "PathNotFoundError", fmt::format("There is nothing at {}; queries are asked at /v1/workspaces/{{customerId}}/query.", path)));
  if (starts_with(path, "/api/")) return api_->handle(request);
  constexpr std::string_view kWebhooks = "/webhooks/registries/";
  if (starts_with(path, kWebhooks)) {
    if (request.method != "POST" && request.method != "OPTIONS") return arm::to_response(arm::refuse(405, "MethodNotAllowed", "Deliveries come by POST."));
    return providers::take_webhook(*services_, *manager_, base::percent_decode(std::string_view(path).substr(kWebhooks.size())), request);
  }
  const auto lower = base::to_lower(std::string_view(path).substr(path.find_first_not_of('/') == std::string::npos ? 0 : path.find_first_not_of('/') - 1));
  for (const std::string_view arm_path : {"/subscriptions", "/providers", "/tenants"})
    if (starts_with(lower, arm_path)) return manager_->handle(request);
  if (auto authority = identity_->serve_authority(request)) return *authority;
  return serve_page(request);
}

bool RunningHub::is_ready() {
  return database_->read([](store::Session& session) -> base::Result<void> {
           TRY(store::query_integer(session, "SELECT 1"));
           return {};
         }).has_value();
}

void RunningHub::stop() {
  if (stopped_) return;
  stopped_ = true;
  if (own_agent_) own_agent_->stop();
  if (server_) server_->stop(kGrace);
  if (record_feed_) record_feed_->stop();
  if (scheduler_) scheduler_->stop();
  if (jobs_) jobs_->stop();
}

}  // namespace

base::Result<std::unique_ptr<Hub>> Hub::start(HubOptions options) {
  auto hub = TRY(RunningHub::start(std::move(options)));
  return std::unique_ptr<Hub>(std::move(hub));
}

}  // namespace hub
