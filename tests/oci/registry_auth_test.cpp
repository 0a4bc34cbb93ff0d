// SPDX-License-Identifier: Apache-2.0
#include "oci/registry_auth.hpp"

#include <gtest/gtest.h>

#include "base/base64.hpp"
#include "oci/fake_registry.hpp"

namespace {

using oci_test::Answer;
using oci_test::FakeRegistry;
using oci_test::header_of;

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

constexpr const char* kBearer =
    R"(Bearer realm="https://auth.example.com/token?k=v",service="the registry",scope="repository:app:pull")";

class RegistryLogin : public testing::Test {
 protected:
  base::Result<oci::ManifestText> get(const char* reference = "registry.example.com/app:1") {
    if (!client_) {
      oci::RegistryOptions options;
      options.transport = &registry_;
      options.insecure = insecure_;
      options.credentials = [this] {
        ++look_ups_;
        return oci::CredentialLookup{credentials_, problem_};
      };
      options.retry.sleep = [](std::chrono::milliseconds) {};
      client_.emplace(*oci::Reference::parse(reference), options);
    }
    return client_->get_manifest("1");
  }

  // The manifest for who sends `authorization`, else 401 with `challenge`; `token` answers all other hosts and paths.
  void require(const std::string& authorization, const std::string& challenge,
               std::function<Answer(const net::HttpRequest&)> token = {}) {
    registry_.respond = [=](const net::HttpRequest& request) {
      if (holds(request.url, "/v2/") && header_of(request, "Authorization") == authorization)
        return Answer{200, "{}", {}, {}, {}};
      if (holds(request.url, "/v2/"))
        return Answer{401, R"({"errors":[{"code":"UNAUTHORIZED"}]})", {{"www-authenticate", challenge}}, {}, {}};
      return token ? token(request) : Answer{404, "", {}, {}, {}};
    };
  }

  std::vector<net::HttpRequest> token_requests() const {
    std::vector<net::HttpRequest> found;
    for (const auto& request : registry_.requests)
      if (!holds(request.url, "/v2/")) found.push_back(request);
    return found;
  }

