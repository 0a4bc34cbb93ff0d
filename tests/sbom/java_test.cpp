// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "sbom/installed_support.hpp"
#include "sbom/java_identity.hpp"

namespace java_test {

using sbom_test::listed;
using sbom_test::make_zip;
using sbom_test::pom;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const sbom::Cataloger kJava = sbom::java_cataloger();

std::string jar_of(const std::string& group, const std::string& artifact, const std::string& version) {
  return make_zip({{"META-INF/maven/" + group + "/" + artifact + "/pom.properties", pom(group, artifact, version)}});
}

std::string jar_with_manifest(const std::string& manifest) { return make_zip({{"META-INF/MANIFEST.MF", manifest}}); }

TEST(Java, lists_all_artifacts_of_a_shaded_archive) {
  const auto jar = make_zip({{"META-INF/maven/g/a/pom.properties", pom("g", "a", "1")},
                             {"META-INF/maven/h.i/b/pom.properties", pom("h.i", "b", "2.0")}});
  EXPECT_THAT(listed(kJava, "app/a-1.jar", jar), ElementsAre("g:a 1", "h.i:b 2.0"));
}

TEST(Java, nested_archives_have_paths_inside_the_outer_one) {
  const auto ear = make_zip({{"app.war", make_zip({{"WEB-INF/lib/x.jar", jar_of("g", "x", "1.5")}})}, {"y.JAR", jar_of("g", "y", "2")}});
  EXPECT_THAT(listed(kJava, "opt/all.ear", ear),
              ElementsAre("g:x 1.5 @opt/all.ear!/app.war!/WEB-INF/lib/x.jar", "g:y 2 @opt/all.ear!/y.JAR"));
}

TEST(Java, reads_128_levels_and_says_what_lies_deeper) {
  std::string jar = jar_of("g", "deep", "1");
  for (int i = 1; i < 128; ++i) jar = make_zip({{"n.jar", jar}});
  const auto facts = sbom_test::run(kJava, "top.jar", jar);
  ASSERT_TRUE(facts);
  ASSERT_EQ(facts->packages.size(), 1u);
  EXPECT_EQ(facts->packages[0].name, "g:deep");
  EXPECT_THAT(facts->warnings, IsEmpty());
  const auto deeper = sbom_test::run(kJava, "top.jar", make_zip({{"n.jar", jar}}));
  ASSERT_TRUE(deeper);
  EXPECT_THAT(deeper->packages, IsEmpty());
  EXPECT_THAT(deeper->warnings, ElementsAre(HasSubstr("128 levels")));
}

// Many directory entries over the same data: a small file that unfolds to `copies` times its content.
std::string make_overlapping_zip(const std::string& content, int copies) {
  const std::string one = make_zip({{"0.jar", content}});
  const std::size_t directory = one.rfind("PK\1\2");
  const std::string entry = one.substr(directory, 46 + 5);
  std::string file = one.substr(0, directory);
  for (int i = 0; i < copies; ++i) file += entry;
  return file + "PK\5\6" + sbom_test::little_endian(0, 4) + sbom_test::little_endian(static_cast<std::uint64_t>(copies), 2) +
         sbom_test::little_endian(static_cast<std::uint64_t>(copies), 2) +
         sbom_test::little_endian(entry.size() * static_cast<std::size_t>(copies), 4) + sbom_test::little_endian(directory, 4) +
         std::string(2, '\0');
}

TEST(Java, archives_that_fan_out_without_end_are_bounded_with_a_warning) {
  for (const int copies : {10, 1000}) {
    std::string jar = jar_of("g", "a", "1");
    for (int i = 0; i < 12; ++i) jar = make_overlapping_zip(jar, copies);  // copies^12 archives if nobody counts
    const auto facts = sbom_test::run(kJava, "bomb.jar", jar);
    ASSERT_TRUE(facts);
    EXPECT_THAT(facts->warnings, Contains(HasSubstr("the rest was left out"))) << copies;
  }
}

TEST(Java, damaged_inner_archive_is_a_warning_and_its_neighbours_count) {
  const std::string good = jar_of("g", "a", "1");
  const auto jar = make_zip({{"bad.jar", good.substr(0, good.size() - 40)}, {"good.jar", good}, {"text.jar", "no archive"}});
  const auto facts = sbom_test::run(kJava, "x.jar", jar);
  ASSERT_TRUE(facts);
  EXPECT_THAT(sbom_test::listed(*facts), ElementsAre("g:a 1 @x.jar!/good.jar"));
  EXPECT_THAT(facts->warnings, ElementsAre(HasSubstr("x.jar!/bad.jar")));
}

TEST(Java, files_that_are_no_archives_are_nothing_and_cut_ones_an_error) {
  EXPECT_THAT(listed(kJava, "a.rar", "Rar!\x1a\x07 something else altogether"), IsEmpty());
  const std::string good = jar_of("g", "a", "1");
  EXPECT_FALSE(sbom_test::run(kJava, "a.jar", good.substr(0, good.size() - 40)));
}

TEST(Java, manifest_and_file_name_speak_where_no_pom_does) {
  EXPECT_THAT(listed(kJava, "lib/spring-core-5.3.17.jar", jar_with_manifest("Manifest-Version: 1.0\r\nImplementation-Title: spring-core\r\n"
                                                                            "Implementation-Version: 5.3.17\r\n\r\n")),
              ElementsAre("org.springframework:spring-core 5.3.17"));
  EXPECT_THAT(listed(kJava, "tomcat/lib/catalina.jar",
                     jar_with_manifest("Bundle-SymbolicName: org.apache.tomcat-catalina\nImplementation-Version: 9.0.65\n")),
              ElementsAre("org.apache.tomcat:tomcat-catalina 9.0.65"));
  EXPECT_THAT(listed(kJava, "a/widget-2.1.jar", jar_with_manifest("Implementation-Vendor-Id: com.exam\n ple.ui\n")),
              ElementsAre("com.example.ui:widget 2.1"));
  EXPECT_THAT(listed(kJava, "a/slf4j-api-1.7.32.jar", jar_with_manifest("Bundle-SymbolicName: slf4j.api;singleton:=true\n")),
              ElementsAre("slf4j:slf4j-api 1.7.32"));
  EXPECT_THAT(listed(kJava, "plugins/git.jpi", jar_with_manifest("Group-Id: org.jenkins-ci.plugins\nShort-Name: git\nPlugin-Version: 4.0 (x)\n")),
              ElementsAre("org.jenkins-ci.plugins:git 4.0"));
}

TEST(Java, archive_without_identity_is_not_listed) {
  EXPECT_THAT(listed(kJava, "rt.jar", jar_with_manifest("Implementation-Title: Java Runtime Environment\nImplementation-Version: 1.8.0\n")),
              IsEmpty());
  EXPECT_THAT(listed(kJava, "x.jar", make_zip({{"A.class", ""}})), IsEmpty());
}

TEST(Java, pom_with_placeholders_does_not_count) {
  EXPECT_THAT(listed(kJava, "x.jar", make_zip({{"META-INF/maven/g/a/pom.properties", "groupId=g\nartifactId=a\nversion=${revision}\n"}})),
              IsEmpty());
  EXPECT_THAT(listed(kJava, "x.jar", make_zip({{"META-INF/maven/g/a/pom.properties", "groupId = g\r\n artifactId : a\r\n!x\r\nversion=1 \r\n"}})),
              ElementsAre("g:a 1"));
}

TEST(Java, manifest_is_read_in_any_case_and_with_any_line_end) {
  const auto manifest = sbom::read_jar_manifest("\xef\xbb\xbfmanifest-VERSION: 1.0\rLong: ab\r\n cd\n ef\n\nName: x\nLong: no\n");
  EXPECT_EQ(manifest.at("manifest-version"), "1.0");
  EXPECT_EQ(manifest.at("long"), "abcdef");
  EXPECT_EQ(manifest.count("name"), 0u);
}

TEST(Java, file_names_are_split_where_the_version_starts) {
  const auto split = [](const char* name) {
    const auto parts = sbom::split_jar_name(name);
    return parts.artifact + "|" + parts.version;
  };
  EXPECT_EQ(split("x/commons-io-2.11.0.jar"), "commons-io|2.11.0");
  EXPECT_EQ(split("log4j-1.2-api-2.17.1.jar"), "log4j-1.2-api|2.17.1");
  EXPECT_EQ(split("guava-31.1-jre.jar"), "guava|31.1-jre");
  EXPECT_EQ(split("a-1.0-SNAPSHOT.jar"), "a|1.0-SNAPSHOT");
  EXPECT_EQ(split("a-1.0-beta-2.jar"), "a|1.0-beta-2");
  EXPECT_EQ(split("netty-transport-native-epoll-4.1.77.Final-linux-x86_64.jar"), "netty-transport-native-epoll|4.1.77.Final");
  EXPECT_EQ(split("a-v1.2.jar"), "a|1.2");
  EXPECT_EQ(split("kafka_2.13-3.4.0.jar"), "kafka_2.13|3.4.0");
  EXPECT_EQ(split("catalina.jar"), "catalina|");
  EXPECT_EQ(split("-1.jar"), "-1|");
}

TEST(Java, group_follows_the_major_version_where_it_moved) {
  EXPECT_EQ(sbom::known_maven_group("okhttp", "2.7.5"), "com.squareup.okhttp");
  EXPECT_EQ(sbom::known_maven_group("okhttp", "4.9.0"), "com.squareup.okhttp3");
  EXPECT_EQ(sbom::known_maven_group("groovy-json", "10.0"), "org.apache.groovy");
  EXPECT_EQ(sbom::known_maven_group("spring-boot-starter", "2"), "org.springframework.boot");
  EXPECT_EQ(sbom::known_maven_group("nobody", "1"), "");
}

TEST(Java, wants_archives_by_their_ending) {
  for (const char* path : {"a.jar", "b/c.WAR", "d.ear", "e.hpi", "f.lpkg"}) EXPECT_TRUE(sbom_test::wants(kJava, path)) << path;
  for (const char* path : {"jar", "a.zip", "a.jar.sha1", "ajar", "a."}) EXPECT_FALSE(sbom_test::wants(kJava, path)) << path;
}

}  // namespace java_test
