// SPDX-License-Identifier: Apache-2.0
#include "advisory/database.hpp"

#include <gmock/gmock.h>

#include <cstring>
#include <thread>

#include "advisory/index_format.hpp"
#include "advisory_support.hpp"

namespace {

using advisory_test::Bench;
using advisory_test::ids_of;
using advisory_test::inventory_of;
using advisory_test::kNow;
using advisory_test::osv_record;
using advisory_test::package_of;
using advisory_test::zip_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

model::Inventory one_npm(std::string name, std::string version) { return inventory_of({package_of("npm", std::move(name), std::move(version))}); }

TEST(Database, names_the_commands_that_make_one_when_there_is_none) {
  const auto opened = advisory::Database::open("/nonexistent/folder/test.db");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, base::Kind::not_found);
  EXPECT_THAT(opened.error().message, HasSubstr("db update"));
  EXPECT_THAT(opened.error().message, HasSubstr("db import"));
}

TEST(Database, replaces_the_former_records_of_an_archive_imported_again) {
  const Bench bench;
  ASSERT_TRUE(bench.import("npm.zip", zip_of({{"A.json", osv_record("A", "left", "2.0.0")}, {"B.json", osv_record("B", "right", "2.0.0")}})));
  ASSERT_TRUE(bench.import("more.json", osv_record("C", "right", "3.0.0")));
  EXPECT_THAT(ids_of(bench.open().match(one_npm("right", "1.0.0"))), ElementsAre("B", "C"));
  const auto report = bench.import("npm.zip", zip_of({{"A.json", osv_record("A", "left", "1.5.0")}}));
  ASSERT_TRUE(report);
  ASSERT_EQ(report->sources.size(), 1u);
  EXPECT_EQ(report->sources[0].name, "OSV npm");
  const auto database = bench.open();
  EXPECT_THAT(ids_of(database.match(one_npm("right", "1.0.0"))), ElementsAre("C"));
  const auto findings = database.match(one_npm("left", "1.0.0"));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].fixed_version, "1.5.0");
}

TEST(Database, replaces_loose_records_by_id_and_forgets_withdrawn_ones) {
  const Bench bench;
  ASSERT_TRUE(bench.import("a.json", osv_record("A", "left", "2.0.0")));
  ASSERT_TRUE(bench.import("b.json", osv_record("B", "left", "2.0.0")));
  EXPECT_EQ(bench.open().match(one_npm("left", "1.0.0")).size(), 2u);
  ASSERT_TRUE(bench.import("a2.json", osv_record("A", "left", "2.0.0", "2024-05-01T00:00:00Z", R"("withdrawn":"2024-05-01T00:00:00Z",)")));
  EXPECT_THAT(ids_of(bench.open().match(one_npm("left", "1.0.0"))), ElementsAre("B"));
}

TEST(Database, takes_the_newest_of_records_with_one_id_in_several_archives) {
  const Bench bench;
  const std::string maven = R"({"id":"M","modified":"2024-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"Maven","name":"a:b"},"ranges":[]}]})";
  ASSERT_TRUE(bench.import("maven.zip", zip_of({{"M.json", maven}, {"N.json", maven}, {"A.json", osv_record("A", "left", "1.0.0", "2024-01-01T00:00:00Z")}})));
  ASSERT_TRUE(bench.import("npm.zip", zip_of({{"A.json", osv_record("A", "left", "3.0.0", "2024-06-01T00:00:00Z")}})));
  auto findings = bench.open().match(one_npm("left", "2.0.0"));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].fixed_version, "3.0.0");
  // Newer, and withdrawn: the older copy elsewhere does not come back.
  ASSERT_TRUE(bench.import("npm.zip", zip_of({{"A.json", osv_record("A", "left", "3.0.0", "2024-07-01T00:00:00Z", R"("withdrawn":"2024-07-01T00:00:00Z",)")},
                                              {"B.json", osv_record("B", "x", "1.0.0")}})));
  EXPECT_THAT(bench.open().match(one_npm("left", "0.5.0")), IsEmpty());
}

TEST(Database, leaves_out_bad_records_and_keeps_the_rest) {
  const Bench bench;
  const auto report = bench.import("npm.zip", zip_of({{"A.json", osv_record("A", "left", "2.0.0")},
                                                      {"bad.json", "{\"id\":"},
                                                      {"noid.json", R"({"modified":"2024-01-01T00:00:00Z","affected":[]})"},
                                                      {"range.json", R"({"id":"R","modified":"x","affected":[{"package":{"ecosystem":"npm","name":"n"},"ranges":[{"type":"NOVEL","events":[]}]}]})"},
                                                      {"name.json", R"({"id":"N","modified":"x","affected":[{"package":{"ecosystem":"npm"}}]})"}}));
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->refused, 4u);
  ASSERT_EQ(report->warnings.size(), 4u);
  EXPECT_THAT(report->warnings[0], HasSubstr("bad.json"));
  EXPECT_THAT(report->warnings[2], HasSubstr("NOVEL"));
  EXPECT_EQ(bench.open().advisories(), 1u);
}

