// SPDX-License-Identifier: Apache-2.0
// Clients that do not behave, against the reader's own socket.
#include "hostreader/server.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "hostreader/protocol.hpp"
#include "hostreader/reader_support.hpp"
#include "support/fake_engine.hpp"

using hostreader::Channel;
using hostreader::Clock;
using hostreader::Op;
using test::Reader;
using testing::HasSubstr;

namespace {

constexpr auto kLong = std::chrono::seconds(20);

std::string length_and(std::string_view text) {
  return {'\0', '\0', static_cast<char>(text.size() >> 8), static_cast<char>(text.size() & 255)};
}

// A connection that a test writes bytes to.
class RawClient {
 public:
  explicit RawClient(const Reader& reader) : channel_(std::move(*hostreader::connect_to(reader.path()))) {}
  bool send(std::string_view bytes) { return channel_.send(bytes, kLong).has_value(); }

  // The end of the next answer, as JSON text; "closed" where there is none.
  std::string answer() {
    for (;;) {
      std::string_view rest = received_;
      const auto frame = hostreader::take_frame(rest);
      if (!frame) return frame.error().message;
      if (*frame) {
        const std::string bytes((*frame)->bytes);
        const bool end = (*frame)->kind == hostreader::FrameKind::end;
        received_.erase(0, received_.size() - rest.size());
        if (end) return bytes;
        continue;
      }
      const auto came = channel_.receive(received_, Clock::now() + kLong);
      if (!came) return "closed";
      if (!*came) return "silent";
    }
  }
  Channel& channel() { return channel_; }

 private:
  Channel channel_;
  std::string received_;
};

}  // namespace

TEST(HostReaderServer, makes_a_socket_for_its_group_alone) {
  test::TableHost host = test::docker_host();
  Reader reader(host);
  struct stat status{};
  ASSERT_EQ(::stat(reader.path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0660u);
  EXPECT_EQ(status.st_gid, ::getgid());
  const auto second = hostreader::listen_at(reader.path(), ::getgid());
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().kind, base::Kind::conflict);
  reader.stop();
  EXPECT_TRUE(hostreader::listen_at(reader.path(), ::getgid()).has_value()) << "what an ended reader left is replaced";
  const auto folder = std::move(*base::TempDir::create("file"));
  std::ofstream(folder.path() / "f") << "mine";
  EXPECT_EQ(hostreader::listen_at(folder.path() / "f", ::getgid()).error().kind, base::Kind::conflict);
  EXPECT_EQ(hostreader::listen_at("relative", ::getgid()).error().kind, base::Kind::invalid_input);
}

TEST(HostReaderServer, refuses_requests_that_are_none) {
  test::TableHost host = test::docker_host();
  const Reader reader(host);
  for (const std::string text : {"", "{", "[]", "null", R"({"op":"write","path":"/x"})", R"({"op":"stat"})", R"({"op":"stat","path":"x"})",
                                 R"({"op":"stat","path":1})", R"({"op":"socket","path":"/x"})", R"({"op":"read","path":"/etc/group"})",
                                 R"({"op":"read","path":"/etc/group","cap":0})", R"({"op":"read","path":"/etc/group","cap":99999999999})",
                                 R"({"op":"get","path":"/info","method":"POST"})", R"({"op":"get","path":"/info\u0000"})"}) {
    RawClient client(reader);
    ASSERT_TRUE(client.send(length_and(text) + text));
    EXPECT_THAT(client.answer(), HasSubstr("invalid_input")) << text;
    ASSERT_TRUE(client.send(hostreader::encode({Op::process, {}, 0})));
    EXPECT_EQ(client.answer(), R"({"value":7})") << "the connection is still of use";
  }
  RawClient client(reader);
  ASSERT_TRUE(client.send("POST /containers/create HTTP/1.1\r\n\r\n"));
  EXPECT_THAT(client.answer(), HasSubstr("invalid_input"));
  EXPECT_EQ(client.answer(), "closed");
}

