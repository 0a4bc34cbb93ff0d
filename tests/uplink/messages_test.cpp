// SPDX-License-Identifier: Apache-2.0
#include "uplink/messages.hpp"

#include <gmock/gmock.h>

using namespace uplink;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

constexpr std::string_view kHeaderLine =
    R"({"format":1,"stream":"0b1cfa9e-0a47-4c1e-8d4c-9c6a3d1f0001","status":{"version":"1.0.0"}})";

std::string line_of(const Message& message) { return base::to_text(to_json(message)); }

Message again(const Message& message) {
  auto parsed = parse_message(line_of(message));
  EXPECT_TRUE(parsed) << parsed.error().message;
  return parsed.value_or(Message{});
}

Container a_container() {
  Container container;
  container.id = "4f1c";
  container.name = "web";
  container.image = "nginx:1.25";
  container.image_id = "sha256:aa";
  container.state = "exited";
  container.created_at = 1'700'000'000'123;
  container.exit_code = 0;
  container.privileged = true;
  container.ports = {"0.0.0.0:8080->80/tcp"};
  container.labels = {{"io.kubernetes.pod.name", "web-0"}};
  container.management = {true, "kubelet", "it has labels of Kubernetes"};
  return container;
}

}  // namespace

TEST(Messages, of_a_machine_are_read_as_they_were_written) {
  Machine machine;
  machine.name = "web-1";
  machine.machine_id = "0123456789abcdef0123456789abcdef";
  machine.addresses = {"10.0.0.1", "fe80::1"};
  machine.cpus = 2;
  machine.engine = EngineKind::podman;
  machine.rootless = true;
  const Message message = again({7, 1'700'000'000'000, machine});
  EXPECT_EQ(message.sequence, 7u);
  EXPECT_EQ(message.at, 1'700'000'000'000);
  const auto& read = std::get<Machine>(message.body);
  EXPECT_EQ(read.name, "web-1");
  EXPECT_EQ(read.engine, EngineKind::podman);
  EXPECT_THAT(read.addresses, ElementsAre("10.0.0.1", "fe80::1"));
  EXPECT_TRUE(read.rootless);
  EXPECT_FALSE(read.swarm);
}

TEST(Messages, of_an_inventory_are_read_as_they_were_written) {
  Inventory inventory;
  inventory.whole = true;
  inventory.containers = {a_container()};
  inventory.images = {{"sha256:aa", {"nginx:1.25"}, {"nginx@sha256:bb"}, 1 << 20, 5}};
  inventory.volumes = {{"data", "local", "/var/lib/docker/volumes/data/_data"}};
  inventory.kept_networks = {"n1"};
  const Message message = again({1, 1, inventory});
  const auto& read = std::get<Inventory>(message.body);
  ASSERT_EQ(read.containers.size(), 1u);
  const Container& container = read.containers.front();
  EXPECT_EQ(container.name, "web");
  EXPECT_EQ(container.exit_code, 0) << "0 is not the same as not known";
  EXPECT_THAT(container.labels, ElementsAre(testing::Pair("io.kubernetes.pod.name", "web-0")));
  EXPECT_EQ(container.management.by, "kubelet");
  EXPECT_EQ(read.images.front().digests.front(), "nginx@sha256:bb");
  EXPECT_THAT(read.kept_networks, ElementsAre("n1"));
  EXPECT_EQ(line_of(message), line_of({1, 1, inventory}));
}

TEST(Messages, of_an_assessment_are_read_as_they_were_written) {
  Assessment assessment;
  assessment.whole = assessment.more = true;
  assessment.id = "0b1cfa9e-0a47-4c1e-8d4c-9c6a3d1f0002";
  assessment.benchmark = "cis-docker";
  assessment.took_ms = 12;
  ControlResult control{"5.10", "fail", {1, 2, 0, 0, 0}, {}, {"container/4f1c"}};
  control.resources.push_back({"container", "9a", "db", "fail", base::JsonArray{base::JsonObject{{"source", "GET /info"}}}});
  assessment.controls = {control};
  const Message message = again({3, 1, assessment});
  const auto& read = std::get<Assessment>(message.body);
  EXPECT_TRUE(read.more);
  EXPECT_EQ(read.controls.front().counts.fail, 2);
  EXPECT_EQ(base::to_text(read.controls.front().resources.front().evidence), R"([{"source":"GET /info"}])");
  EXPECT_THAT(read.controls.front().settled, ElementsAre("container/4f1c"));
}

