// SPDX-License-Identifier: Apache-2.0
#include "imagecheck/image_checks.hpp"

#include <gmock/gmock.h>

#include <set>

#include "imagecheck/check_support.hpp"

using imagecheck::Engine;
using test::CheckedFiles;
using test::finding_of;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

const Engine& image_checks_engine() {
  static const auto engine = *Engine::create({});
  return *engine;
}

// A configuration that passes every check; tests change one thing.
base::Json good_config() {
  return {{"created", "2026-05-01T00:00:00Z"},
          {"config",
           {{"User", "1000:1000"},
            {"Env", {"PATH=/usr/bin", "DB_PASSWORD_FILE=/run/secrets/db", "GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568"}},
            {"Healthcheck", {{"Test", {"CMD", "/check"}}}},
            {"ExposedPorts", {{"8080/tcp", base::JsonObject()}}},
            {"Volumes", {{"/var/lib/app", base::JsonObject()}}},
            {"Labels", {{"org.opencontainers.image.base.name", "debian:12"}, {"org.opencontainers.image.base.digest", "sha256:1"}}}}},
          {"history", {{{"created_by", "RUN /bin/sh -c apt-get update && chmod 1777 /tmp"}}, {{"created_by", "ADD https://host/x /x"}}}}};
}

// What one check says of the configuration; empty where it passes.
std::string evidence_of(std::string_view id, const base::Json& config, const std::string& reference = "registry.example/app:1") {
  const auto findings = CheckedFiles(image_checks_engine()).findings(&config, reference);
  const auto* finding = finding_of(findings, id);
  return finding ? finding->evidence : "";
}

base::Json with(std::string_view member, base::Json value) {
  base::Json config = good_config();
  config.as_object()["config"].as_object()[member] = std::move(value);
  return config;
}

base::Json with_step(std::string_view line) {
  base::Json config = good_config();
  config.as_object()["history"] = base::JsonArray{base::JsonObject{{"created_by", line}}};
  return config;
}

// What one check says of one file.
std::string evidence_of_file(std::string_view id, const test::CheckEntry& entry) {
  CheckedFiles image(image_checks_engine());
  image.layer({entry});
  const auto findings = image.findings();
  const auto* finding = finding_of(findings, id);
  return finding ? finding->evidence : "";
}

std::string check_faults(const std::string& text) {
  const auto checks = imagecheck::load_image_checks({{"c.yaml", text}});
  return checks ? "" : checks.error().message;
}

}  // namespace

TEST(ImageChecks, built_in_checks_have_no_fault_and_explain_themselves) {
  const auto checks = imagecheck::load_image_checks(imagecheck::embedded_rules("image-checks/", {"yaml"}));
  ASSERT_TRUE(checks.has_value()) << checks.error().message;
  EXPECT_GE(checks->size(), 30u);
  for (const auto& check : *checks) {
    EXPECT_THAT(check.id, testing::MatchesRegex("BWI-[0-9][0-9][0-9]"));
    EXPECT_GT(check.description.size(), 40u) << check.id;
    EXPECT_GT(check.remediation.size(), 20u) << check.id;
  }
}

TEST(ImageChecks, a_well_made_configuration_passes) {
  const base::Json config = good_config();
  EXPECT_THAT(test::ids_and_paths(CheckedFiles(image_checks_engine()).findings(&config)), IsEmpty());
}

TEST(ImageChecks, a_configuration_of_odd_types_is_judged_and_nothing_breaks) {
  for (const char* text : {"{}", "[]", "{\"config\":7,\"history\":{}}", "{\"config\":{\"Env\":[7],\"User\":[],\"Volumes\":[],\"Labels\":7},\"history\":[7]}"}) {
    const base::Json config = *base::parse_json(text, "config");
    EXPECT_NE(finding_of(CheckedFiles(image_checks_engine()).findings(&config), "BWI-001"), nullptr) << text;
  }
}

TEST(ImageChecks, root_by_any_name) {
  EXPECT_EQ(evidence_of("BWI-001", with("User", "")), "no user is set, which means root");
  EXPECT_EQ(evidence_of("BWI-001", with("User", "root:app")), "user root");
  EXPECT_EQ(evidence_of("BWI-001", with("User", "0:0")), "user 0");
  EXPECT_EQ(evidence_of("BWI-001", with("User", "10")), "");
}

