// SPDX-License-Identifier: Apache-2.0
#include "oci/reference.hpp"

#include <gtest/gtest.h>

namespace {

const std::string kSha256(64, 'a');

struct GoodReference {
  std::string text, whole, host, key;
};

TEST(Reference, reads_names_as_docker_does) {
  const GoodReference cases[] = {
      {"nginx", "docker.io/library/nginx:latest", "registry-1.docker.io", "latest"},
      {"nginx:1.25", "docker.io/library/nginx:1.25", "registry-1.docker.io", "1.25"},
      {"bitnami/redis", "docker.io/bitnami/redis:latest", "registry-1.docker.io", "latest"},
      {"docker.io/nginx", "docker.io/library/nginx:latest", "registry-1.docker.io", "latest"},
      {"index.docker.io/a/b:t", "docker.io/a/b:t", "registry-1.docker.io", "t"},
      {"localhost/app", "localhost/app:latest", "localhost", "latest"},
      {"localhost:5000/app:1", "localhost:5000/app:1", "localhost:5000", "1"},
      {"127.0.0.1:5000/a/b/c", "127.0.0.1:5000/a/b/c:latest", "127.0.0.1:5000", "latest"},
      {"[::1]:5000/app", "[::1]:5000/app:latest", "[::1]:5000", "latest"},
      {"[::1]/app", "[::1]/app:latest", "[::1]", "latest"},
      {"host/app", "docker.io/host/app:latest", "registry-1.docker.io", "latest"},
      {"Host/app", "Host/app:latest", "Host", "latest"},
      {"host:80/app", "host:80/app:latest", "host:80", "latest"},
      {"mine.azurecr.io/team/app:v1.2_3-4", "mine.azurecr.io/team/app:v1.2_3-4", "mine.azurecr.io", "v1.2_3-4"},
      {"a.b-c.d/x__y/z---1.2_3", "a.b-c.d/x__y/z---1.2_3:latest", "a.b-c.d", "latest"},
      {"app@sha256:" + kSha256, "docker.io/library/app@sha256:" + kSha256, "registry-1.docker.io", "sha256:" + kSha256},
      {"r.io/app:1@sha256:" + kSha256, "r.io/app:1@sha256:" + kSha256, "r.io", "sha256:" + kSha256},
      {"app:_x", "docker.io/library/app:_x", "registry-1.docker.io", "_x"},
      {"foo:5000", "docker.io/library/foo:5000", "registry-1.docker.io", "5000"},
      {"r.io/app:" + std::string(128, 't'), "r.io/app:" + std::string(128, 't'), "r.io", std::string(128, 't')},
  };
  for (const GoodReference& one : cases) {
    const auto reference = oci::Reference::parse(one.text);
    ASSERT_TRUE(reference) << one.text << ": " << reference.error().message;
    EXPECT_EQ(reference->text(), one.whole);
    EXPECT_EQ(reference->api_host(), one.host) << one.text;
    EXPECT_EQ(reference->key(), one.key) << one.text;
  }
}

TEST(Reference, reads_its_own_text_again) {
  for (const char* text : {"nginx", "localhost:5000/a/b:1", "[::1]:5000/app"}) {
    const std::string once = oci::Reference::parse(text)->text();
    EXPECT_EQ(oci::Reference::parse(once)->text(), once);
  }
}

TEST(Reference, says_what_is_wrong) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "empty"},
      {"https://r.io/app", "leave out"},
      {"docker://app", "leave out"},
      {"app name", "blank"},
      {"App", "lower case"},
      {"r.io/Team/app", "lower case"},
      {"app:", "tag is missing"},
      {"app:.x", "tag"},
      {"app:a b", "blank"},
      {"app:" + std::string(129, 't'), "128"},
      {"r.io/" + std::string(256, 'p'), "255"},
      {"r.io/", "repository is missing"},
      {"/app", "empty part"},
      {"a//b", "empty part"},
      {"r.io/a/", "empty part"},
      {"r.io/-a", "repository parts"},
      {"r.io/a..b", "repository parts"},
      {"r.io/a___b", "repository parts"},
      {"r.io/a/../b", "repository parts"},
      {":5000/app", "name of the registry is missing"},
      {"host:/app", "port"},
      {"host:0/app", "port"},
      {"host:65536/app", "port"},
      {"host:80a/app", "port"},
      {"-a.io/app", "name of the registry"},
      {"a_b.io/app", "name of the registry"},
      {"a..io/app", "name of the registry"},
      {"[::1/app", "IPv6"},
      {"[x]:1/app", "IPv6"},
      {"app@", "digest"},
      {"app@sha256:abc", "digest"},
      {"app@md5:" + std::string(32, 'a'), "digest"},
      {"@sha256:" + kSha256, "repository is missing"},
      {kSha256, "image id"},
      {std::string(5000, 'a'), "too long"},
      {std::string("app\0x", 5), "repository"},
  };
  for (const auto& [text, part] : cases) {
    const auto reference = oci::Reference::parse(text);
    ASSERT_FALSE(reference) << text;
    EXPECT_EQ(reference.error().kind, base::Kind::invalid_input);
    EXPECT_NE(reference.error().message.find(part), std::string::npos) << reference.error().message;
  }
}

}  // namespace
