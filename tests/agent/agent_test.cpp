// SPDX-License-Identifier: Apache-2.0
#include "agent/agent.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <fstream>

#include "agent/agent_support.hpp"
#include "agent/facts_host.hpp"
#include "base/compress.hpp"
#include "net/server.hpp"

using agent::Agent;
using testing::Contains;
using testing::HasSubstr;
using namespace std::chrono_literals;

namespace {

// A host that changes while an agent watches it, on several threads.
class LiveHost {
 public:
  LiveHost() : state_("default-many") {}

  template <typename Change>
  void change(Change change) {
    const std::lock_guard lock(mutex_);
    change(state_);
  }
  void event(const std::string& type, const std::string& action, const std::string& id) {
    const std::lock_guard lock(mutex_);
    events_ += base::to_text(base::JsonObject{{"Type", type},
                                              {"Action", action},
                                              {"Actor", base::JsonObject{{"ID", id}, {"Attributes", base::JsonObject{{"name", "web"}}}}},
                                              {"timeNano", ++nano_}}) +
               "\n";
  }
  void end_streams() { ++stream_; }
  std::atomic<bool> silent{false};  // the engine answers nothing
  std::atomic<int> opened{0};

  agent::OpenHost opener() {
    return [this] {
      ++opened;
      return std::make_unique<View>(*this);
    };
  }

 private:
  class View : public benchmark::HostReader {
   private:
    template <typename Ask>
    auto locked(Ask ask) {
      const std::lock_guard lock(host_.mutex_);
      return ask();
    }

   public:
    explicit View(LiveHost& host) : host_(host) {}
    std::string engine_socket() const override { return "/var/run/docker.sock"; }
    base::Result<benchmark::EngineAnswer> get(std::string_view path) override {
      if (host_.silent) return base::fail(base::Kind::unavailable, "the engine is silent");
      const std::lock_guard lock(host_.mutex_);
      if (path == "/_ping") return benchmark::EngineAnswer{200, "OK"};
      return host_.state_.get(path);
    }
    base::Result<void> follow(std::string_view path, const std::function<bool(std::string_view)>& sink) override {
      if (!path.starts_with("/events")) return base::fail(base::Kind::not_found, "no such image");
      const int stream = host_.stream_;
      std::size_t told = 0;
      while (stream == host_.stream_ && !host_.silent) {
        std::string news;
        {
          const std::lock_guard lock(host_.mutex_);
          news = host_.events_.substr(told);
        }
        told += news.size();
        if (!sink(news)) return {};
        if (news.empty()) std::this_thread::sleep_for(1ms);
      }
      return {};
    }
    std::optional<int> engine_process() override { return 7; }
    base::Result<benchmark::FileStatus> stat(const std::string& path) override { return locked([&] { return host_.state_.stat(path); }); }
    base::Result<std::string> read(const std::string& path, std::size_t cap) override {
      return locked([&] { return host_.state_.read(path, cap); });
    }
    base::Result<std::string> read_link(const std::string& path) override { return locked([&] { return host_.state_.read_link(path); }); }
    base::Result<std::vector<std::string>> list(const std::string& folder) override {
      return locked([&] { return host_.state_.list(folder); });
    }
    base::Result<std::vector<std::string>> audit_rules() override { return locked([&] { return host_.state_.audit_rules(); }); }

   private:
    LiveHost& host_;
  };

  std::mutex mutex_;
  test::FactsHost state_;
  std::string events_;
  std::int64_t nano_ = 1'000'000'000;
  std::atomic<int> stream_{0};
};

// A hub that keeps what it was told, and can be away.
class FakeHub {
 public:
  FakeHub() {
    server_ = std::move(*net::HttpServer::start({}, [this](const net::ServerRequest& request) { return answer(request); }));
  }
  agent::Identity identity() const {
    return {"http://127.0.0.1:" + std::to_string(server_->port()), {}, {}, "/machine", "credential", {}};
  }
  std::vector<uplink::Message> messages() {
    const std::lock_guard lock(mutex_);
    return messages_;
  }
  uplink::AgentStatus status() {
    const std::lock_guard lock(mutex_);
    return status_;
  }
  template <typename Body>
  bool has(const std::function<bool(const Body&)>& wanted) {
    const std::lock_guard lock(mutex_);
    for (const auto& message : messages_)
      if (const auto* body = std::get_if<Body>(&message.body); body && wanted(*body)) return true;
    return false;
  }
  // Told that the control has this status for the container.
  bool heard(const std::string& control, const std::string& id, const std::string& status) {
    return has<uplink::Assessment>([&](const uplink::Assessment& assessment) {
      for (const auto& result : assessment.controls)
        for (const auto& resource : result.resources)
          if (result.id == control && resource.id == id && resource.status == status && !assessment.whole) return true;
      return false;
    });
  }
  void ask(const std::string& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
  }
  std::atomic<bool> away{false};
  std::atomic<int> heartbeat{5};

