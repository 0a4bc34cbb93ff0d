// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"

namespace {

using cli_test::contains;
using cli_test::run;

class Lists : public cli_test::HubCommands {};

constexpr const char* kFindings = R"({"value": [
  {"id": "f1", "vulnerability": "CVE-2021-1", "title": "=cmd|' /C calc'!A0", "severity": "Critical", "package": "@a/b", "version": "1,0",
   "fixedVersion": "2", "registry": "prod", "repository": "app", "tags": ["a", "b"], "kev": true, "imageId": "/i/1"},
  {"id": "f2", "vulnerability": "CVE-2021-2", "severity": "Low", "package": "=cmd|' /C calc'!A0", "version": "1", "registry": "prod"}],
  "total": 2, "next": null})";

TEST_F(Lists, begin_with_a_summary_and_send_the_filters) {
  hub_.on("GET /api/v1/findings", kFindings);
  const auto list = run({"finding", "list", "--severity", "critical,low", "--registry", "prod", "--only-fixed", "--kev", "--category",
                         "secret", "--vulnerability", "CVE-2021-1", "--sort=-severity", "--limit", "7"});
  EXPECT_EQ(list.code, 0) << list.err;
  EXPECT_EQ(list.out.substr(0, list.out.find('\n')), "Total: 2 findings (Critical: 1, Low: 1)");
  EXPECT_TRUE(contains(list.out, "CVE-2021-1"));
  EXPECT_TRUE(contains(list.out, "a, b"));
  const auto asked = hub_.last("GET /api/v1/findings");
  EXPECT_EQ(asked.parameter("severity"), "Critical,Low");
  EXPECT_EQ(asked.parameter("registry"), "prod");
  EXPECT_EQ(asked.parameter("patchable"), "true");
  EXPECT_EQ(asked.parameter("kev"), "true");
  EXPECT_EQ(asked.parameter("category"), "Secret");
  EXPECT_EQ(asked.parameter("vulnerability"), "CVE-2021-1");
  EXPECT_EQ(asked.parameter("sort"), "-severity");
  EXPECT_EQ(asked.parameter("top"), "7");
}

TEST_F(Lists, of_nothing_say_where_there_is_nothing) {
  hub_.on("GET /api/v1/findings", R"({"value": [], "total": 0, "next": null})");
  EXPECT_EQ(run({"finding", "list"}).out, "Total: 0 findings at " + hub_.url() + "\n");
}

TEST_F(Lists, come_as_names_csv_and_json) {
  hub_.on("GET /api/v1/findings", kFindings);
  EXPECT_EQ(run({"finding", "list", "-o", "name"}).out, "f1\nf2\n");
  const auto csv = run({"finding", "list", "--format", "csv"}).out;
  EXPECT_EQ(csv.substr(0, csv.find("\r\n")), "severity,vulnerability,package,version,fixedVersion,registry,repository,tags,kev,id");
  EXPECT_TRUE(contains(csv, "Critical,CVE-2021-1,@a/b,\"1,0\",2,prod,app,\"a, b\",yes,f1\r\n")) << csv;
  EXPECT_TRUE(contains(csv, ",'=cmd|' /C calc'!A0,")) << csv;
  const auto json = base::parse_json(run({"finding", "list", "--format", "json"}).out, "out");
  ASSERT_TRUE(json);
  EXPECT_EQ(base::get_int(*json, "total"), 2);
  EXPECT_EQ(base::get_array(*json, "value").size(), 2u);
}

TEST_F(Lists, say_on_standard_error_that_there_is_more) {
  hub_.on("GET /api/v1/findings", R"({"value": [{"id": "f1"}], "total": 9, "next": "c"})");
  const auto list = run({"finding", "list", "--limit", "1", "-o", "name"});
  EXPECT_EQ(list.out, "f1\n");
  EXPECT_TRUE(contains(list.err, "--all"));
  EXPECT_TRUE(run({"-q", "finding", "list", "--limit", "1", "-o", "name"}).err.empty());
}

TEST_F(Lists, wrong_words_are_usage_errors_before_anything_is_asked) {
  EXPECT_EQ(run({"finding", "list", "--severity", "awful"}).code, 3);
  EXPECT_EQ(run({"finding", "list", "--format", "xml"}).code, 3);
  EXPECT_EQ(run({"finding", "list", "--status", "gone"}).code, 3);
  EXPECT_EQ(run({"finding", "list", "--limit", "0"}).code, 3);
  EXPECT_TRUE(hub_.requests().empty());
}

TEST_F(Lists, of_images_name_what_can_be_pulled) {
  hub_.on("GET /api/v1/registries/prod/images", R"({"value": [
    {"id": "/i/1", "registry": "prod", "repository": "app", "digest": "sha256:aa", "tags": ["1"], "counts": {"critical": 3}}],
    "total": 1, "next": null})");
  EXPECT_EQ(run({"image", "list", "-o", "name"}).out, "registry.example.com/app@sha256:aa\n");
  EXPECT_TRUE(contains(run({"image", "list", "--registry", "prod", "--unhealthy"}).out, "Total: 1 image\n"));
  EXPECT_EQ(hub_.last("GET /api/v1/registries/prod/images").parameter("unhealthy"), "true");
}

TEST_F(Lists, findings_are_shown_in_the_first_image_that_has_them) {
  hub_.on("GET /api/v1/findings", kFindings);
  hub_.on("GET /api/v1/findings/f1", R"({"id": "f1", "vulnerability": "CVE-2021-1", "title": "Bad", "severity": "Critical", "score": 9.0,
    "description": "Text\u001b[31m", "remediation": ["Upgrade to 2"], "references": [{"url": "https://a.example"}]})");
  const auto show = run({"finding", "show", "f1"});
  EXPECT_EQ(show.code, 0) << show.err;
  EXPECT_EQ(hub_.last("GET /api/v1/findings/f1").parameter("imageId"), "/i/1");
  EXPECT_TRUE(contains(show.out, "CVE-2021-1: Bad"));
  EXPECT_TRUE(contains(show.out, "  Upgrade to 2\n"));
  EXPECT_TRUE(contains(show.out, " 9\n")) << show.out;
  EXPECT_FALSE(contains(show.out, "\x1b")) << "bytes of others reach the terminal";
  EXPECT_EQ(run({"finding", "show", "f9"}).code, 1);
}

}  // namespace