TEST(HostReaderServer, answers_only_whom_it_was_told_to) {
  if (::getuid() != 0) GTEST_SKIP() << "only root can be another user";
  test::TableHost host = test::docker_host();
  Reader reader(host);
  ::chmod(reader.path().c_str(), 0666);
  ASSERT_EQ(::chmod(std::filesystem::path(reader.path()).parent_path().c_str(), 0755), 0);
  std::string got;
  std::thread stranger([&] {  // the thread's own user, not the process's
    ASSERT_EQ(::syscall(SYS_setresuid, 65534, 65534, 65534), 0);
    RawClient client(reader);
    client.send(hostreader::encode({Op::process, {}, 0}));
    got = client.answer();
  });
  stranger.join();
  EXPECT_THAT(got, HasSubstr("denied"));
}

TEST(HostReaderServer, is_held_up_by_nobody) {
  test::TableHost host = test::docker_host();
  host.files["/etc/group"] = std::string(3'000'000, 'x');
  hostreader::ServerOptions options;
  options.connections = 3;
  options.request = options.patience = std::chrono::milliseconds(200);
  options.idle = std::chrono::milliseconds(500);
  Reader reader(host, test::open_in(host), options);
  RawClient half(reader), mute(reader), deaf(reader);
  ASSERT_TRUE(half.send(std::string_view("\0\0\0\x40{", 5)));
  for (int i = 0; i < 3; ++i) deaf.send(hostreader::encode({Op::read, "/etc/group", 4u << 20}));
  // All threads are taken; the fourth client waits and is answered.
  const auto fourth = reader.host();
  EXPECT_EQ(fourth->engine_process(), 7);
  EXPECT_EQ(half.answer(), "closed");
  EXPECT_EQ(mute.answer(), "closed");
}

TEST(HostReaderServer, sends_few_streams_and_ends_those_that_nobody_reads) {
  std::atomic<int> open{0};
  const test::FakeEngine engine([&](net_test::Connection& peer, const std::string&) {
    ++open;
    peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (peer.write("186a0\r\n" + std::string(100'000, 'x') + "\r\n")) continue;
    --open;
    return false;
  });
  benchmark::LocalHostOptions local_options;
  local_options.socket = engine.path();
  const auto local = benchmark::local_host(local_options);
  hostreader::ServerOptions options;
  options.streams = 1;
  options.patience = std::chrono::milliseconds(200);
  options.largest_stream = 5'000'000;
  Reader reader(*local, test::open_in(*local), options);
  const auto host = reader.host();
  std::size_t size = 0;
  bool refused = false;
  const auto capped = host->follow("/events", [&](std::string_view bytes) {
    size += bytes.size();
    if (!bytes.empty() && !refused) refused = !host->follow("/events", [](std::string_view) { return false; }).has_value();
    return true;
  });
  EXPECT_TRUE(refused || size == 0) << "one stream at a time";
  ASSERT_FALSE(capped.has_value());
  EXPECT_EQ(capped.error().kind, base::Kind::too_large);
  EXPECT_LE(size, 5'000'000u);
  RawClient deaf(reader);
  ASSERT_TRUE(deaf.send(hostreader::encode({Op::follow, "/events", 0})));
  for (int i = 0; i < 1000 && open == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  for (int i = 0; i < 1000 && open > 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(open, 0) << "the engine is not kept sending to nobody";
}

TEST(HostReaderServer, ends_at_once_whatever_is_open) {
  const test::FakeEngine engine([&](net_test::Connection& peer, const std::string&) {
    peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    peer.wait_for_hangup();
    return false;
  });
  benchmark::LocalHostOptions local_options;
  local_options.socket = engine.path();
  const auto local = benchmark::local_host(local_options);
  Reader reader(*local);
  RawClient idle(reader), stream(reader);
  ASSERT_TRUE(stream.send(hostreader::encode({Op::follow, "/events", 0})));
  std::string heartbeat;
  ASSERT_TRUE(stream.channel().receive(heartbeat, Clock::now() + kLong).has_value());
  const auto before = Clock::now();
  reader.stop();
  EXPECT_LT(Clock::now() - before, std::chrono::seconds(10));
  EXPECT_EQ(idle.answer(), "closed");
}
