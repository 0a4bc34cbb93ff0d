// SPDX-License-Identifier: Apache-2.0
// The database against a plain evaluation of the same OSV records, straight from their JSON.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "advisory/ecosystem.hpp"
#include "advisory/version.hpp"
#include "advisory_support.hpp"
#include "base/json.hpp"
#include "base/process.hpp"
#include "base/zip.hpp"

namespace {

using advisory_test::Bench;
using advisory_test::kNow;
using base::Json;

struct NaiveEntry {
  std::string id;
  Json affected;
};
using NaiveData = std::map<std::pair<std::string, std::string>, std::vector<NaiveEntry>>;  // (ecosystem, name)

std::string data_folder() {
  const char* folder = std::getenv("BULWARK_TEST_DATA");
  return folder ? std::string(folder) + "/vulndb" : std::string();
}

bool is_bug_fix_erratum(const Json& record) {
  const auto id = base::get_string(record, "id");
  if (id.substr(0, 5) != "ALBA-" && id.substr(0, 5) != "ALEA-") return false;
  for (const auto& related : base::get_array(record, "related"))
    if (base::as_string(related).substr(0, 4) == "CVE-") return false;
  return true;
}

NaiveData read_naive(const std::string& path) {
  NaiveData out;
  const auto bytes = *base::read_file(path);
  const auto zip = *base::ZipReader::open(bytes);
  for (const auto& entry : zip.entries()) {
    const auto record = *base::parse_json(*zip.read(entry, 64u << 20), entry.name);
    if (!base::get_string(record, "withdrawn").empty() || is_bug_fix_erratum(record)) continue;
    for (const auto& affected : base::get_array(record, "affected")) {
      const auto* package = base::find(affected, "package");
      if (!package) continue;
      const std::string ecosystem(base::get_string(*package, "ecosystem"));
      const auto name = advisory::normalize_name(ecosystem, base::get_string(*package, "name"));
      out[{ecosystem, name}].push_back({std::string(base::get_string(record, "id")), affected});
    }
  }
  return out;
}

// The algorithm of the OSV schema, word for word: events in version order switch "vulnerable" on and off.
bool in_range(advisory::Scheme scheme, const Json& range, std::string_view version) {
  if (base::get_string(range, "type") == "GIT") return false;
  std::vector<std::pair<std::string, std::string>> events;
  for (const auto& event : base::get_array(range, "events"))
    for (const char* kind : {"introduced", "fixed", "last_affected"})
      if (const auto text = base::get_string(event, kind); !text.empty()) events.emplace_back(text, kind);
  std::stable_sort(events.begin(), events.end(), [&](const auto& a, const auto& b) {
    const bool zero_a = a.second == "introduced" && a.first == "0";
    const bool zero_b = b.second == "introduced" && b.first == "0";
    if (zero_a || zero_b) return zero_a && !zero_b;
    return advisory::compare_versions(scheme, a.first, b.first) < 0;
  });
  bool vulnerable = false;
  for (const auto& [text, kind] : events) {
    const bool zero = text == "0" && kind == "introduced";
    const auto order = zero ? std::strong_ordering::greater : advisory::compare_versions(scheme, version, text);
    if (kind == "introduced" && order >= 0) vulnerable = true;
    if (kind == "fixed" && order >= 0) vulnerable = false;
    if (kind == "last_affected" && order > 0) vulnerable = false;
  }
  return vulnerable;
}

bool naive_affected(advisory::Scheme scheme, const Json& affected, std::string_view version) {
  for (const auto& listed : base::get_array(affected, "versions"))
    if (base::as_string(listed) == version) return true;
  if (!advisory::is_valid_version(scheme, version)) return false;
  for (const auto& range : base::get_array(affected, "ranges"))
    if (in_range(scheme, range, version)) return true;
  return false;
}

// Bounds of the ranges and versions listed, where answers change; a few of each.
std::vector<std::string> interesting_versions(const std::vector<NaiveEntry>& entries, std::size_t most) {
  std::vector<std::string> out;
  for (const auto& entry : entries) {
    for (const auto& range : base::get_array(entry.affected, "ranges")) {
      if (base::get_string(range, "type") == "GIT") continue;
      for (const auto& event : base::get_array(range, "events"))
        for (const char* kind : {"introduced", "fixed", "last_affected"})
          if (const auto text = base::get_string(event, kind); !text.empty() && text != "0") out.emplace_back(text);
    }
    const auto& versions = base::get_array(entry.affected, "versions");
    for (std::size_t i = 0; i < versions.size(); i += versions.size() / 4 + 1) out.emplace_back(base::as_string(versions[i]));
  }
  out.emplace_back("0.0.1");
  out.emplace_back("no version");
  std::vector<std::string> sample;
  for (std::size_t i = 0; i < out.size(); i += out.size() / most + 1) sample.push_back(out[i]);
  return sample;
}

struct Corpus {
  const char* folder;
  const char* ecosystem;  // of the packages that are tried
  const char* type;
  const char* os;
  const char* os_version;
};

class RealData : public testing::TestWithParam<Corpus> {};

std::set<std::string> sources_of(const advisory::Database& database, const model::Inventory& inventory) {
  std::set<std::string> out;
  for (const auto& finding : database.match(inventory)) out.insert(finding.sources.begin(), finding.sources.end());
  return out;
}

TEST_P(RealData, gives_what_a_plain_evaluation_of_the_records_gives) {
  if (data_folder().empty()) GTEST_SKIP() << "BULWARK_TEST_DATA is not set";
  const Corpus corpus = GetParam();
  const std::string path = data_folder() + "/" + corpus.folder + "/all.zip";
  const Bench bench;
  const auto report = advisory::import_files(bench.database(), {path}, kNow);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->refused, 0u);
  const auto database = bench.open();
  const auto naive = read_naive(path);
  const auto scheme = *advisory::scheme_of(corpus.ecosystem);
  std::size_t tried = 0;
  std::size_t found = 0;
  std::size_t number = 0;
  for (const auto& [key, entries] : naive) {
    if (key.first != corpus.ecosystem || number++ % 3 != 0) continue;
    for (const auto& version : interesting_versions(entries, 12)) {
      if (version.find(".module") != std::string::npos) continue;  // modules have cases of their own
      std::set<std::string> expected;
      for (const auto& entry : entries) {
        if (base::to_text(entry.affected).find(".module") != std::string::npos) continue;
        if (naive_affected(scheme, entry.affected, version)) expected.insert(entry.id);
      }
      auto package = advisory_test::package_of(corpus.type, key.second, version);
      const auto actual = sources_of(database, advisory_test::inventory_of({package}, corpus.os, corpus.os_version));
      ASSERT_EQ(expected, actual) << key.second << " " << version;
      ++tried;
      found += expected.size();
    }
  }
  EXPECT_GT(tried, 100u);
  EXPECT_GT(found, 100u);
}