TEST(ImageChecks, variables_with_names_of_secrets) {
  EXPECT_EQ(evidence_of("BWI-002", with("Env", {"DB_PASSWORD=hunter2hunter", "PWD=/x", "API_KEY=", "TOKEN=true"})), "ENV DB_PASSWORD=****");
}

TEST(ImageChecks, health_base_ports_volumes) {
  EXPECT_EQ(evidence_of("BWI-010", with("Healthcheck", nullptr)), "no HEALTHCHECK");
  EXPECT_EQ(evidence_of("BWI-010", with("Healthcheck", {{"Test", {"NONE"}}})), "HEALTHCHECK NONE");
  EXPECT_EQ(evidence_of("BWI-011", with("Labels", nullptr)), "the labels name no base image");
  EXPECT_EQ(evidence_of("BWI-011", with("Labels", {{"org.opencontainers.image.base.name", "debian:12"}})), "base image debian:12 without a digest");
  EXPECT_EQ(evidence_of("BWI-012", with("ExposedPorts", {{"22/tcp", base::JsonObject()}, {"80/tcp", base::JsonObject()}})), "port 22/tcp");
  EXPECT_EQ(evidence_of("BWI-015", with("Volumes", {{"/etc/", base::JsonObject()}})), "volume /etc/");
}

TEST(ImageChecks, the_tag_latest_said_or_meant) {
  EXPECT_EQ(evidence_of("BWI-013", good_config(), "registry.example:5000/app"), "no tag, which means latest");
  EXPECT_EQ(evidence_of("BWI-013", good_config(), "registry.example:5000/app:latest"), "tag latest");
  EXPECT_EQ(evidence_of("BWI-013", good_config(), "docker:app"), "no tag, which means latest");
  EXPECT_EQ(evidence_of("BWI-013", good_config(), "oci:some/layout"), "");
  EXPECT_EQ(evidence_of("BWI-013", good_config(), "app@sha256:00"), "");
}

TEST(ImageChecks, age_counts_unless_the_build_hides_it) {
  base::Json config = good_config();
  config.as_object()["created"] = "2025-01-01T00:00:00Z";
  EXPECT_EQ(evidence_of("BWI-014", config), "created 2025-01-01, 516 days ago");
  config.as_object()["created"] = "1970-01-01T00:00:00Z";
  EXPECT_EQ(evidence_of("BWI-014", config), "");
}

TEST(ImageChecks, steps_of_the_build) {
  EXPECT_EQ(evidence_of("BWI-006", with_step("ADD http://u:p4ss@host/a.tar /a # buildkit")), "step 1: http://****@host/a.tar");
  EXPECT_EQ(evidence_of("BWI-006", with_step("RUN /bin/sh -c echo http://x")), "");
  EXPECT_THAT(evidence_of("BWI-007", with_step("RUN /bin/sh -c curl -fsSL https://x | bash -")), HasSubstr("step 1: curl"));
  EXPECT_THAT(evidence_of("BWI-008", with_step("RUN /bin/sh -c curl -sk https://x -o y")), HasSubstr("step 1: curl -sk"));
  EXPECT_EQ(evidence_of("BWI-008", with_step("RUN /bin/sh -c curl -fsSL https://x -o pack")), "");
  EXPECT_EQ(evidence_of("BWI-009", with_step("RUN /bin/sh -c chmod -R 777 /srv")), "step 1: chmod -R 777 /srv");
  EXPECT_EQ(evidence_of("BWI-005", with_step("RUN |2 A=1 DB_PASSWORD=hunter2 /bin/sh -c make")), "step 1: DB_PASSWORD");
}

TEST(ImageChecks, modes_of_files_and_folders) {
  EXPECT_EQ(evidence_of_file("BWI-101", {"usr/bin/passwd", "x", 04755}), "");
  EXPECT_EQ(evidence_of_file("BWI-101", {"usr/bin/find", "x", 04755}), "usr/bin/find (mode 4755)");
  EXPECT_EQ(evidence_of_file("BWI-101", {"var/mail", "", 02775, test::EntryType::directory}), "");
  EXPECT_EQ(evidence_of_file("BWI-102", {"tmp", "", 01777, test::EntryType::directory}), "");
  EXPECT_EQ(evidence_of_file("BWI-102", {"srv", "", 0777, test::EntryType::directory}), "srv (mode 0777)");
  EXPECT_EQ(evidence_of_file("BWI-103", {"srv/x", "x", 0666}), "srv/x (mode 0666)");
  EXPECT_EQ(evidence_of_file("BWI-103", {"srv/x", "y", 0777, test::EntryType::symlink}), "");
}

