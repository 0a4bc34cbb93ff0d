// SPDX-License-Identifier: Apache-2.0
#include "security/queries.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "security/security_testing.hpp"

namespace {

using model::Severity;
using security_testing::finding;
using security_testing::image;
using security_testing::kRegistry;
using security_testing::kSubscription;
using security_testing::registry;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

// Three images: app:1 (two tags) and app:2 in harbor, tool in quay; app:1 and app:2 share CVE-1.
class QueriesTest : public security_testing::SecurityTest {
 protected:
  void SetUp() override {
    for (const std::string& id : {kRegistry, kQuay})
      put_resource(id, "microsoft.containerregistry/registries", R"({"properties": {}})");
    put_image("app", "sha256:aa", kRegistry, {"1", "latest"},
              {finding("CVE-1", "openssl", Severity::critical, "1.1"), finding("CVE-2", "zlib", Severity::high),
               finding("CVE-3", "bash", Severity::low)});
    put_image("app", "sha256:bb", kRegistry, {"2"}, {finding("CVE-1", "openssl", Severity::critical, "1.1")});
    put_image("team/tool", "sha256:cc", kQuay, {}, {});
    roll_up(registry(), 10);
    roll_up(registry(kQuay), 10);
  }

  void put_image(const std::string& repository, const std::string& digest, const std::string& registry_id,
                 const std::vector<std::string>& tags, const std::vector<model::Finding>& findings) {
    const auto set = put_set(digest, findings, 10);
    const auto subject = image(repository, digest, registry_id);
    const std::string key = base::to_lower(subject.resource_id), registry_key = base::to_lower(registry_id);
    run("INSERT INTO images (registry_key, repository, digest, resource_key, resource_id, parent_digest, media_type, size, "
        "platform, os, pushed_at, seen_at, scan_state, scan_error, scan_partial, scanned_at, set_id, config, quarantine, "
        "superseded_at, deleted_at) VALUES (?, ?, ?, ?, ?, '', '', 0, '', '', 0, 0, 'complete', '', 0, 10, ?, '{}', '', 0, 0)",
        {std::string_view(registry_key), std::string_view(repository), std::string_view(digest), std::string_view(key),
         std::string_view(subject.resource_id), set});
    for (const std::string& tag : tags)
      run("INSERT INTO tags (registry_key, repository, tag, digest, changed_at) VALUES (?, ?, ?, ?, 0)",
          {std::string_view(registry_key), std::string_view(repository), std::string_view(tag), std::string_view(digest)});
    assess(subject, {set, "", "", ""}, 10);
  }

  template <typename Work>
  auto read(const Work& work) {
    using Value = typename decltype(work(std::declval<store::Session&>()))::value_type;
    Value out{};
    const auto done = database_->read([&](store::Session& session) -> base::Result<void> {
      out = TRY(work(session));
      return {};
    });
    EXPECT_TRUE(done) << done.error().message;
    return out;
  }

  security::Page<security::FindingView> findings(const security::Query& query) {
    return read([&](store::Session& session) { return security::list_findings(session, query); });
  }

  std::vector<std::string> vulnerabilities(std::map<std::string, std::vector<std::string>> filters, std::string q = {}) {
    security::Query query = all();
    query.filters = std::move(filters);
    query.q = std::move(q);
    const auto page = findings(query);
    EXPECT_EQ(page.total, static_cast<std::int64_t>(page.rows.size())) << "the total is that of the rows";
    std::vector<std::string> out;
    for (const auto& row : page.rows) out.push_back(row.vulnerability);
    return out;
  }

  std::string refusal(const security::Query& query) {
    std::string message;
    const auto done = database_->read([&](store::Session& session) -> base::Result<void> {
      const auto page = security::list_findings(session, query);
      if (!page) message = page.error().message;
      return {};
    });
    return message;
  }

  static security::Query all() {
    security::Query query;
    query.scopes = {base::to_lower(kSubscription)};
    return query;
  }

