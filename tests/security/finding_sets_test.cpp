// SPDX-License-Identifier: Apache-2.0
#include "security/finding_sets.hpp"

#include <gmock/gmock.h>

#include "security/security_testing.hpp"

namespace {

using model::Severity;
using security_testing::finding;
using testing::ElementsAre;
using testing::IsEmpty;

class FindingSetsTest : public security_testing::SecurityTest {
 protected:
  security::SetChange put(const std::vector<model::Finding>& findings, const model::Inventory* inventory = nullptr,
                          const std::string& matched_with = "data-1") {
    return write([&](store::Session& session) {
      return security::put_finding_set(session, "set", inventory, findings, matched_with, ++now_);
    });
  }
  store::Millis now_ = 0;
};

model::Inventory inventory() {
  model::Inventory out;
  out.os = model::Distribution{"debian", "12", "bookworm", "Debian GNU/Linux 12", {"debian"}};
  model::Package package;
  package.name = "openssl";
  package.version = "3.0.1";
  package.type = "deb";
  package.source = "openssl";
  package.path = "var/lib/dpkg/status";
  package.dev = true;
  out.packages.push_back(package);
  package.name = "odd\xff name";
  out.packages.push_back(package);
  model::Finding secret;
  secret.category = model::Category::secret;
  secret.id = "private-key";
  secret.severity = Severity::high;
  secret.evidence = "-----BEGIN\n****";
  secret.package.path = "root/.ssh/id_rsa";
  out.issues.push_back(secret);
  return out;
}

TEST_F(FindingSetsTest, writes_differences_alone) {
  const auto one = finding("CVE-1", "openssl", Severity::high), two = finding("CVE-2", "zlib", Severity::low);
  auto change = put({one, two, one});
  EXPECT_EQ(change.added, 2u) << "the same finding twice is one";
  EXPECT_FALSE(put({two, one}).any());
  auto mended = two;
  mended.fixed_version = "2.0";
  change = put({mended, finding("CVE-3", "bash", Severity::low)});
  EXPECT_EQ(change.added, 1u);
  EXPECT_EQ(change.removed, 1u);
  EXPECT_EQ(change.changed, 1u);
  EXPECT_THAT(rows("SELECT vulnerability, fixed_version, first_seen_at FROM findings ORDER BY vulnerability", 3),
              ElementsAre("CVE-2 2.0 1", "CVE-3  3")) << "first seen stays";
  EXPECT_THAT(rows("SELECT * FROM set_changes", 1), IsEmpty()) << "no assessment uses the set";
}

TEST_F(FindingSetsTest, keeps_facts_of_a_vulnerability_once_and_up_to_date) {
  auto one = finding("CVE-1", "openssl", Severity::low), two = finding("CVE-1", "libssl3", Severity::high);
  put({one, two});
  EXPECT_THAT(rows("SELECT id, severity, kev FROM vulnerabilities", 3), ElementsAre("CVE-1 4 0"));
  one.kev = two.kev = true;
  EXPECT_FALSE(put({one, two}).any());
  EXPECT_THAT(rows("SELECT kev FROM vulnerabilities", 1), ElementsAre("1"));
}

TEST_F(FindingSetsTest, a_finding_has_the_same_id_in_two_images) {
  auto one = finding("CVE-1", "openssl", Severity::low);
  auto other = one;
  other.severity = Severity::high;
  other.package.layer = "sha256:00";
  EXPECT_EQ(security::finding_id(one), security::finding_id(other));
  EXPECT_EQ(security::finding_id(one).size(), 36u);
  other.package.path = "usr/lib/x";
  EXPECT_NE(security::finding_id(one), security::finding_id(other));
}

TEST_F(FindingSetsTest, gives_the_inventory_back_so_that_its_key_is_the_same) {
  const auto given = inventory();
  const auto set = put({}, &given).set_id;
  const auto loaded = write([&](store::Session& session) { return security::load_inventory(session, set); });
  ASSERT_TRUE(loaded);
  EXPECT_EQ(security::set_key_of(*loaded), security::set_key_of(given));
  ASSERT_EQ(loaded->packages.size(), 2u);
  EXPECT_EQ(loaded->packages[0].source, "openssl");
  EXPECT_TRUE(loaded->packages[0].dev);
  EXPECT_EQ(loaded->os->codename, "bookworm");
  ASSERT_EQ(loaded->issues.size(), 1u);
  EXPECT_EQ(loaded->issues[0].category, model::Category::secret);
  EXPECT_EQ(loaded->issues[0].evidence, "-----BEGIN\n****");
  EXPECT_EQ(security::finding_id(loaded->issues[0]), security::finding_id(given.issues[0]));
  auto more = given;
  more.packages.pop_back();
  EXPECT_NE(security::set_key_of(more), security::set_key_of(given));
}

TEST_F(FindingSetsTest, names_the_sets_that_newer_data_has_not_seen) {
  const auto given = inventory();
  const auto set = put({}, &given).set_id;
  const auto due = [&](const std::string& data) {
    return write([&](store::Session& session) { return security::sets_to_match(session, data, 0, 10); });
  };
  EXPECT_THAT(due("data-1"), IsEmpty());
  EXPECT_THAT(due("data-2"), ElementsAre(set));
  put({}, nullptr, "data-2");
  EXPECT_THAT(due("data-2"), IsEmpty());
}

TEST_F(FindingSetsTest, forgets_sets_that_nothing_uses) {
  const auto used = put_set("used", {finding("CVE-1", "a", Severity::low)}, 1);
  put_set("unused", {finding("CVE-2", "b", Severity::low)}, 1);
  assess(security_testing::image("a", "sha256:aa"), {used, "", "", ""}, 1);
  EXPECT_EQ(write([](store::Session& session) { return security::forget_unused_sets(session); }), 1);
  EXPECT_THAT(rows("SELECT vulnerability FROM findings", 1), ElementsAre("CVE-1"));
}

}  // namespace
