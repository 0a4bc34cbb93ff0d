// SPDX-License-Identifier: Apache-2.0
#include "base/base64.hpp"
#include "base/jwt.hpp"
#include "base/text.hpp"
#include "identity/fixture.hpp"

namespace {

using identity_test::holds;
using identity_test::kTenant;

class AuthorityTest : public identity_test::IdentityTest {
 protected:
  void SetUp() override {
    IdentityTest::SetUp();
    client_ = *identity_->add_service_principal("pipeline");
  }

  net::ServerResponse get(const std::string& path) {
    net::ServerRequest asked = request();
    asked.target = asked.path = path;
    auto answer = identity_->serve_authority(asked);
    EXPECT_TRUE(answer) << path;
    return answer.value_or(net::ServerResponse{});
  }

  net::ServerResponse post(const std::string& body, net::Headers headers = {}, const std::string& tail = "/oauth2/v2.0/token",
                           const std::string& tenant = kTenant) {
    headers.emplace_back("content-type", "application/x-www-form-urlencoded;charset=utf-8");
    net::ServerRequest asked = request("POST", std::move(headers));
    asked.target = asked.path = "/" + tenant + tail;
    asked.body = body;
    auto answer = identity_->serve_authority(asked);
    EXPECT_TRUE(answer);
    return answer.value_or(net::ServerResponse{});
  }

  std::string form(const std::string& secret, const std::string& scope = "https://management.azure.com/.default") {
    return "grant_type=client_credentials&client_id=" + client_.principal.name + "&client_secret=" + base::percent_encode(secret) +
           "&scope=" + base::percent_encode(scope);
  }

  static base::Json body(const net::ServerResponse& response) { return *base::parse_json(response.body, "answer"); }

  static base::Json claims(const std::string& token) {
    return *base::parse_json(*base::base64_decode(base::split(token, '.').at(1)), "claims");
  }

  std::string token(const std::string& scope = "https://management.azure.com/.default") {
    const auto answer = post(form(client_.secret, scope));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return std::string(base::get_string(body(answer), "access_token"));
  }

  static void expect_error(const net::ServerResponse& answer, int status, const std::string& error, int code) {
    const base::Json found = body(answer);
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(base::get_string(found, "error"), error);
    EXPECT_EQ(base::get_array(found, "error_codes").at(0).to_number<int>(), code);
    EXPECT_TRUE(holds(base::get_string(found, "error_description"), "AADSTS" + std::to_string(code) + ": "));
    for (const char* member : {"timestamp", "trace_id", "correlation_id"}) EXPECT_FALSE(base::get_string(found, member).empty());
  }