INSTANTIATE_TEST_SUITE_P(Ecosystems, RealData,
                         testing::Values(Corpus{"npm", "npm", "npm", "", ""}, Corpus{"PyPI", "PyPI", "pypi", "", ""},
                                         Corpus{"Go", "Go", "golang", "", ""}, Corpus{"crates.io", "crates.io", "cargo", "", ""},
                                         Corpus{"RubyGems", "RubyGems", "gem", "", ""}, Corpus{"Packagist", "Packagist", "composer", "", ""},
                                         Corpus{"Maven", "Maven", "maven", "", ""}, Corpus{"Debian", "Debian:12", "deb", "debian", "12"},
                                         Corpus{"Alpine", "Alpine:v3.11", "apk", "alpine", "3.11.5"},
                                         Corpus{"AlmaLinux", "AlmaLinux:9", "rpm", "almalinux", "9.4"}),
                         [](const auto& instance) {
                           std::string name = instance.param.ecosystem;
                           std::replace_if(name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
                           return name;
                         });

TEST(RealDataDebian, findings_agree_with_dpkg) {
  if (data_folder().empty()) GTEST_SKIP() << "BULWARK_TEST_DATA is not set";
  if (!base::run_process({"dpkg", "--version"})) GTEST_SKIP() << "dpkg is not installed";
  const Bench bench;
  const std::string path = data_folder() + "/Debian/all.zip";
  ASSERT_TRUE(advisory::import_files(bench.database(), {path}, kNow));
  const auto database = bench.open();
  std::size_t asked = 0;
  std::size_t number = 0;
  for (const auto& [key, entries] : read_naive(path)) {
    if (key.first != "Debian:12" || number++ % 4 != 0) continue;
    const auto versions = interesting_versions(entries, 3);
    auto package = advisory_test::package_of("deb", key.second, versions.front());
    for (const auto& finding : database.match(advisory_test::inventory_of({package}, "debian", "12"))) {
      const auto answer = base::run_process({"dpkg", "--compare-versions", package.version, "lt", finding.fixed_version});
      ASSERT_TRUE(answer);
      EXPECT_EQ(answer->exit_code, 0) << finding.id << ": " << package.version << " lt " << finding.fixed_version;
      if (++asked >= 150) return;
    }
  }
  EXPECT_GT(asked, 20u);
}

TEST(RealDataAll, is_imported_whole_with_all_native_formats) {
  if (data_folder().empty()) GTEST_SKIP() << "BULWARK_TEST_DATA is not set";
  const Bench bench;
  const auto report = advisory::import_files(bench.database(), {data_folder()}, kNow);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->refused, 0u) << base::to_text(Json(boost::json::value_from(report->warnings)));
  const auto database = bench.open();
  EXPECT_GT(database.advisories(), 45'000u);
  std::set<std::string> names;
  for (const auto& source : database.sources()) names.insert(source.name);
  for (const char* name : {"OSV Go", "OSV Debian", "OSV AlmaLinux", "Alpine secdb v3.11/main", "Azure Linux 3 OVAL", "Mariner 1.0 OVAL", "CISA KEV"})
    EXPECT_EQ(names.count(name), 1u) << name;
}

}  // namespace