TEST(ImageChecks, files_that_should_not_be_there) {
  EXPECT_EQ(evidence_of_file("BWI-104", {"usr/sbin/sshd", "x", 0755}), "usr/sbin/sshd");
  EXPECT_EQ(evidence_of_file("BWI-105", {"srv/app/.git/HEAD", "ref: x"}), "srv/app/.git/HEAD");
  EXPECT_EQ(evidence_of_file("BWI-106", {"var/run/docker.sock", "", 0660, test::EntryType::other}), "var/run/docker.sock");
  EXPECT_EQ(evidence_of_file("BWI-107", {"root/.ssh/authorized_keys", "ssh-ed25519 x"}), "root/.ssh/authorized_keys");
  EXPECT_EQ(evidence_of_file("BWI-107", {"root/.ssh/authorized_keys", ""}), "");
  EXPECT_EQ(evidence_of_file("BWI-108", {"root/.aws/credentials", "x"}), "root/.aws/credentials");
  EXPECT_EQ(evidence_of_file("BWI-109", {"root/.bash_history", "ls"}), "root/.bash_history");
  EXPECT_EQ(evidence_of_file("BWI-110", {"srv/.env", "A=1"}), "srv/.env");
  EXPECT_EQ(evidence_of_file("BWI-111", {"var/cache/apt/archives/a.deb", "x"}), "var/cache/apt/archives/a.deb");
}

TEST(ImageChecks, lines_of_system_files) {
  EXPECT_EQ(evidence_of_file("BWI-113", {"etc/shadow", "root:*:1::\nsam::1::\n"}), "etc/shadow (line 2: sam)");
  const std::string hashed = evidence_of_file("BWI-114", {"etc/shadow", "root:$y$j9T$abc$def:1::\n"});
  EXPECT_EQ(hashed, "etc/shadow (line 1: root)");
  EXPECT_EQ(evidence_of_file("BWI-115", {"etc/passwd", "root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/:/bin/sh\n"}), "etc/passwd (line 2: toor)");
  EXPECT_EQ(evidence_of_file("BWI-116", {"etc/passwd", "games:x:5:60:g:/usr/games:/bin/bash\n"}), "etc/passwd (line 1: games)");
  EXPECT_EQ(evidence_of_file("BWI-117", {"etc/ssh/sshd_config", "#PermitRootLogin yes\nPermitRootLogin  yes\n"}), "etc/ssh/sshd_config (line 2: PermitRootLogin  yes)");
  EXPECT_THAT(evidence_of_file("BWI-118", {"etc/sudoers.d/a", "app ALL=(ALL) NOPASSWD: ALL\n"}), HasSubstr("line 1: app"));
  EXPECT_THAT(evidence_of_file("BWI-119", {"etc/apt/sources.list", "deb [trusted=yes] http://x y z\n"}), HasSubstr("trusted=yes"));
  EXPECT_EQ(evidence_of_file("BWI-112", {"etc/ld.so.preload", "/lib/x.so\n"}), "etc/ld.so.preload (line 1: /lib/x.so)");
}

TEST(ImageChecks, every_fault_of_a_file_is_told_with_its_line) {
  const std::string faults = check_faults(
      "checks:\n"
      "  - id: X-1\n"
      "    title: T\n"
      "    severity: bad\n"       // 4
      "    description: D\n"
      "    remediation: R\n"
      "    check: mode_bits\n"
      "    parameters:\n"
      "      bits: '9'\n"         // 9
      "      typ: file\n"         // 10
      "  - id: X-1\n"             // 11
      "    title: T\n"
      "    severity: low\n"
      "    description: D\n"
      "    remediation: R\n"
      "    check: user_is_rot\n"  // 16
      "  - id: X-2\n"
      "    title: T\n"
      "    severity: low\n"
      "    description: D\n"
      "    remediation: R\n"
      "    check: history_matching\n"
      "    parameters: {pattern: '('}\n");  // 23
  EXPECT_THAT(faults, AllOf(HasSubstr("c.yaml:4: \"severity\""), HasSubstr("c.yaml:9: \"bits\" must be file mode bits"),
                            HasSubstr("\"type\" is missing"), HasSubstr("c.yaml:10: \"typ\" is no member here; did you mean \"type\"?"),
                            HasSubstr("c.yaml:11: \"id\" is the id of another check"),
                            HasSubstr("c.yaml:16: \"check\" must be one of user_is_root"), HasSubstr("c.yaml:23: \"pattern\" is not an expression")));
}
