// SPDX-License-Identifier: Apache-2.0
#include "hub/static_files.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "content/content.hpp"

namespace {

std::string header(const net::ServerResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return {};
}

net::ServerResponse get(const std::string& path, const std::string& accept_encoding = {}, const std::string& method = "GET") {
  net::ServerRequest request;
  request.method = method;
  request.path = path;
  if (!accept_encoding.empty()) request.headers.emplace_back("accept-encoding", accept_encoding);
  return hub::serve_page(request);
}

class Pages : public testing::Test {
 protected:
  void SetUp() override {
    if (!content::file("web/index.html")) GTEST_SKIP() << "this build has no web pages";
  }
};

TEST_F(Pages, are_the_application_wherever_no_file_is) {
  for (const char* path : {"/", "/recommendations/dbd0cb49-b563-45e7-9724-889e799fa648", "/registries/demo/library%2Fnginx", "/%2e%2e/etc/passwd"}) {
    const auto page = get(path);
    EXPECT_EQ(page.status, 200) << path;
    EXPECT_EQ(header(page, "Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(header(page, "Cache-Control"), "no-cache") << "a new version is seen at the next visit";
    EXPECT_EQ(header(page, "Vary"), "Accept-Encoding");
  }
}

TEST_F(Pages, are_compressed_where_the_client_takes_that) {
  EXPECT_EQ(header(get("/"), "Content-Encoding"), "");
  EXPECT_EQ(header(get("/", "gzip, deflate"), "Content-Encoding"), "");
  if (!content::file("web/index.html.br")) return;
  const auto compressed = get("/", "gzip, br;q=0.9");
  EXPECT_EQ(header(compressed, "Content-Encoding"), "br");
  EXPECT_LT(compressed.static_body.size(), get("/").static_body.size());
}

TEST_F(Pages, name_their_assets_by_hash_and_keep_them_for_ever) {
  std::size_t scripts = 0;
  for (const std::string_view path : content::list("web/assets/")) {
    std::string name(path.substr(3));  // with its slash
    if (name.size() > 3 && name.substr(name.size() - 3) == ".br") name.resize(name.size() - 3);
    const auto asset = get(name, "br");
    EXPECT_EQ(asset.status, 200) << name;
    EXPECT_EQ(header(asset, "Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_NE(header(asset, "Content-Type"), "application/octet-stream") << name;
    if (header(asset, "Content-Type") == "text/javascript; charset=utf-8") ++scripts;
  }
  EXPECT_GT(scripts, 0u);
}

TEST(StaticFiles, that_are_missing_are_no_pages) {
  for (const char* path : {"/assets/missing.js", "/favicon.old.ico", "/../state.db", "/assets/../../hub.key.pem"})
    EXPECT_EQ(get(path).status, 404) << path;
}

TEST(StaticFiles, are_read_alone) {
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"}) EXPECT_EQ(get("/", "", method).status, 405) << method;
}

TEST(SecurityHeaders, stand_on_every_answer) {
  net::ServerRequest request;
  net::ServerResponse response;
  hub::add_security_headers(request, response);
  const std::string policy = header(response, "Content-Security-Policy");
  EXPECT_THAT(policy, testing::HasSubstr("default-src 'self'; script-src 'self'; "));
  EXPECT_THAT(policy, testing::HasSubstr("frame-ancestors 'none'"));
  EXPECT_THAT(policy, testing::Not(testing::HasSubstr("unsafe-eval")));
  EXPECT_EQ(header(response, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(header(response, "Cache-Control"), "no-store");
  EXPECT_EQ(header(response, "Strict-Transport-Security"), "") << "there is no TLS";
}

TEST(SecurityHeaders, keep_what_the_answer_says_of_caching) {
  net::ServerRequest request;
  request.tls = true;
  net::ServerResponse response;
  response.headers.emplace_back("Cache-Control", "no-cache");
  hub::add_security_headers(request, response);
  EXPECT_EQ(header(response, "Cache-Control"), "no-cache");
  EXPECT_EQ(std::count_if(response.headers.begin(), response.headers.end(), [](const auto& one) { return one.first == "Cache-Control"; }), 1);
  EXPECT_EQ(header(response, "Strict-Transport-Security"), "max-age=31536000");
}

}  // namespace
