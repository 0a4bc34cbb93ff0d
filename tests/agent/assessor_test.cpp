// SPDX-License-Identifier: Apache-2.0
#include "agent/assessor.hpp"

#include <gmock/gmock.h>

#include "agent/facts_host.hpp"

using agent::Assessor;
using agent::Touched;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

// What a hub would hold after these messages: the status of each resource that is not settled, and of each control.
class HubView {
 public:
  void take(const std::vector<uplink::Assessment>& messages) {
    for (const auto& message : messages)
      for (const auto& control : message.controls) {
        if (message.whole) std::erase_if(resources, [&](const auto& known) { return known.first.first == control.id; });
        statuses[control.id] = control.status;
        counts[control.id] = control.counts;
        for (const auto& key : control.settled) resources.erase({control.id, key});
        for (const auto& resource : control.resources) resources[{control.id, resource.scope + "/" + resource.id}] = resource.status;
      }
  }
  std::map<std::pair<std::string, std::string>, std::string> resources;
  std::map<std::string, std::string> statuses;
  std::map<std::string, uplink::ControlCounts> counts;
};

bool operator_equal(const uplink::ControlCounts& a, const uplink::ControlCounts& b) {
  return a.pass == b.pass && a.fail == b.fail && a.manual == b.manual && a.not_applicable == b.not_applicable && a.error == b.error;
}

// Changes that were told one by one add up to what a whole assessment says.
void expect_as_whole(const HubView& view, benchmark::HostReader& host) {
  Assessor fresh(benchmark::cis_docker(), "test");
  HubView whole;
  whole.take(fresh.assess(host, "start").value());
  EXPECT_EQ(view.statuses, whole.statuses);
  EXPECT_EQ(view.resources, whole.resources);
  for (const auto& [id, counts] : whole.counts) EXPECT_TRUE(operator_equal(view.counts.at(id), counts)) << id;
}

const uplink::ControlResult* control_in(const std::vector<uplink::Assessment>& messages, std::string_view id) {
  for (const auto& message : messages)
    for (const auto& control : message.controls)
      if (control.id == id) return &control;
  return nullptr;
}

class AssessorTest : public testing::Test {
 protected:
  void start() { view_.take(first_ = assessor_.assess(host_, "start").value()); }
  std::vector<uplink::Assessment> after(const Touched& touched, const std::string& cause) {
    auto messages = assessor_.judge_again(host_, touched, cause);
    EXPECT_TRUE(messages) << messages.error().message;
    view_.take(*messages);
    return *messages;
  }
  std::string a_container() const {
    for (const auto& [id, entry] : host_.containers)
      if (!entry.at("inspect").at("value").at("HostConfig").at("Privileged").as_bool()) return id;
    return {};
  }

  test::FactsHost host_{"default-many"};
  Assessor assessor_{benchmark::cis_docker(), "test"};
  HubView view_;
  std::vector<uplink::Assessment> first_;
};

}  // namespace

TEST_F(AssessorTest, tells_every_control_at_first) {
  start();
  EXPECT_EQ(view_.statuses.size(), benchmark::cis_docker().controls.size());
  EXPECT_TRUE(first_.back().whole);
  EXPECT_FALSE(first_.back().more);
  EXPECT_EQ(first_.front().cause, "start");
  EXPECT_EQ(first_.front().benchmark, "cis-docker");
  const auto* privileged = control_in(first_, "5.4");
  ASSERT_TRUE(privileged);
  EXPECT_EQ(privileged->status, "fail");
  EXPECT_GT(privileged->counts.pass, 0);
  EXPECT_EQ(static_cast<std::size_t>(privileged->counts.fail), privileged->resources.size()) << "those that pass are counts alone";
}

TEST_F(AssessorTest, tells_nothing_where_nothing_changed) {
  start();
  Touched all;
  all.engine = all.host = all.networks = true;
  for (const auto& [id, entry] : host_.containers) all.containers.insert(id);
  for (const auto& [id, entry] : host_.images) all.images.insert(id);
  EXPECT_TRUE(after(all, "poll").empty());
  EXPECT_TRUE(assessor_.assess_again(host_, "engine").value().empty());
}

TEST_F(AssessorTest, tells_of_a_container_that_turns_privileged_and_back) {
  start();
  const std::string id = a_container();
  host_.configure(id, "Privileged", true);
  Touched touched;
  touched.containers = {id};
  auto messages = after(touched, "container update web");
  const auto* control = control_in(messages, "5.4");
  ASSERT_TRUE(control);
  EXPECT_FALSE(messages.front().whole);
  EXPECT_EQ(messages.front().id, first_.front().id);
  EXPECT_EQ(messages.front().cause, "container update web");
  ASSERT_EQ(control->resources.size(), 1u);
  EXPECT_EQ(control->resources[0].id, id);
  EXPECT_EQ(control->resources[0].status, "fail");
  EXPECT_THAT(base::to_text(control->resources[0].evidence), HasSubstr("Privileged"));
  expect_as_whole(view_, host_);

  host_.configure(id, "Privileged", false);
  messages = after(touched, "container update web");
  control = control_in(messages, "5.4");
  ASSERT_TRUE(control);
  EXPECT_THAT(control->settled, ElementsAre("container/" + id));
  expect_as_whole(view_, host_);
}