TEST(Messages, carry_hostile_names_as_texts_that_are_safe_to_print) {
  Container container = a_container();
  container.name = "web\x1b[2J\xff";
  container.command = std::string(10'000, 'x') + "\xe2\x82\xac";
  Inventory inventory;
  inventory.containers = {container};
  const Message message = again({1, 1, inventory});
  const auto& read = std::get<Inventory>(message.body).containers.front();
  EXPECT_THAT(read.name, testing::Not(HasSubstr("\x1b")));
  EXPECT_EQ(read.command.size(), kTextBytes);
}

TEST(Messages, that_are_wrong_name_the_member) {
  const auto fault = [](std::string_view line) { return parse_message(line).error().message; };
  EXPECT_THAT(fault(R"({"at":1,"type":"machine","body":{"name":"a"}})"), HasSubstr("sequence is missing"));
  EXPECT_THAT(fault(R"({"sequence":-1,"at":1,"type":"machine","body":{}})"), HasSubstr("sequence must be a whole number"));
  EXPECT_THAT(fault(R"({"sequence":1,"at":1,"body":{}})"), HasSubstr("type is missing"));
  EXPECT_THAT(fault(R"({"sequence":1,"type":"dance","body":{}})"), HasSubstr("type 'dance' is not known"));
  EXPECT_THAT(fault(R"({"sequence":1,"type":"inventory"})"), HasSubstr("body is missing"));
  EXPECT_THAT(fault(R"({"sequence":1,"type":"inventory","body":7})"), HasSubstr("body must be an object"));
  EXPECT_THAT(fault(R"({"sequence":1,"type":"inventory","body":{"containers":[{"id":"a"},{"name":"b"}]}})"),
              HasSubstr("body.containers[1].id is missing"));
  EXPECT_THAT(fault(R"({"sequence":1,"type":"inventory","body":{"containers":[{"id":"a","management":{"by":1}}]}})"),
              HasSubstr("body.containers[0].management.by must be a text"));
  EXPECT_THAT(fault(R"({"sequence":1,"type":"machine","body":{"name":"a","engine":"rkt"}})"),
              HasSubstr("body.engine has a value that is not known"));
  EXPECT_THAT(fault("{"), HasSubstr("the message"));
}

TEST(Messages, past_a_cap_are_too_large) {
  const auto kind = [](const std::string& line) { return parse_message(line).error().kind; };
  EXPECT_EQ(kind(std::string(kMessageBytes + 1, ' ')), base::Kind::too_large);
  EXPECT_EQ(kind(R"({"sequence":1,"type":"machine","body":{"engine":"none","name":")" + std::string(kTextBytes + 1, 'a') + "\"}}"),
            base::Kind::too_large);
  std::string labels;
  for (int i = 0; i < 65; ++i) labels += (i ? ",\"" : "\"") + std::to_string(i) + "\":\"\"";
  EXPECT_EQ(kind(R"({"sequence":1,"type":"inventory","body":{"containers":[{"id":"a","labels":{)" + labels + "}}]}}"),
            base::Kind::too_large);
}

TEST(Messages, with_members_of_a_later_version_are_read) {
  EXPECT_TRUE(parse_message(R"({"sequence":1,"later":[],"type":"machine","body":{"name":"a","engine":"none","later":{}}})"));
}

TEST(Batches, are_a_header_and_messages_in_order) {
  BatchHeader header;
  header.stream = "0b1cfa9e-0a47-4c1e-8d4c-9c6a3d1f0001";
  header.status.version = "1.0.0";
  header.status.lost_messages = 3;
  header.status.cpu_seconds = 1.5;
  header.status.problems = {"The engine does not answer."};
  Machine machine;
  machine.name = "a";
  const std::string text = base::to_text(to_json(header)) + "\n" + line_of({4, 1, machine}) + "\n" + line_of({9, 2, Inventory{}}) + "\n";
  const auto batch = parse_batch(text);
  ASSERT_TRUE(batch) << batch.error().message;
  EXPECT_EQ(batch->header.stream, header.stream);
  EXPECT_EQ(batch->header.status.lost_messages, 3);
  EXPECT_EQ(batch->header.status.cpu_seconds, 1.5);
  EXPECT_THAT(batch->header.status.problems, ElementsAre("The engine does not answer."));
  ASSERT_EQ(batch->messages.size(), 2u);
  EXPECT_EQ(batch->messages[1].sequence, 9u);
}

TEST(Batches, without_messages_are_a_sign_of_life) {
  const auto batch = parse_batch(kHeaderLine);
  ASSERT_TRUE(batch) << batch.error().message;
  EXPECT_TRUE(batch->messages.empty());
}