  const std::string kQuay =
      kSubscription + "/resourceGroups/default/providers/Microsoft.ContainerRegistry/registries/Quay";
};

TEST_F(QueriesTest, findings_come_the_worst_first_with_their_image) {
  const auto page = findings(all());
  ASSERT_THAT(page.rows, SizeIs(4));
  EXPECT_EQ(page.total, 4);
  EXPECT_EQ(page.rows[0].vulnerability, "CVE-1");
  EXPECT_EQ(page.rows[3].vulnerability, "CVE-3");
  EXPECT_EQ(page.rows[2].resource.registry, "harbor");
  EXPECT_EQ(page.rows[2].resource.digest, "sha256:aa");
  EXPECT_THAT(page.rows[2].resource.tags, ElementsAre("1", "latest"));
  EXPECT_EQ(page.rows[2].title, "Something about zlib");
}

TEST_F(QueriesTest, each_filter_of_findings_narrows) {
  EXPECT_THAT(vulnerabilities({{"severity", {"High", "Low"}}}), ElementsAre("CVE-2", "CVE-3"));
  EXPECT_THAT(vulnerabilities({{"patchable", {"true"}}}), ElementsAre("CVE-1", "CVE-1"));
  EXPECT_THAT(vulnerabilities({{"patchable", {"false"}}}), ElementsAre("CVE-2", "CVE-3"));
  EXPECT_THAT(vulnerabilities({{"digest", {"sha256:bb"}}}), ElementsAre("CVE-1"));
  EXPECT_THAT(vulnerabilities({{"repository", {"app"}}, {"cvss", {"7"}}}), SizeIs(3));
  EXPECT_THAT(vulnerabilities({{"registry", {"HARBOR"}}}), SizeIs(4));
  EXPECT_THAT(vulnerabilities({{"registry", {"quay"}}}), IsEmpty());
  EXPECT_THAT(vulnerabilities({{"registry", {"nowhere"}}}), IsEmpty());
  EXPECT_THAT(vulnerabilities({{"package", {"zlib", "bash"}}}), SizeIs(2));
  EXPECT_THAT(vulnerabilities({{"vulnerability", {"CVE-1"}}}), SizeIs(2));
  EXPECT_THAT(vulnerabilities({{"category", {"Secret"}}}), IsEmpty());
  EXPECT_THAT(vulnerabilities({{"kev", {"false"}}}), SizeIs(4));
  EXPECT_THAT(vulnerabilities({}, "ABOUT zli"), ElementsAre("CVE-2"));
  EXPECT_THAT(vulnerabilities({}, "100%"), IsEmpty()) << "a percent sign is a percent sign";
}

TEST_F(QueriesTest, disabled_findings_are_shown_where_they_are_asked_for) {
  put_disable_rule("low", R"({"criteria": {"severities": ["Low"]}, "reason": "noise"})");
  reassess_scope(kSubscription, 20);
  EXPECT_THAT(vulnerabilities({}), SizeIs(3));
  EXPECT_THAT(vulnerabilities({{"status", {"disabled"}}}), ElementsAre("CVE-3"));
  EXPECT_THAT(vulnerabilities({{"status", {"all"}}}), SizeIs(4));
}

TEST_F(QueriesTest, pages_of_findings_join_without_gaps_in_every_order) {
  for (const char* sort : {"", "-severity", "severity", "cvss", "-vulnerability", "package", "firstSeen", "-repository", "epss",
                           "-patchable"}) {
    security::Query query = all();
    query.sort = sort;
    query.top = 1;
    std::vector<std::pair<std::string, std::string>> seen;
    for (;;) {
      const auto page = findings(query);
      EXPECT_EQ(page.total, 4);
      for (const auto& row : page.rows) seen.emplace_back(row.vulnerability, row.resource.digest);
      query.cursor = page.next;
      if (page.next.empty() || seen.size() > 9) break;
    }
    EXPECT_THAT(seen, SizeIs(4)) << sort;
    EXPECT_THAT(std::set(seen.begin(), seen.end()), SizeIs(4)) << sort;
  }
}

TEST_F(QueriesTest, nothing_outside_the_scopes_is_shown) {
  security::Query query = all();
  query.scopes = {base::to_lower(image("app", "sha256:bb").resource_id)};
  EXPECT_THAT(findings(query).rows, SizeIs(1));
  EXPECT_EQ(findings(query).total, 1);
  query.scopes = {base::to_lower(kRegistry).substr(0, kRegistry.size() - 1)};
  EXPECT_THAT(findings(query).rows, IsEmpty()) << "a part of a name is no scope";
  query.scopes = {};
  EXPECT_THAT(findings(query).rows, IsEmpty());
  const auto details = read([&](store::Session& session) {
    return security::find_finding(session, security::finding_id(finding("CVE-1", "openssl", Severity::critical)),
                                  base::to_lower(image("app", "sha256:aa").resource_id), {base::to_lower(kQuay)});
  });
  EXPECT_FALSE(details);
}

TEST_F(QueriesTest, what_does_not_hold_is_refused_with_what_there_is) {
  security::Query query = all();
  query.filters = {{"colour", {"red"}}};
  EXPECT_THAT(refusal(query), HasSubstr("no filter 'colour'"));
  query.filters = {};
  query.sort = "colour";
  EXPECT_THAT(refusal(query), HasSubstr("cannot sort by 'colour'"));
  query.sort = "";
  for (const char* cursor : {"x", "W10", "WyIiLDEsWyIiXV0", "!!"}) {
    query.cursor = cursor;
    EXPECT_THAT(refusal(query), HasSubstr("cursor")) << cursor;
  }
}

TEST_F(QueriesTest, one_finding_with_its_history_and_where_else_it_is) {
  const std::string id = security::finding_id(finding("CVE-1", "openssl", Severity::critical));
  const auto details = read([&](store::Session& session) {
    return security::find_finding(session, id, base::to_lower(image("app", "sha256:aa").resource_id), all().scopes);
  });
  ASSERT_TRUE(details);
  EXPECT_EQ(details->finding.fixed_version, "1.1");
  ASSERT_THAT(details->elsewhere, SizeIs(1));
  EXPECT_EQ(details->elsewhere[0].digest, "sha256:bb");
  ASSERT_THAT(details->history, SizeIs(1));
  EXPECT_EQ(details->history[0].event, "Found");
}

TEST_F(QueriesTest, a_vulnerability_with_the_packages_and_images_it_is_in) {
  const auto found = read([&](store::Session& session) { return security::find_vulnerability(session, "cve-1", all().scopes); });
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, "CVE-1");
  EXPECT_EQ(found->images, 2);
  ASSERT_THAT(found->packages, SizeIs(1));
  EXPECT_EQ(found->packages[0].fixed_version, "1.1");
  const auto top = read([&](store::Session& session) { return security::top_vulnerabilities(session, all().scopes, 2); });
  ASSERT_THAT(top, SizeIs(2));
  EXPECT_EQ(top[0].images, 2);
  const auto images = read([&](store::Session& session) { return security::top_images(session, all().scopes, 5); });
  ASSERT_THAT(images, SizeIs(2)) << "healthy ones are none of the worst";
  EXPECT_EQ(images[0].image.digest, "sha256:aa");
}