TEST(Database, refuses_input_without_any_advisory_and_keeps_what_was_there) {
  const Bench bench;
  ASSERT_TRUE(bench.import("a.json", osv_record("A", "left", "2.0.0")));
  for (const char* bad : {"", "hello", "{}", "[]", "<html></html>", "{\"a\":1}", "PK\x03\x04 no archive"}) {
    const auto report = bench.import("bad", bad);
    EXPECT_FALSE(report) << bad;
  }
  EXPECT_EQ(bench.open().advisories(), 1u);
}

TEST(Database, keeps_good_scores_when_a_new_file_of_them_is_broken) {
  const Bench bench;
  ASSERT_TRUE(bench.import("a.json", osv_record("CVE-2024-1000", "left", "2.0.0")));
  ASSERT_TRUE(bench.import("epss.csv", "#model_version:v1,score_date:2024-01-01\ncve,epss,percentile\nCVE-2024-1000,0.5,0.9\n"));
  EXPECT_FALSE(bench.import("epss.csv", "#model_version:v1,score_date:2024-01-02\ncve,epss,percentile\nnonsense\n"));
  const auto findings = bench.open().match(one_npm("left", "1.0.0"));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_DOUBLE_EQ(findings[0].epss, 0.5);
  EXPECT_DOUBLE_EQ(findings[0].epss_percentile, 0.9);
}

TEST(Database, says_what_it_was_made_from) {
  const Bench bench;
  ASSERT_TRUE(bench.import("a.json", osv_record("A", "left", "2.0.0", "2024-03-01T00:00:00Z")));
  ASSERT_TRUE(bench.import("kev.json", R"({"catalogVersion":"1","dateReleased":"2024-02-01T00:00:00Z","vulnerabilities":[{"cveID":"CVE-2024-1001"}]})"));
  const auto database = bench.open();
  EXPECT_EQ(database.built(), kNow);
  EXPECT_EQ(database.packages(), 1u);
  const auto sources = database.sources();
  ASSERT_EQ(sources.size(), 2u);
  EXPECT_EQ(sources[0].name, "CISA KEV");
  EXPECT_EQ(sources[0].records, 1u);
  EXPECT_EQ(sources[0].newest, "2024-02-01T00:00:00Z");
  EXPECT_EQ(sources[1].name, "OSV files");
  EXPECT_EQ(sources[1].newest, "2024-03-01T00:00:00Z");
  EXPECT_EQ(sources[1].imported, "2026-11-21T12:00:00Z");
}

TEST(Database, is_the_same_file_for_the_same_input) {
  std::vector<std::pair<std::string, std::string>> entries;
  for (int i = 0; i < 2000; ++i) entries.emplace_back(std::to_string(i) + ".json", osv_record("A-" + std::to_string(i), "p" + std::to_string(i % 50), "2.0.0"));
  const Bench first;
  const Bench second;
  ASSERT_TRUE(first.import("npm.zip", zip_of(entries)));
  ASSERT_TRUE(second.import("npm.zip", zip_of(entries)));
  EXPECT_EQ(*base::read_file(first.database()), *base::read_file(second.database()));
}

TEST(Database, names_the_damaged_section) {
  const Bench bench;
  ASSERT_TRUE(bench.import("a.json", osv_record("CVE-2024-1001", "left", "2.0.0", "2024-01-01T00:00:00Z", R"("aliases":["GHSA-1"],)")));
  ASSERT_TRUE(bench.import("kev.json", R"({"catalogVersion":"1","vulnerabilities":[{"cveID":"CVE-2024-1001"}]})"));
  ASSERT_TRUE(bench.import("epss.csv", "cve,epss,percentile\nCVE-2024-1001,0.5,0.9\n"));
  const std::string good = *base::read_file(bench.database());
  advisory::index::Header header;
  ASSERT_GE(good.size(), sizeof header);
  std::memcpy(&header, good.data(), sizeof header);
  for (std::size_t section = 0; section < advisory::index::kSectionCount; ++section) {
    const auto& entry = header.sections[section];
    ASSERT_GT(entry.length, 0u) << advisory::index::kSectionNames[section];
    std::string damaged = good;
    damaged[entry.offset + entry.length / 2] ^= 1;
    const auto opened = advisory::Database::open(bench.file("damaged.db", damaged));
    ASSERT_FALSE(opened) << advisory::index::kSectionNames[section];
    EXPECT_EQ(opened.error().kind, base::Kind::corrupt);
    EXPECT_THAT(opened.error().message, HasSubstr("section " + std::string(advisory::index::kSectionNames[section])));
    EXPECT_THAT(opened.error().message, HasSubstr("damaged.db"));
  }
}

