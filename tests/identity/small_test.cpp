// SPDX-License-Identifier: Apache-2.0
// Passwords' rules, cookies, forms, origins.
#include "base/base64.hpp"
#include "identity/fixture.hpp"
#include "identity/request_origin.hpp"
#include "identity/token_form.hpp"

namespace {

using identity::check_password;
using identity::Form;
using identity_test::holds;

TEST(PasswordRules, accept_phrases_and_random_strings) {
  for (const char* good : {"harbour violin 42 cactus", "x7#Kp2!mQz9w", "sjö-häst-lampa-92", "correct zebra battery mug", "48271930558162740093"})
    EXPECT_TRUE(check_password(good, "alice")) << good;
}

TEST(PasswordRules, refuse_what_is_short_long_or_holds_the_name) {
  EXPECT_FALSE(check_password("eleven char", "alice"));
  EXPECT_FALSE(check_password("ööööö-åäö-å", "alice")) << "eleven characters, and more bytes";
  std::string words;
  for (int i = 0; words.size() < 128; ++i) words += std::to_string(i * 7919) + " violin ";
  words.resize(128);
  EXPECT_TRUE(check_password(words, "alice"));
  EXPECT_FALSE(check_password(words + "x", "alice"));
  EXPECT_FALSE(check_password("my ALICE is a secret garden", "alice"));
  EXPECT_FALSE(check_password(std::string("zero\0byte violin", 16), "alice"));
  EXPECT_TRUE(check_password("jumbled violin cactus", "ju"));  // names of one or two letters stand in everything
}

TEST(PasswordRules, refuse_what_everybody_tries) {
  for (const char* bad : {"password1234", "P@ssw0rd2026!", "administrator1", "Welcome2026!!!", "123456789012", "qwertyuiop12",
                          "qwertyuiopas", "1qaz2wsx3edc", "aaaaaaaaaaaa", "abcabcabcabc", "Summer2026!!", "changeme1234",
                          "210987654321", "2026-11-29-1", "Bulwark-2026!", "!!!letmein!!!"})
    EXPECT_FALSE(check_password(bad, "alice")) << bad;
}

TEST(PasswordRules, say_what_to_change) {
  EXPECT_TRUE(holds(check_password("short", "a").error().message, "12 characters"));
  EXPECT_FALSE(holds(check_password("password1234", "a").error().message, "password1234"));
}

TEST(Cookies, session_cookie_is_for_http_alone) {
  identity::SignIn sign_in;
  sign_in.session_token = "T";
  EXPECT_EQ(identity::session_cookie(sign_in, true, std::chrono::hours(1)),
            "__Host-bulwark_session=T; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure");
  EXPECT_EQ(identity::session_cookie(sign_in, false, std::chrono::hours(1)),
            "bulwark_session=T; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax");
  EXPECT_EQ(identity::clear_cookie(true), "__Host-bulwark_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
  EXPECT_EQ(identity::clear_cookie(false), "bulwark_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
}

TEST(Cookies, value_is_found_among_others) {
  net::ServerRequest request;
  request.headers = {{"cookie", "a=1; xbulwark_session=no"}, {"cookie", "b;bulwark_session=yes==;c=3"}};
  EXPECT_EQ(identity::cookie_value(request, "bulwark_session"), "yes==");
  EXPECT_EQ(identity::cookie_value(request, "missing"), "");
}

TEST(RequestOrigin, is_scheme_host_and_port_of_the_request) {
  net::ServerRequest request;
  request.headers = {{"host", "Hub.Example.com:8443"}};
  EXPECT_EQ(*identity::request_origin(request), "http://hub.example.com:8443");
  request.tls = true;
  request.headers = {{"host", "[::1]:443"}};
  EXPECT_EQ(*identity::request_origin(request), "https://[::1]");
  for (const char* bad : {"", "a b", "user@host", "host/path", "host?x", "host:99999", "a\"b"}) {
    request.headers = {{"host", bad}};
    EXPECT_FALSE(identity::request_origin(request)) << bad;
  }
}

bool is_own(const net::Headers& headers, const std::string& public_url = {}) {
  net::ServerRequest request;
  request.headers = headers;
  request.headers.emplace_back("host", "hub.example.com:8443");
  return identity::is_from_own_page(request, public_url);
}

TEST(OwnPage, is_told_by_fetch_metadata) {
  for (const char* site : {"same-origin", "Same-Origin", "none"}) EXPECT_TRUE(is_own({{"sec-fetch-site", site}})) << site;
  for (const char* site : {"cross-site", "same-site", "?"}) EXPECT_FALSE(is_own({{"sec-fetch-site", site}})) << site;
  EXPECT_TRUE(is_own({{"sec-fetch-site", "same-origin"}, {"origin", "https://proxied.example.com"}})) << "browsers alone set it";
  EXPECT_FALSE(is_own({{"sec-fetch-site", "cross-site"}, {"origin", "https://hub.example.com:8443"}}));
}

TEST(OwnPage, is_told_by_the_origin_where_there_is_no_metadata) {
  EXPECT_TRUE(is_own({})) << "no browser";
  EXPECT_TRUE(is_own({{"origin", "https://hub.example.com:8443"}}));
  EXPECT_TRUE(is_own({{"origin", "http://HUB.example.com:8443"}})) << "a proxy may end TLS";
  for (const char* origin : {"https://hub.example.com", "https://evil.example.com:8443", "https://hub.example.com.evil.example:8443", "null", "file://", "x"})
    EXPECT_FALSE(is_own({{"origin", origin}})) << origin;
  EXPECT_TRUE(is_own({{"origin", "https://bulwark.example.com"}}, "https://bulwark.example.com/"));
  EXPECT_FALSE(is_own({{"origin", "http://bulwark.example.com"}}, "https://bulwark.example.com/"));
}

TEST(AddressGroup, joins_what_one_subscriber_has) {
  EXPECT_EQ(identity::address_group("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(identity::address_group("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(identity::address_group("2001:db8::1"), identity::address_group("2001:db8:0:0:9::2"));
  EXPECT_NE(identity::address_group("2001:db8::1"), identity::address_group("2001:db8:0:1::1"));
}

TEST(Form, fields_are_decoded) {
  const auto form = Form::parse("scope=https%3A%2F%2Fx%2F.default&client_secret=a+b%2Bc&empty=&flag");
  ASSERT_TRUE(form);
  EXPECT_EQ(form->get("scope"), "https://x/.default");
  EXPECT_EQ(form->get("client_secret"), "a b+c");
  EXPECT_EQ(form->get("empty"), "");
  EXPECT_EQ(form->fields().size(), 2u);
}

TEST(Form, hostile_bytes_are_refused) {
  EXPECT_EQ(Form::parse("a=1&a=2").error().kind, base::Kind::invalid_input);
  EXPECT_EQ(Form::parse("a=%00").error().kind, base::Kind::invalid_input);
  EXPECT_EQ(Form::parse(std::string(70'000, 'a')).error().kind, base::Kind::too_large);
  std::string many;
  for (int i = 0; i < 65; ++i) many += "f" + std::to_string(i) + "=1&";
  EXPECT_EQ(Form::parse(many).error().kind, base::Kind::too_large);
}

TEST(ClientBasic, id_and_secret_are_decoded_after_the_colon_is_found) {
  const auto found = identity::parse_client_basic("basic " + base::base64_encode("my%3Aid:se%3Acret:x"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, "my:id");
  EXPECT_EQ(found->secret, "se:cret:x");
  for (const std::string& bad : {std::string("Bearer x"), std::string("Basic !!"), "Basic " + base::base64_encode("no colon"),
                                 "Basic " + base::base64_encode(":secret"), std::string("Basic"), std::string()})
    EXPECT_FALSE(identity::parse_client_basic(bad)) << bad;
}

}  // namespace
