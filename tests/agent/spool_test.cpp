// SPDX-License-Identifier: Apache-2.0
#include "agent/spool.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "base/files.hpp"

using agent::Spool;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

uplink::Body a_body(const std::string& name, std::size_t padding = 0) {
  uplink::Machine machine;
  machine.name = name;
  machine.os = std::string(padding, 'x');
  return machine;
}

std::vector<std::string> names_of(const Spool::Pending& pending) {
  std::vector<std::string> names;
  for (const std::string& line : pending.lines) {
    const auto message = uplink::parse_message(line);
    EXPECT_TRUE(message) << message.error().message;
    if (message) names.push_back(std::get<uplink::Machine>(message->body).name);
  }
  return names;
}

class SpoolTest : public testing::Test {
 protected:
  std::unique_ptr<Spool> open(std::uint64_t bytes = 64u << 20) {
    auto spool = Spool::open({folder_.path() / "spool", bytes});
    EXPECT_TRUE(spool) << spool.error().message;
    return std::move(*spool);
  }
  std::vector<std::filesystem::path> segments() const {
    std::vector<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path() / "spool"))
      if (entry.path().extension() == ".spool") out.push_back(entry.path());
    std::sort(out.begin(), out.end());
    return out;
  }
  std::vector<std::string> waiting(Spool& spool) {
    const auto pending = spool.peek(64u << 20, 1'000'000);
    EXPECT_TRUE(pending) << pending.error().message;
    return pending ? names_of(*pending) : std::vector<std::string>{};
  }

  base::TempDir folder_ = std::move(*base::TempDir::create("spool"));
};

}  // namespace

TEST_F(SpoolTest, gives_messages_back_in_order_until_they_are_acknowledged) {
  const auto spool = open();
  ASSERT_TRUE(spool->append({a_body("a"), a_body("b")}, 1));
  ASSERT_TRUE(spool->append({a_body("c")}, 2));
  EXPECT_THAT(waiting(*spool), ElementsAre("a", "b", "c"));
  const auto pending = spool->peek(1, 10);
  ASSERT_TRUE(pending);
  EXPECT_THAT(names_of(*pending), ElementsAre("a")) << "at least one, however little fits";
  EXPECT_EQ(pending->first, 1u);
  spool->acknowledge(2);
  EXPECT_THAT(waiting(*spool), ElementsAre("c"));
  spool->acknowledge(3);
  EXPECT_TRUE(waiting(*spool).empty());
  EXPECT_EQ(spool->totals().messages, 0);
  EXPECT_EQ(spool->totals().bytes, 0);
  EXPECT_EQ(spool->totals().lost, 0);
}

TEST_F(SpoolTest, of_an_earlier_run_goes_on_with_its_stream_and_sequences) {
  std::string stream;
  {
    const auto spool = open();
    stream = spool->totals().stream;
    ASSERT_TRUE(spool->append({a_body("a"), a_body("b")}, 1));
    spool->acknowledge(1);
  }
  const auto spool = open();
  EXPECT_EQ(spool->totals().stream, stream);
  EXPECT_THAT(waiting(*spool), ElementsAre("b"));
  spool->acknowledge(2);
  ASSERT_TRUE(spool->append({a_body("c")}, 1));
  EXPECT_EQ(spool->totals().last, 3u) << "a sequence is never given out twice";
}

