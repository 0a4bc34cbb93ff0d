// SPDX-License-Identifier: Apache-2.0
#include "oci/registry_admin.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/process.hpp"
#include "oci/fake_registry.hpp"
#include "oci/link_header.hpp"

namespace {

using oci_test::Answer;
using oci_test::FakeRegistry;

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

const oci::Digest kDigest = oci_test::sha256_digest("x");

class RegistryAdmin : public testing::Test {
 protected:
  oci::RegistryAdmin& admin(const char* registry = "registry.example.com") {
    oci::RegistryOptions options;
    options.transport = &registry_;
    options.retry.sleep = [](std::chrono::milliseconds) {};
    options.credentials = [this] {
      oci::CredentialLookup lookup;
      lookup.credentials.username = username_;
      lookup.credentials.password = "hush";
      return lookup;
    };
    admin_ = oci::RegistryAdmin::open(registry, options).value();
    return *admin_;
  }

  void answer(int status, const std::string& body = {}, const net::Headers& headers = {}) {
    registry_.respond = [=](const net::HttpRequest&) { return Answer{status, body, headers, {}, {}}; };
  }

  FakeRegistry registry_;
  std::string username_;
  std::unique_ptr<oci::RegistryAdmin> admin_;
};

TEST(RegistryLinks, are_found_among_others) {
  EXPECT_EQ(oci::next_link(R"(</v2/_catalog?last=b&n=2>; rel="next")"), "/v2/_catalog?last=b&n=2");
  EXPECT_EQ(oci::next_link(R"(</a>; rel="prev", </b>; title="x"; rel=next)"), "/b");
  EXPECT_EQ(oci::next_link(R"(</a>; REL="Next")"), "/a");
  for (const char* none : {"", "</a>", "</a>; rel=\"prev\"", "</a; rel=\"next\"", ">; rel=next<", "<"})
    EXPECT_EQ(oci::next_link(none), "") << none;
}

TEST_F(RegistryAdmin, is_opened_for_registries_only) {
  oci::RegistryOptions options;
  options.transport = &registry_;
  EXPECT_TRUE(oci::RegistryAdmin::open("docker.io", options));
  EXPECT_TRUE(oci::RegistryAdmin::open("localhost:5000", options));
  for (const char* name : {"", "registry", "https://registry.example.com", "registry.example.com/team", "a b.c"}) {
    const auto opened = oci::RegistryAdmin::open(name, options);
    ASSERT_FALSE(opened) << name;
    EXPECT_EQ(opened.error().kind, base::Kind::invalid_input) << name;
  }
}

TEST_F(RegistryAdmin, lists_repositories_page_by_page) {
  registry_.respond = [](const net::HttpRequest& request) {
    const bool first = contains(request.url, "n=1000");
    const net::Headers more = {{"link", R"(</v2/_catalog?last=b&n=2>; rel="next")"}};
    return first ? Answer{200, R"({"repositories":["a","team/b","../etc",7]})", more, {}, {}}
                 : Answer{200, R"({"repositories":["c"]})", {}, {}, {}};
  };
  const auto list = admin().list_repositories();
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_EQ(list->names, (std::vector<std::string>{"a", "team/b", "c"}));
  EXPECT_EQ(list->ignored, 2u);
  EXPECT_TRUE(list->complete);
  ASSERT_EQ(registry_.requests.size(), 2u);
  EXPECT_EQ(registry_.requests[1].url, "https://registry.example.com/v2/_catalog?last=b&n=2");
}

TEST_F(RegistryAdmin, follows_no_page_to_another_place) {
  for (const char* link : {"https://evil.example/v2/_catalog", "http://registry.example.com/v2/_catalog",
                           "https://registry.example.com:444/v2/_catalog", "//evil.example/v2/_catalog",
                           "/admin?delete=all", "/v2/../admin", "file:///etc/passwd"}) {
    registry_.requests.clear();
    answer(200, R"({"repositories":["a"]})", {{"link", "<" + std::string(link) + R"(>; rel="next")"}});
    EXPECT_FALSE(admin().list_repositories()) << link;
    EXPECT_EQ(registry_.requests.size(), 1u) << link;
  }
}

TEST_F(RegistryAdmin, ends_lists_that_have_no_end) {
  answer(200, R"({"tags":["1"]})", {{"link", R"(</v2/app/tags/list?n=1000>; rel="next")"}});
  const auto same = admin().list_tags("app");
  ASSERT_FALSE(same);
  EXPECT_EQ(same.error().kind, base::Kind::invalid_input);
  int page = 0;
  std::string names;
  for (int i = 0; i < 999; ++i) names += R"("t",)";
  registry_.respond = [&](const net::HttpRequest&) {
    const std::string link = "</v2/app/tags/list?page=" + std::to_string(++page) + R"(>; rel="next")";
    return Answer{200, R"({"tags":[)" + names + R"("t"]})", {{"link", link}}, {}, {}};
  };
  const auto endless = admin().list_tags("app");
  ASSERT_TRUE(endless) << endless.error().message;
  EXPECT_EQ(endless->names.size(), 100'000u);
  EXPECT_FALSE(endless->complete);
}

TEST_F(RegistryAdmin, takes_a_repository_without_tags_for_empty) {
  answer(200, R"({"name":"app","tags":null})");
  const auto list = admin().list_tags("app");
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_TRUE(list->names.empty());
}

TEST_F(RegistryAdmin, asks_nothing_for_names_that_are_none) {
  answer(200, "{}");
  for (const char* name : {"", "App", "a//b", "../a", "a?b", "a:1", "a@b", "a b"}) {
    EXPECT_FALSE(admin().list_tags(name)) << name;
    EXPECT_FALSE(admin().delete_manifest(name, kDigest)) << name;
    EXPECT_FALSE(admin().list_referrers(name, kDigest)) << name;
  }
  EXPECT_FALSE(admin().delete_tag("app", "../x"));
  EXPECT_FALSE(admin().head_manifest("app", "a/b"));
  EXPECT_FALSE(admin("docker.io").list_tags("nginx")) << "library/ is not guessed";
  EXPECT_TRUE(registry_.requests.empty());
}

TEST_F(RegistryAdmin, reads_the_head_of_a_manifest) {
  answer(200, "",
         {{"docker-content-digest", kDigest.text()},
          {"content-type", "application/vnd.oci.image.index.v1+json; charset=utf-8"},
          {"content-length", "1234"}});
  const auto head = admin().head_manifest("team/app", "1");
  ASSERT_TRUE(head) << head.error().message;
  EXPECT_EQ(head->digest, kDigest);
  EXPECT_EQ(head->media_type, "application/vnd.oci.image.index.v1+json");
  EXPECT_EQ(head->size, 1234u);
  EXPECT_EQ(registry_.requests[0].method, "HEAD");
}

TEST_F(RegistryAdmin, hashes_the_manifest_where_its_head_tells_no_digest) {
  answer(200, "x", {{"content-type", "application/json"}});
  const auto head = admin().head_manifest("team/app", "1");
  ASSERT_TRUE(head) << head.error().message;
  EXPECT_EQ(head->digest, kDigest);
  EXPECT_EQ(head->size, 1u);
}

TEST_F(RegistryAdmin, names_the_mend_where_deleting_is_off) {
  answer(405, R"({"errors":[{"code":"UNSUPPORTED"}]})");
  const auto off = admin().delete_manifest("app", kDigest);
  ASSERT_FALSE(off);
  EXPECT_EQ(off.error().kind, base::Kind::unsupported);
  EXPECT_TRUE(contains(off.error().message, "enable delete in the registry's configuration")) << off.error().message;
  answer(400, R"({"errors":[{"code":"DIGEST_INVALID"}]})");
  EXPECT_EQ(admin().delete_tag("app", "1").error().kind, base::Kind::unsupported);
  answer(404);
  EXPECT_EQ(admin().delete_manifest("app", kDigest).error().kind, base::Kind::not_found);
  answer(403);
  EXPECT_EQ(admin().delete_manifest("app", kDigest).error().kind, base::Kind::denied);
  answer(202);
  EXPECT_TRUE(admin().delete_tag("app", "1"));
  EXPECT_EQ(registry_.requests.back().method, "DELETE");
}

TEST_F(RegistryAdmin, deletes_tags_of_azure_registries_by_their_own_api) {
  answer(202);
  ASSERT_TRUE(admin("mine.azurecr.io").delete_tag("team/app", "1"));
  EXPECT_EQ(registry_.requests.back().url, "https://mine.azurecr.io/acr/v1/team/app/_tags/1");
}

// Answers with a challenge until a token comes; the token tells which scope it was asked for.
void require_token(FakeRegistry& registry, const std::string& scope) {
  registry.respond = [scope](const net::HttpRequest& request) {
    if (contains(request.url, "/token")) return Answer{200, R"({"token":"T"})", {}, {}, {}};
    if (oci_test::header_of(request, "Authorization") == "Bearer T") return Answer{200, R"({"tags":[]})", {}, {}, {}};
    const std::string challenge = R"(Bearer realm="https://mine.azurecr.io/token",service="s",scope=")" + scope + "\"";
    return Answer{401, "", {{"www-authenticate", challenge}}, {}, {}};
  };
}

std::string scope_asked(const FakeRegistry& registry) {
  for (const auto& request : registry.requests)
    if (const auto at = request.url.find("&scope="); at != std::string::npos) return request.url.substr(at + 7);
  return {};
}

TEST_F(RegistryAdmin, asks_for_the_scope_that_each_request_needs) {
  require_token(registry_, "repository:app:metadata_read");
  EXPECT_TRUE(admin("mine.azurecr.io").list_tags("app"));
  EXPECT_EQ(scope_asked(registry_), "repository%3Aapp%3Ametadata_read");
  registry_.requests.clear();
  require_token(registry_, "repository:app:delete");
  EXPECT_TRUE(admin().delete_manifest("app", kDigest));
  EXPECT_EQ(scope_asked(registry_), "repository%3Aapp%3Adelete");
  registry_.requests.clear();
  require_token(registry_, "repository:app:quarantine_write");
  EXPECT_TRUE(admin("mine.azurecr.io").set_quarantine("app", kDigest, true, "{}"));
  EXPECT_EQ(scope_asked(registry_), "repository%3Aapp%3Aquarantine_write");
}

TEST_F(RegistryAdmin, asks_for_no_other_repository_to_change_one) {
  for (const char* scope : {"repository:victim:delete", "repository:app:delete,sudo", "registry:catalog:*"}) {
    registry_.requests.clear();
    require_token(registry_, scope);
    EXPECT_TRUE(admin().delete_manifest("app", kDigest));
    EXPECT_EQ(scope_asked(registry_), "repository%3Aapp%3Adelete") << scope;
  }
}

std::string index_of(const std::string& type) {
  return R"({"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":")" + kDigest.text() +
         R"(","size":7,"artifactType":")" + type + R"(","annotations":{"k":"v","n":7}},)" +
         R"({"digest":"sha256:short","size":1},{"digest":")" + kDigest.text() + R"(","size":-1},7]})";
}

