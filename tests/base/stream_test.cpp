// SPDX-License-Identifier: Apache-2.0
#include "base/stream.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "base/files.hpp"
#include "support/sources.hpp"

namespace {

using base::Kind;

TEST(Stream, reads_a_range_of_a_file) {
  auto dir = base::TempDir::create();
  ASSERT_TRUE(dir);
  const std::string path = (dir->path() / "f").string();
  const std::string text = test::sample_text(700'000);
  ASSERT_TRUE(base::write_file_atomically(path, text));
  EXPECT_EQ(base::read_all(**base::file_source(path), 1u << 20, "f").value(), text);
  EXPECT_EQ(base::read_all(**base::file_source(path, 300'000, 5), 1u << 20, "f").value(), text.substr(300'000, 5));
  EXPECT_EQ(base::read_all(**base::file_source(path, 699'990, 50), 1u << 20, "f").value(), text.substr(699'990));
  EXPECT_EQ(base::read_all(**base::file_source(path, ~0ull - 1, 50), 1u << 20, "f").value(), "");
  EXPECT_EQ(base::file_source((dir->path() / "none").string()).error().kind, Kind::not_found);
  EXPECT_EQ(base::file_source(dir->path().string()).error().kind, Kind::invalid_input);
}

TEST(Stream, read_all_stops_at_its_cap) {
  const auto source = test::in_pieces("0123456789", 3);
  const auto read = base::read_all(*source, 9, "the list");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, Kind::too_large);
  EXPECT_NE(read.error().message.find("the list"), std::string::npos);
}

TEST(Stream, read_ahead_keeps_the_bytes_in_order) {
  const std::string text = test::sample_text(3'000'000);
  for (const std::size_t piece : {std::size_t{1000}, std::size_t{65536}, text.size()}) {
    const auto source = base::read_ahead(test::in_pieces(text, piece), 100'000);
    EXPECT_EQ(base::read_all(*source, text.size(), "text").value(), text);
    EXPECT_TRUE(source->next()->empty());
    EXPECT_TRUE(source->next()->empty());
  }
}

TEST(Stream, read_ahead_hands_on_bytes_then_the_error_again_and_again) {
  const base::Error broken{Kind::unavailable, "the line is cut"};
  const auto source = base::read_ahead(std::make_unique<test::PieceSource>("abc", 2, broken));
  std::string got;
  base::Result<std::string_view> chunk;
  while ((chunk = source->next()) && !chunk->empty()) got += *chunk;
  EXPECT_EQ(got, "abc");
  ASSERT_FALSE(chunk);
  EXPECT_EQ(chunk.error().message, "the line is cut");
  EXPECT_EQ(source->next().error().kind, Kind::unavailable);
}

TEST(Stream, destroying_a_pipe_cancels_its_producer) {
  std::atomic<bool> cancelled{false};
  {
    const auto source = base::pipe_source(
        [&](const base::ByteSink& sink) -> base::Result<void> {
          for (;;) {
            auto written = sink(std::string(10'000, 'x'));
            if (written) continue;
            cancelled = written.error().kind == Kind::cancelled;
            return written;
          }
        },
        50'000);
    EXPECT_FALSE(source->next()->empty());
  }
  EXPECT_TRUE(cancelled);
}

TEST(Stream, a_throwing_producer_becomes_an_error) {
  const auto source = base::pipe_source([](const base::ByteSink&) -> base::Result<void> { throw std::bad_alloc(); });
  EXPECT_EQ(source->next().error().kind, Kind::internal);
}

TEST(Stream, tee_shows_every_chunk_once) {
  std::string seen;
  const auto source = base::tee_source(test::in_pieces("abcdefg", 3), [&](std::string_view part) { seen += part; });
  EXPECT_EQ(base::read_all(*source, 100, "text").value(), "abcdefg");
  EXPECT_EQ(seen, "abcdefg");
}

}  // namespace
