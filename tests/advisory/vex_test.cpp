// SPDX-License-Identifier: Apache-2.0
#include "advisory/vex.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using advisory::Statement;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kDigest = "sha256:" + std::string(64, 'a');

model::Artifact image(std::string name = "registry.example.com/team/app:1.2") {
  model::Artifact artifact;
  artifact.name = std::move(name);
  artifact.type = "image";
  artifact.digest = kDigest;
  artifact.platform = "linux/amd64";
  return artifact;
}

model::Finding finding(std::string id, std::string purl, std::string name = "openssl") {
  model::Finding result;
  result.id = std::move(id);
  result.package.purl = std::move(purl);
  result.package.name = std::move(name);
  return result;
}

const std::string kOpenssl = "pkg:deb/debian/openssl@3.0.11-1?arch=amd64&distro=debian-12";

bool suppressed(std::vector<Statement> statements, model::Finding one = finding("CVE-2024-1", kOpenssl),
                const model::Artifact& artifact = image()) {
  std::vector<model::Finding> findings = {std::move(one)};
  advisory::apply_statements(statements, artifact, findings);
  return findings[0].suppressed.has_value();
}

Statement not_affected(std::vector<std::string> products, std::vector<std::string> subcomponents = {}) {
  return {{"CVE-2024-1"}, std::move(products), std::move(subcomponents), {}, "not_affected", "component_not_present", "vex.json"};
}

std::vector<Statement> read(std::string_view text) {
  auto statements = advisory::read_vex(text, "vex.json");
  EXPECT_TRUE(statements) << statements.error().message;
  return statements.value_or(std::vector<Statement>());
}

std::string error_of(std::string_view text) {
  const auto statements = advisory::read_vex(text, "vex.json");
  return statements ? "" : statements.error().message;
}

TEST(Vex, package_purl_matches_without_version_and_qualifiers) {
  EXPECT_TRUE(suppressed({not_affected({"pkg:deb/debian/openssl"})}));
  EXPECT_TRUE(suppressed({not_affected({"pkg:deb/debian/openssl@3.0.11-1"})}));
  EXPECT_TRUE(suppressed({not_affected({"pkg:deb/debian/openssl?arch=amd64"})}));
  EXPECT_FALSE(suppressed({not_affected({"pkg:deb/debian/openssl@3.0.12-1"})}));
  EXPECT_FALSE(suppressed({not_affected({"pkg:deb/debian/openssl?arch=arm64"})}));
  EXPECT_FALSE(suppressed({not_affected({"pkg:deb/ubuntu/openssl"})}));
  EXPECT_FALSE(suppressed({not_affected({"pkg:deb/debian/openssh"})}));
  EXPECT_FALSE(suppressed({not_affected({"openssl"})}));
}

TEST(Vex, image_products_are_references_digests_and_oci_purls) {
  EXPECT_TRUE(suppressed({not_affected({kDigest})}));
  EXPECT_TRUE(suppressed({not_affected({"registry.example.com/team/app"})}));
  EXPECT_TRUE(suppressed({not_affected({"registry.example.com/team/app:1.2"})}));
  EXPECT_TRUE(suppressed({not_affected({"registry.example.com/team/app@" + kDigest})}));
  EXPECT_TRUE(suppressed({not_affected({"pkg:oci/app@sha256%3A" + std::string(64, 'a')})}));
  EXPECT_TRUE(suppressed({not_affected({"pkg:oci/app?repository_url=registry.example.com%2Fteam%2Fapp&tag=1.2"})}));
  EXPECT_TRUE(suppressed({not_affected({"pkg:oci/app?arch=amd64"})}));
  EXPECT_FALSE(suppressed({not_affected({"sha256:" + std::string(64, 'b')})}));
  EXPECT_FALSE(suppressed({not_affected({"registry.example.com/team/app:1.3"})}));
  EXPECT_FALSE(suppressed({not_affected({"registry.example.com/app"})}));
  EXPECT_FALSE(suppressed({not_affected({"pkg:oci/app@sha256%3A" + std::string(64, 'b')})}));
  EXPECT_FALSE(suppressed({not_affected({"pkg:oci/app?repository_url=registry.example.com%2Fother%2Fapp"})}));
  EXPECT_FALSE(suppressed({not_affected({"pkg:oci/app?arch=arm64"})}));
  EXPECT_FALSE(suppressed({not_affected({"pkg:oci/ap"})}));
}