TEST(Database, refuses_files_cut_short_foreign_or_of_another_version) {
  const Bench bench;
  ASSERT_TRUE(bench.import("a.json", osv_record("A", "left", "2.0.0")));
  const std::string good = *base::read_file(bench.database());
  for (const std::size_t size : {std::size_t{0}, std::size_t{7}, std::size_t{20}, sizeof(advisory::index::Header), good.size() - 1}) {
    const auto opened = advisory::Database::open(bench.file("cut.db", good.substr(0, size)));
    ASSERT_FALSE(opened) << size;
    EXPECT_EQ(opened.error().kind, base::Kind::corrupt) << size;
  }
  const auto foreign = advisory::Database::open(bench.file("foreign.db", "SQLite format 3 and more of it"));
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().kind, base::Kind::corrupt);
  std::string other = good;
  other[8] = 99;
  const auto version = advisory::Database::open(bench.file("other.db", other));
  ASSERT_FALSE(version);
  EXPECT_EQ(version.error().kind, base::Kind::unsupported);
  EXPECT_THAT(version.error().message, HasSubstr("format 99"));
  // An import into a damaged file does not throw away what may be saved from it.
  const auto report = advisory::import_files(bench.path("other.db"), {bench.path("a.json")}, kNow);
  EXPECT_FALSE(report);
}

TEST(Database, keeps_the_records_of_imports_that_run_at_the_same_time) {
  const Bench bench;
  std::vector<std::filesystem::path> files;
  for (int i = 0; i < 6; ++i) files.push_back(bench.file("r" + std::to_string(i) + ".json", osv_record("A-" + std::to_string(i), "left", "2.0.0")));
  std::vector<std::thread> threads;
  for (const auto& file : files)
    threads.emplace_back([&bench, file] { EXPECT_TRUE(advisory::import_files(bench.database(), {file}, kNow)); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(bench.open().match(one_npm("left", "1.0.0")).size(), 6u);
}

TEST(Database, reads_folders_and_compressed_files_and_skips_what_is_something_else) {
  const Bench bench;
  bench.file("folder/deep/a.json", osv_record("A", "left", "2.0.0"));
  bench.file("folder/README.md", "# read me");
  bench.file("folder/.git/config", "{");
  const auto report = advisory::import_files(bench.database(), {bench.path("folder")}, kNow);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->refused, 0u);
  EXPECT_EQ(bench.open().advisories(), 1u);
  const auto missing = advisory::import_files(bench.database(), {bench.path("nowhere")}, kNow);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, base::Kind::not_found);
}

TEST(Database, refuses_xml_with_entities) {
  const Bench bench;
  std::string bomb = "<?xml version=\"1.0\"?><!DOCTYPE oval_definitions [<!ENTITY a \"aaaaaaaaaa\">";
  for (char c = 'b'; c < 'k'; ++c)
    bomb += std::string("<!ENTITY ") + c + " \"&" + static_cast<char>(c - 1) + ";&" + static_cast<char>(c - 1) + ";\">";
  bomb += "]><oval_definitions>&j;</oval_definitions>";
  const auto report = bench.import("bomb.xml", bomb);
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("document type"));
}

TEST(Database, orders_findings_by_severity_then_id_then_package) {
  const Bench bench;
  const auto record = [](const char* id, const char* word) {
    return osv_record(id, "left", "2.0.0", "2024-01-01T00:00:00Z", std::string(R"("database_specific":{"severity":")") + word + "\"},");
  };
  ASSERT_TRUE(bench.import("all.json", "[" + record("B", "LOW") + "," + record("C", "CRITICAL") + "," + record("A", "LOW") + "]"));
  auto packages = one_npm("left", "1.1.0");
  packages.packages.push_back(package_of("npm", "left", "1.0.0"));
  const auto findings = bench.open().match(packages);
  EXPECT_THAT(ids_of(findings), ElementsAre("C", "C", "A", "A", "B", "B"));
  EXPECT_EQ(findings[0].package.version, "1.0.0");
}

TEST(Database, tells_the_end_of_life_of_a_release) {
  const Bench bench;
  ASSERT_TRUE(bench.import("a.json", R"({"id":"A","modified":"2024-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"Debian:11","name":"x"},"ranges":[]}]})"));
  const auto database = bench.open();
  const auto inventory = inventory_of({package_of("deb", "x", "1")}, "debian", "11");
  EXPECT_EQ(database.distribution_notice(inventory, advisory_test::at("2026-08-30T00:00:00Z")), "");
  EXPECT_THAT(database.distribution_notice(inventory, advisory_test::at("2026-09-02T00:00:00Z")), HasSubstr("since 2026-08-31"));
  EXPECT_EQ(database.distribution_notice(inventory_of({}), kNow), "");
}

}  // namespace
