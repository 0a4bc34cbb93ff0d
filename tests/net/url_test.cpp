// SPDX-License-Identifier: Apache-2.0
#include "net/url.hpp"

#include <gtest/gtest.h>

namespace {

TEST(Url, reads_its_parts) {
  const auto url = net::Url::parse("HTTPS://User:pw@Registry.Example.com:8443/v2/a%2Fb?x=1&y#top");
  ASSERT_TRUE(url) << url.error().message;
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->host, "registry.example.com");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->path, "/v2/a%2Fb");
  EXPECT_EQ(url->query, "x=1&y");
  EXPECT_EQ(url->text(), "https://registry.example.com:8443/v2/a%2Fb?x=1&y");
  EXPECT_EQ(url->authority(), "registry.example.com:8443");
}

TEST(Url, leaves_out_the_default_port) {
  EXPECT_EQ(net::Url::parse("https://a:443")->text(), "https://a/");
  EXPECT_EQ(net::Url::parse("http://a:443")->text(), "http://a:443/");
}

TEST(Url, resolves_references) {
  const auto base = net::Url::parse("http://a:1/b/c?d");
  ASSERT_TRUE(base);
  EXPECT_EQ(base->resolve("/x?y")->text(), "http://a:1/x?y");
  EXPECT_EQ(base->resolve("x")->text(), "http://a:1/b/x");
  EXPECT_EQ(base->resolve("//other/x")->text(), "http://other/x");
  EXPECT_EQ(base->resolve("https://other:2/x")->text(), "https://other:2/x");
  EXPECT_FALSE(base->resolve("file:///etc/passwd"));
  EXPECT_FALSE(base->resolve("http://a\r\nb/"));
}

TEST(Url, tells_origins_apart) {
  const auto url = [](const char* text) { return *net::Url::parse(text); };
  EXPECT_TRUE(url("https://a/x").same_origin(url("https://A:443/y")));
  EXPECT_FALSE(url("https://a/").same_origin(url("http://a/")));
  EXPECT_FALSE(url("https://a/").same_origin(url("https://a:444/")));
  EXPECT_FALSE(url("https://a/").same_origin(url("https://a.b/")));
}

TEST(Url, errors_quote_no_url) {
  const auto url = net::Url::parse("http://user:hush@a:99999/");
  ASSERT_FALSE(url);
  EXPECT_EQ(url.error().message.find("hush"), std::string::npos);
}

TEST(Url, knows_loopback_hosts) {
  for (const char* host : {"localhost", "LOCALHOST", "127.0.0.1", "127.8.9.10", "::1", "[::1]", "[0:0:0:0:0:0:0:1]"})
    EXPECT_TRUE(net::is_loopback_host(host)) << host;
  for (const char* host :
       {"", "127.evil.com", "127.0.0.1.nip.io", "128.0.0.1", "localhost.evil.com", "[::2]", "0.0.0.0", "[", "[]"})
    EXPECT_FALSE(net::is_loopback_host(host)) << host;
}

}  // namespace