TEST(Vex, docker_hub_names_are_completed) {
  const model::Finding one = finding("CVE-2024-1", kOpenssl);
  EXPECT_TRUE(suppressed({not_affected({"docker.io/library/nginx"})}, one, image("nginx:1.25")));
  EXPECT_TRUE(suppressed({not_affected({"nginx"})}, one, image("docker.io/library/nginx:1.25")));
  EXPECT_TRUE(suppressed({not_affected({"pkg:docker/nginx@1.25"})}, one, image("docker:nginx:1.25")));
  EXPECT_FALSE(suppressed({not_affected({"pkg:docker/nginx@1.26"})}, one, image("nginx:1.25")));
}

TEST(Vex, subcomponents_narrow_an_image_down) {
  EXPECT_TRUE(suppressed({not_affected({kDigest}, {"pkg:deb/debian/openssl"})}));
  EXPECT_FALSE(suppressed({not_affected({kDigest}, {"pkg:deb/debian/zlib1g"})}));
  EXPECT_FALSE(suppressed({not_affected({"sha256:" + std::string(64, 'b')}, {"pkg:deb/debian/openssl"})}));
}

TEST(Vex, ids_match_through_aliases_and_without_case) {
  model::Finding aliased = finding("CVE-2024-9", kOpenssl);
  aliased.aliases = {"GHSA-abcd-efgh-ijkl"};
  Statement statement = not_affected({});
  statement.vulnerabilities = {"ghsa-ABCD-efgh-ijkl"};
  EXPECT_TRUE(suppressed({statement}, aliased));
  EXPECT_FALSE(suppressed({statement}));
}

TEST(Vex, later_statement_of_the_same_file_wins) {
  Statement affected = not_affected({});
  affected.status = "affected";
  EXPECT_FALSE(suppressed({not_affected({}), affected}));
  EXPECT_TRUE(suppressed({affected, not_affected({})}));
  affected.by = "other.json";
  EXPECT_TRUE(suppressed({not_affected({}), affected}));
  Statement investigated = not_affected({});
  investigated.status = "under_investigation";
  EXPECT_FALSE(suppressed({investigated}));
}

TEST(Vex, suppression_says_by_whom_and_why) {
  std::vector<model::Finding> findings = {finding("CVE-2024-1", kOpenssl)};
  advisory::apply_statements({not_affected({})}, image(), findings);
  ASSERT_TRUE(findings[0].suppressed);
  EXPECT_EQ(findings[0].suppressed->by, "vex.json");
  EXPECT_EQ(findings[0].suppressed->reason, "component_not_present");
  EXPECT_EQ(findings[0].suppressed->status, "not_affected");
}

TEST(Vex, go_versions_match_with_and_without_v) {
  EXPECT_TRUE(suppressed({not_affected({"pkg:golang/github.com/a/b@v1.2.3"})},
                         finding("CVE-2024-1", "pkg:golang/github.com/a/b@1.2.3")));
}

TEST(OpenVex, reads_products_subcomponents_and_hashes) {
  const auto statements = read(R"({
    "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.com/vex/1", "timestamp": "2024-01-01T00:00:00Z",
    "statements": [{
      "vulnerability": {"name": "CVE-2024-1", "aliases": ["GHSA-x"]},
      "products": [{"@id": "pkg:oci/app", "hashes": {"sha-256": "AB"}, "subcomponents": [{"@id": "pkg:deb/debian/openssl"}]},
                   {"@id": "urn:x", "identifiers": {"purl": "pkg:npm/a@1"}}],
      "status": "not_affected", "justification": "vulnerable_code_not_in_execute_path"}]})");
  ASSERT_EQ(statements.size(), 2u);
  EXPECT_THAT(statements[0].vulnerabilities, ElementsAre("CVE-2024-1", "GHSA-x"));
  EXPECT_THAT(statements[0].products, ElementsAre("pkg:oci/app", "sha256:ab"));
  EXPECT_THAT(statements[0].subcomponents, ElementsAre("pkg:deb/debian/openssl"));
  EXPECT_THAT(statements[1].products, ElementsAre("urn:x", "pkg:npm/a@1"));
  EXPECT_THAT(statements[1].subcomponents, IsEmpty());
  EXPECT_EQ(statements[1].justification, "vulnerable_code_not_in_execute_path");
}

TEST(OpenVex, statements_count_in_order_of_time) {
  const auto statements = read(R"({"@context": "https://openvex.dev/ns", "timestamp": "2024-01-02T00:00:00Z", "statements": [
    {"vulnerability": "CVE-2024-1", "products": ["pkg:npm/a"], "status": "fixed", "timestamp": "2024-03-01T00:00:00Z"},
    {"vulnerability": "CVE-2024-1", "products": ["pkg:npm/a"], "status": "affected"}]})");
  ASSERT_EQ(statements.size(), 2u);
  EXPECT_EQ(statements[0].status, "affected");
  EXPECT_EQ(statements[1].status, "fixed");
}