  FakeRegistry registry_;
  oci::Credentials credentials_;
  std::string problem_;
  bool insecure_ = false;
  int look_ups_ = 0;
  std::optional<oci::RegistryClient> client_;
};

Answer token_answer(const net::HttpRequest&) { return {200, R"({"token":"T","expires_in":300})", {}, {}, {}}; }

TEST_F(RegistryLogin, fetches_an_anonymous_token_once_for_many_requests) {
  require("Bearer T", kBearer, token_answer);
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(get()) << get().error().message;
  ASSERT_EQ(token_requests().size(), 1u);
  EXPECT_EQ(token_requests()[0].url,
            "https://auth.example.com/token?k=v&service=the%20registry&scope=repository%3Aapp%3Apull");
  EXPECT_EQ(header_of(token_requests()[0], "Authorization"), "");
  EXPECT_EQ(registry_.requests.size(), 5u);  // 401, token, three manifests
  EXPECT_EQ(look_ups_, 1);
}

TEST_F(RegistryLogin, does_not_look_for_credentials_that_nobody_wants) {
  registry_.respond = [](const net::HttpRequest&) { return Answer{200, "{}", {}, {}, {}}; };
  ASSERT_TRUE(get());
  EXPECT_EQ(look_ups_, 0);
}

TEST_F(RegistryLogin, sends_user_and_password_for_a_token) {
  credentials_ = {"ann", "p:w", "", ""};
  require("Bearer T", kBearer, [](const net::HttpRequest& request) {
    return header_of(request, "Authorization") == "Basic " + base::base64_encode("ann:p:w")
               ? Answer{200, R"({"access_token":"T"})", {}, {}, {}}
               : Answer{401, "", {}, {}, {}};
  });
  EXPECT_TRUE(get());
  EXPECT_TRUE(holds(token_requests()[0].url, "&account=ann"));
}

TEST_F(RegistryLogin, hands_in_an_identity_token_as_refresh_token) {
  credentials_ = {"", "", "refresh+me", ""};
  require("Bearer T", kBearer, token_answer);
  ASSERT_TRUE(get());
  const auto request = token_requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(header_of(request, "Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(request.body,
            "grant_type=refresh_token&client_id=bulwark&refresh_token=refresh%2Bme&service=the%20registry&scope="
            "repository%3Aapp%3Apull");
}

TEST_F(RegistryLogin, posts_a_password_where_get_is_not_served) {
  credentials_ = {"ann", "pw", "", ""};
  require("Bearer T", kBearer, [](const net::HttpRequest& request) {
    return request.method == "POST" ? token_answer(request) : Answer{405, "", {}, {}, {}};
  });
  ASSERT_TRUE(get());
  EXPECT_TRUE(
      holds(token_requests().at(1).body, "grant_type=password&client_id=bulwark&username=ann&password=pw&service="));
}

constexpr const char* kAzure =
    R"(Bearer realm="https://mine.azurecr.io/oauth2/token",service="mine.azurecr.io",scope="repository:app:pull")";

TEST_F(RegistryLogin, takes_the_refresh_token_of_an_azure_registry_as_password) {
  credentials_ = {"00000000-0000-0000-0000-000000000000", "refresh", "", ""};
  require("Bearer T", kAzure, token_answer);
  ASSERT_TRUE(get("mine.azurecr.io/app:1"));
  ASSERT_EQ(token_requests().size(), 1u);
  EXPECT_EQ(token_requests()[0].url, "https://mine.azurecr.io/oauth2/token");
  EXPECT_EQ(token_requests()[0].body,
            "grant_type=refresh_token&client_id=bulwark&refresh_token=refresh&service=mine.azurecr.io&scope=repository%"
            "3Aapp%3Apull");
}

std::string web_token(const std::string& claims) {
  return base::base64_encode("{}") + "." + base::base64_encode(claims) + ".c2ln";
}

TEST_F(RegistryLogin, exchanges_a_directory_token_at_an_azure_registry) {
  const std::string token = web_token(R"({"iss":"https://sts.windows.net/t-1/","tid":"t-1"})");
  credentials_ = {"00000000-0000-0000-0000-000000000000", token, "", ""};
  require("Bearer T", kAzure, [](const net::HttpRequest& request) {
    return holds(request.url, "/oauth2/exchange") ? Answer{200, R"({"refresh_token":"R"})", {}, {}, {}}
                                                  : token_answer(request);
  });
  ASSERT_TRUE(get("mine.azurecr.io/app:1"));
  ASSERT_EQ(token_requests().size(), 2u);
  EXPECT_EQ(token_requests()[0].url, "https://mine.azurecr.io/oauth2/exchange");
  EXPECT_TRUE(holds(token_requests()[0].body, "grant_type=access_token&access_token="));
  EXPECT_TRUE(holds(token_requests()[0].body, "&tenant=t-1&service=mine.azurecr.io"));
  EXPECT_TRUE(holds(token_requests()[1].body, "refresh_token=R&"));
}

TEST_F(RegistryLogin, sends_a_directory_token_to_the_registry_alone) {
  credentials_ = {"00000000-0000-0000-0000-000000000000",
                  web_token(R"({"iss":"https://login.microsoftonline.com/t/v2.0"})"), "", ""};
  require("Bearer T", kBearer, token_answer);
  const auto denied = get();
  ASSERT_FALSE(denied);
  EXPECT_EQ(denied.error().kind, base::Kind::denied);
  EXPECT_TRUE(token_requests().empty());
}

TEST_F(RegistryLogin, fetches_a_new_token_when_the_old_one_is_refused) {
  int issued = 0;
  registry_.respond = [&](const net::HttpRequest& request) {
    if (!holds(request.url, "/v2/"))
      return Answer{200, R"({"token":"T)" + std::to_string(++issued) + R"("})", {}, {}, {}};
    // The first token is good for one request.
    const std::string sent = header_of(request, "Authorization");
    const bool good = sent == "Bearer T2" || (sent == "Bearer T1" && registry_.requests.size() < 4);
    return good ? Answer{200, "{}", {}, {}, {}} : Answer{401, "", {{"www-authenticate", kBearer}}, {}, {}};
  };
  EXPECT_TRUE(get());
  EXPECT_TRUE(get());
  EXPECT_EQ(issued, 2);
}

TEST_F(RegistryLogin, ends_with_a_registry_that_refuses_each_token) {
  require("never", kBearer, token_answer);
  const auto denied = get();
  ASSERT_FALSE(denied);
  EXPECT_EQ(denied.error().kind, base::Kind::denied);
  EXPECT_TRUE(holds(denied.error().message, "registry.example.com/app:1 needs credentials")) << denied.error().message;
  EXPECT_TRUE(holds(denied.error().message, "run docker login registry.example.com or pass --username"))
      << denied.error().message;
  EXPECT_LE(registry_.requests.size(), 3u);
}

TEST_F(RegistryLogin, tells_why_no_credentials_were_found) {
  problem_ = "docker-credential-x failed";
  require("never", kBearer, [](const net::HttpRequest&) { return Answer{401, "", {}, {}, {}}; });
  EXPECT_TRUE(holds(get().error().message, "docker-credential-x failed")) << get().error().message;
}

TEST_F(RegistryLogin, says_that_the_credentials_are_not_accepted_and_keeps_them_secret) {
  credentials_ = {"ann", "hush", "", ""};
  require("never", kBearer, [](const net::HttpRequest&) { return Answer{401, "hush", {}, {}, {}}; });
  const auto denied = get();
  ASSERT_FALSE(denied);
  EXPECT_EQ(denied.error().kind, base::Kind::denied);
  EXPECT_TRUE(holds(denied.error().message, "does not accept the credentials")) << denied.error().message;
  EXPECT_FALSE(holds(denied.error().message, "hush"));
}

TEST_F(RegistryLogin, answers_basic) {
  credentials_ = {"ann", "pw", "", ""};
  require("Basic " + base::base64_encode("ann:pw"), R"(Basic realm="x")");
  EXPECT_TRUE(get());
  EXPECT_TRUE(get());
  EXPECT_EQ(registry_.requests.size(), 3u);
}

TEST_F(RegistryLogin, needs_credentials_for_basic_and_right_ones) {
  require("never", R"(Basic realm="x")");
  EXPECT_TRUE(holds(get().error().message, "run docker login registry.example.com")) << get().error().message;
  client_.reset();
  credentials_ = {"ann", "hush", "", ""};
  const auto denied = get();
  EXPECT_EQ(denied.error().kind, base::Kind::denied);
  EXPECT_FALSE(holds(denied.error().message, "hush"));
}

TEST_F(RegistryLogin, asks_for_no_more_than_reading) {
  require("Bearer T", R"(Bearer realm="https://auth.example.com/t",scope="repository:victim/secret:pull,push")",
          token_answer);
  ASSERT_TRUE(get());
  EXPECT_TRUE(holds(token_requests()[0].url, "scope=repository%3Aapp%3Apull")) << token_requests()[0].url;
}

TEST_F(RegistryLogin, sends_nothing_to_a_token_service_over_plain_http) {
  credentials_ = {"ann", "pw", "", ""};
  for (const char* realm : {"http://auth.example.com/t", "http://127.0.0.1/t", "file:///etc/passwd", ""}) {
    client_.reset();
    registry_.requests.clear();
    require("Bearer T", std::string("Bearer realm=\"") + realm + "\"", token_answer);
    EXPECT_FALSE(get()) << realm;
    EXPECT_TRUE(token_requests().empty()) << realm;
  }
  client_.reset();
  insecure_ = true;
  require("Bearer T", R"(Bearer realm="http://auth.example.com/t")", token_answer);
  EXPECT_TRUE(get());
}

TEST_F(RegistryLogin, refuses_a_token_that_is_none) {
  for (const char* body :
       {"", "[]", "{}", R"({"token":""})", R"({"token":7})", R"({"token":"a b"})", R"({"token":"a\r\nX: y"})"}) {
    client_.reset();
    require("never", kBearer, [=](const net::HttpRequest&) { return Answer{200, body, {}, {}, {}}; });
    const auto failed = get();
    ASSERT_FALSE(failed) << body;
    EXPECT_EQ(failed.error().kind, base::Kind::invalid_input) << body;
  }
}

TEST_F(RegistryLogin, speaks_plain_http_to_loopback_registries_that_do) {
  registry_.respond = [](const net::HttpRequest& request) {
    return holds(request.url, "http://") ? Answer{200, "{}", {}, {}, {}}
                                         : Answer{0, "", {}, {}, base::Error{base::Kind::unavailable, "no TLS"}};
  };
  ASSERT_TRUE(get("localhost:5000/app:1"));
  ASSERT_TRUE(get());
  ASSERT_EQ(registry_.requests.size(), 3u);  // the probe, and two manifests
  EXPECT_EQ(registry_.requests[0].url, "http://localhost:5000/v2/");
}

TEST_F(RegistryLogin, finds_tls_on_a_loopback_port_before_it_sends_credentials) {
  credentials_ = {"ann", "pw", "", ""};
  const std::string right = "Basic " + base::base64_encode("ann:pw");
  registry_.respond = [&](const net::HttpRequest& request) {
    if (holds(request.url, "http://")) {
      EXPECT_EQ(header_of(request, "Authorization"), "");
      return Answer{400, "Client sent an HTTP request to an HTTPS server.", {}, {}, {}};
    }
    return header_of(request, "Authorization") == right
               ? Answer{200, "{}", {}, {}, {}}
               : Answer{401, "", {{"www-authenticate", "Basic realm=x"}}, {}, {}};
  };
  ASSERT_TRUE(get("127.0.0.1:5000/app:1"));
  EXPECT_TRUE(holds(registry_.requests.back().url, "https://127.0.0.1:5000/"));
}

TEST_F(RegistryLogin, never_tries_plain_http_with_another_host_unasked) {
  registry_.respond = [](const net::HttpRequest&) {
    return Answer{0, "", {}, {}, base::Error{base::Kind::unavailable, "no TLS"}};
  };
  EXPECT_FALSE(get());
  for (const auto& request : registry_.requests)
    EXPECT_TRUE(holds(request.url, "https://")) << request.url;
  client_.reset();
  insecure_ = true;
  registry_.respond = [](const net::HttpRequest& request) {
    return holds(request.url, "http://") ? Answer{200, "{}", {}, {}, {}}
                                         : Answer{0, "", {}, {}, base::Error{base::Kind::unavailable, "no TLS"}};
  };
  EXPECT_TRUE(get());
}

TEST_F(RegistryLogin, names_the_certificate_that_is_not_trusted) {
  registry_.respond = [](const net::HttpRequest& request) {
    return holds(request.url, "https://")
               ? Answer{0, "", {}, {}, base::Error{base::Kind::denied, "the certificate is not trusted"}}
               : Answer{400, "", {}, {}, {}};
  };
  const auto denied = get("127.0.0.1:5000/app:1");
  ASSERT_FALSE(denied);
  EXPECT_EQ(denied.error().kind, base::Kind::denied);
}

}  // namespace