TEST_F(SpoolTest, never_repeats_a_sequence_though_all_was_acknowledged) {
  for (int run = 0; run < 3; ++run) {
    const auto spool = open();
    EXPECT_EQ(spool->totals().last, static_cast<std::uint64_t>(run) * 100);
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(spool->append({a_body("a", 4'000)}, 1));
    spool->acknowledge(spool->totals().last);
    EXPECT_EQ(segments().size(), 1u);
    EXPECT_LT(std::filesystem::file_size(segments().front()), 1'000u) << "what was taken does not stay on the disk";
  }
}

TEST_F(SpoolTest, begins_a_new_stream_where_its_files_are_gone) {
  const std::string stream = open()->totals().stream;
  for (const auto& segment : segments()) std::filesystem::remove(segment);
  EXPECT_NE(open()->totals().stream, stream);
}

TEST_F(SpoolTest, cuts_a_torn_end_off_at_every_byte) {
  std::string whole;
  std::filesystem::path segment;
  {
    const auto spool = open();
    ASSERT_TRUE(spool->append({a_body("a"), a_body("b")}, 1));
    segment = segments().front();
    whole = *base::read_file(segment);
  }
  const std::size_t one = agent::kSegmentHeadBytes + agent::record_bytes(*agent::decode_record(
                                                         std::string_view(whole).substr(agent::kSegmentHeadBytes)));
  for (std::size_t size = one; size < whole.size(); ++size) {
    std::ofstream(segment, std::ios::binary | std::ios::trunc) << whole.substr(0, size);
    const auto spool = open();
    EXPECT_THAT(waiting(*spool), ElementsAre("a")) << size;
    ASSERT_TRUE(spool->append({a_body("c")}, 1));
    EXPECT_THAT(waiting(*spool), ElementsAre("a", "c"));
    EXPECT_EQ(spool->totals().lost, 0) << "what was never promised is not lost";
  }
}

TEST_F(SpoolTest, keeps_all_it_promised_when_its_process_is_killed) {
  int pipe[2];
  ASSERT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    auto spool = Spool::open({folder_.path() / "spool", 64u << 20});
    for (int i = 0;; ++i) {
      if (!spool || !(*spool)->append({a_body(std::to_string(i))}, 1)) ::_exit(1);
      if (::write(pipe[1], "x", 1) != 1) ::_exit(1);
    }
  }
  char promised[50];
  std::size_t count = 0;
  while (count < sizeof promised) {
    const ssize_t got = ::read(pipe[0], promised + count, sizeof promised - count);
    ASSERT_GT(got, 0);
    count += static_cast<std::size_t>(got);
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(pipe[0]);
  ::close(pipe[1]);
  const auto spool = open();
  const auto names = waiting(*spool);
  ASSERT_GE(names.size(), count);
  for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(names[i], std::to_string(i));
}

TEST_F(SpoolTest, that_is_full_loses_the_oldest_and_counts_them_for_ever) {
  std::int64_t lost = 0;
  {
    const auto spool = open(1u << 20);
    for (int i = 0; i < 1'000; ++i) ASSERT_TRUE(spool->append({a_body(std::to_string(i), 3'000)}, 1));
    lost = spool->totals().lost;
    EXPECT_GT(lost, 0);
    EXPECT_EQ(lost + spool->totals().messages, 1'000);
    EXPECT_LE(spool->totals().bytes, 1 << 20);
    EXPECT_EQ(waiting(*spool).front(), std::to_string(lost));
    EXPECT_EQ(waiting(*spool).back(), "999");
  }
  const auto spool = open(1u << 20);
  EXPECT_EQ(spool->totals().lost, lost);
  spool->acknowledge(1'000);
  EXPECT_EQ(spool->totals().lost, lost);
}

TEST_F(SpoolTest, counts_what_it_gives_up) {
  const auto spool = open();
  ASSERT_TRUE(spool->append({a_body("a"), a_body("b"), a_body("c")}, 1));
  spool->acknowledge(1);
  spool->give_up(2);
  EXPECT_THAT(waiting(*spool), ElementsAre("c"));
  EXPECT_EQ(spool->totals().lost, 1);
  EXPECT_EQ(open()->totals().lost, 1);
}

TEST_F(SpoolTest, with_a_broken_file_in_the_middle_counts_what_it_held_once) {
  {
    const auto spool = open(1u << 20);
    for (int i = 0; i < 200; ++i) ASSERT_TRUE(spool->append({a_body(std::to_string(i), 3'000)}, 1));
  }
  ASSERT_GE(segments().size(), 3u);
  {
    std::fstream file(segments()[1], std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(agent::kSegmentHeadBytes + 100);
    file << "!!!!";
  }
  std::int64_t lost = 0;
  for (int run = 0; run < 2; ++run) {
    const auto spool = open(1u << 20);
    EXPECT_EQ(spool->totals().lost + spool->totals().messages, 200);
    EXPECT_GT(spool->totals().lost, 0);
    EXPECT_TRUE(run == 0 || spool->totals().lost == lost);
    lost = spool->totals().lost;
    EXPECT_EQ(static_cast<std::int64_t>(waiting(*spool).size()), spool->totals().messages);
  }
}

TEST_F(SpoolTest, whose_file_breaks_while_it_runs_loses_that_file_alone) {
  const auto spool = open(1u << 20);
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(spool->append({a_body(std::to_string(i), 3'000)}, 1));
  std::fstream file(segments()[0], std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(agent::kSegmentHeadBytes + 20);
  file << "!!!!";
  file.close();
  EXPECT_EQ(spool->peek(1u << 20, 1'000).error().kind, base::Kind::corrupt);
  const auto names = waiting(*spool);
  ASSERT_FALSE(names.empty());
  EXPECT_EQ(names.back(), "99");
  EXPECT_EQ(spool->totals().lost + static_cast<std::int64_t>(names.size()), 100);
}

TEST_F(SpoolTest, puts_aside_what_is_no_file_of_its_own) {
  { open(); }
  std::ofstream(folder_.path() / "spool" / "99999999999999999999.spool") << "hello";
  const auto spool = open();
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "spool" / "99999999999999999999.spool.broken"));
  EXPECT_TRUE(spool->append({a_body("a")}, 1));
}

TEST_F(SpoolTest, on_a_full_disk_says_so_and_goes_on_when_there_is_room_again) {
  const auto spool = open();
  ASSERT_TRUE(spool->append({a_body("a")}, 1));
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1'000, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto refused = spool->append({a_body("b", 4'000), a_body("c")}, 1);
  ::setrlimit(RLIMIT_FSIZE, &before);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::Kind::unavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("cannot write"));
  EXPECT_EQ(spool->totals().lost, 2);
  ASSERT_TRUE(spool->append({a_body("d")}, 1));
  EXPECT_THAT(waiting(*spool), ElementsAre("a", "d"));
  EXPECT_THAT(waiting(*open()), ElementsAre("a", "d"));
}
