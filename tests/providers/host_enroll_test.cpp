// SPDX-License-Identifier: Apache-2.0
#include "base/hash.hpp"
#include "providers/hybrid_compute/hybrid_compute.hpp"
#include "providers/host_testing.hpp"

namespace {

using providers_testing::HostTest;
using testing::HasSubstr;
namespace hosts = providers::hybrid_compute;

class Enrolment : public HostTest {
 protected:
  std::string refusal(const uplink::EnrollmentToken& token) {
    const auto enrolled = enroll(machine("web-1", 'a'), token);
    EXPECT_FALSE(enrolled);
    if (enrolled) return {};
    EXPECT_EQ(enrolled.error().kind, base::Kind::denied);
    return enrolled.error().message;
  }
};

TEST_F(Enrolment, makes_a_resource_with_the_labels_of_the_token) {
  const auto token = make_token(base::JsonObject{{"labels", base::JsonObject{{"env", "prod"}}}});
  const auto enrolled = enroll(machine("web-1", 'a'), token);
  ASSERT_TRUE(enrolled) << enrolled.error().message;
  EXPECT_THAT(enrolled->resource_id, testing::EndsWith("/resourceGroups/default/providers/Microsoft.HybridCompute/machines/web-1"));
  write([&](store::Session& session) -> base::Result<void> {
    const auto resource = TRY(arm::load_resource(session, TRY(arm::ResourceId::parse(enrolled->resource_id)).key()));
    EXPECT_EQ(resource ? base::to_text(resource->body.at("tags")) : "", R"({"env":"prod"})");
    return {};
  });
  EXPECT_EQ(hosts::authenticate(*hosts_, enrolled->credential)->value_or(""), arm::ResourceId::parse(enrolled->resource_id)->key());
}

TEST_F(Enrolment, keeps_neither_secret_nor_credential) {
  const auto token = make_token();
  const auto enrolled = enroll(machine("web-1", 'a'), token);
  ASSERT_TRUE(enrolled);
  const auto bytes = base::read_file(folder_.path() / "state.db");
  const auto wal = base::read_file(folder_.path() / "state.db-wal").value_or("");
  for (const std::string& secret : {token.secret, enrolled->credential}) {
    EXPECT_EQ(bytes->find(secret), std::string::npos);
    EXPECT_EQ(wal.find(secret), std::string::npos);
  }
}

TEST_F(Enrolment, says_what_is_wrong_with_a_token) {
  const auto token = make_token();
  EXPECT_TRUE(enroll(machine("web-1", 'a'), token));
  EXPECT_THAT(refusal(token), HasSubstr("used already"));
  auto wrong = make_token();
  wrong.secret.back() = wrong.secret.back() == 'A' ? 'B' : 'A';
  EXPECT_THAT(refusal(wrong), HasSubstr("not known"));
  const auto late = make_token(base::JsonObject{{"expiresInSeconds", 60}});
  now_ += 60'000;
  EXPECT_THAT(refusal(late), HasSubstr("expired"));
  const auto revoked = make_token();
  write([&](store::Session& session) -> base::Result<void> {
    EXPECT_TRUE(TRY(hosts::remove_enrollment_token(session, revoked.id)));
    return {};
  });
  EXPECT_THAT(refusal(revoked), HasSubstr("revoked"));
}

TEST_F(Enrolment, counts_uses) {
  const auto token = make_token(base::JsonObject{{"uses", 2}});
  EXPECT_TRUE(enroll(machine("web-1", 'a'), token));
  EXPECT_TRUE(enroll(machine("web-2", 'b'), token));
  EXPECT_THAT(refusal(token), HasSubstr("used already"));
}

TEST_F(Enrolment, refuses_requests_for_tokens_out_of_range) {
  for (const char* body : {R"({"uses": 0})", R"({"uses": 1001})", R"({"expiresInSeconds": 604801})", R"({"expiresInSeconds": "1h"})", R"({"labels": ["a"]})",
                           R"({"labels": {"a": 1}})", "{\"labels\": {\"a\": \"x\\u0007\"}}"})
    EXPECT_FALSE(hosts::parse_token_request(*base::parse_json(body, "body"), now_)) << body;
}

TEST_F(Enrolment, takes_the_resource_of_the_same_machine_over_and_ends_the_old_credential) {
  const auto key = add_host("web-1", 'a');
  const auto before = credential_;
  ASSERT_TRUE(*hosts::authenticate(*hosts_, before));
  EXPECT_EQ(add_host("web-1", 'a'), key);
  EXPECT_FALSE(*hosts::authenticate(*hosts_, before));
  EXPECT_TRUE(*hosts::authenticate(*hosts_, credential_));
}

TEST_F(Enrolment, gives_another_machine_of_that_name_a_name_of_its_own) {
  const auto first = add_host("web-1", 'a');
  EXPECT_EQ(add_host("WEB-1", 'b'), first + "-bbbbbb");
  EXPECT_THAT(add_host("web-1", 'b'), first + "-bbbbbb");
}

TEST_F(Enrolment, makes_a_name_of_whatever_a_host_is_called) {
  EXPECT_THAT(add_host("../../x y\n\xff", 'a'), testing::EndsWith("/machines/x-y"));
  EXPECT_THAT(add_host("...", 'b'), testing::EndsWith("/machines/host"));
  EXPECT_THAT(add_host(std::string(300, 'n'), 'c'), testing::EndsWith("/machines/" + std::string(54, 'n')));
}

TEST_F(Enrolment, without_a_machine_id_never_takes_over) {
  auto nameless = machine("web-1", 'a');
  nameless.machine_id = "not one";
  const auto one = enroll(nameless, make_token()), two = enroll(nameless, make_token());
  ASSERT_TRUE(one && two);
  EXPECT_NE(one->resource_id, two->resource_id);
}

}  // namespace
