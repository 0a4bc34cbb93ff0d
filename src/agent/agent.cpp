// SPDX-License-Identifier: Apache-2.0
#include "agent/agent.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <utility>

#include "agent/own_use.hpp"

namespace agent {

namespace {

constexpr std::string_view kPackagesOf = "packages:";

constexpr std::chrono::seconds kAskedAtMost{5};  // a hub that asks in each reply does not keep the host busy

constexpr std::chrono::seconds kStatusAtMost{2};

std::int64_t wall_clock_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string_view state_name(UplinkSender::State state) {
  switch (state) {
    case UplinkSender::State::starting: return "starting";
    case UplinkSender::State::connected: return "connected";
    case UplinkSender::State::unreachable: return "unreachable";
    case UplinkSender::State::busy: return "busy";
    case UplinkSender::State::denied: return "denied";
  }
  return "starting";
}

}  // namespace

base::Result<std::unique_ptr<Agent>> Agent::start(AgentFolder folder, std::unique_ptr<HubLink> link, AgentOptions options) {
  if (!options.log) options.log = [](const std::string&) {};
  auto spool = TRY(Spool::open({folder.spool(), options.spool_bytes}));
  std::unique_ptr<Agent> agent(new Agent(std::move(folder), std::move(link), std::move(spool), std::move(options)));
  agent->make();
  agent->begin();
  return agent;
}

Agent::Agent(AgentFolder folder, std::unique_ptr<HubLink> link, std::unique_ptr<Spool> spool, AgentOptions options)
    : folder_(std::move(folder)),
      link_(std::move(link)),
      options_(std::move(options)),
      started_at_(wall_clock_ms()),
      problems_(options_.log),
      spool_(std::move(spool)),
      status_file_(folder_.status_file()) {}

Agent::~Agent() { stop(); }

void Agent::make() {
  UplinkSender::Hooks hooks{[this] { return status(); }, [this](const uplink::Reply& reply) { take_reply(reply); },
                            [this](const UplinkSender::Seen& seen) { sender_changed(seen); }, options_.log,
                            [this] { write_status(false); }};
  sender_ = std::make_unique<UplinkSender>(*spool_, *link_, std::move(hooks), options_.sender);
  if (options_.packages) {
    PackageWatch::Parts parts{options_.open_host,  *spool_,       problems_,   [this] { sender_->wake(); },
                              folder_.catalogue(), options_.root, options_.log};
    packages_ = std::make_unique<PackageWatch>(std::move(parts), options_.package_times);
  }
  make_loop();
}

void Agent::make_loop() {
  const auto know_images = [this](const Things& things) {
    if (packages_) packages_->know_images(things);
  };
  const auto watch_paths = [this](const std::vector<std::string>& paths) {
    if (files_) files_->watch(paths);
  };
  HostLoop::Parts parts{options_.open_host,          "bulwark agent " + options_.version, *spool_, problems_,
                        [this] { sender_->wake(); }, know_images, watch_paths, options_.log};
  loop_ = std::make_unique<HostLoop>(std::move(parts), options_.loop);
}

void Agent::begin() {
  auto files = FileWatch::start([this](const std::string& path) { file_changed(path); });
  problems_.set("watch", files ? std::string() : files.error().message);
  if (files) files_ = std::move(*files);
  sender_->begin();
  if (packages_) packages_->begin();
  loop_->begin();
  Inbox& inbox = loop_->inbox();
  EventFollower::Hooks hooks;
  hooks.on_event = [&inbox](const EngineEvent& event) {
    const Effect effect = effect_of(event);
    if (effect.any()) inbox.put(event.cause(), [&effect](Work& work) { work.effect.add(effect); });
  };
  hooks.on_connected = [&inbox] {
    inbox.put({}, [](Work& work) { work.engine_there = true; });
  };
  hooks.on_lost = [&inbox](const std::string& why) {
    inbox.put({}, [&why](Work& work) {
      work.engine_there = false;
      work.engine_lost = why;
    });
  };
  hooks.on_gap = [&inbox] {
    inbox.put("events were missed", [](Work& work) { work.again = true; });
  };
  events_ = std::make_unique<EventFollower>(options_.open_host, std::move(hooks), options_.events);
}

void Agent::stop(std::chrono::milliseconds grace) {
  if (stopped_.exchange(true)) return;
  events_.reset();
  loop_->stop();
  files_.reset();
  if (packages_) packages_->stop();
  if (sender_->seen().state == UplinkSender::State::connected) sender_->drain(grace);
  sender_->stop();
  write_status(true);
}

uplink::AgentStatus Agent::status() const {
  uplink::AgentStatus out;
  out.version = options_.version;
  out.started_at = started_at_;
  out.resident_bytes = resident_bytes();
  out.cpu_seconds = cpu_seconds();
  out.problems = problems_.all();
  return out;
}

void Agent::take_reply(const uplink::Reply& reply) {
  loop_->inbox().put({}, [&reply](Work& work) { work.settings = reply.settings; });
  for (const std::string& request : reply.requests) {
    if (request == "assess") {
      const auto now = std::chrono::steady_clock::now();
      if (now - std::exchange(asked_at_, now) < kAskedAtMost) continue;
      loop_->inbox().put("asked", [](Work& work) { work.whole = true; });
    } else if (request == "inventory") {
      loop_->inbox().put("asked", [](Work& work) { work.inventory = true; });
    } else if (packages_ && request == "packages") {
      packages_->request({});
    } else if (packages_ && request.starts_with(kPackagesOf)) {
      packages_->request(request.substr(kPackagesOf.size()));
    }
  }
}

void Agent::sender_changed(const UplinkSender::Seen& seen) {
  using State = UplinkSender::State;
  if (seen.state == State::connected) {
    options_.log(fmt::format("connected to {}", options_.hub));
  } else if (seen.state == State::denied) {
    options_.log(fmt::format("{} no longer knows this agent ({}): what is found is kept; enrol again with a new token, or remove "
                             "the agent",
                             options_.hub, seen.message));
  } else {
    options_.log(fmt::format("{} takes nothing now, what is found is kept: {}", options_.hub, seen.message));
  }
  write_status(true);
}

void Agent::file_changed(const std::string& path) {
  loop_->inbox().put("file " + path, [](Work& work) { work.host = true; });
}

// Not at each of many attempts in a row: it is synced to the disk.
void Agent::write_status(bool at_once) {
  const auto now = std::chrono::steady_clock::now();
  if (!at_once && now - written_at_ < kStatusAtMost) return;
  written_at_ = now;
  const UplinkSender::Seen seen = sender_->seen();
  const Spool::Totals totals = spool_->totals();
  AgentReport report;
  report.hub = options_.hub;
  report.version = options_.version;
  report.state = stopped_ ? "stopped" : state_name(seen.state);
  report.message = seen.message;
  report.pid = ::getpid();
  report.written_at = wall_clock_ms();
  report.taken_at = seen.taken_at;
  report.spool_messages = totals.messages;
  report.spool_bytes = totals.bytes;
  report.lost_messages = totals.lost;
  report.refused_messages = seen.refused;
  report.problems = problems_.all();
  if (const auto written = status_file_.write(report); !written) problems_.set("status", written.error().message);
}

}  // namespace agent
