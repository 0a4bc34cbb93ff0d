// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "oci/image_source.hpp"

namespace {

using oci::SourceRef;
using testing::HasSubstr;

TEST(SourceRef, the_scheme_tells_the_kind) {
  const std::pair<const char*, SourceRef::Kind> cases[] = {
      {"docker:nginx:1.25", SourceRef::Kind::docker},          {"oci:some/dir:tag", SourceRef::Kind::oci_layout},
      {"oci-archive:f.tar", SourceRef::Kind::oci_archive},     {"docker-archive:f.tar", SourceRef::Kind::docker_archive},
      {"dir:/srv", SourceRef::Kind::directory},                {"sbom:f.json", SourceRef::Kind::sbom},
      {"registry:docker:5000/x", SourceRef::Kind::registry},
  };
  for (const auto& [text, kind] : cases) {
    const auto ref = SourceRef::parse(text);
    ASSERT_TRUE(ref) << text;
    EXPECT_EQ(ref->kind, kind) << text;
    EXPECT_EQ(ref->value, std::string(text).substr(std::string(text).find(':') + 1));
  }
  const auto plain = SourceRef::parse("localhost:5000/demo/nginx:1@sha256:00");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->kind, SourceRef::Kind::registry);
  EXPECT_EQ(plain->value, "localhost:5000/demo/nginx:1@sha256:00");
}

TEST(SourceRef, mistakes_name_the_mend) {
  auto dir = base::TempDir::create();
  ASSERT_TRUE(dir);
  EXPECT_THAT(SourceRef::parse(dir->path().string()).error().message, HasSubstr("dir:" + dir->path().string()));
  const std::string file = (dir->path() / "x.tar").string();
  ASSERT_TRUE(base::write_file_atomically(file, ""));
  EXPECT_THAT(SourceRef::parse(file).error().message, HasSubstr("docker-archive:" + file));
  EXPECT_THAT(SourceRef::parse("docker://nginx").error().message, HasSubstr("registry:nginx"));
  EXPECT_FALSE(SourceRef::parse("oci:"));
  EXPECT_FALSE(SourceRef::parse(""));
}

}  // namespace