TEST(OpenVex, errors_name_the_statement) {
  constexpr std::string_view kFrame = R"({{"@context": "https://openvex.dev/ns", "statements": [{}]}})";
  EXPECT_THAT(error_of(fmt::format(fmt::runtime(kFrame), R"({"status": "fixed"})")), HasSubstr("vex.json: statement 1: it names no"));
  EXPECT_THAT(error_of(fmt::format(fmt::runtime(kFrame), R"({"vulnerability": {"name": "CVE-1"}, "status": "fine"})")),
              HasSubstr("\"fine\""));
  EXPECT_THAT(error_of(fmt::format(fmt::runtime(kFrame), R"({"vulnerability": {"name": "CVE-1"}, "status": "fixed", "products": [7]})")),
              HasSubstr("a product has no name"));
}

TEST(CycloneDxVex, resolves_references_to_purls) {
  const auto statements = read(R"({
    "bomFormat": "CycloneDX", "specVersion": "1.5",
    "metadata": {"component": {"bom-ref": "root", "purl": "pkg:oci/app"}},
    "components": [{"bom-ref": "c1", "purl": "pkg:npm/a@1.0.0", "components": [{"bom-ref": "c2", "purl": "pkg:npm/b@2.0.0"}]}],
    "vulnerabilities": [
      {"id": "CVE-2024-1", "references": [{"id": "GHSA-x"}], "affects": [{"ref": "c2"}, {"ref": "urn:cdx:0000/1#c1"}],
       "analysis": {"state": "not_affected", "justification": "code_not_reachable"}},
      {"id": "CVE-2024-2", "affects": [{"ref": "pkg:npm/d@1"}], "analysis": {"state": "resolved", "detail": "patched"}},
      {"id": "CVE-2024-3", "affects": [{"ref": "root"}], "analysis": {"state": "exploitable"}},
      {"id": "CVE-2024-4", "affects": [{"ref": "c1"}]}]})");
  ASSERT_EQ(statements.size(), 3u);
  EXPECT_THAT(statements[0].vulnerabilities, ElementsAre("CVE-2024-1", "GHSA-x"));
  EXPECT_THAT(statements[0].products, ElementsAre("pkg:npm/b@2.0.0", "pkg:npm/a@1.0.0"));
  EXPECT_EQ(statements[0].status, "not_affected");
  EXPECT_EQ(statements[1].status, "fixed");
  EXPECT_EQ(statements[1].justification, "patched");
  EXPECT_THAT(statements[2].products, ElementsAre("pkg:oci/app"));
  EXPECT_EQ(statements[2].status, "affected");
}

TEST(CycloneDxVex, versions_narrow_down_and_ranges_hide_nothing) {
  const auto statements = read(R"({"bomFormat": "CycloneDX", "vulnerabilities": [
    {"id": "CVE-1", "affects": [{"ref": "pkg:npm/a", "versions": [{"version": "1.0", "status": "unaffected"},
      {"version": "2.0", "status": "affected"}, {"range": "vers:npm/<3", "status": "unaffected"}]}],
     "analysis": {"state": "not_affected"}},
    {"id": "CVE-2", "affects": [{"ref": "pkg:npm/a", "versions": [{"range": "vers:npm/<3"}]}], "analysis": {"state": "not_affected"}}]})");
  ASSERT_EQ(statements.size(), 1u);
  EXPECT_THAT(statements[0].products, ElementsAre("pkg:npm/a@1.0"));
}

