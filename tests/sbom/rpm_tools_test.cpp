// SPDX-License-Identifier: Apache-2.0
// rpm databases as the real tools make them: rpmbuild and rpm for SQLite, db5.3_load for Berkeley DB.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "sbom/rpm.hpp"

namespace sbom {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

bool have_tool(const std::string& name) { return base::run_process({name, "--version"}).has_value() || base::run_process({name, "-V"}).has_value(); }

base::ProcessOutput must_run(const std::vector<std::string>& argv, std::string_view input = {}) {
  const auto output = base::run_process(argv, input, std::chrono::minutes(2));
  EXPECT_TRUE(output) << argv[0] << ": " << output.error().message;
  if (!output) return {};
  EXPECT_EQ(output->exit_code, 0) << argv[0] << ": " << output->err;
  return *output;
}

FileFacts catalog_folder(const Cataloger& cataloger, const std::filesystem::path& folder) {
  std::vector<File> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string path = "var/lib/rpm/" + entry.path().filename().string();
    if (cataloger.wants({path, entry.file_size(), 0644, {}})) files.push_back({path, *base::read_file(entry.path()), 0644});
  }
  EXPECT_FALSE(files.empty()) << folder;
  if (files.empty()) return {};
  auto facts = cataloger.catalog(files);
  EXPECT_TRUE(facts) << facts.error().message;
  return facts ? *facts : FileFacts{};
}

// One line a package, in the words of `rpm -qa --qf`.
constexpr const char* kQueryFormat = "%{NAME} %|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE} %{ARCH} %{SOURCERPM}\n";

std::vector<std::string> lines_of(const FileFacts& facts) {
  std::vector<std::string> lines;
  for (const auto& package : facts.packages)
    lines.push_back(package.name + ' ' + package.version + ' ' + package.arch + ' ' + package.source + '-' + package.source_version + ".src.rpm");
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<std::string> rpm_query(const std::filesystem::path& folder, const std::string& backend) {
  const auto output = must_run({"rpm", "--dbpath", folder.string(), "--define", "_db_backend " + backend, "-qa", "--qf", kQueryFormat});
  std::vector<std::string> lines;
  for (std::string_view line : base::split_lines(output.out)) lines.emplace_back(line);
  std::sort(lines.begin(), lines.end());
  return lines;
}

constexpr std::string_view kSpec = R"(
Name: alpha
Version: 1.2
Release: 3
Epoch: 4
Summary: a
License: MIT
Vendor: Example Corp
BuildArch: noarch
%description
a
%package -n beta-libs
Summary: b
Version: 2.0~rc1
Epoch: 1
%description -n beta-libs
b
%install
mkdir -p %{buildroot}/usr/bin %{buildroot}/etc/beta
touch %{buildroot}/usr/bin/alpha %{buildroot}/etc/beta/beta.conf
%files
/usr/bin/alpha
%files -n beta-libs
/etc/beta/beta.conf
)";

// A folder with an rpm database that holds two freshly built packages; empty where the tools are missing.
class RpmTools : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!have_tool("rpmbuild") || !have_tool("rpm")) GTEST_SKIP() << "rpm and rpmbuild are not installed";
    std::ofstream(folder_.path() / "alpha.spec") << kSpec;
    must_run({"rpmbuild", "-bb", "--define", "_topdir " + (folder_.path() / "top").string(), (folder_.path() / "alpha.spec").string()});
    std::vector<std::string> install{"rpm", "--dbpath", database().string(), "--define", "_db_backend sqlite", "-i", "--justdb", "--nodeps", "--noscripts", "--nosignature"};
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path() / "top" / "RPMS"))
      if (entry.path().extension() == ".rpm") install.push_back(entry.path().string());
    must_run(install);
  }
  std::filesystem::path database() const { return folder_.path() / "sqlite"; }

  base::TempDir folder_ = *base::TempDir::create();
};

