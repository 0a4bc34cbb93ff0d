// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/files.hpp"
#include "base/text.hpp"
#include "security/assessor.hpp"
#include "security/finding_sets.hpp"
#include "store/database.hpp"

namespace security_testing {

inline const std::string kSubscription = "/subscriptions/5f0c8ba4-0000-4000-8000-000000000001";
inline const std::string kRegistry =
    kSubscription + "/resourceGroups/default/providers/Microsoft.ContainerRegistry/registries/harbor";

inline std::string image_id(std::string_view repository, std::string_view digest, const std::string& registry = kRegistry) {
  return fmt::format("{}/repositories/{}/images/{}", registry, base::percent_encode(repository), digest);
}

inline security::Subject image(std::string_view repository, std::string_view digest, const std::string& registry = kRegistry) {
  return {image_id(repository, digest, registry), "Microsoft.ContainerRegistry/registries/repositories/images",
          std::string(security::kRegistryImages)};
}

inline security::Subject registry(const std::string& id = kRegistry) {
  return {id, "Microsoft.ContainerRegistry/registries", std::string(security::kRegistryImages)};
}

inline model::Finding finding(std::string id, std::string package, model::Severity severity, std::string fixed = {}) {
  model::Finding out;
  out.id = std::move(id);
  out.title = "Something about " + package;
  out.package.name = std::move(package);
  out.package.version = "1.0";
  out.package.type = "deb";
  out.fixed_version = std::move(fixed);
  out.status = out.fixed_version.empty() ? model::FixStatus::affected : model::FixStatus::fixed;
  out.severity = severity;
  out.score = severity == model::Severity::unknown ? -1 : 2.0 * static_cast<double>(severity) - 1;
  return out;
}

// A state store in a folder that goes with it, and the recommendations of the product.
class SecurityTest : public testing::Test {
 protected:
  SecurityTest() : folder_(std::move(*base::TempDir::create("bulwark-security"))) {
    auto opened = store::open_sqlite({folder_.path() / "state.db"});
    if (!opened) throw std::runtime_error(opened.error().message);
    database_ = std::move(*opened);
    auto loaded = security::Recommendations::load();
    if (!loaded) throw std::runtime_error(loaded.error().message);
    recommendations_ = std::make_unique<security::Recommendations>(std::move(*loaded));
    assessor_ = std::make_unique<security::Assessor>(
        *recommendations_, [this](const security::Change& change) { changes_.push_back(change); });
  }

  // Runs in one transaction; a failure fails the test.
  template <typename Work>
  auto write(const Work& work) {
    using Value = typename decltype(work(std::declval<store::Session&>()))::value_type;
    if constexpr (std::is_void_v<Value>) {
      const auto done = database_->write([&](store::Session& session) -> base::Result<void> { return work(session); });
      EXPECT_TRUE(done) << done.error().message;
    } else {
      Value out{};
      const auto done = database_->write([&](store::Session& session) -> base::Result<void> {
        out = TRY(work(session));
        return {};
      });
      EXPECT_TRUE(done) << done.error().message;
      return out;
    }
  }

  std::int64_t put_set(const std::string& key, const std::vector<model::Finding>& findings, store::Millis now) {
    return write([&](store::Session& session) {
             return security::put_finding_set(session, key, nullptr, findings, "data-1", now);
           }).set_id;
  }

  security::Change assess(const security::Subject& subject, const security::Verdict& verdict, store::Millis now) {
    return write([&](store::Session& session) { return assessor_->assess(session, subject, verdict, now); });
  }

  security::Change roll_up(const security::Subject& parent, store::Millis now) {
    return write([&](store::Session& session) { return assessor_->roll_up(session, parent, now); });
  }

  void reassess_scope(const std::string& scope, store::Millis now) {
    write([&](store::Session& session) { return assessor_->reassess_scope(session, base::to_lower(scope), now); });
  }

  void put_resource(const std::string& id, const std::string& type, const std::string& body) {
    const std::string key = base::to_lower(id), name(id.substr(id.rfind('/') + 1));
    run("INSERT INTO resources (resource_key, resource_id, type, name, body, etag, created_at, created_by, changed_at, "
        "changed_by) VALUES (?, ?, ?, ?, ?, '', 0, '', 0, '') ON CONFLICT (resource_key) DO UPDATE SET body = excluded.body",
        {std::string_view(key), std::string_view(id), std::string_view(type), std::string_view(name), std::string_view(body)});
  }

  void delete_resource(const std::string& id) {
    const std::string key = base::to_lower(id);
    run("DELETE FROM resources WHERE resource_key = ?", {std::string_view(key)});
  }

  void put_disable_rule(const std::string& name, const std::string& properties) {
    put_resource(kSubscription + "/providers/Bulwark.Security/disableRules/" + name, "bulwark.security/disablerules",
                 "{\"properties\":" + properties + "}");
  }

  void put_exemption(const std::string& scope, const std::string& name, const std::string& more) {
    put_resource(scope + "/providers/Bulwark.Security/exemptions/" + name, "bulwark.security/exemptions",
                 fmt::format("{{\"properties\":{{\"assessmentKey\":\"{}\",\"category\":\"Waiver\",\"reason\":\"known\"{}}}}}",
                             security::kRegistryImages, more));
  }

  void run(std::string_view sql, const std::vector<store::Value>& parameters = {}) {
    const auto done = database_->write([&](store::Session& session) { return session.run(sql, parameters); });
    EXPECT_TRUE(done) << done.error().message;
  }

  // Rows of a query, the columns joined by blanks.
  std::vector<std::string> rows(std::string_view sql, int columns, const std::vector<store::Value>& parameters = {}) {
    std::vector<std::string> out;
    const auto done = database_->read([&](store::Session& session) {
      return session.query(sql, parameters, [&](const store::Row& row) {
        std::string line;
        for (int column = 0; column < columns; ++column) line += (column ? " " : "") + std::string(row.text(column));
        out.push_back(line);
      });
    });
    EXPECT_TRUE(done) << done.error().message;
    return out;
  }

  base::TempDir folder_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<security::Recommendations> recommendations_;
  std::vector<security::Change> changes_;
  std::unique_ptr<security::Assessor> assessor_;
};

}  // namespace security_testing
