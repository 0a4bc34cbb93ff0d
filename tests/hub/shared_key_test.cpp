// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "base/base64.hpp"
#include "base/crypto.hpp"
#include "hub/logs/shared_key.hpp"

namespace {

const std::string kKey = base::base64_encode(std::string(64, 'k'));
constexpr const char* kId = "74be27de-1e4e-49d9-b579-fe0b331d3642";

net::ServerRequest request_of(const std::string& body) {
  net::ServerRequest request;
  request.method = "POST";
  request.path = "/api/logs";
  request.body = body;
  request.headers = {{"content-type", "application/json"}, {"x-ms-date", "Sun, 29 Nov 2026 12:00:00 GMT"}};
  return request;
}

std::string authorization(const std::string& signed_text) {
  return "SharedKey " + std::string(kId) + ":" + base::base64_encode(base::hmac_sha256(std::string(64, 'k'), signed_text));
}

const std::string kSigned = "POST\n2\napplication/json\nx-ms-date:Sun, 29 Nov 2026 12:00:00 GMT\n/api/logs";

TEST(SharedKey, signs_method_length_type_date_and_path) {
  const auto signature = hub::parse_shared_key(authorization(kSigned));
  ASSERT_TRUE(signature) << signature.error().message;
  EXPECT_EQ(signature->workspace_id, kId);
  EXPECT_TRUE(hub::is_signed_with(*signature, kKey, request_of("[]")));
  EXPECT_FALSE(hub::is_signed_with(*signature, kKey, request_of("[ ]")));
  EXPECT_FALSE(hub::is_signed_with(*signature, base::base64_encode(std::string(64, 'x')), request_of("[]")));
  EXPECT_FALSE(hub::is_signed_with(*signature, "", request_of("[]")));
  EXPECT_FALSE(hub::is_signed_with(*signature, "no base64!", request_of("[]")));
  for (const auto& [name, value] : {std::pair("x-ms-date", "Sun, 29 Nov 2026 12:00:01 GMT"), std::pair("content-type", "text/plain")}) {
    auto other = request_of("[]");
    for (auto& header : other.headers)
      if (header.first == name) header.second = value;
    EXPECT_FALSE(hub::is_signed_with(*signature, kKey, other)) << name;
  }
}

TEST(SharedKey, holds_where_a_library_added_the_charset) {
  auto request = request_of("[]");
  request.headers[0].second = "application/json; charset=utf-8";
  EXPECT_TRUE(hub::is_signed_with(*hub::parse_shared_key(authorization(kSigned)), kKey, request));
}

TEST(SharedKey, is_refused_where_it_is_malformed) {
  const std::string long_one = "SharedKey " + std::string(2000, 'a');
  for (const std::string_view header : {"", "Bearer x", "SharedKey", "SharedKey ", "SharedKey id", "SharedKey id:", "SharedKey id:%%%", "SharedKey id:YWJj", "SharedKey :", long_one.c_str()}) {
    const auto read = hub::parse_shared_key(header);
    ASSERT_FALSE(read) << header;
    EXPECT_EQ(read.error().kind, base::Kind::denied);
  }
}

TEST(HttpDate, is_read) {
  const auto date = hub::parse_http_date("Sun, 29 Nov 2026 12:34:56 GMT");
  ASSERT_TRUE(date) << date.error().message;
  EXPECT_EQ(base::format_time(*date), "2026-11-29T12:34:56Z");
  for (const char* text : {"", "29 Nov 2026", "Sun, 29 Nov 2026 12:34:56", "Sun, 31 Feb 2026 12:34:56 GMT", "Sun, 29 Nov 26 12:34:56 GMT", "Sun, 29 Nov 2026 24:00:00 GMT", "Sun, 29 Nov 2026 1:2 GMT",
                           "Sun, -9 Nov 2026 12:34:56 GMT", "Sun, 29 Foo 2026 12:34:56 GMT", "Sun, 99999999999 Nov 2026 12:34:56 GMT"})
    EXPECT_FALSE(hub::parse_http_date(text)) << text;
}

}  // namespace
