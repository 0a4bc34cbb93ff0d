// SPDX-License-Identifier: Apache-2.0
#include "agent/host_loop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "agent/machine.hpp"
#include "agent/management.hpp"
#include "agent/own_use.hpp"

namespace agent {

namespace {

std::int64_t milliseconds_since_1970() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

template <typename Shape>
void append_bodies(std::vector<Shape> messages, std::vector<uplink::Body>& bodies) {
  for (Shape& message : messages) bodies.emplace_back(std::move(message));
}

std::string engine_words(const benchmark::HostFacts& facts) {
  if (facts.engine_kind() == benchmark::EngineKind::none) return "no container engine";
  if (facts.engine_kind() == benchmark::EngineKind::unreachable)
    return fmt::format("an engine that does not answer ({})", facts.engine_error());
  const benchmark::Reading version = facts.engine("version");
  return fmt::format("{} {} with {} containers and {} images",
                     facts.engine_kind() == benchmark::EngineKind::podman ? "Podman" : "Docker",
                     version.value ? base::get_string(*version.value, "Version") : "", facts.containers().size(),
                     facts.images().size());
}

}  // namespace

HostLoop::HostLoop(Parts parts, LoopTimes times)
    : parts_(std::move(parts)),
      times_(times),
      assessor_(benchmark::cis_docker(), parts_.collector),
      assess_at_(Clock::now() + times.start_grace),
      look_at_(Clock::now() + times.look),
      lost_handled_(parts_.spool.totals().lost) {}

HostLoop::~HostLoop() { stop(); }

void HostLoop::begin() {
  thread_ = std::thread([this] { run(); });
}

void HostLoop::stop() {
  inbox_.close();
  if (thread_.joinable()) thread_.join();
}

void HostLoop::run() {
  for (;;) {
    Work work = inbox_.wait_until(next_due());
    if (inbox_.closed()) return;
    add_what_is_due(work);
    hear_of_engine(work);
    take_settings(work);
    handle(std::move(work));
  }
}

HostLoop::Clock::time_point HostLoop::next_due() const {
  return started_ ? std::min({assess_at_, look_at_, lost_at_, info_at_}) : assess_at_;
}

void HostLoop::add_what_is_due(Work& work) {
  const auto now = Clock::now();
  const auto due = [&](const std::string& cause) {
    if (work.cause.empty()) work.cause = cause;
    return true;
  };
  if (now >= assess_at_) work.whole = due(started_ ? "daily" : "start");
  if (started_ && now >= look_at_) work.host = due("a look at the host");
  if (now >= lost_at_) work.again = due("the engine does not answer");
  if (now >= info_at_ && !work.effect.engine) work.effect.engine = due("the engine's counts");
  // The hub does not know what was in the messages that it never got.
  const Spool::Totals totals = parts_.spool.totals();
  if (totals.lost > lost_handled_ && totals.messages == 0) {
    work.whole = due("messages were lost");
    lost_handled_ = totals.lost;
  }
}

void HostLoop::hear_of_engine(Work& work) {
  if (!work.engine_there) return;
  const bool trouble = !*work.engine_there && !work.engine_lost.empty();
  parts_.problems.set("engine", trouble ? "The events of the container engine do not come: " + work.engine_lost : std::string());
  if (!started_) {
    work.whole = true;
    work.cause = "start";
  } else if (*work.engine_there) {
    work.again = true;
    if (work.cause.empty()) work.cause = "the engine is back";
    lost_at_ = Clock::time_point::max();
  } else {
    lost_at_ = Clock::now() + times_.lost_grace;
  }
}

void HostLoop::take_settings(Work& work) {
  if (!work.settings) return;
  if (settings_.assess_seconds != work.settings->assess_seconds && started_)
    assess_at_ = Clock::now() + std::chrono::seconds(work.settings->assess_seconds);
  const bool judged_otherwise =
      settings_.trusted_users != work.settings->trusted_users || settings_.trusted_images != work.settings->trusted_images;
  settings_ = std::move(*work.settings);
  if (!judged_otherwise) return;
  assessor_.use({settings_.trusted_users, settings_.trusted_images});
  work.again = work.again || started_;
  if (work.cause.empty()) work.cause = "settings";
}

void HostLoop::handle(Work work) {
  const bool all = work.whole || (work.again && started_);
  if (all) look_at_all(work.whole, work.cause);
  if (!started_) return;
  if (work.inventory && !work.whole) {
    std::vector<uplink::Body> bodies;
    add_machine(true, bodies);
    add_inventory(true, bodies);
    emit(std::move(bodies));
  }
  if (all) return;
  if (!work.effect.containers.empty()) look_at_containers(work);
  if (work.effect.info) info_at_ = std::min(info_at_, Clock::now() + times_.info_delay);
  if (work.host || work.effect.images || work.effect.networks || work.effect.volumes || work.effect.engine) look_at_rest(work);
}

// A reader that met a silent engine asks it no more: each look at all has a fresh one.
void HostLoop::look_at_all(bool whole, const std::string& cause) {
  host_ = parts_.open_host();
  const auto now = Clock::now();
  look_at_ = now + times_.look;
  lost_at_ = info_at_ = Clock::time_point::max();
  if (whole) assess_at_ = now + std::chrono::seconds(settings_.assess_seconds);
  std::vector<uplink::Body> bodies;
  auto messages = whole ? assessor_.assess(*host_, cause) : assessor_.assess_again(*host_, cause);
  check("assessment", messages ? base::Result<void>() : base::fail(messages.error()));
  if (!messages) {
    assess_at_ = std::min(assess_at_, now + times_.look);
    return;
  }
  started_ = true;
  take_containers(*assessor_.facts(), things_);
  if (assessor_.facts()->engine_kind() == benchmark::EngineKind::none) {
    things_ = {};
  } else if (assessor_.facts()->engine_kind() != benchmark::EngineKind::unreachable) {
    check("images", take_images(*host_, things_));
    check("networks", take_networks(*host_, things_));
    check("volumes", take_volumes(*host_, things_));
  }
  add_machine(whole, bodies);
  add_inventory(whole, bodies);
  if (whole) tell_found(*messages);
  append_bodies(std::move(*messages), bodies);
  emit(std::move(bodies));
  parts_.on_images(things_);
  parts_.on_paths(assessor_.watched_paths());
  give_memory_back();
}

void HostLoop::judge(const Touched& touched, const std::string& cause, std::vector<uplink::Body>& bodies) {
  if (touched.empty()) return;
  auto messages = assessor_.judge_again(*host_, touched, cause);
  check("assessment", messages ? base::Result<void>() : base::fail(messages.error()));
  if (messages)
    append_bodies(std::move(*messages), bodies);
  else
    assess_at_ = std::min(assess_at_, Clock::now() + times_.look);
}

// First of all, and alone: a changed verdict is not to wait for the rest.
void HostLoop::look_at_containers(const Work& work) {
  std::vector<uplink::Body> bodies;
  Touched touched;
  touched.containers = work.effect.containers;
  judge(touched, work.cause, bodies);
  std::map<std::string, const benchmark::ContainerFacts*> found;
  for (const benchmark::ContainerFacts& container : assessor_.facts()->containers())
    if (touched.containers.contains(container.id)) found[container.id] = &container;
  for (const std::string& id : touched.containers) take_container(id, found.contains(id) ? found[id] : nullptr, things_);
  add_inventory(false, bodies);
  emit(std::move(bodies));
}

// Those whose names changed, that came, and that went.
std::set<std::string> HostLoop::changed_images() {
  const auto before = things_.images;
  check("images", take_images(*host_, things_));
  std::set<std::string> out;
  for (const auto& [id, image] : things_.images)
    if (const auto at = before.find(id); at == before.end() || at->second != image) out.insert(id);
  for (const auto& [id, image] : before)
    if (!things_.images.contains(id)) out.insert(id);
  return out;
}

void HostLoop::look_at_rest(const Work& work) {
  if (work.host && assessor_.facts()->engine_kind() == benchmark::EngineKind::unreachable) return look_at_all(false, work.cause);
  std::vector<uplink::Body> bodies;
  Touched touched;
  touched.host = work.host;
  touched.engine = work.effect.engine;
  touched.networks = work.effect.networks;
  if (work.effect.images) touched.images = changed_images();
  if (work.effect.networks) check("networks", take_networks(*host_, things_));
  if (work.effect.volumes) check("volumes", take_volumes(*host_, things_));
  if (work.host) {
    host_ = parts_.open_host();
    look_at_ = Clock::now() + times_.look;
    for (const benchmark::ContainerFacts& container : assessor_.facts()->containers())
      if (!container.inspect.value) touched.containers.insert(container.id);
  }
  if (work.effect.engine) info_at_ = Clock::time_point::max();
  judge(touched, work.cause, bodies);
  if (work.host || work.effect.engine) {
    add_machine(false, bodies);
    parts_.on_paths(assessor_.watched_paths());
  }
  add_inventory(false, bodies);
  emit(std::move(bodies));
  if (!touched.images.empty()) parts_.on_images(things_);
}

void HostLoop::add_inventory(bool whole, std::vector<uplink::Body>& bodies) {
  append_bodies(whole ? whole_messages(things_) : change_messages(changes_between(told_, things_)), bodies);
  told_ = things_;
}

void HostLoop::add_machine(bool always, std::vector<uplink::Body>& bodies) {
  std::vector<uplink::Container> containers;
  for (const auto& [id, container] : things_.containers) containers.push_back(container);
  uplink::Machine machine = machine_with_engine(this_machine(*host_), *assessor_.facts(), {});
  machine.management = management_of_host(management_of_files(*host_), machine.swarm, containers);
  if (!always && machine == machine_) return;
  machine_ = machine;
  bodies.emplace_back(std::move(machine));
}

void HostLoop::check(const std::string& part, const base::Result<void>& done) {
  parts_.problems.set(part, done ? std::string() : fmt::format("The {} are not complete: {}", part, done.error().message));
}

void HostLoop::emit(std::vector<uplink::Body> bodies) {
  if (bodies.empty()) return;
  const auto kept = parts_.spool.append(bodies, milliseconds_since_1970());
  parts_.problems.set("spool", kept ? std::string() : "What is found cannot be kept: " + kept.error().message);
  if (kept) parts_.on_spooled();
}

void HostLoop::tell_found(const std::vector<uplink::Assessment>& messages) {
  std::size_t failed = 0, all = 0;
  for (const uplink::Assessment& message : messages) {
    all += message.controls.size();
    failed += static_cast<std::size_t>(std::count_if(message.controls.begin(), message.controls.end(),
                                                     [](const auto& control) { return control.status == "fail"; }));
  }
  parts_.log(fmt::format("found {}; {} of {} controls fail", engine_words(*assessor_.facts()), failed, all));
}

}  // namespace agent