TEST_F(RegistryAdmin, lists_referrers_by_the_api) {
  answer(200, index_of("a/b"));
  const auto all = admin().list_referrers("app", kDigest);
  ASSERT_TRUE(all) << all.error().message;
  ASSERT_EQ(all->size(), 1u);
  EXPECT_EQ(all->front().artifact_type, "a/b");
  EXPECT_EQ(all->front().size, 7u);
  EXPECT_EQ(all->front().annotations, (std::map<std::string, std::string>{{"k", "v"}}));
  const auto others = admin().list_referrers("app", kDigest, "x/y+json");
  ASSERT_TRUE(others);
  EXPECT_TRUE(others->empty()) << "a registry that does not filter";
  EXPECT_TRUE(contains(registry_.requests.back().url, "?artifactType=x%2Fy%2Bjson")) << registry_.requests.back().url;
}

TEST_F(RegistryAdmin, reads_referrers_from_their_tag_where_there_is_no_api) {
  for (const int status : {404, 400, 405}) {
    registry_.respond = [=](const net::HttpRequest& request) {
      return contains(request.url, "/referrers/") ? Answer{status, "404 page not found", {}, {}, {}}
                                                  : Answer{200, index_of("a/b"), {}, {}, {}};
    };
    const auto referrers = admin().list_referrers("app", kDigest, "a/b");
    ASSERT_TRUE(referrers) << referrers.error().message;
    EXPECT_EQ(referrers->size(), 1u);
    EXPECT_EQ(registry_.requests.back().url,
              "https://registry.example.com/v2/app/manifests/sha256-" + std::string(kDigest.hex()));
  }
  answer(404);
  const auto none = admin().list_referrers("app", kDigest);
  ASSERT_TRUE(none) << none.error().message;
  EXPECT_TRUE(none->empty());
}