 private:
  net::ServerResponse answer(const net::ServerRequest& request) {
    net::ServerResponse response;
    if (away) {
      response.status = 503;
      return response;
    }
    EXPECT_EQ(request.header("authorization"), "Bearer credential");
    const auto text = base::decompress_whole(request.body, uplink::kBatchBytes, "batch");
    const auto batch = uplink::parse_batch(text.value());
    EXPECT_TRUE(batch) << batch.error().message;
    const std::lock_guard lock(mutex_);
    status_ = batch->header.status;
    for (const auto& message : batch->messages) {
      if (message.sequence <= last_) continue;
      EXPECT_EQ(message.sequence, last_ + 1) << "nothing is lost, and the order is kept";
      last_ = message.sequence;
      messages_.push_back(message);
    }
    uplink::Reply reply;
    reply.acknowledged = last_;
    reply.settings.heartbeat_seconds = heartbeat;
    reply.requests = std::exchange(requests_, {});
    response.body = base::to_text(uplink::to_json(reply));
    return response;
  }

  std::mutex mutex_;
  std::vector<uplink::Message> messages_;
  std::vector<std::string> requests_;
  uplink::AgentStatus status_;
  std::uint64_t last_ = 0;
  std::unique_ptr<net::HttpServer> server_;  // last
};

class AgentTest : public testing::Test {
 protected:
  std::unique_ptr<Agent> start(agent::AgentOptions options = {}) {
    options.open_host = host_.opener();
    options.version = "1.0.0";
    options.packages = false;
    options.sender = {5ms, 20ms, 20ms};
    options.events = {5ms, 20ms};
    options.loop.lost_grace = 50ms;
    options.loop.info_delay = 5ms;
    auto folder = agent::AgentFolder::open(folder_.path() / "agent");
    EXPECT_TRUE(folder) << folder.error().message;
    auto link = agent::http_link(hub_.identity(), "test");
    auto running = Agent::start(std::move(*folder), std::move(*link), std::move(options));
    EXPECT_TRUE(running) << running.error().message;
    return std::move(*running);
  }
  std::string plain_container() {
    std::string id;
    host_.change([&id](test::FactsHost& host) {
      for (const auto& [one, entry] : host.containers)
        if (!entry.at("inspect").at("value").at("HostConfig").at("Privileged").as_bool()) id = one;
    });
    return id;
  }
  void make_privileged(const std::string& id, bool privileged) {
    host_.change([&](test::FactsHost& host) { host.configure(id, "Privileged", privileged); });
    host_.event("container", "update", id);
  }
  bool assessed() {
    return hub_.has<uplink::Assessment>([](const uplink::Assessment& assessment) { return assessment.whole && !assessment.more; });
  }

  LiveHost host_;
  FakeHub hub_;
  base::TempDir folder_ = std::move(*base::TempDir::create("agent"));
};

}  // namespace

TEST_F(AgentTest, tells_machine_inventory_and_assessment_at_its_start) {
  const auto running = start();
  EXPECT_TRUE(test::eventually([&] { return assessed(); }));
  EXPECT_TRUE(hub_.has<uplink::Machine>([](const uplink::Machine& machine) { return machine.engine == uplink::EngineKind::docker; }));
  EXPECT_TRUE(hub_.has<uplink::Inventory>([](const uplink::Inventory& inventory) { return inventory.whole && !inventory.containers.empty(); }));
  EXPECT_EQ(hub_.status().version, "1.0.0");
  EXPECT_GT(hub_.status().resident_bytes, 0);
}

TEST_F(AgentTest, tells_of_a_changed_verdict_by_its_event_and_of_nothing_else) {
  const auto running = start();
  ASSERT_TRUE(test::eventually([&] { return assessed() && running->spool().messages == 0; }));
  const std::string id = plain_container();
  make_privileged(id, true);
  EXPECT_TRUE(test::eventually([&] { return hub_.heard("5.4", id, "fail"); }));
  EXPECT_TRUE(hub_.has<uplink::Inventory>([&](const uplink::Inventory& inventory) {
    return !inventory.whole && inventory.containers.size() == 1 && inventory.containers[0].id == id && inventory.containers[0].privileged;
  }));
  EXPECT_TRUE(hub_.has<uplink::Assessment>([](const uplink::Assessment& assessment) { return assessment.cause == "container update web"; }));
}