TEST_F(AssessorTest, judges_one_container_and_no_other) {
  start();
  const std::string id = a_container();
  host_.configure(id, "Privileged", true);
  Touched touched;
  touched.containers = {id};
  for (const auto& message : after(touched, "event"))
    for (const auto& control : message.controls)
      for (const auto& resource : control.resources) EXPECT_EQ(resource.id, id) << control.id;
}

TEST_F(AssessorTest, follows_containers_that_come_and_go_to_the_last_one) {
  start();
  std::vector<std::string> ids;
  for (const auto& [id, entry] : host_.containers) ids.push_back(id);
  const auto entries = host_.containers;
  for (const std::string& id : ids) {
    host_.containers.erase(id);
    host_.show_lists();
    Touched touched;
    touched.containers = {id};
    after(touched, "container destroy");
  }
  EXPECT_EQ(view_.statuses["5.4"], "notApplicable");
  expect_as_whole(view_, host_);
  for (const std::string& id : ids) {
    host_.containers[id] = entries.at(id);
    host_.show_lists();
    Touched touched;
    touched.containers = {id};
    after(touched, "container create");
  }
  expect_as_whole(view_, host_);
}

TEST_F(AssessorTest, follows_images_and_the_engine) {
  start();
  const std::string image = host_.images.begin()->first;
  host_.images.erase(image);
  host_.show_lists();
  Touched touched;
  touched.images = {image};
  after(touched, "image delete");
  expect_as_whole(view_, host_);

  base::Json info = base::parse_json(host_.answers["/info"].body, "info").value();
  info.get_object()["LiveRestoreEnabled"] = true;
  info.get_object()["ExperimentalBuild"] = true;
  host_.answers["/info"].body = base::to_text(info);
  Touched engine;
  engine.engine = true;
  EXPECT_FALSE(after(engine, "engine reload").empty());
  expect_as_whole(view_, host_);

  host_.files["/etc/group"] = "docker:x:106:mallory\n";
  host_.rules = std::vector<std::string>{};
  Touched host;
  host.host = true;
  EXPECT_FALSE(after(host, "audit rules").empty());
  expect_as_whole(view_, host_);
}

TEST_F(AssessorTest, tells_of_an_engine_that_stops_answering_as_errors_and_of_its_return) {
  start();
  const auto answers = host_.answers;
  for (auto& [path, answer] : host_.answers) answer = {500, "{}"};
  view_.take(assessor_.assess_again(host_, "engine lost").value());
  EXPECT_EQ(view_.statuses["5.4"], "error");
  expect_as_whole(view_, host_);
  host_.answers = answers;
  view_.take(assessor_.assess_again(host_, "engine back").value());
  EXPECT_EQ(view_.statuses["5.4"], "fail");
  expect_as_whole(view_, host_);
}

TEST_F(AssessorTest, names_the_paths_that_controls_look_at) {
  start();
  EXPECT_THAT(assessor_.watched_paths(), Contains("/etc/docker"));
  EXPECT_THAT(assessor_.watched_paths(), Contains("/usr/lib/systemd/system/docker.service"));
}

TEST(Parted, assessments_fit_a_message_each_and_say_that_more_follows) {
  uplink::Assessment head;
  head.whole = true;
  head.id = "x";
  std::vector<uplink::ControlResult> controls(5);
  for (auto& control : controls) {
    control.id = "5.1";
    control.status = "fail";
    for (int i = 0; i < 2'000; ++i)
      control.resources.push_back({"container", std::string(64, 'a'), "n", "fail", base::Json(std::string(200, 'e'))});
  }
  const auto parts = agent::parted(head, controls);
  ASSERT_EQ(parts.size(), 5u);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    EXPECT_TRUE(parts[i].whole);
    EXPECT_EQ(parts[i].more, i + 1 < parts.size());
  }
}

TEST(Parted, thousands_that_fail_alike_fit_a_message_by_leaving_evidence_out) {
  std::vector<uplink::ControlResult> controls(1);
  controls[0].id = controls[0].status = "fail";
  for (int i = 0; i < 10'000; ++i)
    controls[0].resources.push_back({"container", std::string(64, 'a'), "n", "fail", base::Json(std::string(2'000, 'e'))});
  const auto parts = agent::parted({}, controls);
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_EQ(parts[0].controls[0].resources.size(), 10'000u);
  EXPECT_LT(base::to_text(uplink::to_json(uplink::Message{1, 1, parts[0]})).size(), uplink::kMessageBytes);
}
