// SPDX-License-Identifier: Apache-2.0
#include "agent/engine_events.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

#include "base/files.hpp"
#include "base/text.hpp"

using agent::EngineEvent;
using agent::EventLines;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

std::string a_start(const std::string& id, long long nano) {
  return R"({"Type":"container","Action":"start","Actor":{"ID":")" + id + R"(","Attributes":{"name":"n"}},"timeNano":)" +
         std::to_string(nano) + "}\n";
}

std::vector<std::string> fed(EventLines& lines, const std::string& bytes, std::size_t piece = 1'000'000'000) {
  std::vector<std::string> ids;
  for (std::size_t at = 0; at < bytes.size(); at += piece)
    lines.feed(std::string_view(bytes).substr(at, piece), [&ids](const EngineEvent& event) { ids.push_back(event.id); });
  return ids;
}

agent::Effect effect(const std::string& type, const std::string& action, const std::string& container = {}) {
  EngineEvent event;
  event.type = type;
  event.action = action;
  event.id = "a";
  event.container = container;
  return agent::effect_of(event);
}

}  // namespace

TEST(EngineEvents, are_read_whatever_the_pieces_they_come_in) {
  for (const std::size_t piece : {1u, 7u, 64u, 100'000u}) {
    EventLines lines;
    EXPECT_THAT(fed(lines, a_start("a", 1) + "\n" + a_start("b", 2), piece), ElementsAre("a", "b"));
    EXPECT_FALSE(lines.take_gap());
  }
}

TEST(EngineEvents, that_come_again_are_passed_over) {
  EventLines lines;
  EXPECT_THAT(fed(lines, a_start("a", 3'000'000'001) + a_start("b", 3'000'000'001)), ElementsAre("a", "b"));
  EXPECT_EQ(lines.last_seconds(), 3);
  lines.begin_stream();
  EXPECT_THAT(fed(lines, a_start("a", 3'000'000'001) + a_start("b", 3'000'000'001) + a_start("c", 3'000'000'002)), ElementsAre("c"));
}

TEST(EngineEvents, of_a_clock_that_jumped_back_are_new_all_the_same) {
  EventLines lines;
  fed(lines, a_start("a", 9'000'000'000));
  EXPECT_THAT(fed(lines, a_start("b", 1'000'000'000)), ElementsAre("b"));
}

TEST(EngineEvents, that_are_cut_short_by_the_end_of_a_stream_do_not_spoil_the_next) {
  EventLines lines;
  EXPECT_THAT(fed(lines, a_start("a", 1).substr(0, 20)), IsEmpty());
  lines.begin_stream();
  EXPECT_THAT(fed(lines, a_start("b", 2)), ElementsAre("b"));
}

TEST(EngineEvents, past_every_measure_are_left_out_and_told_as_a_gap) {
  EventLines lines;
  EXPECT_THAT(fed(lines, std::string(2u << 20, 'x') + "\n" + a_start("b", 2), 4'096), ElementsAre("b"));
  EXPECT_TRUE(lines.take_gap());
  EXPECT_FALSE(lines.take_gap());
  EXPECT_THAT(fed(lines, "nonsense\n[]\n" + a_start("c", 3)), ElementsAre("c"));
  EXPECT_TRUE(lines.take_gap());
}

TEST(EngineEvents, touch_what_they_are_about) {
  EXPECT_THAT(effect("container", "start").containers, ElementsAre("a"));
  EXPECT_TRUE(effect("container", "start").info);
  EXPECT_THAT(effect("container", "exec_create").containers, ElementsAre("a"));
  EXPECT_THAT(effect("container", "health_status").containers, ElementsAre("a"));
  EXPECT_FALSE(effect("container", "top").any()) << "it is what this agent asks for";
  EXPECT_FALSE(effect("container", "attach").any());
  EXPECT_TRUE(effect("image", "pull").images);
  EXPECT_THAT(effect("network", "connect", "c").containers, ElementsAre("c"));
  EXPECT_TRUE(effect("network", "create").networks);
  EXPECT_TRUE(effect("volume", "destroy").volumes);
  EXPECT_FALSE(effect("volume", "mount").any());
  EXPECT_TRUE(effect("daemon", "reload").engine);
  EXPECT_FALSE(effect("plugin", "enable").any());
}

TEST(EngineEvents, have_actions_without_what_some_engines_add) {
  const auto event = agent::parse_event(
      R"({"Type":"container","Action":"exec_create: /bin/sh -c x","Actor":{"ID":"a","Attributes":{"name":"web"}},"timeNano":1})");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->action, "exec_create");
  EXPECT_EQ(event->cause(), "container exec_create web");
  EXPECT_FALSE(agent::parse_event(R"({"Type":7})"));
  EXPECT_FALSE(agent::parse_event("[]"));
}

TEST(EngineEvents, of_a_recorded_engine_are_all_read) {
  const char* data = std::getenv("BULWARK_TEST_DATA");
  if (!data) GTEST_SKIP() << "BULWARK_TEST_DATA is not set";
  const auto text = base::read_file(std::string(data) + "/docker-samples/events.jsonl");
  ASSERT_TRUE(text);
  EventLines lines;
  EXPECT_EQ(fed(lines, *text + "\n", 333).size(), base::split_lines(*text).size());
  EXPECT_FALSE(lines.take_gap());
  EXPECT_THAT(fed(lines, *text + "\n"), IsEmpty());
}