  identity::NewServicePrincipal client_;
};

TEST_F(AuthorityTest, discovery_names_what_clients_need) {
  const std::string tenant = std::string("https://hub.example.com:8443/") + kTenant;
  const base::Json found = body(get(std::string("/") + kTenant + "/v2.0/.well-known/openid-configuration"));
  EXPECT_EQ(base::get_string(found, "issuer"), tenant + "/v2.0");
  EXPECT_EQ(base::get_string(found, "token_endpoint"), tenant + "/oauth2/v2.0/token");
  EXPECT_EQ(base::get_string(found, "authorization_endpoint"), tenant + "/oauth2/v2.0/authorize");
  EXPECT_EQ(base::get_string(found, "jwks_uri"), tenant + "/discovery/v2.0/keys");
  const base::Json first = body(get("/common/.well-known/openid-configuration"));
  EXPECT_EQ(base::get_string(first, "token_endpoint"), tenant + "/oauth2/token");
}

TEST_F(AuthorityTest, other_paths_are_not_served) {
  for (const char* path : {"/", "/oauth2/token", "/subscriptions", "/v2/", "/a/b/oauth2/v2.0/token", "/common/oauth2/v2.0/authorize"}) {
    net::ServerRequest asked = request();
    asked.path = path;
    EXPECT_FALSE(identity_->serve_authority(asked)) << path;
  }
}

TEST_F(AuthorityTest, host_that_is_none_is_refused) {
  net::ServerRequest asked;
  asked.method = "GET";
  asked.path = "/common/v2.0/.well-known/openid-configuration";
  asked.headers = {{"host", "evil.example.com/x?"}};
  EXPECT_EQ(identity_->serve_authority(asked)->status, 400);
}

TEST_F(AuthorityTest, token_verifies_with_the_published_keys) {
  const std::string access = token();
  const base::Json keys = body(get(std::string("/") + kTenant + "/discovery/v2.0/keys"));
  const auto verified = base::verify_jwt(access, base::get_array(keys, "keys"), base::Seconds(std::chrono::seconds(now_ / 1000)), std::string("https://hub.example.com:8443/") + kTenant + "/v2.0",
                                         "https://management.azure.com");
  ASSERT_TRUE(verified) << verified.error().message;
  const base::Json found = claims(access);
  EXPECT_EQ(base::get_string(found, "oid"), client_.principal.id);
  EXPECT_EQ(base::get_string(found, "sub"), client_.principal.id);
  EXPECT_EQ(base::get_string(found, "appid"), client_.principal.name);
  EXPECT_EQ(base::get_string(found, "azp"), client_.principal.name);
  EXPECT_EQ(base::get_string(found, "tid"), kTenant);
  EXPECT_EQ(base::get_string(found, "idtyp"), "app");
  EXPECT_EQ(base::get_string(found, "ver"), "2.0");
  EXPECT_EQ(*base::get_int(found, "exp") - *base::get_int(found, "iat"), 3600);
}

TEST_F(AuthorityTest, answer_is_what_the_sdks_read) {
  const auto answer = post(form(client_.secret));
  const base::Json found = body(answer);
  EXPECT_EQ(base::get_string(found, "token_type"), "Bearer");
  EXPECT_EQ(base::get_int(found, "expires_in"), 3600);
  EXPECT_EQ(base::get_int(found, "ext_expires_in"), 3600);
  EXPECT_TRUE(std::find(answer.headers.begin(), answer.headers.end(), std::pair<std::string, std::string>("Cache-Control", "no-store")) !=
              answer.headers.end());
}

TEST_F(AuthorityTest, access_token_is_accepted_until_it_ends) {
  const std::string team = add_group("automation", {client_.principal.id}).id, access = token();
  const identity::Caller found = caller(with_bearer(access, "PUT"));
  EXPECT_EQ(found.how, "oauth2");
  EXPECT_EQ(found.principal.id, client_.principal.id);
  EXPECT_EQ(found.groups, std::vector<std::string>{team});
  pass(std::chrono::minutes(59));
  caller(with_bearer(access));
  pass(std::chrono::minutes(10));
  EXPECT_TRUE(refused(with_bearer(access)));
}

TEST_F(AuthorityTest, audiences_that_are_served) {
  for (const char* scope : {"https://management.azure.com//.default", "https://management.core.windows.net//.default",
                            "https://api.loganalytics.io/.default", "https://api.loganalytics.azure.com/.default",
                            "https://monitor.azure.com//.default", "https://hub.example.com:8443/.default",
                            "https://hub.example.com:8443/registry/.default"})
    caller(with_bearer(token(scope)));
  expect_error(post(form(client_.secret, "https://graph.microsoft.com/.default")), 400, "invalid_resource", 500011);
  expect_error(post(form(client_.secret, "https://hub.example.com:8443.evil.example/.default")), 400, "invalid_resource", 500011);
  expect_error(post(form(client_.secret, "openid profile")), 400, "invalid_scope", 1002012);
}

TEST_F(AuthorityTest, disabled_or_removed_client_is_refused_at_once) {
  const std::string access = token();
  caller(with_bearer(access));
  ASSERT_TRUE(identity_->set_disabled(client_.principal.id, true));
  EXPECT_TRUE(refused(with_bearer(access)));
  expect_error(post(form(client_.secret)), 401, "invalid_client", 7000215);
  ASSERT_TRUE(identity_->set_disabled(client_.principal.id, false));
  caller(with_bearer(access));
  ASSERT_TRUE(identity_->remove(client_.principal.id));
  EXPECT_TRUE(refused(with_bearer(access)));
}

TEST_F(AuthorityTest, renewed_secret_ends_the_old_one_and_its_tokens) {
  const std::string access = token();
  caller(with_bearer(access));
  pass(std::chrono::seconds(5));
  const std::string renewed = *identity_->renew_secret(client_.principal.id);
  EXPECT_TRUE(refused(with_bearer(access)));
  expect_error(post(form(client_.secret)), 401, "invalid_client", 7000215);
  client_.secret = renewed;
  caller(with_bearer(token()));
}

TEST_F(AuthorityTest, tokens_survive_a_restart_and_no_other_installation_takes_them) {
  const std::string access = token();
  open();
  caller(with_bearer(access));
  std::string forged = access;
  forged[forged.size() / 2] = forged[forged.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_TRUE(refused(with_bearer(forged)));
  const auto other_key = base::SigningKey::generate();
  ASSERT_TRUE(other_key);
  EXPECT_TRUE(refused(with_bearer(*other_key->sign(claims(access).as_object()))));
}

TEST_F(AuthorityTest, basic_header_works_in_place_of_the_body) {
  const std::string basic = "Basic " + base::base64_encode(client_.principal.name + ":" + client_.secret);
  const std::string rest = "grant_type=client_credentials&scope=https%3A%2F%2Fmanagement.azure.com%2F.default";
  EXPECT_EQ(post(rest, {{"authorization", basic}}).status, 200);
  expect_error(post(form(client_.secret), {{"authorization", basic}}), 400, "invalid_request", 90014);
  const auto wrong = post(rest, {{"authorization", "Basic " + base::base64_encode(client_.principal.name + ":no")}});
  expect_error(wrong, 401, "invalid_client", 7000215);
  EXPECT_TRUE(std::any_of(wrong.headers.begin(), wrong.headers.end(), [](const auto& h) { return h.first == "WWW-Authenticate"; }));
}

TEST_F(AuthorityTest, first_version_takes_a_resource_and_answers_in_strings) {
  const auto answer = post("grant_type=client_credentials&client_id=" + client_.principal.name + "&client_secret=" + client_.secret +
                               "&resource=https%3A%2F%2Fmanagement.azure.com%2F", {}, "/oauth2/token");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(base::get_string(body(answer), "expires_in"), "3600");
  caller(with_bearer(std::string(base::get_string(body(answer), "access_token"))));
}

TEST_F(AuthorityTest, wrong_requests_say_what_is_missing) {
  expect_error(post(""), 400, "invalid_request", 900144);
  expect_error(post("grant_type=password&username=a&password=b"), 400, "unsupported_grant_type", 70003);
  expect_error(post("grant_type=client_credentials"), 400, "invalid_request", 900144);
  expect_error(post("grant_type=client_credentials&client_id=x"), 401, "invalid_client", 7000216);
  expect_error(post("grant_type=client_credentials&client_id=x&client_secret=y"), 400, "invalid_request", 900144);
  expect_error(post(form("y"), {}, "/oauth2/v2.0/token", "someone.onmicrosoft.com"), 400, "invalid_request", 90002);
  expect_error(get("/common/oauth2/v2.0/token"), 405, "invalid_request", 900561);
}

TEST_F(AuthorityTest, unknown_client_and_wrong_secret_read_the_same_and_lock) {
  const auto words = [&](const net::ServerResponse& answer) {
    return std::string(base::cut(base::get_string(body(answer), "error_description"), " Trace ID").first);
  };
  const auto wrong = post(form("not the secret"));
  const auto unknown = post("grant_type=client_credentials&client_id=00000000-0000-0000-0000-000000000000&client_secret=x&scope=" +
                            base::percent_encode("https://management.azure.com/.default"));
  expect_error(wrong, 401, "invalid_client", 7000215);
  EXPECT_EQ(words(wrong), words(unknown));
  EXPECT_FALSE(holds(wrong.body, "not the secret"));
  post(form("not the secret"));
  post(form("not the secret"));
  const auto locked = post(form(client_.secret));
  expect_error(locked, 429, "temporarily_unavailable", 50053);
  EXPECT_TRUE(std::find(locked.headers.begin(), locked.headers.end(), std::pair<std::string, std::string>("Retry-After", "900")) !=
              locked.headers.end());
}

TEST_F(AuthorityTest, client_s_correlation_id_comes_back) {
  const std::string id = "0f0e0d0c-1111-4222-8333-444455556666";
  EXPECT_EQ(base::get_string(body(post("", {{"client-request-id", id}})), "correlation_id"), id);
  EXPECT_NE(base::get_string(body(post("", {{"client-request-id", "<script>"}})), "correlation_id"), "<script>");
}

TEST_F(AuthorityTest, given_client_and_secret_work_and_stay_good_when_given_again) {
  const std::string secret = "one quite long secret, given";
  const auto put = identity_->put_service_principal("ci-client", "CI", secret);
  ASSERT_TRUE(put) << put.error().message;
  EXPECT_TRUE(put->changed);
  client_ = {put->principal, secret};
  const std::string access = token();
  pass(std::chrono::minutes(1));
  EXPECT_FALSE(identity_->put_service_principal("ci-client", "CI", secret)->changed);
  EXPECT_FALSE(identity_->put_service_principal("ci-client", "CI", "")->changed);
  ASSERT_TRUE(identity_->put_service_principal("ci-client", "CI renamed", "")->changed);
  EXPECT_EQ(caller(with_bearer(access)).principal.display_name, "CI renamed");
  EXPECT_FALSE(refused(with_bearer(access))) << "the secret is the same";
  ASSERT_TRUE(identity_->put_service_principal("ci-client", "CI renamed", "another quite long secret")->changed);
  EXPECT_TRUE(refused(with_bearer(access)));
  EXPECT_EQ(identity_->put_service_principal("new-client", "New", "").error().kind, base::Kind::invalid_input);
  EXPECT_EQ(identity_->put_service_principal("ci-client", "CI", "short").error().kind, base::Kind::invalid_input);
}

}  // namespace
