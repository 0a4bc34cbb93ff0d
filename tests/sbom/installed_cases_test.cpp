// SPDX-License-Identifier: Apache-2.0
// The package lists of BULWARK_TEST_DATA/pkgdb, as far as they are installed language packages.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

#include "base/files.hpp"
#include "base/json.hpp"
#include "sbom/installed_support.hpp"

namespace installed_cases_test {

// Where the kind's cataloger goes by the path, the path a file of that kind has in an image.
std::string installed_path_of(const std::string& kind, const std::string& file) {
  const auto name = file.substr(file.rfind('/') + 1);
  if (kind == "conda-meta") return "opt/conda/conda-meta/" + name;
  if (kind == "gemspec") return "usr/lib/ruby/gems/3.1.0/specifications/" + name;
  if (kind == "installed.json") return "app/vendor/composer/installed.json";
  return file;
}

struct CaseResult {
  std::multiset<std::string> found;
  std::string problem;
};

CaseResult catalog_case(const std::filesystem::path& root, const base::Json& json) {
  CaseResult result;
  const std::string kind(base::get_string(json, "kind"));
  for (const base::Json& file : base::get_array(json, "files")) {
    const std::string relative(base::as_string(file));
    auto content = base::read_file(root / relative, 512u << 20);
    if (!content) {
      result.problem = content.error().message;
      continue;
    }
    const std::string path = installed_path_of(kind, relative);
    for (const sbom::Cataloger& cataloger : sbom::installed_catalogers()) {
      if (!sbom_test::wants(cataloger, path, *content, content->size())) continue;
      const auto facts = sbom_test::run(cataloger, path, *content);
      if (!facts) {
        result.problem = facts.error().message;
        continue;
      }
      for (const auto& package : facts->packages) result.found.insert(package.name + " " + package.version);
    }
  }
  return result;
}

TEST(InstalledCases, give_their_package_lists) {
  const char* data = std::getenv("BULWARK_TEST_DATA");
  if (data == nullptr) GTEST_SKIP() << "BULWARK_TEST_DATA is not set";
  const auto root = std::filesystem::path(data) / "pkgdb";
  // Java lists hold what pom.properties tells: a subset of what is found.
  const std::map<std::string, bool> kinds = {
      {"java-archive", true},  {"go-binary", false},        {"python-zip", false}, {"node_modules", false},
      {"conda-meta", false},   {"dotnet-deps.json", false}, {"rust-auditable", false}};
  std::ifstream lines(root / "cases.jsonl");
  ASSERT_TRUE(lines) << "no cases.jsonl in " << root;
  int cases = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto json = base::parse_json(line, "case");
    ASSERT_TRUE(json) << json.error().message;
    const auto kind = kinds.find(std::string(base::get_string(*json, "kind")));
    if (kind == kinds.end()) continue;
    ++cases;
    std::multiset<std::string> expected;
    for (const base::Json& package : base::get_array(*json, "packages")) {
      expected.insert(std::string(base::get_string(package, "name")) + " " + std::string(base::get_string(package, "version")));
    }
    const auto result = catalog_case(root, *json);
    EXPECT_EQ(result.problem, "") << line;
    if (kind->second) {
      EXPECT_TRUE(std::includes(result.found.begin(), result.found.end(), expected.begin(), expected.end())) << line;
    } else {
      EXPECT_EQ(result.found, expected) << line;
    }
  }
  EXPECT_GE(cases, 7);
}

}  // namespace installed_cases_test
