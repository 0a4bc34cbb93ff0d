// SPDX-License-Identifier: Apache-2.0
// A hub without its server, and hosts that report to it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "arm/resource.hpp"
#include "base/crypto.hpp"
#include "base/files.hpp"
#include "benchmark/control.hpp"
#include "providers/hybrid_compute/agent_state.hpp"
#include "providers/hybrid_compute/enroll.hpp"
#include "providers/hybrid_compute/enrollment_tokens.hpp"
#include "providers/hybrid_compute/host_views.hpp"
#include "providers/hybrid_compute/intake.hpp"
#include "security/findings_query.hpp"
#include "store/records.hpp"
#include "uplink/inventory_json.hpp"

namespace providers_testing {

namespace hosts = providers::hybrid_compute;

inline constexpr const char* kStream = "11111111-2222-4333-8444-555555555555";

inline uplink::ResourceResult resource(const std::string& scope, const std::string& id, const std::string& status, const std::string& message) {
  return {scope, id, id, status, base::JsonArray{base::JsonObject{{"source", "GET /info"}, {"message", message}}}};
}

inline uplink::ControlResult control(const std::string& id, const std::string& status, std::vector<uplink::ResourceResult> resources = {}) {
  uplink::ControlResult out;
  out.id = id;
  out.status = status;
  out.counts.pass = status == "pass" ? 1 : 0;
  out.counts.fail = status == "fail" ? 1 : 0;
  out.counts.error = status == "error" ? 1 : 0;
  out.resources = std::move(resources);
  return out;
}

inline uplink::Container container(const std::string& id, const std::string& image_id = "sha256:aa", const std::string& state = "running") {
  uplink::Container out;
  out.id = id;
  out.name = id + "-name";
  out.image = "demo/" + id + ":1.0";
  out.image_id = image_id;
  out.state = state;
  return out;
}

class HostTest : public testing::Test {
 protected:
  HostTest() : folder_(std::move(*base::TempDir::create("bulwark-hosts"))) {
    database_ = std::move(*store::open_sqlite({folder_.path() / "state.db"}));
    vault_ = std::make_unique<store::Vault>(*store::Vault::open(folder_.path() / "hub.key"));
    recommendations_ = std::make_unique<security::Recommendations>(*security::Recommendations::load());
    assessor_ = std::make_unique<security::Assessor>(*recommendations_, security::OnChange());
    data_ = std::move(*providers::VulnerabilityData::open(folder_.path() / "advisories.db"));
    services_ = std::make_unique<providers::Services>(providers::Services{
        *database_, *vault_, *assessor_, *data_, nullptr, folder_.path() / "cache", claims_, "5f0c8ba4-0000-4000-8000-000000000001", "default", false,
        [this](std::string_view event, const base::JsonObject& data) { events_.emplace_back(std::string(event), data); }, [] {}});
    hosts_ = std::make_unique<hosts::Hosts>(*services_, uplink::Settings{});
    now_ = hosts_->started_at;
  }

  void write(const store::Database::Work& work) {
    const auto done = database_->write(work);
    EXPECT_TRUE(done) << done.error().message;
  }

  // ---- Enrolment

  uplink::EnrollmentToken make_token(const base::Json& request = base::JsonObject{}) {
    uplink::EnrollmentToken out;
    write([&](store::Session& session) -> base::Result<void> {
      auto token = TRY(hosts::parse_token_request(request, now_));
      token.created_by = "ada";
      out = TRY(hosts::add_enrollment_token(session, token, "-"));
      return {};
    });
    return out;
  }

  static uplink::Machine machine(const std::string& name, char id, uplink::EngineKind engine = uplink::EngineKind::docker) {
    uplink::Machine out;
    out.name = name;
    out.machine_id = std::string(32, id);
    out.os = "Debian GNU/Linux 12 (bookworm)";
    out.architecture = "x86_64";
    out.engine = engine;
    out.engine_version = "26.1.0";
    return out;
  }

  base::Result<uplink::Enrolled> enroll(const uplink::Machine& machine, const uplink::EnrollmentToken& token) {
    return hosts::enroll(*hosts_, {uplink::to_text(token), machine, "1.0.0"}, now_);
  }

  // The key of a machine that enrols with a token of its own.
  std::string add_host(const std::string& name = "web-1", char id = 'a', uplink::EngineKind engine = uplink::EngineKind::docker) {
    const auto enrolled = enroll(machine(name, id, engine), make_token());
    EXPECT_TRUE(enrolled) << enrolled.error().message;
    if (!enrolled) return {};
    credential_ = enrolled->credential;
    return arm::ResourceId::parse(enrolled->resource_id)->key();
  }