TEST_F(RegistryAdmin, tells_of_a_registry_that_cannot_say_its_referrers) {
  for (const int status : {401, 403, 429, 500}) {
    answer(status);
    EXPECT_FALSE(admin().list_referrers("app", kDigest)) << status;
  }
}

TEST_F(RegistryAdmin, ends_a_quarantine) {
  answer(200);
  oci::QuarantineReport report;
  report.passed = true;
  report.high = 3;
  report.time = "2026-01-02T03:04:05Z";
  ASSERT_TRUE(admin("mine.azurecr.io").set_quarantine("team/app", kDigest, true, oci::quarantine_details(report)));
  const net::HttpRequest& request = registry_.requests.back();
  EXPECT_EQ(request.method, "PATCH");
  EXPECT_EQ(request.url, "https://mine.azurecr.io/acr/v1/team/app/_manifests/" + kDigest.text());
  const auto body = base::parse_json(request.body, "body");
  ASSERT_TRUE(body) << body.error().message;
  EXPECT_EQ(base::get_string(*body, "quarantineState"), "Passed");
  const auto details = base::parse_json(base::get_string(*body, "quarantineDetails"), "details");
  ASSERT_TRUE(details) << details.error().message;
  EXPECT_EQ(base::get_string(*details, "scanner"), "Bulwark");
}

