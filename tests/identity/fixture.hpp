// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <atomic>

#include "base/files.hpp"
#include "identity/cookies.hpp"
#include "identity/identity.hpp"

namespace identity_test {

constexpr const char* kTenant = "6f1c2d3e-0000-4000-8000-00000000000a";
constexpr const char* kGoodPassword = "harbour violin 42 cactus";

inline bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// No peer at all; tests that need one bring their own.
class NoTransport final : public net::HttpTransport {
 public:
  base::Result<net::HttpResponse> send(const net::HttpRequest& request, const base::ByteSink&) override {
    return base::fail(base::Kind::unavailable, "nobody answers at " + request.url);
  }
};

// A folder with a fresh store and the keys in it, made once: keys of RSA take their time.
inline const std::filesystem::path& prepared() {
  static const base::TempDir dir = [] {
    base::TempDir made = *base::TempDir::create("identity");
    NoTransport nobody;
    identity::Options options;
    options.tenant_id = kTenant;
    options.key_file = (made.path() / "key").string();
    const auto database = *store::open_sqlite({made.path() / "first.db"});
    EXPECT_TRUE(identity::Identity::open(*database, nobody, options));
    EXPECT_TRUE(database->backup_to(made.path() / "state.db"));
    return made;
  }();
  return dir.path();
}

// Identities over a real store in a folder of its own, with a clock that stands still until a test moves it.
class IdentityTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* file : {"key", "state.db"}) std::filesystem::copy_file(prepared() / file, dir_.path() / file);
    auto database = store::open_sqlite({dir_.path() / "state.db"});
    ASSERT_TRUE(database) << database.error().message;
    database_ = std::move(*database);
    open();
  }

  virtual identity::Options options() {
    identity::Options options;
    options.tenant_id = kTenant;
    options.key_file = (dir_.path() / "key").string();
    options.now = [this] { return now_.load(); };
    options.failures_before_lock = 3;
    return options;
  }
  virtual net::HttpTransport& transport() { return nobody_; }

  // Opens it, or opens it again as after a restart.
  void open() {
    identity_.reset();
    auto opened = identity::Identity::open(*database_, transport(), options());
    ASSERT_TRUE(opened) << opened.error().message;
    identity_ = std::move(*opened);
  }

  void pass(std::chrono::milliseconds time) { now_ += time.count(); }

  net::ServerRequest request(const std::string& method = "GET", net::Headers headers = {}) const {
    net::ServerRequest made;
    made.method = method;
    made.target = made.path = "/";
    made.headers = std::move(headers);
    made.headers.emplace_back("host", "hub.example.com:8443");
    made.peer = peer_;
    made.tls = true;
    return made;
  }

  net::ServerRequest with_cookie(const identity::SignIn& sign_in, const std::string& method = "GET", net::Headers more = {}) const {
    more.emplace_back("cookie", "theme=dark; __Host-bulwark_session=" + sign_in.session_token);
    return request(method, std::move(more));
  }

  net::ServerRequest with_bearer(const std::string& token, const std::string& method = "GET") const {
    return request(method, {{"authorization", "Bearer " + token}});
  }

  identity::Principal add_user(const std::string& name, const char* password = kGoodPassword) {
    identity::Principal user;
    user.name = name;
    auto made = identity_->put_user(user, password == nullptr ? std::nullopt : std::optional<std::string>(password));
    EXPECT_TRUE(made) << made.error().message;
    return made ? *made : identity::Principal{};
  }

  identity::Principal add_group(const std::string& name, const std::vector<std::string>& members) {
    identity::Principal group;
    group.name = name;
    auto made = identity_->put_group(group, members);
    EXPECT_TRUE(made) << made.error().message;
    return made ? *made : identity::Principal{};
  }

  identity::SignIn sign_in(const std::string& name, const std::string& password = kGoodPassword) {
    auto done = identity_->sign_in(name, password, request("POST"));
    EXPECT_TRUE(done) << done.error().message;
    return done ? *done : identity::SignIn{};
  }

  // The caller of an accepted request.
  identity::Caller caller(const net::ServerRequest& request) {
    auto found = identity_->authenticate(request);
    EXPECT_TRUE(found) << found.error().message;
    EXPECT_TRUE(!found || *found);
    return found && *found ? **found : identity::Caller{};
  }

  bool refused(const net::ServerRequest& request) {
    const auto found = identity_->authenticate(request);
    return !found && found.error().kind == base::Kind::denied;
  }

  std::int64_t count(const std::string& sql) {
    std::int64_t found = -1;
    const auto done = database_->read([&](store::Session& session) -> base::Result<void> {
      found = TRY(store::query_integer(session, sql)).value_or(-1);
      return {};
    });
    EXPECT_TRUE(done);
    return found;
  }

  base::TempDir dir_ = *base::TempDir::create("identity");
  std::atomic<store::Millis> now_{1'790'000'000'000};
  std::string peer_ = "192.0.2.7";
  NoTransport nobody_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<identity::Identity> identity_;
};

}  // namespace identity_test
