// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "oci/registry_auth.hpp"

namespace {

std::string show(const std::vector<oci::AuthChallenge>& challenges) {
  std::string out;
  for (const auto& challenge : challenges) {
    out += challenge.scheme + "[";
    for (const auto& [name, value] : challenge.parameters)
      out += name + "=" + value + ";";
    out += "]";
  }
  return out;
}

TEST(AuthChallenge, reads_what_registries_send) {
  const std::pair<const char*, const char*> cases[] = {
      {R"(Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull")",
       "bearer[realm=https://auth.docker.io/token;service=registry.docker.io;scope=repository:a/b:pull;]"},
      {R"(Bearer realm="https://x.azurecr.io/oauth2/token", service="x.azurecr.io", error="invalid_token")",
       "bearer[realm=https://x.azurecr.io/oauth2/token;service=x.azurecr.io;error=invalid_token;]"},
      {R"(Basic realm="Registry Realm")", "basic[realm=Registry Realm;]"},
      {R"(BASIC Realm=simple)", "basic[realm=simple;]"},
      {R"(Bearer realm = "a" , scope= "b,c d")", "bearer[realm=a;scope=b,c d;]"},
      {R"(Basic realm="a\"b\\c")", R"(basic[realm=a"b\c;])"},
      {R"(Negotiate, Basic realm="x", Bearer realm="y",service=z)",
       "negotiate[]basic[realm=x;]bearer[realm=y;service=z;]"},
      {R"(NTLM TlRMTVNTUAAC==, Basic realm="x")", "ntlm[]basic[realm=x;]"},
      {R"(,, Basic realm="x",,)", "basic[realm=x;]"},
      {"Basic", "basic[]"},
      {"", ""},
  };
  for (const auto& [header, expected] : cases)
    EXPECT_EQ(show(oci::parse_challenges(header)), expected) << header;
}

TEST(AuthChallenge, keeps_what_came_before_a_fault) {
  EXPECT_EQ(show(oci::parse_challenges(R"(Basic realm="x", Bearer realm="never closed)")), "basic[realm=x;]bearer[]");
  EXPECT_EQ(show(oci::parse_challenges("Basic realm=x, \x01")), "basic[realm=x;]");
}

TEST(AuthChallenge, is_bounded) {
  EXPECT_TRUE(oci::parse_challenges(std::string(1 << 20, 'a')).empty());
  std::string many;
  for (int i = 0; i < 1000; ++i)
    many += "a,";
  EXPECT_LE(oci::parse_challenges(many).size(), 20u);
}

}  // namespace
