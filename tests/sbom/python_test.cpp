// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "sbom/installed_support.hpp"

namespace python_test {

using sbom_test::listed;
using testing::ElementsAre;
using testing::IsEmpty;

const sbom::Cataloger kPython = sbom::python_cataloger();

TEST(Python, reads_name_and_version_of_the_header_alone) {
  const std::string text =
      "Metadata-Version: 2.1\r\nNAME:  Some_Pkg \r\nSummary: x\r\n Version: folded\r\nVersion: 1.0.post1\r\n\r\nName: body\r\n";
  EXPECT_THAT(listed(kPython, "lib/some_pkg-1.0.dist-info/METADATA", text), ElementsAre("Some_Pkg 1.0.post1"));
}

TEST(Python, reads_every_place_where_metadata_is_kept) {
  const std::string text = "Metadata-Version: 1.0\nName: a\nVersion: 1\n";
  for (const char* path : {"x/a-1.dist-info/METADATA", "x/a-1.egg-info/PKG-INFO", "x/a-1-py3.9.egg-info",
                           "x/a-1-py3.9.egg/EGG-INFO/PKG-INFO"}) {
    EXPECT_TRUE(sbom_test::wants(kPython, path)) << path;
    EXPECT_THAT(listed(kPython, path, text), ElementsAre("a 1")) << path;
  }
  for (const char* path : {"x/METADATA", "x/PKG-INFO", "x/a.dist-info/RECORD", "x/a.py", "x/.egg-info/top_level.txt"}) {
    EXPECT_FALSE(sbom_test::wants(kPython, path)) << path;
  }
}

TEST(Python, metadata_without_a_version_is_nothing) {
  EXPECT_THAT(listed(kPython, "a.dist-info/METADATA", "Name: a\n\nVersion: 1\n"), IsEmpty());
  EXPECT_THAT(listed(kPython, "a.dist-info/METADATA", ""), IsEmpty());
  EXPECT_THAT(listed(kPython, "a.dist-info/METADATA", "Name: \x01\x02\nVersion: 1\n"), IsEmpty());
}

TEST(Python, reads_wheels_and_eggs_unopened) {
  const std::string text = "Name: a\nVersion: 2\n";
  EXPECT_THAT(listed(kPython, "a-2-py3-none-any.whl", sbom_test::make_zip({{"a/x.py", ""}, {"a-2.dist-info/METADATA", text}})),
              ElementsAre("a 2"));
  EXPECT_THAT(listed(kPython, "a-2.egg", sbom_test::make_zip({{"EGG-INFO/PKG-INFO", text}})), ElementsAre("a 2"));
}

TEST(Python, what_a_wheel_carries_along_has_a_path_inside_it) {
  const auto wheel = sbom_test::make_zip({{"a-2.dist-info/METADATA", "Name: a\nVersion: 2\n"},
                                          {"a/_vendor/b-1.dist-info/METADATA", "Name: b\nVersion: 1\n"}});
  EXPECT_THAT(listed(kPython, "w/a.whl", wheel), ElementsAre("a 2", "b 1 @w/a.whl!/a/_vendor/b-1.dist-info/METADATA"));
}

TEST(Python, cut_wheel_is_an_error_that_names_it) {
  const auto wheel = sbom_test::make_zip({{"a-2.dist-info/METADATA", "Name: a\nVersion: 2\n"}});
  const auto facts = sbom_test::run(kPython, "w/a.whl", wheel.substr(0, wheel.size() - 30));
  ASSERT_FALSE(facts);
  EXPECT_THAT(facts.error().message, testing::HasSubstr("w/a.whl"));
  EXPECT_THAT(listed(kPython, "w/empty.whl", ""), IsEmpty());
}

}  // namespace python_test
