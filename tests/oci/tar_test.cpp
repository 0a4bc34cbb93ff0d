// SPDX-License-Identifier: Apache-2.0
#include "oci/tar.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/sources.hpp"
#include "support/tar_builder.hpp"
#include "support/tar_list.hpp"

namespace {

using base::Kind;
using oci::TarEntry;
using testing::ElementsAre;
using testing::HasSubstr;

struct TarOutcome {
  test::TarList list;
  base::Result<void> result;
};

TarOutcome walk_tar(const std::string& bytes, std::size_t piece = 10'000, const oci::TarLimits& limits = {}) {
  TarOutcome outcome;
  const auto source = test::in_pieces(bytes, piece);
  outcome.result = oci::read_tar(*source, outcome.list, limits);
  return outcome;
}

std::string sparse_number(std::uint64_t value) { return test::octal(value, 12); }

TEST(Tar, normalises_paths_inside_the_root) {
  EXPECT_EQ(oci::normalise_path("./usr//lib/./x"), "usr/lib/x");
  EXPECT_EQ(oci::normalise_path("/etc/passwd"), "etc/passwd");
  EXPECT_EQ(oci::normalise_path("../../etc/../etc/passwd"), "etc/passwd");
  EXPECT_EQ(oci::normalise_path("a/../.."), "");
  EXPECT_EQ(oci::normalise_path("a/b/.."), "a");
  EXPECT_EQ(oci::normalise_path("./"), "");
  EXPECT_EQ(oci::normalise_path("..a/...b"), "..a/...b");
}

TEST(Tar, reads_files_directories_and_links_in_any_pieces) {
  const std::string big = test::sample_text(5'000);
  const std::string bytes = test::tar_member({"./", '5'}) + test::tar_file("etc/issue", "hello") +
                            test::tar_file("empty", "") + test::tar_file("big", big) +
                            test::tar_member({"abs", '2', "/etc/../etc/issue"}) +
                            test::tar_member({"hard", '1', "./etc//issue"}) + test::tar_member({"dev/null", '3'}) +
                            test::tar_end();
  for (const std::size_t piece : {1u, 100u, 511u, 512u, 513u, 100'000u}) {
    const auto [list, result] = walk_tar(bytes, piece);
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_THAT(list.paths(), ElementsAre("", "etc/issue", "empty", "big", "abs", "hard", "dev/null"));
    EXPECT_EQ(list.data_of.at("etc/issue"), "hello");
    EXPECT_EQ(list.data_of.at("empty"), "");
    EXPECT_EQ(list.data_of.at("big"), big);
    EXPECT_EQ(list.entries[4].type, TarEntry::Type::symlink);
    EXPECT_EQ(list.entries[4].link, "/etc/../etc/issue");
    EXPECT_EQ(list.entries[5].link, "etc/issue");
    EXPECT_EQ(list.entries[6].type, TarEntry::Type::other);
    EXPECT_EQ(list.entries[1].mode, 0644u);
    EXPECT_EQ(list.entries[1].mtime, 1'600'000'000);
    EXPECT_EQ(list.unfinished, 0);
  }
}

TEST(Tar, long_names_come_from_the_nearest_record) {
  const std::string name(300, 'n'), link(200, 'l');
  const std::string bytes =
      test::tar_member({"././@LongLink", 'L'}, name + '\0') + test::tar_member({"././@LongLink", 'K'}, link + '\0') +
      test::tar_member({"cut", '2', "cut"}) +
      test::pax_header(test::pax_record("path", "pax/" + name) + test::pax_record("mtime", "12.9")) +
      test::tar_file("short", "x") + test::tar_member({"name", '0', "", "", std::string("ustar\0" "00", 8), "some/prefix"}) +
      test::tar_file("plain", "") + test::tar_end();
  const auto [list, result] = walk_tar(bytes);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_THAT(list.paths(), ElementsAre(name, "pax/" + name, "some/prefix/name", "plain"));
  EXPECT_EQ(list.entries[0].link, link);
  EXPECT_EQ(list.entries[1].mtime, 12);
}

TEST(Tar, global_records_hold_until_local_ones_say_otherwise) {
  const std::string bytes = test::pax_header(test::pax_record("mtime", "7") + test::pax_record("comment", "x"), 'g') +
                            test::tar_file("a", "") + test::pax_header(test::pax_record("mtime", "8")) +
                            test::tar_file("b", "") + test::tar_file("c", "") + test::tar_end();
  const auto [list, result] = walk_tar(bytes);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(list.entries.at(0).mtime, 7);
  EXPECT_EQ(list.entries.at(1).mtime, 8);
  EXPECT_EQ(list.entries.at(2).mtime, 7);
}

// An archive inside an archive must not show its entries where a PAX size says that they are data.
TEST(Tar, a_pax_size_outranks_the_header) {
  const std::string inner = test::tar_file("smuggled", "evil");
  test::TarHeaderFields fields{"outer.tar"};
  fields.size = test::octal(0, 12);
  const std::string bytes = test::pax_header(test::pax_record("size", fmt::format("{}", inner.size()))) +
                            test::tar_header(fields, 0) + inner + test::tar_file("after", "") + test::tar_end();
  const auto [list, result] = walk_tar(bytes);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_THAT(list.paths(), ElementsAre("outer.tar", "after"));
  EXPECT_EQ(list.data_of.at("outer.tar"), inner);
}

TEST(Tar, reads_base_256_sizes_and_v7_headers) {
  test::TarHeaderFields v7{"dir/", '\0'};
  v7.magic = std::string(8, '\0');
  test::TarHeaderFields base256{"file"};
  base256.size = std::string("\x80\0\0\0\0\0\0\0\0\0\0\x05", 12);
  const auto [list, result] = walk_tar(test::tar_member(v7) + test::tar_member(base256, "hello") + test::tar_end());
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(list.entries.at(0).type, TarEntry::Type::directory);
  EXPECT_EQ(list.data_of.at("file"), "hello");
}

TEST(Tar, sizes_that_are_none_are_corrupt) {
  for (const std::string& size : {std::string("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12), std::string(12, '\xff'),
                                  std::string("\x80\xff\0\0\0\0\0\0\0\0\0\x05", 12), std::string("12345678abc\0", 12)}) {
    test::TarHeaderFields fields{"file"};
    fields.size = size;
    EXPECT_EQ(walk_tar(test::tar_member(fields)).result.error().kind, Kind::corrupt);
  }
}

TEST(Tar, accepts_signed_checksums) {
  std::string block = test::tar_header({"n\xe4me"}, 0);
  std::int64_t sum = 8 * ' ';
  for (std::size_t i = 0; i < block.size(); ++i) sum += i >= 148 && i < 156 ? 0 : static_cast<signed char>(block[i]);
  test::put(block, 148, test::octal(static_cast<std::uint64_t>(sum), 7));
  EXPECT_TRUE(walk_tar(block + test::tar_end()).result);
}

TEST(Tar, a_damaged_header_names_its_offset) {
  std::string bytes = test::tar_file("a", "x") + test::tar_file("b", "y") + test::tar_end();
  bytes[1024 + 3] = 'q';
  const auto result = walk_tar(bytes).result;
  EXPECT_EQ(result.error().kind, Kind::corrupt);
  EXPECT_THAT(result.error().message, HasSubstr("1024"));
}

TEST(Tar, an_archive_cut_inside_an_entry_is_corrupt) {
  const std::string whole = test::tar_file("a", test::sample_text(2'000));
  for (const std::size_t length : {1u, 511u, 513u, 1'000u, 2'511u}) {
    const auto result = walk_tar(whole.substr(0, length)).result;
    ASSERT_FALSE(result) << length;
    EXPECT_EQ(result.error().kind, Kind::corrupt);
  }
  EXPECT_TRUE(walk_tar(whole).result) << "without end blocks";
  EXPECT_TRUE(walk_tar(whole.substr(0, 512 + 2'000)).result) << "without the last padding";
  EXPECT_TRUE(walk_tar("").result);
}

TEST(Tar, ends_at_two_zero_blocks_and_drains_the_rest) {
  std::string after = test::tar_file("after", "");
  const std::string lone = test::tar_file("a", "") + std::string(512, '\0') + after + test::tar_end();
  EXPECT_THAT(walk_tar(lone).list.paths(), ElementsAre("a", "after"));

  test::TarList list;
  std::size_t seen = 0;
  const std::string bytes = test::tar_file("a", "") + test::tar_end() + after + "trailing garbage";
  const auto source = base::tee_source(test::in_pieces(bytes, 100), [&](std::string_view part) { seen += part.size(); });
  ASSERT_TRUE(oci::read_tar(*source, list));
  EXPECT_THAT(list.paths(), ElementsAre("a"));
  EXPECT_EQ(seen, bytes.size());
}

TEST(Tar, limits_hold) {
  oci::TarLimits limits;
  limits.entries = 2;
  const std::string three = test::tar_file("a", "") + test::tar_file("b", "") + test::tar_file("c", "");
  EXPECT_EQ(walk_tar(three, 1000, limits).result.error().kind, Kind::too_large);
  limits = {};
  limits.expanded_bytes = 1'000;
  EXPECT_EQ(walk_tar(three, 100, limits).result.error().kind, Kind::too_large);
  limits = {};
  limits.path_bytes = 1'000;
  std::string deep;
  for (int i = 0; i < 1'000; ++i) deep += "d/";
  const std::string deep_tar = test::pax_header(test::pax_record("path", deep)) + test::tar_file("x", "");
  EXPECT_EQ(walk_tar(deep_tar, 1000, limits).result.error().kind, Kind::too_large);
  EXPECT_TRUE(walk_tar(deep_tar).result);
  limits = {};
  limits.header_bytes = 500;
  EXPECT_EQ(walk_tar(deep_tar, 1000, limits).result.error().kind, Kind::too_large);
}

TEST(Tar, pax_records_that_are_none_are_corrupt) {
  for (const std::string records : {"5 a=b\n", "99 path=x\n", "x path=y\n", "9 path=x", "7 path\n", "11 size=-5\n",
                                    "20 path=with\nnewline"})
    EXPECT_EQ(walk_tar(test::pax_header(records) + test::tar_file("a", "")).result.error().kind, Kind::corrupt) << records;
  EXPECT_EQ(walk_tar(test::pax_header(test::pax_record("path", std::string("a\0b", 3)))).result.error().kind, Kind::corrupt);
}

TEST(Tar, a_visitor_error_ends_the_walk) {
  struct Refusing : test::TarList {
    base::Result<void> data(std::string_view) override { return base::fail(Kind::cancelled, "enough"); }
  } visitor;
  const auto source = test::in_pieces(test::tar_file("a", "x") + test::tar_file("b", "y"), 100);
  EXPECT_EQ(oci::read_tar(*source, visitor).error().kind, Kind::cancelled);
  EXPECT_EQ(visitor.entries.size(), 1u);
}

// GNU tar manual, "Storing Sparse Files": one file of 10 bytes, "ab" at 2 and "c" at 7, in every format.
const std::string kSparseContent("\0\0ab\0\0\0c\0\0", 10);

TEST(Tar, expands_sparse_files_in_pax_formats) {
  const std::string common = test::pax_record("GNU.sparse.name", "dir/sparse");
  const std::string format00 =
      test::pax_header(test::pax_record("GNU.sparse.size", "10") + test::pax_record("GNU.sparse.numblocks", "2") +
                       test::pax_record("GNU.sparse.offset", "2") + test::pax_record("GNU.sparse.numbytes", "2") +
                       test::pax_record("GNU.sparse.offset", "7") + test::pax_record("GNU.sparse.numbytes", "1")) +
      test::tar_file("dir/sparse", "abc");
  const std::string format01 =
      test::pax_header(common + test::pax_record("GNU.sparse.size", "10") + test::pax_record("GNU.sparse.map", "2,2,7,1")) +
      test::tar_file("dir/GNUSparseFile.1/sparse", "abc");
  const std::string format10 =
      test::pax_header(common + test::pax_record("GNU.sparse.major", "1") + test::pax_record("GNU.sparse.minor", "0") +
                       test::pax_record("GNU.sparse.realsize", "10")) +
      test::tar_file("dir/GNUSparseFile.1/sparse", test::padded("2\n2\n2\n7\n1\n") + "abc");
  for (const std::string& bytes : {format00, format01, format10}) {
    const auto [list, result] = walk_tar(bytes + test::tar_file("next", "z") + test::tar_end(), 700);
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_THAT(list.paths(), ElementsAre("dir/sparse", "next"));
    EXPECT_EQ(list.entries[0].size, 10u);
    EXPECT_EQ(list.data_of.at("dir/sparse"), kSparseContent);
  }
}

TEST(Tar, expands_old_gnu_sparse_files_with_extension_blocks) {
  test::TarHeaderFields fields{"sparse", 'S'};
  fields.magic = std::string("ustar  \0", 8);
  fields.tail = std::string(41, '\0') + sparse_number(2) + sparse_number(2) + std::string(72, '\0') + '\1' + sparse_number(10);
  std::string extension = sparse_number(7) + sparse_number(1);
  extension.resize(512, '\0');
  const std::string bytes = test::tar_header(fields, 3) + extension + test::padded("abc") + test::tar_file("next", "z");
  const auto [list, result] = walk_tar(bytes + test::tar_end(), 700);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(list.data_of.at("sparse"), kSparseContent);
  EXPECT_EQ(list.data_of.at("next"), "z");
}

TEST(Tar, a_sparse_file_of_ten_gigabytes_costs_nothing) {
  const std::string bytes = test::pax_header(test::pax_record("GNU.sparse.size", "10737418240") +
                                             test::pax_record("GNU.sparse.map", "10737418239,1")) +
                            test::tar_file("huge", "x") + test::tar_end();
  TarOutcome outcome;
  outcome.list.keep = ~0ull;
  const auto source = test::in_pieces(bytes, 1000);
  ASSERT_TRUE(oci::read_tar(*source, outcome.list));
  EXPECT_EQ(outcome.list.entries.at(0).type, TarEntry::Type::other);
  EXPECT_EQ(outcome.list.entries.at(0).size, 10737418240u);
  EXPECT_TRUE(outcome.list.data_of.empty());
}

TEST(Tar, sparse_maps_that_lie_are_corrupt) {
  for (const std::string map : {"2,2,3,1", "7,1,2,2", "9,2,11,1", "2,2", "0,9223372036854775807", "1,2,3"}) {
    const std::string bytes =
        test::pax_header(test::pax_record("GNU.sparse.size", "10") + test::pax_record("GNU.sparse.map", map)) +
        test::tar_file("sparse", "abc");
    const auto result = walk_tar(bytes).result;
    ASSERT_FALSE(result) << map;
    EXPECT_EQ(result.error().kind, Kind::corrupt) << map;
  }
}

}  // namespace