TEST_F(QueriesTest, recommendations_are_grouped_over_resources_of_their_type) {
  security::Query query = all();
  query.filters = {{"status", {"all"}}};
  const auto page = read([&](store::Session& session) {
    return security::list_recommendations(session, *recommendations_, query, 20);
  });
  ASSERT_THAT(page.rows, SizeIs(1));
  const auto& row = page.rows[0];
  EXPECT_EQ(row.recommendation->key, security::kRegistryImages);
  EXPECT_EQ(row.unhealthy, 1);
  EXPECT_EQ(row.healthy, 1);
  EXPECT_EQ(row.counts.critical, 2);
  EXPECT_DOUBLE_EQ(row.score_impact, 3) << "of 6 points half are missing";
  query.filters = {{"status", {"healthy"}}};
  EXPECT_THAT(read([&](store::Session& session) {
                return security::list_recommendations(session, *recommendations_, query, 20);
              }).rows, IsEmpty());
}

TEST_F(QueriesTest, resources_of_a_recommendation_at_both_levels_with_their_owners) {
  const auto* known = recommendations_->find(security::kRegistryImages);
  const auto list = [&](std::map<std::string, std::vector<std::string>> filters) {
    security::Query query = all();
    query.filters = std::move(filters);
    return read([&](store::Session& session) { return security::list_assessed(session, *known, query); });
  };
  EXPECT_EQ(list({}).total, 2);
  EXPECT_THAT(list({{"status", {"Unhealthy"}}}).rows, SizeIs(1));
  const auto images = list({{"level", {"image"}}, {"severity", {"High"}}});
  ASSERT_THAT(images.rows, SizeIs(1));
  EXPECT_EQ(images.rows[0].resource.repository, "app");
  EXPECT_EQ(write([&](store::Session& session) {
              return security::set_ownership(session, known->key, {base::to_lower(kRegistry), "/nowhere"}, {"anna", 15});
            }), 1);
  EXPECT_EQ(list({{"status", {"Unhealthy"}}}).rows[0].owner, "anna");
  const auto page = read([&](store::Session& session) {
    return security::list_recommendations(session, *recommendations_, all(), 20);
  });
  EXPECT_EQ(page.rows.at(0).owner, "anna");
  EXPECT_EQ(page.rows.at(0).overdue, 1);
}

