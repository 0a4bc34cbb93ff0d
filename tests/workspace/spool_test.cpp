// SPDX-License-Identifier: Apache-2.0
// The write-ahead spool: what was acknowledged is there at the next start, whatever the end of the file looks like.
#include "workspace/ingest/spool.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/files.hpp"

namespace workspace {
namespace {

SpoolFrame frame(std::uint64_t sequence, const std::string& rows = "{\"a\":1}\n") {
  SpoolFrame out;
  out.workspace = "w";
  out.table = "T";
  out.source = {"source", sequence};
  out.appended_ms = 1'700'000'000'000;
  out.parts = {{739'000, 1, rows.size()}};
  out.rows = rows;
  return out;
}

class SpoolTest : public ::testing::Test {
 protected:
  SpoolOptions options() {
    SpoolOptions out;
    out.folder = dir.path() / "spool";
    out.deadline = std::chrono::milliseconds(0);
    out.log = [this](const std::string& line) { log += line + "\n"; };
    return out;
  }
  // Opens it and gives the sequence numbers that are in it.
  std::vector<std::uint64_t> open(SpoolOptions wanted) {
    spool.reset();
    std::vector<std::uint64_t> sequences;
    auto opened = Spool::open(std::move(wanted), [&](const SpoolFrame& seen) { sequences.push_back(seen.source.sequence); });
    EXPECT_TRUE(opened) << opened.error().message;
    if (opened) spool = std::move(*opened);
    return sequences;
  }
  std::vector<std::uint64_t> open() { return open(options()); }
  void append(std::uint64_t sequence) {
    const auto done = spool->append(frame(sequence));
    ASSERT_TRUE(done) << done.error().message;
  }
  std::vector<std::filesystem::path> files() {
    std::vector<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::directory_iterator(dir.path() / "spool")) out.push_back(entry.path());
    std::sort(out.begin(), out.end());
    return out;
  }

  base::TempDir dir = base::TempDir::create().value();
  std::string log;
  std::unique_ptr<Spool> spool;
};

TEST_F(SpoolTest, a_frame_comes_back_as_it_was) {
  SpoolFrame sent = frame(7, "{\"a\":1}\n" + std::string(5'000, 'x') + "\n");
  sent.parts = {{739'000, 1, 8}, {739'001, 2, 5'001}};
  const std::string bytes = segment_head("000102030405060708090a0b0c0d0e0f") + encode_frame(sent);
  const Segment segment = read_segment(bytes);  // payloads are views into it
  EXPECT_EQ(segment.id, "000102030405060708090a0b0c0d0e0f");
  ASSERT_EQ(segment.payloads.size(), 1u);
  EXPECT_LT(segment.payloads[0].size(), 1'000u);  // compressed
  const auto got = decode_frame(segment.payloads[0]);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->rows, sent.rows);
  EXPECT_EQ(got->table, "T");
  EXPECT_EQ(got->workspace, "w");
  EXPECT_EQ(got->source.id, "source");
  EXPECT_EQ(got->source.sequence, 7u);
  EXPECT_EQ(got->appended_ms, sent.appended_ms);
  EXPECT_EQ(got->row_count(), 3u);
  EXPECT_EQ(got->parts[1].day, 739'001);
}

TEST_F(SpoolTest, appended_frames_are_there_at_the_next_start) {
  EXPECT_THAT(open(), testing::IsEmpty());
  append(1);
  append(2);
  EXPECT_THAT(open(), testing::ElementsAre(1, 2));
  append(3);
  EXPECT_THAT(open(), testing::ElementsAre(1, 2, 3));
  EXPECT_EQ(spool->statistics().rows, 3u);
  EXPECT_EQ(log, "");
}

TEST_F(SpoolTest, a_torn_end_is_cut_off_and_told) {
  open();
  append(1);
  append(2);
  spool.reset();
  ASSERT_EQ(files().size(), 1u);
  const std::uint64_t whole = std::filesystem::file_size(files()[0]);
  for (std::uint64_t size = whole - 1; size > kSegmentHeadSize; --size) {
    std::filesystem::resize_file(files()[0], size);
    const bool first_is_whole = size >= kSegmentHeadSize + encode_frame(frame(1)).size();
    log.clear();
    const auto seen = open();
    if (first_is_whole) {
      EXPECT_THAT(seen, testing::ElementsAre(1)) << size;
    } else {
      EXPECT_THAT(seen, testing::IsEmpty()) << size;
      EXPECT_THAT(log, testing::HasSubstr("cut off"));
      break;
    }
  }
  append(5);
  EXPECT_THAT(open(), testing::ElementsAre(5));
}

TEST_F(SpoolTest, a_flipped_bit_ends_what_is_read_and_the_rest_of_an_older_segment_is_kept_beside) {
  SpoolOptions small = options();
  small.segment_bytes = 1;  // a segment for every frame
  open(small);
  append(1);
  append(2);
  spool.reset();
  ASSERT_EQ(files().size(), 2u);
  std::fstream file(files()[0], std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(kSegmentHeadSize + kFrameHeadSize + 3));
  file.put('\x7f');
  file.close();
  EXPECT_THAT(open(), testing::ElementsAre(2));
  EXPECT_THAT(log, testing::HasSubstr("a copy is beside it"));
  EXPECT_THAT(files()[0].string(), testing::EndsWith(".damaged"));
}

TEST_F(SpoolTest, zeros_at_the_end_are_no_frames) {
  open();
  append(1);
  spool.reset();
  std::filesystem::resize_file(files()[0], std::filesystem::file_size(files()[0]) + 4096);
  EXPECT_THAT(open(), testing::ElementsAre(1));
}

TEST_F(SpoolTest, a_retired_segment_is_gone) {
  open();
  append(1);
  const auto segment = spool->next();
  ASSERT_TRUE(segment);
  EXPECT_EQ(segment->rows, 1u);
  EXPECT_TRUE(spool->retire(*segment));
  EXPECT_EQ(spool->statistics().bytes, 0u);
  append(2);
  EXPECT_THAT(open(), testing::ElementsAre(2));
}

TEST_F(SpoolTest, a_full_spool_takes_nothing_until_something_is_retired) {
  SpoolOptions small = options();
  small.capacity_bytes = kSegmentHeadSize + 2 * encode_frame(frame(1)).size();
  open(small);
  append(1);
  append(2);
  const auto full = spool->append(frame(3));
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().kind, base::Kind::unavailable);
  EXPECT_TRUE(spool->retire(*spool->next()));
  append(3);
  EXPECT_EQ(spool->append(frame(4, std::string(1, '{') + std::string(400, 'y') + "}\n")).error().kind, base::Kind::too_large);
}

TEST_F(SpoolTest, a_disk_that_takes_no_more_loses_nothing_that_was_there) {
  open();
  append(1);
  const std::uint64_t size = std::filesystem::file_size(files()[0]);
  struct rlimit before{}, tight{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  tight = before;
  tight.rlim_cur = size + 20;  // part of a frame fits
  ::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &tight);
  const auto full = spool->append(frame(2));
  ::setrlimit(RLIMIT_FSIZE, &before);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().kind, base::Kind::unavailable);
  EXPECT_EQ(std::filesystem::file_size(files()[0]), size);
  append(3);
  EXPECT_THAT(open(), testing::ElementsAre(1, 3));
}

TEST_F(SpoolTest, a_folder_that_is_gone_is_not_the_senders_fault) {
  open();
  std::filesystem::remove_all(dir.path() / "spool");
  const auto refused = spool->append(frame(1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::Kind::unavailable);
  std::filesystem::create_directory(dir.path() / "spool");
  append(1);
}

TEST_F(SpoolTest, appends_at_the_same_time_share_syncs_and_all_arrive) {
  open();
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < 8; ++t)
    threads.emplace_back([this, t] {
      for (std::uint64_t i = 0; i < 50; ++i) append(t * 50 + i + 1);
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(spool->statistics().syncs, 400u);
  std::vector<std::uint64_t> seen = open();
  std::sort(seen.begin(), seen.end());
  ASSERT_EQ(seen.size(), 400u);
  EXPECT_EQ(seen.front(), 1u);
  EXPECT_EQ(seen.back(), 400u);
  EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
}

TEST_F(SpoolTest, the_open_segment_waits_for_company_until_its_deadline) {
  SpoolOptions patient = options();
  patient.deadline = std::chrono::hours(1);
  patient.enough_rows = 3;
  open(patient);
  append(1);
  std::thread reader([this] {
    const auto segment = spool->next();
    ASSERT_TRUE(segment);
    EXPECT_EQ(segment->rows, 3u);
  });
  append(2);
  append(3);
  reader.join();
  EXPECT_TRUE(spool->retire(*spool->next()));
  append(4);
  EXPECT_FALSE(spool->flush(std::chrono::milliseconds(1)));  // nobody reads
  EXPECT_EQ(spool->next()->rows, 1u);
}

}  // namespace
}  // namespace workspace
