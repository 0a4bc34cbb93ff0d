// SPDX-License-Identifier: Apache-2.0
#include "base/process.hpp"

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;

TEST(RunProcess, keeps_output_error_output_and_exit_code) {
  const auto output = base::run_process({"sh", "-c", "echo out; echo err >&2; exit 3"});
  ASSERT_TRUE(output) << output.error().message;
  EXPECT_EQ(output->out, "out\n");
  EXPECT_EQ(output->err, "err\n");
  EXPECT_EQ(output->exit_code, 3);
}

TEST(RunProcess, feeds_large_input_while_it_reads_large_output) {
  std::string input(3 << 20, 'x');
  const auto output = base::run_process({"cat"}, input);
  ASSERT_TRUE(output) << output.error().message;
  EXPECT_EQ(output->out, input);
  EXPECT_EQ(output->exit_code, 0);
}

TEST(RunProcess, survives_a_program_that_does_not_read_its_input) {
  const auto output = base::run_process({"true"}, std::string(3 << 20, 'x'));
  ASSERT_TRUE(output) << output.error().message;
  EXPECT_EQ(output->exit_code, 0);
}

TEST(RunProcess, tells_a_missing_program) {
  const auto output = base::run_process({"no-such-program-anywhere"});
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().kind, base::Kind::not_found);
}

TEST(RunProcess, kills_what_takes_too_long) {
  const auto output = base::run_process({"sleep", "600"}, {}, 100ms);
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().kind, base::Kind::unavailable);
}

TEST(RunProcess, does_not_wait_for_grandchildren_that_hold_the_pipe) {
  const auto output = base::run_process({"sh", "-c", "sleep 20 & echo $!"}, {}, 10s);
  ASSERT_TRUE(output) << output.error().message;
  EXPECT_EQ(base::run_process({"kill", output->out.substr(0, output->out.find('\n'))})->exit_code, 0);
}

TEST(RunProcess, caps_the_output) {
  const auto output = base::run_process({"yes"}, {}, 20s, 100'000);
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().kind, base::Kind::too_large);
}

TEST(RunProcess, reports_a_signal_as_the_shell_does) {
  const auto output = base::run_process({"sh", "-c", "kill -TERM $$"});
  ASSERT_TRUE(output);
  EXPECT_EQ(output->exit_code, 128 + 15);
}

TEST(RunProcess, runs_no_shell) {
  const auto output = base::run_process({"echo", "$HOME; true"});
  ASSERT_TRUE(output);
  EXPECT_EQ(output->out, "$HOME; true\n");
}

}  // namespace
