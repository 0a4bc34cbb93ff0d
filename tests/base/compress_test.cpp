// SPDX-License-Identifier: Apache-2.0
#include "base/compress.hpp"

#include <gtest/gtest.h>

#include "support/compressors.hpp"
#include "support/sources.hpp"

namespace {

using base::Compression;
using base::Kind;

constexpr std::size_t kExpandCap = 64u << 20;

base::Result<std::string> expand_pieces(std::string bytes, std::size_t piece = 10'000) {
  const auto source = base::decompress_any(test::in_pieces(std::move(bytes), piece));
  return base::read_all(*source, kExpandCap, "sample");
}

// A gzip header with every optional field (RFC 1952 section 2.3.1), in front of the body of `member`.
std::string with_full_header(const std::string& member) {
  std::string header("\x1f\x8b\x08\x1e\0\0\0\0\0\xff", 10);
  header += std::string("\x05\0extra", 7);
  header += std::string("name.tar\0", 9);
  header += std::string("a comment\0", 10);
  header += std::string("\0\0", 2);
  return header + member.substr(10);
}

TEST(Compress, sniffs_by_magic_number) {
  EXPECT_EQ(base::sniff_compression("\x1f\x8b\x08"), Compression::gzip);
  EXPECT_EQ(base::sniff_compression("\x28\xb5\x2f\xfd"), Compression::zstd);
  EXPECT_EQ(base::sniff_compression("\x5a\x2a\x4d\x18"), Compression::zstd);
  EXPECT_EQ(base::sniff_compression("./"), Compression::none);
  EXPECT_EQ(base::sniff_compression(""), Compression::none);
}

TEST(Compress, expands_whatever_the_pieces_of_the_input) {
  const std::string text = test::sample_text(900'000);
  for (const std::size_t piece : {1u, 2u, 7u, 511u, 100'000u, 1'000'000u}) {
    EXPECT_EQ(expand_pieces(test::gzip(text), piece).value(), text) << piece;
    EXPECT_EQ(expand_pieces(test::zstd(text), piece).value(), text) << piece;
    EXPECT_EQ(expand_pieces(text, piece).value(), text) << piece;
  }
}

TEST(Compress, concatenated_members_and_zero_padding_are_one_stream) {
  const std::string a = test::sample_text(70'000, 1), b = test::sample_text(300, 2);
  const std::string padding(1000, '\0');
  for (const std::size_t piece : {1u, 3u, 64u, 5'000u}) {
    EXPECT_EQ(expand_pieces(test::gzip(a) + test::gzip("") + test::gzip(b) + padding, piece).value(), a + b) << piece;
    EXPECT_EQ(expand_pieces(test::zstd(a) + std::string("\x51\x2a\x4d\x18\3\0\0\0abc", 11) + test::zstd(b) + padding, piece).value(),
              a + b) << piece;
  }
}

TEST(Compress, reads_gzip_headers_with_all_fields_in_any_pieces) {
  const std::string text = test::sample_text(20'000);
  for (std::size_t piece = 1; piece < 60; ++piece)
    EXPECT_EQ(expand_pieces(with_full_header(test::gzip(text)), piece).value(), text) << piece;
}

TEST(Compress, a_stream_cut_anywhere_is_corrupt) {
  const std::string text = test::sample_text(3'000);
  for (const std::string& whole : {test::gzip(text), test::zstd(text)}) {
    for (std::size_t length = 4; length < whole.size(); ++length) {
      const auto result = expand_pieces(whole.substr(0, length), 100);
      ASSERT_FALSE(result) << length;
      ASSERT_EQ(result.error().kind, Kind::corrupt) << length << " " << result.error().message;
    }
  }
}

TEST(Compress, a_wrong_checksum_or_length_is_corrupt) {
  const std::string whole = test::gzip(test::sample_text(3'000));
  for (std::size_t from_end = 1; from_end <= 8; ++from_end) {
    std::string damaged = whole;
    damaged[damaged.size() - from_end] ^= 1;
    EXPECT_EQ(expand_pieces(damaged).error().kind, Kind::corrupt) << from_end;
  }
}

TEST(Compress, bytes_behind_the_end_that_are_no_member_are_corrupt) {
  EXPECT_EQ(expand_pieces(test::gzip("abc") + "garbage").error().kind, Kind::corrupt);
  EXPECT_EQ(expand_pieces(test::gzip("abc") + std::string(10, '\0') + "x").error().kind, Kind::corrupt);
  EXPECT_EQ(expand_pieces(test::zstd("abc") + "garbage").error().kind, Kind::corrupt);
  EXPECT_EQ(expand_pieces(test::zstd("abc") + std::string(10, '\0') + "x").error().kind, Kind::corrupt);
}

TEST(Compress, a_zstd_window_of_more_than_128_MiB_is_refused) {
  // RFC 8878 section 3.1.1.1.2: exponent 20 in the upper five bits is a window of 1 GiB.
  const std::string frame("\x28\xb5\x2f\xfd\x00\xa0\x01\x00\x00", 9);
  EXPECT_EQ(expand_pieces(frame).error().kind, Kind::too_large);
}

TEST(Compress, errors_of_the_source_are_handed_on_and_repeated) {
  const base::Error broken{Kind::unavailable, "the line is cut"};
  const std::string half = test::gzip(test::sample_text(100'000)).substr(0, 5'000);
  const auto source = base::decompress_any(std::make_unique<test::PieceSource>(half, 1'000, broken));
  while (source->next()) {
  }
  EXPECT_EQ(source->next().error().kind, Kind::unavailable);
}

TEST(Compress, held_data_are_inflated_up_to_a_cap) {
  const std::string text = test::sample_text(500'000);
  EXPECT_EQ(base::inflate_raw(test::deflate(text, IGZIP_DEFLATE), kExpandCap).value(), text);
  EXPECT_EQ(base::inflate_zlib(test::deflate(text, IGZIP_ZLIB), kExpandCap).value(), text);
  EXPECT_EQ(base::inflate_raw(test::deflate(text, IGZIP_DEFLATE), text.size()).value(), text);
  EXPECT_EQ(base::inflate_raw(test::deflate(text, IGZIP_DEFLATE), text.size() - 1).error().kind, Kind::too_large);
  EXPECT_EQ(base::inflate_raw(test::deflate("", IGZIP_DEFLATE), 0).value(), "");
  EXPECT_EQ(base::inflate_zlib(test::deflate(text, IGZIP_ZLIB).substr(0, 1000), kExpandCap).error().kind, Kind::corrupt);
  std::string damaged = test::deflate(text, IGZIP_ZLIB);
  damaged.back() ^= 1;
  EXPECT_EQ(base::inflate_zlib(damaged, kExpandCap).error().kind, Kind::corrupt);
}

TEST(Compress, whole_documents_are_capped) {
  const std::string zeros(10'000'000, '\0');
  EXPECT_EQ(base::decompress_whole(test::gzip(zeros), kExpandCap, "zeros").value(), zeros);
  EXPECT_EQ(base::decompress_whole(test::gzip(zeros), 1u << 20, "zeros").error().kind, Kind::too_large);
  EXPECT_EQ(base::decompress_whole("plain", kExpandCap, "text").value(), "plain");
}

}  // namespace
