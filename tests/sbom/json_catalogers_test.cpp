// SPDX-License-Identifier: Apache-2.0
// Node, Composer, .NET and conda: packages that JSON files tell.
#include <gmock/gmock.h>

#include "sbom/installed_support.hpp"

namespace json_catalogers_test {

using sbom_test::listed;
using testing::ElementsAre;
using testing::IsEmpty;

const sbom::Cataloger kNode = sbom::node_cataloger();
const sbom::Cataloger kComposer = sbom::php_composer_cataloger();
const sbom::Cataloger kDotnet = sbom::dotnet_deps_cataloger();
const sbom::Cataloger kConda = sbom::conda_cataloger();

TEST(Node, lists_packages_scopes_and_nested_ones) {
  for (const char* path : {"app/node_modules/a/package.json", "node_modules/a/package.json", "node_modules/@s/a/package.json",
                           "x/node_modules/b/node_modules/a/package.json", "n/node_modules/.pnpm/a@1.0.0/node_modules/a/package.json"}) {
    EXPECT_TRUE(sbom_test::wants(kNode, path)) << path;
    EXPECT_THAT(listed(kNode, path, R"({"name":"@s/a","version":"1.0.0","private":true})"), ElementsAre("@s/a 1.0.0")) << path;
  }
  for (const char* path : {"app/package.json", "my_node_modules/a/package.json", "node_modules/a/index.js"}) {
    EXPECT_FALSE(sbom_test::wants(kNode, path)) << path;
  }
}

TEST(Node, folders_of_a_package_are_no_packages_but_carried_copies_are) {
  EXPECT_THAT(listed(kNode, "node_modules/x/dist/cjs/package.json", R"({"type":"commonjs"})"), IsEmpty());
  EXPECT_THAT(listed(kNode, "node_modules/x/hooks/package.json", R"({"name":"x-hooks","version":"0.1.0","private":true})"), IsEmpty());
  EXPECT_THAT(listed(kNode, "node_modules/x/test/fixtures/package.json", R"({"name":"f","version":"1.0.0"})"), IsEmpty());
  EXPECT_THAT(listed(kNode, "node_modules/next/dist/compiled/ws/package.json", R"({"name":"ws","version":"8.2.3"})"),
              ElementsAre("ws 8.2.3"));
}

TEST(Node, odd_package_files_are_nothing_or_an_error) {
  const std::string path = "node_modules/a/package.json";
  for (const char* text : {R"({"name":"a"})", R"({"name":5,"version":"1"})", R"({"name":"","version":"1"})", R"([])", R"("x")",
                           R"({"name":"a b","version":"1"})"}) {
    EXPECT_THAT(listed(kNode, path, text), IsEmpty()) << text;
  }
  EXPECT_THAT(listed(kNode, path, "\xef\xbb\xbf{\"name\":\"a\",\"version\":\" 1.0.0\\n\"}"), ElementsAre("a 1.0.0"));
  const auto broken = sbom_test::run(kNode, path, "{");
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().message, testing::HasSubstr(path));
  EXPECT_THAT(listed(kNode, "node_modules/resolve/lib/broken/package.json", "{"), IsEmpty());
}

TEST(Composer, reads_both_forms_of_installed_json) {
  const std::string path = "srv/vendor/composer/installed.json";
  EXPECT_TRUE(sbom_test::wants(kComposer, path));
  EXPECT_FALSE(sbom_test::wants(kComposer, "srv/mycomposer/installed.json"));
  EXPECT_THAT(listed(kComposer, path, R"([{"name":"a/b","version":"v1.0.2"},{"name":"a/c"},7])"), ElementsAre("a/b v1.0.2"));
  EXPECT_THAT(listed(kComposer, path, R"({"packages":[{"name":"a/b","version":"1.0"},{"name":"p/u","version":"9.5"}],)"
                                      R"("dev":true,"dev-package-names":["p/u"]})"),
              ElementsAre("a/b 1.0", "p/u 9.5 dev"));
}

TEST(Dotnet, lists_packages_projects_and_runtime_packs) {
  EXPECT_TRUE(sbom_test::wants(kDotnet, "app/App.deps.json"));
  EXPECT_THAT(listed(kDotnet, "app/App.deps.json",
                     R"({"libraries":{"App/1.0.0":{"type":"project"},"Newtonsoft.Json/9.0.1":{"type":"package"},)"
                     R"("runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1":{"type":"runtimepack"},)"
                     R"("System.X.Reference/4.0.0.0":{"type":"reference"},"odd":{"type":"package"},"n/1":5}})"),
              ElementsAre("App 1.0.0", "Microsoft.NETCore.App.Runtime.linux-x64 8.0.1", "Newtonsoft.Json 9.0.1"));
}

TEST(Conda, lists_the_package_of_a_metadata_file) {
  EXPECT_TRUE(sbom_test::wants(kConda, "opt/conda/conda-meta/pip-22.json"));
  EXPECT_TRUE(sbom_test::wants(kConda, "conda-meta/pip-22.json"));
  EXPECT_FALSE(sbom_test::wants(kConda, "opt/conda/conda-meta/history"));
  EXPECT_FALSE(sbom_test::wants(kConda, "opt/xconda-meta/pip-22.json"));
  EXPECT_THAT(listed(kConda, "conda-meta/p.json", R"({"name":"pip","version":"22.2.2","build":"py38"})"), ElementsAre("pip 22.2.2"));
  EXPECT_THAT(listed(kConda, "conda-meta/p.json", R"({"name":"pip"})"), IsEmpty());
}

TEST(InstalledCatalogers, have_unique_names_and_caps) {
  std::vector<std::string_view> names;
  for (const auto& cataloger : sbom::installed_catalogers()) {
    names.push_back(cataloger.name);
    EXPECT_GT(cataloger.cap, 0u) << cataloger.name;
    EXPECT_FALSE(cataloger.grouped) << cataloger.name;
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

}  // namespace json_catalogers_test