TEST_F(QueriesTest, inventory_counts_what_is_not_watched) {
  put_image("new", "sha256:dd", kRegistry, {}, {});
  run("DELETE FROM assessments WHERE resource_id LIKE '%sha256:dd'");
  const auto inventory = [&](std::map<std::string, std::vector<std::string>> filters) {
    security::Query query = all();
    query.filters = std::move(filters);
    return read([&](store::Session& session) { return security::read_inventory(session, query); });
  };
  const auto whole = inventory({});
  EXPECT_EQ(whole.counters.total, 6) << "two registries, four images";
  EXPECT_EQ(whole.counters.unhealthy, 3);
  EXPECT_EQ(whole.counters.unmonitored, 1);
  EXPECT_EQ(whole.page.rows[0].status, "Unhealthy");
  const auto unhealthy = inventory({{"status", {"Unhealthy"}}});
  EXPECT_EQ(unhealthy.page.total, 3);
  EXPECT_EQ(unhealthy.counters.total, 6) << "the counters are there to choose a status by";
  EXPECT_EQ(inventory({{"tag", {"latest"}}}).page.total, 1);
  EXPECT_EQ(inventory({{"contains", {"cve-2"}}}).page.total, 1);
  EXPECT_EQ(inventory({{"type", {"microsoft.containerregistry/registries"}}}).page.total, 2);
  EXPECT_EQ(inventory({{"status", {"Unmonitored"}}}).page.rows.at(0).resource.digest, "sha256:dd");
}

TEST_F(QueriesTest, overview_and_search) {
  run("UPDATE vulnerabilities SET kev = 1 WHERE id = 'CVE-1'");
  const auto overview = read([&](store::Session& session) { return security::read_overview(session, all().scopes); });
  EXPECT_EQ(overview.images, 3);
  EXPECT_EQ(overview.scanned, 3);
  EXPECT_EQ(overview.unhealthy_images, 2);
  EXPECT_EQ(overview.registries, 2);
  EXPECT_EQ(overview.repositories, 2);
  EXPECT_EQ(overview.findings.open(), 4);
  EXPECT_EQ(overview.unhealthy, 1);
  EXPECT_EQ(overview.healthy, 1);
  EXPECT_EQ(overview.kev, 1);
  const auto hits = [&](const std::string& words, const std::vector<std::string>& scopes) {
    std::vector<std::string> out;
    for (const auto& hit : read([&](store::Session& session) {
           return security::search(session, *recommendations_, words, scopes);
         }))
      out.push_back(hit.kind + " " + hit.title);
    return out;
  };
  EXPECT_THAT(hits("app latest", all().scopes), ElementsAre("image app:latest"));
  EXPECT_THAT(hits("cve-1", all().scopes), ElementsAre("vulnerability CVE-1"));
  EXPECT_THAT(hits("openssl", all().scopes), UnorderedElementsAre("vulnerability CVE-1", "package openssl"));
  EXPECT_THAT(hits("cve-1", {base::to_lower(kQuay)}), IsEmpty());
  EXPECT_THAT(hits("  ", all().scopes), IsEmpty());
}

}  // namespace
