// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "providers/container_registry/match_again.hpp"
#include "providers/host_testing.hpp"
#include "providers/hybrid_compute/host_assessment.hpp"
#include "security/finding_sets.hpp"

namespace {

using providers_testing::container;
using providers_testing::HostTest;
using testing::ElementsAre;
namespace hosts = providers::hybrid_compute;

class HostVulnerabilities : public HostTest {
 protected:
  static std::string digest(char letter) { return "sha256:" + std::string(64, letter); }

  // A registry's image as scanned, with one finding of this severity.
  void add_scan(char letter, model::Severity severity, const std::string& data = "data-1", const std::string& platform = "linux/amd64") {
    write([&](store::Session& session) -> base::Result<void> {
      model::Finding finding;
      finding.id = std::string("CVE-2026-1") + letter;
      finding.package.name = "zlib";
      finding.severity = severity;
      finding.fixed_version = "2";
      const auto set = TRY(security::put_finding_set(session, std::string(1, letter), nullptr, {finding}, data, now_));
      TRY(add_image(session, letter, set.set_id, platform));
      return hosts::image_was_scanned(*services_, session, digest(letter), now_);
    });
  }

  static base::Result<void> add_image(store::Session& session, char letter, std::optional<std::int64_t> set, const std::string& platform) {
    const std::string key = std::string("/subscriptions/s/registries/demo/images/") + letter;
    return session.run("INSERT INTO images (registry_key, repository, digest, resource_key, resource_id, parent_digest, media_type, size, platform, os, pushed_at, seen_at, "
                       "scan_state, scan_error, scan_partial, scanned_at, set_id, config, quarantine, superseded_at, deleted_at) VALUES ('/subscriptions/s/registries/demo', 'app', ?, ?, "
                       "?, '', '', 0, ?, '', 1, 1, 'complete', '', 0, 1, ?, '{}', '', 0, 0)",
                       {digest(letter), key, key, platform, set ? store::Value(*set) : store::Value(nullptr)});
  }

  uplink::Inventory running(const std::string& image_id, const std::string& manifest) {
    uplink::Inventory out;
    out.whole = true;
    out.containers = {container("web", image_id)};
    uplink::Image image;
    image.id = image_id;
    image.names = {"registry.example.com/app:1"};
    if (!manifest.empty()) image.digests = {"registry.example.com/app@" + manifest};
    out.images = {image};
    return out;
  }

  std::string host_verdict(const std::string& key) { return verdict(key, security::kRunningImages); }