TEST_F(RegistryAdmin, says_what_a_quarantine_needs) {
  answer(403);
  const auto denied = admin("mine.azurecr.io").set_quarantine("app", kDigest, false, "{}");
  ASSERT_FALSE(denied);
  EXPECT_TRUE(contains(denied.error().message, "AcrQuarantineWriter")) << denied.error().message;
}

TEST(QuarantineDetails, hold_to_azures_schema) {
  const char* folder = std::getenv("BULWARK_TEST_DATA");
  if (!folder) GTEST_SKIP() << "BULWARK_TEST_DATA is not set";
  const auto has_module = base::run_process({"python3", "-c", "import jsonschema"});
  if (!has_module || has_module->exit_code != 0) GTEST_SKIP() << "python3-jsonschema is not installed";
  oci::QuarantineReport report;
  report.critical = 2;
  report.time = "2026-01-02T03:04:05Z";
  report.reason = std::string(999, 'x') + "ü" + std::string(5'000, 'y');
  report.link = "https://hub.example/report/1";
  for (const bool passed : {true, false}) {
    report.passed = passed;
    const auto run = base::run_process(
        {"python3", "-c",
         "import json,sys,jsonschema\n"
         "schema=json.load(open(sys.argv[1]))\n"
         "jsonschema.Draft4Validator(schema).validate(json.load(sys.stdin))",
         std::string(folder) + "/azure-samples/acr/quarantine-details.schema.json"},
        oci::quarantine_details(report));
    ASSERT_TRUE(run) << run.error().message;
    EXPECT_EQ(run->exit_code, 0) << run->err;
  }
}

TEST_F(RegistryAdmin, checks_a_connection_step_by_step) {
  registry_.respond = [](const net::HttpRequest&) {
    return Answer{0, "", {}, {}, base::Error{base::Kind::unavailable, "no answer from registry.example.com"}};
  };
  auto check = admin().check_connection();
  EXPECT_FALSE(check.answers);
  EXPECT_EQ(check.message, "no answer from registry.example.com");

  answer(200, "<html>", {{"content-type", "text/html"}});
  check = admin().check_connection();
  EXPECT_TRUE(check.answers);
  EXPECT_FALSE(check.is_registry);

  answer(401, "", {{"www-authenticate", "Basic realm=x"}});
  username_ = "ann";
  check = admin().check_connection();
  EXPECT_TRUE(check.is_registry);
  EXPECT_FALSE(check.credentials_accepted);
  EXPECT_FALSE(contains(check.message, "hush")) << check.message;
  EXPECT_TRUE(contains(check.message, "docker login")) << check.message;

  registry_.respond = [](const net::HttpRequest& request) {
    return contains(request.url, "_catalog") ? Answer{404, "", {}, {}, {}} : Answer{200, "{}", {}, {}, {}};
  };
  check = admin().check_connection();
  EXPECT_TRUE(check.credentials_accepted);
  EXPECT_FALSE(check.catalog_listed);
  EXPECT_TRUE(contains(check.message, "name those to watch")) << check.message;

  answer(200, R"({"repositories":[]})");
  check = admin().check_connection();
  EXPECT_TRUE(check.answers && check.is_registry && check.credentials_accepted && check.catalog_listed);
}

}  // namespace