constexpr std::string_view kCsaf = R"({
  "document": {"category": "csaf_vex", "csaf_version": "2.0", "title": "t"},
  "product_tree": {
    "branches": [{"category": "vendor", "name": "v", "branches": [
      {"category": "product_version", "name": "1", "product": {"product_id": "OPENSSL", "name": "openssl 3.0.11",
        "product_identification_helper": {"purl": "pkg:deb/debian/openssl@3.0.11-1"}}}]}],
    "full_product_names": [{"product_id": "APP", "name": "app",
      "product_identification_helper": {"purl": "pkg:oci/app?repository_url=registry.example.com/team/app"}},
      {"product_id": "RHEL", "name": "Enterprise Linux 9", "product_identification_helper": {"cpe": "cpe:/o:v:os:9"}}],
    "relationships": [
      {"category": "installed_on", "product_reference": "OPENSSL", "relates_to_product_reference": "APP",
       "full_product_name": {"product_id": "APP:OPENSSL", "name": "openssl in app"}},
      {"category": "installed_on", "product_reference": "OPENSSL", "relates_to_product_reference": "RHEL",
       "full_product_name": {"product_id": "RHEL:OPENSSL", "name": "openssl in the distribution"}}]},
  "vulnerabilities": [{"cve": "CVE-2024-1", "product_status": {"STATUS": ["THE_ID"]},
    "flags": [{"label": "vulnerable_code_not_present", "product_ids": ["THE_ID"]}]}]})";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string csaf(std::string_view status, std::string_view id) {
  return replaced(replaced(std::string(kCsaf), "STATUS", status), "THE_ID", id);
}

TEST(CsafVex, products_and_relationships_become_statements) {
  const auto inside = read(csaf("known_not_affected", "APP:OPENSSL"));
  ASSERT_EQ(inside.size(), 1u);
  EXPECT_THAT(inside[0].products, ElementsAre("pkg:oci/app?repository_url=registry.example.com/team/app"));
  EXPECT_THAT(inside[0].subcomponents, ElementsAre("pkg:deb/debian/openssl@3.0.11-1"));
  EXPECT_EQ(inside[0].status, "not_affected");
  EXPECT_EQ(inside[0].justification, "vulnerable_code_not_present");
  EXPECT_TRUE(suppressed(inside));

  EXPECT_TRUE(suppressed(read(csaf("fixed", "OPENSSL"))));
  EXPECT_FALSE(suppressed(read(csaf("known_affected", "OPENSSL"))));
  EXPECT_FALSE(suppressed(read(csaf("under_investigation", "OPENSSL"))));
  EXPECT_THAT(read(csaf("known_not_affected", "NOBODY")), IsEmpty());
}

// A platform that is known by a CPE alone is not the image at hand.
TEST(CsafVex, statement_about_an_unknown_platform_hides_nothing) {
  EXPECT_FALSE(suppressed(read(csaf("known_not_affected", "RHEL:OPENSSL"))));
}

TEST(Vex, other_documents_are_refused) {
  EXPECT_THAT(error_of("{}"), HasSubstr("vex.json is no VEX document"));
  EXPECT_FALSE(error_of("[").empty());
}

TEST(IgnoreFile, rules_have_package_date_and_reason) {
  const auto now = *base::parse_time("2026-01-15T12:00:00Z");
  const auto file = advisory::read_ignore_file(
      "# comment\n\nCVE-2024-1 package=openssl until=2026-01-15 reason=not reachable # really\r\nGHSA-x # short\n", ".bulwarkignore", now);
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_EQ(file->statements.size(), 2u);
  EXPECT_THAT(file->statements[0].vulnerabilities, ElementsAre("CVE-2024-1"));
  EXPECT_THAT(file->statements[0].subcomponents, ElementsAre("openssl"));
  EXPECT_EQ(file->statements[0].justification, "not reachable # really");
  EXPECT_EQ(file->statements[0].status, "ignored");
  EXPECT_EQ(file->statements[0].by, ".bulwarkignore");
  EXPECT_THAT(file->warnings, IsEmpty());
  EXPECT_TRUE(suppressed(file->statements));
  EXPECT_FALSE(suppressed({file->statements[0]}, finding("CVE-2024-1", kOpenssl, "libssl3")));
}

TEST(IgnoreFile, rule_past_its_date_is_a_warning) {
  const auto file = advisory::read_ignore_file("CVE-1 until=2026-01-14\nCVE-2\n", "i", *base::parse_time("2026-01-15"));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->statements.size(), 1u);
  EXPECT_THAT(file->warnings, ElementsAre("i:1: the rule for CVE-1 ended on 2026-01-14 and does not apply; renew or remove it"));
}

TEST(IgnoreFile, errors_carry_the_line) {
  for (const std::string_view bad : {"until=2026-01-01", "CVE-1 openssl", "CVE-1 until=soon", "CVE-1 until=2026-13-01", "CVE-1 untill=2026-01-01",
                                     "CVE-1 package=a package=b", "CVE-1 package="}) {
    const auto file = advisory::read_ignore_file("CVE-0\n" + std::string(bad) + "\n", "i", *base::parse_time("2026-01-15"));
    ASSERT_FALSE(file) << bad;
    EXPECT_THAT(file.error().message, ::testing::StartsWith("i:2: ")) << bad;
  }
}

}  // namespace