  std::vector<std::string> listed(const security::Query& query = everything()) {
    std::vector<std::string> out;
    for (const auto& row : view(hosts::running_image_rows, query))
      out.push_back(std::string(base::get_string(row, "image")) + " " + std::string(base::get_string(row, "worst")) + " " + std::to_string(base::get_int(row, "containers").value_or(-1)));
    return out;
  }
};

TEST_F(HostVulnerabilities, joins_what_runs_with_scans_by_digest) {
  const auto key = add_host();
  add_scan('a', model::Severity::high);
  tell(key, {running("sha256:1", digest('a'))});
  EXPECT_EQ(host_verdict(key), "Unhealthy 1");
  EXPECT_EQ(verdict(key + "/images/sha256:1", security::kRunningImages), "Unhealthy 1");
  EXPECT_THAT(listed(), ElementsAre("registry.example.com/app:1 High 1"));
  const auto rows = view([&](store::Session& session, const security::Query& query) -> base::Result<base::JsonArray> {
    return hosts::container_rows(session, *TRY(hosts::load_machine(session, key)), query);
  });
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(base::get_string(rows[0], "scanned"), "registry");
  EXPECT_EQ(base::get_string(rows[0].at("imageReference"), "repository"), "app");
  EXPECT_EQ(base::get_int(rows[0].at("findings"), "high"), 1);
}

TEST_F(HostVulnerabilities, hears_of_a_scan_that_comes_later) {
  const auto key = add_host();
  tell(key, {running("sha256:1", digest('a'))});
  EXPECT_EQ(host_verdict(key), "NotApplicable NotScanned");
  add_scan('a', model::Severity::low);
  EXPECT_EQ(host_verdict(key), "Unhealthy 1");
}

TEST_F(HostVulnerabilities, looks_through_an_index_by_the_platform_of_the_host) {
  const auto key = add_host();
  write([&](store::Session& session) -> base::Result<void> {
    TRY(add_image(session, 'i', std::nullopt, ""));
    for (const char child : {'a', 'b'})
      TRY(session.run("INSERT INTO image_parents (registry_key, repository, digest, parent_digest) VALUES ('/subscriptions/s/registries/demo', 'app', ?, ?)", {digest(child), digest('i')}));
    return {};
  });
  tell(key, {running("sha256:1", digest('i'))});
  add_scan('b', model::Severity::critical, "data-1", "linux/arm64");
  EXPECT_EQ(host_verdict(key), "NotApplicable NotScanned");
  add_scan('a', model::Severity::low);
  EXPECT_THAT(listed(), ElementsAre("registry.example.com/app:1 Low 1"));
}

TEST_F(HostVulnerabilities, forgets_images_that_no_longer_run) {
  const auto key = add_host();
  add_scan('a', model::Severity::high);
  auto inventory = running("sha256:1", digest('a'));
  tell(key, {inventory});
  inventory.containers[0].state = "exited";
  tell(key, {inventory});
  EXPECT_EQ(host_verdict(key), "");
  EXPECT_THAT(listed(), ElementsAre());
}

TEST_F(HostVulnerabilities, takes_package_lists_of_local_images_for_this_host_alone) {
  const auto one = add_host("web-1", 'a'), two = add_host("web-2", 'b');
  for (const auto& key : {one, two}) {
    sequence_ = 0;
    tell(key, {running("sha256:1", "")});
  }
  model::Inventory packages;
  packages.os = model::Distribution{"debian", "12", "bookworm", "Debian", {}};
  model::Package package;
  package.name = "zlib1g";
  package.version = "1";
  package.type = "deb";
  packages.packages = {package};
  sequence_ = 10;
  tell(one, {uplink::Packages{"sha256:1", uplink::inventory_to_json(packages)}});
  EXPECT_EQ(host_verdict(one), "NotApplicable NoVulnerabilityData");
  EXPECT_EQ(host_verdict(two), "NotApplicable NotScanned");
  EXPECT_EQ(count("SELECT packages FROM finding_sets"), 1);
}

TEST_F(HostVulnerabilities, judges_the_packages_of_the_host_itself) {
  const auto key = add_host();
  EXPECT_EQ(verdict(key, security::kHostPackages), "NotApplicable ScanPending");
  tell(key, {uplink::Packages{"", uplink::inventory_to_json(model::Inventory{})}});
  EXPECT_EQ(verdict(key, security::kHostPackages), "NotApplicable NoVulnerabilityData");
  write([&](store::Session& session) -> base::Result<void> {
    const auto set = *TRY(hosts::load_machine(session, key))->packages_set;
    TRY(session.run("UPDATE finding_sets SET matched_with = 'data-1'"));
    return hosts::set_was_matched(*services_, session, set, now_);
  });
  EXPECT_EQ(verdict(key, security::kHostPackages), "Healthy 0");
}

TEST_F(HostVulnerabilities, follows_the_plans) {
  const auto key = add_host();
  add_scan('a', model::Severity::high);
  tell(key, {running("sha256:1", digest('a')), whole({providers_testing::control("5.4", "fail")})});
  const auto set_plans = [&](const char* tier) {
    write([&](store::Session& session) -> base::Result<void> {
      for (const char* plan : {"Containers", "VirtualMachines"}) {
        arm::Resource resource;
        resource.id = TRY(arm::ResourceId::parse(std::string("/subscriptions/5f0c8ba4-0000-4000-8000-000000000001/providers/Microsoft.Security/pricings/") + plan));
        resource.body = {{"properties", base::JsonObject{{"pricingTier", tier}}}};
        TRY(arm::save_resource(session, resource, "test", now_));
      }
      return hosts::plans_changed(*services_, session, now_);
    });
  };
  set_plans("Free");
  EXPECT_EQ(host_verdict(key), "NotApplicable OffByPolicy");
  EXPECT_EQ(verdict(key, security::kHostPackages), "NotApplicable OffByPolicy");
  EXPECT_EQ(hardening(key), "Unhealthy 1") << "hardening is always on";
  EXPECT_THAT(report(key, {uplink::Inventory{}})->requests, ElementsAre());
  set_plans("Standard");
  EXPECT_EQ(host_verdict(key), "Unhealthy 1");
}

}  // namespace
