// SPDX-License-Identifier: Apache-2.0
// Answers that go on: server-sent events.
#include "net/server_support.hpp"

namespace server_test {

namespace {

using net_test::RawClient;

TEST(EventStream, sends_events_as_they_come) {
  StreamSlot slot;
  const auto server = start(stream_to(slot));
  RawClient client(server->port());
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::string head = client.read_until("\r\n\r\n");
  EXPECT_TRUE(contains(head, "Transfer-Encoding: chunked\r\n"));
  EXPECT_FALSE(contains(head, "Content-Length"));
  EXPECT_EQ(client.read_until("\n\n\r\n"), "d\r\ndata: first\n\n\r\n");
  ASSERT_TRUE(eventually([&] { return slot.get() != nullptr; }));
  EXPECT_TRUE(slot.get()->send("data: second\n\n"));
  EXPECT_EQ(client.read_until("\n\n\r\n"), "e\r\ndata: second\n\n\r\n");
  EXPECT_TRUE(slot.get()->open());
  slot.get()->close();
  EXPECT_EQ(client.read_to_end(), "0\r\n\r\n");
  EXPECT_FALSE(slot.get()->send("late"));
}

TEST(EventStream, reaches_a_real_client_and_ends_with_its_last_owner) {
  StreamSlot slot;
  const auto server = start(stream_to(slot));
  std::string got;
  const auto transport = net::curl_transport({});
  const auto response = transport->send(get_request(url_of(*server, "/")), [&](std::string_view bytes) -> base::Result<void> {
    got += bytes;
    if (got == "data: first\n\n") {
      EXPECT_TRUE(eventually([&] { return slot.get() != nullptr; }));
      slot.get()->send("data: last\n\n");
      const std::lock_guard lock(slot.mutex);
      slot.stream = nullptr;
    }
    return {};
  });
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(got, "data: first\n\ndata: last\n\n");
}

TEST(EventStream, is_open_until_its_peer_goes) {
  StreamSlot slot;
  const auto server = start(stream_to(slot));
  auto client = std::make_unique<RawClient>(server->port());
  client->write("GET / HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(contains(client->read_until("data: first\n\n"), "Connection: close\r\n"));
  ASSERT_TRUE(eventually([&] { return slot.get() != nullptr; }));
  client.reset();
  EXPECT_TRUE(eventually([&] { return !slot.get()->open(); }));
  EXPECT_FALSE(slot.get()->send("x"));
  EXPECT_TRUE(eventually([&] { return server->stats().open == 0; }));
}

TEST(EventStream, is_dropped_when_its_peer_takes_nothing) {
  StreamSlot slot;
  const auto server = start(stream_to(slot));
  RawClient client(server->port());
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return slot.get() != nullptr; }));
  const std::string part(100'000, 'x');
  std::size_t sent = 0;
  while (slot.get()->send(part) && sent < (256u << 20))
    sent += part.size();
  EXPECT_LT(sent, 64u << 20);
  EXPECT_FALSE(slot.get()->open());
  EXPECT_TRUE(eventually([&] { return server->stats().open == 0; }));
}

// As slowly as it is written: the peer's buffers are full in the middle of a part, and then the queue fills up behind it.
TEST(EventStream, is_dropped_in_the_middle_of_a_part) {
  StreamSlot slot;
  const auto server = start(stream_to(slot));
  RawClient client(server->port());
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return slot.get() != nullptr; }));
  const std::string part(100'000, 'x');
  for (int i = 0; i < 2'000 && slot.get()->send(part); ++i) std::this_thread::sleep_for(1ms);
  EXPECT_FALSE(slot.get()->open());
  EXPECT_TRUE(eventually([&] { return server->stats().open == 0; }));
}

TEST(EventStream, outlives_its_server) {
  StreamSlot slot;
  auto server = start(stream_to(slot));
  RawClient client(server->port());
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return slot.get() != nullptr; }));
  server.reset();
  EXPECT_FALSE(slot.get()->open());
  EXPECT_FALSE(slot.get()->send("x"));
  slot.get()->close();
}

}  // namespace

}  // namespace server_test
