// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/text.hpp"
#include "arm/resource.hpp"
#include "providers/container_registry/image_assessment.hpp"
#include "providers/container_registry/image_gate.hpp"
#include "providers/container_registry/intake.hpp"
#include "security/finding_sets.hpp"

namespace providers_testing {

inline constexpr std::string_view kIndexType = "application/vnd.oci.image.index.v1+json";
inline constexpr std::string_view kManifestType = "application/vnd.oci.image.manifest.v1+json";

// The digest that a letter stands for.
inline std::string digest(char letter) { return "sha256:" + std::string(64, letter); }

// One registry over a state store in a folder that goes with it. Nothing is fetched: images are taken as they are told.
class RegistryTest : public testing::Test {
 protected:
  RegistryTest() : folder_(std::move(*base::TempDir::create("bulwark-providers"))) {
    database_ = std::move(*store::open_sqlite({folder_.path() / "state.db"}));
    vault_ = std::make_unique<store::Vault>(*store::Vault::open(folder_.path() / "hub.key"));
    recommendations_ = std::make_unique<security::Recommendations>(*security::Recommendations::load());
    assessor_ = std::make_unique<security::Assessor>(*recommendations_, security::OnChange());
    data_ = std::move(*providers::VulnerabilityData::open(folder_.path() / "advisories.db"));
    services_ = std::make_unique<providers::Services>(providers::Services{
        *database_, *vault_, *assessor_, *data_, nullptr, folder_.path() / "cache", claims_, "5f0c8ba4-0000-4000-8000-000000000001",
        "default", false, [](std::string_view, const base::JsonObject&) {}, [] {}});
    registry_.id = *arm::ResourceId::parse("/subscriptions/5f0c8ba4-0000-4000-8000-000000000001/resourceGroups/default/providers/"
                                           "Microsoft.ContainerRegistry/registries/demo");
    registry_.name = "demo";
    put_registry("{}");
  }

  // Its properties, as they are stored.
  void put_registry(const std::string& properties) {
    arm::Resource resource;
    resource.id = registry_.id;
    resource.body = {{"properties", *base::parse_json(properties, "properties")}};
    write([&](store::Session& session) -> base::Result<void> {
      TRY(arm::save_resource(session, resource, "test", 1));
      registry_ = TRY(providers::registry_of(resource, session, *vault_));
      return {};
    });
  }

  void write(const store::Database::Work& work) {
    const auto done = database_->write(work);
    EXPECT_TRUE(done) << done.error().message;
  }

  void push(char letter, const std::string& tag, std::string_view media_type = kManifestType) {
    take({"app", digest(letter), tag, std::string(media_type), {}, {}, ++now_});
  }

  // What the scan of an index does: its images are taken, then it is done.
  void read_index(char index, const std::map<char, std::string>& images) {
    for (const auto& [letter, platform] : images)
      take({"app", digest(letter), {}, std::string(kManifestType), digest(index), platform, ++now_});
    set_complete(index);
  }

  void push_index(char index, const std::string& tag, const std::map<char, std::string>& images) {
    push(index, tag, kIndexType);
    read_index(index, images);
  }

  // As scanned, with these findings.
  void scan(char letter, const std::vector<model::Severity>& severities = {}, const std::string& data = "data-1") {
    write([&](store::Session& session) -> base::Result<void> {
      std::vector<model::Finding> findings;
      for (const auto severity : severities) {
        model::Finding finding;
        finding.id = "CVE-2026-" + std::to_string(findings.size()) + letter;
        finding.package.name = "zlib";
        finding.severity = severity;
        findings.push_back(std::move(finding));
      }
      const auto set = TRY(security::put_finding_set(session, std::string(1, letter), nullptr, findings, data, ++now_));
      TRY(session.run("UPDATE images SET set_id = ? WHERE digest = ?", {set.set_id, digest(letter)}));
      return {};
    });
    set_complete(letter);
    write([&](store::Session& session) {
      return providers::assess_images(*services_, session, registry_, {registry_.image_id("app", digest(letter)).key()}, now_);
    });
  }

  void set_complete(char letter) {
    write([&](store::Session& session) {
      return session.run("UPDATE images SET scan_state = 'complete', scanned_at = ? WHERE digest = ?", {++now_, digest(letter)});
    });
  }

  void untag(const std::string& tag) {
    write([&](store::Session& session) { return providers::take_untagging(*services_, session, registry_, "app", tag, ++now_); });
  }

  void remove(char letter) {
    write([&](store::Session& session) -> base::Result<void> {
      return providers::take_deletion(*services_, session, registry_, *TRY(image(session, letter)), ++now_);
    });
  }

  void decide(char letter, const std::string& decision, const std::string& expires = {}) {
    arm::Resource approval;
    approval.id = registry_.image_id("app", digest(letter)).extension(providers::kApprovalType, "default");
    approval.body = {{"properties", base::JsonObject{{"decision", decision}, {"reason", "looked at"}, {"expires", expires}}}};
    write([&](store::Session& session) { return arm::save_resource(session, approval, "test", ++now_); });
  }

  // What the list of images shows: "current" with the tags, "superseded" or "deleted".
  std::string state(char letter) {
    std::string out;
    write([&](store::Session& session) -> base::Result<void> {
      const auto row = TRY(image(session, letter));
      if (!row) return {};
      const auto tags = TRY(providers::tags_of(session, *row));
      out = row->deleted_at != 0 ? "deleted" : row->superseded_at != 0 ? "superseded" : "current";
      for (const auto& tag : tags) out += " " + tag;
      return {};
    });
    return out;
  }

  // Status and cause of its assessment; empty where there is none.
  std::string verdict(char letter) {
    std::string out;
    write([&](store::Session& session) {
      return session.query("SELECT status, cause FROM assessments WHERE resource_key = ?", {registry_.image_id("app", digest(letter)).key()},
                           [&](const store::Row& row) { out = std::string(row.text(0)) + (row.text(1).empty() ? "" : " " + std::string(row.text(1))); });
    });
    return out;
  }

  base::Json gate(char letter, const security::GateRule& rule = {}) {
    base::Json out;
    write([&](store::Session& session) -> base::Result<void> {
      out = TRY(providers::answer_gate(*services_, session, *TRY(image(session, letter)), rule, now_));
      return {};
    });
    return out;
  }

  base::Result<std::optional<providers::ImageRow>> image(store::Session& session, char letter) {
    return providers::find_image(session, registry_.key(), "app", digest(letter));
  }

  base::TempDir folder_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<store::Vault> vault_;
  std::unique_ptr<security::Recommendations> recommendations_;
  std::unique_ptr<security::Assessor> assessor_;
  std::unique_ptr<providers::VulnerabilityData> data_;
  scan::LayerClaims claims_;
  std::unique_ptr<providers::Services> services_;
  providers::Registry registry_;
  store::Millis now_ = 1'000'000;

 private:
  void take(const providers::SeenImage& seen) {
    write([&](store::Session& session) -> base::Result<void> {
      TRY(providers::take_push(*services_, session, registry_, seen));
      return {};
    });
  }
};

}  // namespace providers_testing