TEST(Batches, that_are_wrong_name_the_line) {
  const auto fault = [](const std::string& rest) { return parse_batch(std::string(kHeaderLine) + "\n" + rest).error().message; };
  const std::string machine = R"("type":"machine","body":{"name":"a","engine":"none"}})";
  EXPECT_THAT(fault("{\"sequence\":2," + machine + "\n{\"sequence\":2," + machine), HasSubstr("line 3: sequence 2 does not come after 2"));
  EXPECT_THAT(fault("{\"sequence\":2," + machine + "\n\n{\"sequence\":3,\"type\":1}"), HasSubstr("line 4: type must be a text"));
  EXPECT_THAT(parse_batch("").error().message, HasSubstr("empty"));
  EXPECT_THAT(parse_batch(R"({"format":1,"stream":"x"})").error().message, HasSubstr("line 1: stream must be a UUID"));
  EXPECT_EQ(parse_batch(R"({"format":2,"stream":"x"})").error().kind, base::Kind::unsupported);
  EXPECT_EQ(parse_batch(std::string(kBatchBytes + 1, '\n')).error().kind, base::Kind::too_large);
}

TEST(Batches, have_a_bounded_number_of_messages) {
  std::string text(kHeaderLine);
  for (std::size_t i = 1; i <= kBatchMessages + 1; ++i)
    text += "\n{\"sequence\":" + std::to_string(i) + R"(,"type":"inventory","body":{}})";
  EXPECT_EQ(parse_batch(text).error().kind, base::Kind::too_large);
}

TEST(Replies, are_read_as_they_were_written) {
  Reply reply;
  reply.acknowledged = 12;
  reply.settings.heartbeat_seconds = 30;
  reply.settings.trusted_users = {"ops"};
  reply.requests = {"assess"};
  const auto read = parse_reply(base::to_text(to_json(reply)));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->acknowledged, 12u);
  EXPECT_EQ(read->settings.heartbeat_seconds, 30);
  EXPECT_EQ(read->settings.assess_seconds, 86'400);
  EXPECT_THAT(read->settings.trusted_users, ElementsAre("ops"));
  EXPECT_THAT(read->requests, ElementsAre("assess"));
}

TEST(Replies, that_would_make_an_agent_hasty_are_taken_within_their_range) {
  const auto read = parse_reply(R"({"acknowledged":0,"settings":{"heartbeatSeconds":-1,"assessSeconds":1}})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->settings.heartbeat_seconds, 5);
  EXPECT_EQ(read->settings.assess_seconds, 60);
}

TEST(Replies, of_no_hub_are_refused) {
  EXPECT_FALSE(parse_reply("<html>"));
  EXPECT_FALSE(parse_reply("[]"));
  EXPECT_FALSE(parse_reply(R"({"acknowledged":"all"})"));
}

TEST(EnrollmentTokens, are_read_as_they_were_copied) {
  const EnrollmentToken token{"a1", "0123456789abcdef_-", std::string(64, 'f')};
  const auto read = parse_token("  " + to_text(token) + "\n");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->id, "a1");
  EXPECT_EQ(read->secret, token.secret);
  EXPECT_EQ(read->fingerprint, token.fingerprint);
  EXPECT_TRUE(parse_token("bwe_a1.0123456789abcdef.-"));
}

TEST(EnrollmentTokens, that_were_not_copied_whole_are_refused_without_repeating_them) {
  for (const std::string text : {"", "hello", "bwe_", "bwe_a.0123456789abcdef", "bwe_a.0123456789abcdef.", "bwe_a.0123456789abcdef.ff",
                                 "bwe_.0123456789abcdef.-", "bwe_a.short.-", "bwe_a b.0123456789abcdef.-"}) {
    const auto read = parse_token(text);
    ASSERT_FALSE(read) << text;
    EXPECT_THAT(read.error().message, HasSubstr("copy it whole"));
    EXPECT_THAT(read.error().message, testing::Not(HasSubstr("0123456789abcdef")));
  }
}

TEST(Enrolment, is_read_as_it_was_written) {
  EnrollRequest request;
  request.token = "bwe_a.b.-";
  request.machine.name = "web-1";
  request.agent_version = "1.0.0";
  const auto read = parse_enroll_request(base::to_text(to_json(request)));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->token, request.token);
  EXPECT_EQ(read->machine.name, "web-1");
  EXPECT_FALSE(parse_enroll_request(R"({"token":"x"})"));
  EXPECT_FALSE(parse_enroll_request(R"({"machine":{"name":"x","engine":"none"}})"));

  Enrolled enrolled{"/subscriptions/x", "secret", {}};
  const auto answer = parse_enrolled(base::to_text(to_json(enrolled)));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->resource_id, "/subscriptions/x");
  EXPECT_EQ(answer->credential, "secret");
  EXPECT_FALSE(parse_enrolled(R"({"resourceId":"x"})"));
}
