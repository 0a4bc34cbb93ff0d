// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <chrono>
#include <string>

#include "base/files.hpp"
#include "benchmark/host_reader.hpp"
#include "support/fake_engine.hpp"

using testing::HasSubstr;

namespace {

std::unique_ptr<benchmark::HostReader> host_at(const test::FakeEngine& engine) {
  benchmark::LocalHostOptions options;
  options.socket = engine.path();
  options.timeout = std::chrono::milliseconds(500);
  return benchmark::local_host(options);
}

constexpr std::string_view kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

}  // namespace

TEST(LocalHost, does_not_wait_for_a_pipe_in_the_place_of_a_file) {
  const auto dir = base::TempDir::create();
  ASSERT_TRUE(dir);
  const std::string pipe = (dir->path() / "daemon.json").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const auto host = benchmark::local_host({});
  EXPECT_EQ(host->read(pipe, 100).error().kind, base::Kind::denied);
  EXPECT_EQ(host->read("/proc/self/comm", 100).value_or("").back(), '\n');
}

TEST(LocalHost, follows_a_stream_to_its_end) {
  const test::FakeEngine engine([](net_test::Connection& peer, const std::string&) {
    return peer.write(std::string(kChunked) + "4\r\none\n\r\n") && peer.write("4\r\ntwo\n\r\n0\r\n\r\n");
  });
  std::string got;
  const auto done = host_at(engine)->follow("/events", [&](std::string_view bytes) {
    got += bytes;
    return true;
  });
  EXPECT_TRUE(done.has_value()) << done.error().message;
  EXPECT_EQ(got, "one\ntwo\n");
}

TEST(LocalHost, ends_a_silent_stream_when_the_sink_says_so) {
  const test::FakeEngine engine([](net_test::Connection& peer, const std::string&) {
    peer.write(std::string(kChunked) + "4\r\none\n\r\n");
    peer.wait_for_hangup();
    return false;
  });
  std::string got;
  int silences = 0;
  const auto done = host_at(engine)->follow("/events", [&](std::string_view bytes) {
    got += bytes;
    if (bytes.empty() && !got.empty()) ++silences;
    return silences < 2;
  });
  EXPECT_TRUE(done.has_value()) << done.error().message;
  EXPECT_EQ(got, "one\n");
  EXPECT_EQ(silences, 2);
}

TEST(LocalHost, tells_streams_that_are_refused_or_cut_short) {
  const test::FakeEngine engine([](net_test::Connection& peer, const std::string& target) {
    if (target == "/images/none/get") return peer.answer("404 Not Found", R"({"message":"no such image"})");
    if (target == "/busy") return peer.answer("503 Busy", "");
    peer.write(std::string(kChunked) + "4\r\none\n\r\n40\r\ntw");
    return false;
  });
  const auto host = host_at(engine);
  std::string got;
  const auto sink = [&](std::string_view bytes) {
    got += bytes;
    return true;
  };
  const auto missing = host->follow("/images/none/get", sink);
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().kind, base::Kind::not_found);
  EXPECT_THAT(missing.error().message, HasSubstr("no such image"));
  const auto busy = host->follow("/busy", sink);
  ASSERT_FALSE(busy.has_value());
  EXPECT_EQ(busy.error().kind, base::Kind::unavailable);
  EXPECT_EQ(got, "") << "what is no success is no part of the stream";
  const auto cut = host->follow("/events", sink);
  ASSERT_FALSE(cut.has_value());
  EXPECT_EQ(cut.error().kind, base::Kind::unavailable);
  EXPECT_EQ(got, "one\ntw");
}