TEST_F(RpmTools, sqlite_database_lists_what_rpm_lists) {
  const auto facts = catalog_folder(kRpmSqliteCataloger, database());
  EXPECT_THAT(lines_of(facts), ElementsAre("alpha 4:1.2-3 noarch alpha-1.2-3.src.rpm", "beta-libs 1:2.0~rc1-3 noarch alpha-1.2-3.src.rpm"));
  EXPECT_EQ(lines_of(facts), rpm_query(database(), "sqlite"));
  EXPECT_EQ(facts.packages[0].vendor, "Example Corp");
  for (const char* path : {"usr/bin/alpha", "etc/beta/beta.conf"})
    EXPECT_TRUE(std::binary_search(facts.owned.begin(), facts.owned.end(), path_fingerprint(path))) << path;
}

std::string hex_of(std::string_view bytes) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (char c : bytes) out.append({kHex[static_cast<std::uint8_t>(c) >> 4], kHex[c & 15]});
  return out;
}

TEST_F(RpmTools, berkeley_database_lists_what_rpm_lists) {
  if (!have_tool("db5.3_load")) GTEST_SKIP() << "db5.3_load (package db5.3-util) is not installed";
  std::vector<std::string> blobs;
  const std::string sqlite = *base::read_file(database() / "rpmdb.sqlite");
  ASSERT_TRUE(visit_rpm_sqlite(sqlite, {}, [&](std::string_view blob) {
    blobs.emplace_back(blob);
    return true;
  }));
  const auto sqlite_lines = lines_of(catalog_folder(kRpmSqliteCataloger, database()));
  for (const bool big_endian : {false, true}) {
    for (const char* page_size : {"512", "4096"}) {
      SCOPED_TRACE(std::string(page_size) + (big_endian ? " big" : " little"));
      std::string dump = "VERSION=3\nformat=bytevalue\ntype=hash\ndb_lorder=";
      dump += std::string(big_endian ? "4321" : "1234") + "\ndb_pagesize=" + page_size + "\nHEADER=END\n";
      for (std::size_t i = 0; i <= blobs.size(); ++i) {
        const auto number = static_cast<char>(i);
        const std::string key = big_endian ? std::string("\0\0\0", 3) + number : number + std::string("\0\0\0", 3);
        dump += ' ' + hex_of(key) + "\n " + hex_of(i == 0 ? std::string("\3\0\0\0", 4) : blobs[i - 1]) + '\n';
      }
      const auto folder = folder_.path() / (std::string("bdb") + page_size + (big_endian ? "b" : "l"));
      std::filesystem::create_directory(folder);
      must_run({"db5.3_load", (folder / "Packages").string()}, dump + "DATA=END\n");
      const auto facts = catalog_folder(kRpmBdbCataloger, folder);
      EXPECT_EQ(lines_of(facts), sqlite_lines);
      EXPECT_THAT(facts.warnings, IsEmpty());
      if (big_endian) continue;  // rpm reads its own byte order only
      EXPECT_EQ(rpm_query(folder, "bdb_ro"), sqlite_lines);
    }
  }
}

// The lists that came with shared test data.
TEST(RpmData, cases_give_their_package_lists) {
  const char* data = std::getenv("BULWARK_TEST_DATA");
  if (!data) GTEST_SKIP() << "BULWARK_TEST_DATA is not set";
  const std::filesystem::path folder = std::filesystem::path(data) / "pkgdb";
  const auto text = base::read_file(folder / "cases.jsonl");
  if (!text) GTEST_SKIP() << text.error().message;
  for (std::string_view line : base::split_lines(*text)) {
    const auto test = base::parse_json(line, "case");
    ASSERT_TRUE(test);
    if (base::get_string(*test, "kind") != "rpm-sqlite") continue;
    std::vector<std::string> expected;
    for (const auto& package : base::get_array(*test, "packages")) {
      const auto epoch = base::get_int(package, "epoch").value_or(0);
      expected.push_back(std::string(base::get_string(package, "name")) + ' ' + (epoch > 0 ? std::to_string(epoch) + ':' : "") +
                         std::string(base::get_string(package, "version")) + '-' + std::string(base::get_string(package, "release")) + ' ' +
                         std::string(base::get_string(package, "arch")) + ' ' + std::string(base::get_string(package, "source_rpm")));
    }
    std::sort(expected.begin(), expected.end());
    const auto file = folder / std::string(base::as_string(base::get_array(*test, "files")[0]));
    EXPECT_EQ(lines_of(catalog_folder(kRpmSqliteCataloger, file.parent_path())), expected) << base::get_string(*test, "id");
  }
}

}  // namespace
}  // namespace sbom