TEST_F(AgentTest, loses_nothing_while_its_hub_is_away) {
  const auto running = start();
  ASSERT_TRUE(test::eventually([&] { return assessed(); }));
  hub_.away = true;
  const std::string id = plain_container();
  for (int i = 0; i < 20; ++i) {
    const auto before = running->spool().last;
    make_privileged(id, i % 2 == 0);
    ASSERT_TRUE(test::eventually([&] { return running->spool().last > before; }));
  }
  EXPECT_TRUE(test::eventually([&] { return running->uplink().state == agent::UplinkSender::State::busy; }));
  EXPECT_GE(running->spool().messages, 20);
  hub_.away = false;
  EXPECT_TRUE(test::eventually([&] { return running->spool().messages == 0; }));
  EXPECT_EQ(hub_.messages().back().sequence, running->spool().last);
  EXPECT_EQ(running->spool().lost, 0);
}

TEST_F(AgentTest, sends_at_its_next_start_what_it_could_not_send_before) {
  hub_.away = true;
  std::uint64_t last = 0;
  {
    const auto running = start();
    ASSERT_TRUE(test::eventually([&] { return running->spool().messages > 0; }));
    last = running->spool().last;
  }
  hub_.away = false;
  const auto running = start();
  EXPECT_TRUE(test::eventually([&] { return running->spool().last > last && running->spool().messages == 0; }));
  EXPECT_EQ(hub_.messages().front().sequence, 1u);
}

TEST_F(AgentTest, finds_out_what_happened_while_the_engine_was_away) {
  const auto running = start();
  ASSERT_TRUE(test::eventually([&] { return assessed(); }));
  const std::string id = plain_container();
  host_.silent = true;
  EXPECT_TRUE(test::eventually([&] {
    return hub_.has<uplink::Machine>([](const uplink::Machine& machine) { return machine.engine == uplink::EngineKind::unreachable; });
  }));
  EXPECT_FALSE(running->problems().empty());
  host_.change([&](test::FactsHost& host) { host.configure(id, "Privileged", true); });
  host_.silent = false;
  EXPECT_TRUE(test::eventually([&] { return hub_.heard("5.4", id, "fail"); }));
  EXPECT_TRUE(test::eventually([&] { return running->problems().empty(); }));
}

TEST_F(AgentTest, looks_at_all_anew_when_the_stream_of_events_breaks) {
  const auto running = start();
  ASSERT_TRUE(test::eventually([&] { return assessed(); }));
  const std::string id = plain_container();
  host_.change([&](test::FactsHost& host) { host.configure(id, "Privileged", true); });  // and nobody tells
  host_.end_streams();
  EXPECT_TRUE(test::eventually([&] { return hub_.heard("5.4", id, "fail"); }));
}

TEST_F(AgentTest, does_what_its_hub_asks_for) {
  const auto running = start();
  ASSERT_TRUE(test::eventually([&] { return assessed(); }));
  hub_.ask("assess");
  make_privileged(plain_container(), true);
  EXPECT_TRUE(test::eventually([&] {
    return hub_.has<uplink::Assessment>([](const uplink::Assessment& assessment) { return assessment.whole && assessment.cause == "asked"; });
  }));
}

TEST_F(AgentTest, looks_from_time_to_time_at_what_no_event_tells_of) {
  agent::AgentOptions options;
  options.loop.look = 20ms;
  const auto running = start(std::move(options));
  ASSERT_TRUE(test::eventually([&] { return assessed(); }));
  host_.change([](test::FactsHost& host) { host.files["/etc/group"] = "docker:x:106:mallory\n"; });
  EXPECT_TRUE(test::eventually([&] {
    return hub_.has<uplink::Assessment>([](const uplink::Assessment& assessment) {
      return !assessment.whole && assessment.cause == "a look at the host" && !assessment.controls.empty();
    });
  }));
}

TEST_F(AgentTest, writes_down_how_it_fares) {
  {
    const auto running = start();
    ASSERT_TRUE(test::eventually([&] { return assessed(); }));
  }
  const auto report = agent::StatusFile::read(folder_.path() / "agent" / "status.json");
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->state, "stopped");
  EXPECT_GT(report->taken_at, 0);
  EXPECT_EQ(report->spool_messages, 0);
}

TEST_F(AgentTest, runs_within_a_hub_too) {
  std::atomic<int> taken{0};
  agent::AgentOptions options;
  options.open_host = host_.opener();
  options.packages = false;
  auto link = agent::in_process_link([&](const uplink::Batch& batch) -> base::Result<uplink::Reply> {
    uplink::Reply reply;
    for (const auto& message : batch.messages) {
      reply.acknowledged = message.sequence;
      ++taken;
    }
    return reply;
  });
  const auto running =
      Agent::start(std::move(*agent::AgentFolder::open(folder_.path() / "own")), std::move(link), std::move(options));
  ASSERT_TRUE(running) << running.error().message;
  EXPECT_TRUE(test::eventually([&] { return taken > 2 && (*running)->spool().messages == 0; }));
}