  // ---- Reports

  base::Result<uplink::Reply> report(const std::string& key, std::vector<uplink::Body> bodies) {
    uplink::Batch batch;
    batch.header.stream = kStream;
    batch.header.status.version = "1.0.0";
    for (uplink::Body& body : bodies) batch.messages.push_back({++sequence_, now_, std::move(body)});
    return take(key, batch);
  }

  base::Result<uplink::Reply> take(const std::string& key, const uplink::Batch& batch) { return hosts::Intake(*hosts_).take(key, batch, now_); }

  void tell(const std::string& key, std::vector<uplink::Body> bodies) {
    const auto reply = report(key, std::move(bodies));
    EXPECT_TRUE(reply) << reply.error().message;
  }

  // All 117, those named as given and the rest as passed.
  static uplink::Assessment whole(std::vector<uplink::ControlResult> results = {}) {
    uplink::Assessment out;
    out.whole = true;
    out.id = base::uuid4();
    out.benchmark = "cis-docker";
    out.benchmark_version = "1.6.0";
    out.cause = "start";
    for (const auto& one : benchmark::cis_docker().controls) {
      const auto given = std::find_if(results.begin(), results.end(), [&](const auto& result) { return result.id == one.id; });
      out.controls.push_back(given == results.end() ? control(one.id, "pass") : *given);
    }
    return out;
  }

  static uplink::Assessment change(std::vector<uplink::ControlResult> results) {
    uplink::Assessment out;
    out.id = base::uuid4();
    out.benchmark = "cis-docker";
    out.benchmark_version = "1.6.0";
    out.cause = "event: container start web";
    out.controls = std::move(results);
    return out;
  }

  // ---- What came of it

  std::optional<hosts::MachineRow> row(const std::string& key) {
    std::optional<hosts::MachineRow> out;
    write([&](store::Session& session) -> base::Result<void> {
      out = TRY(hosts::load_machine(session, key));
      return {};
    });
    return out;
  }

  // "Unhealthy 2" or "NotApplicable NoContainerEngine": status, then the cause or the open findings; empty where there is none.
  std::string verdict(const std::string& resource_key, std::string_view assessment) {
    std::string out;
    write([&](store::Session& session) {
      return session.query("SELECT status, cause, critical + high + medium + low + unrated FROM assessments WHERE resource_key = ? AND assessment_key = ?",
                           {std::string_view(resource_key), assessment}, [&](const store::Row& row) {
                             out = std::string(row.text(0)) + " " + (row.text(1).empty() ? std::to_string(row.integer(2)) : std::string(row.text(1)));
                           });
    });
    return out;
  }
  std::string hardening(const std::string& key) { return verdict(key, security::kHostConfiguration); }

  std::int64_t count(std::string_view sql) {
    std::int64_t out = 0;
    write([&](store::Session& session) -> base::Result<void> {
      out = TRY(store::query_integer(session, sql)).value_or(0);
      return {};
    });
    return out;
  }

  std::vector<base::Json> records(const std::string& table) {
    std::vector<base::Json> out;
    write([&](store::Session& session) -> base::Result<void> {
      for (const auto& record : TRY(store::queued_records(session, 100'000)))
        if (record.table == table) out.push_back(TRY(base::parse_json(record.row, "record")));
      return {};
    });
    return out;
  }

  template <typename View>
  base::JsonArray view(View read, const security::Query& query = everything()) {
    base::JsonArray out;
    write([&](store::Session& session) -> base::Result<void> {
      out = TRY(read(session, query));
      return {};
    });
    return out;
  }

  static security::Query everything() {
    security::Query query;
    query.scopes = {"/"};
    return query;
  }

  base::TempDir folder_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<store::Vault> vault_;
  std::unique_ptr<security::Recommendations> recommendations_;
  std::unique_ptr<security::Assessor> assessor_;
  std::unique_ptr<providers::VulnerabilityData> data_;
  scan::LayerClaims claims_;
  std::unique_ptr<providers::Services> services_;
  std::unique_ptr<hosts::Hosts> hosts_;
  std::vector<std::pair<std::string, base::JsonObject>> events_;
  std::string credential_;
  std::uint64_t sequence_ = 0;
  store::Millis now_ = 0;
};

}  // namespace providers_testing
