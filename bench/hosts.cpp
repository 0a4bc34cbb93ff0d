// SPDX-License-Identifier: Apache-2.0
// Container hosts that report to a hub over HTTP, all in one process: bench_hosts DATA [HOSTS] [SECONDS]. Every host enrols, sends a
// whole assessment and an inventory of 38 containers; then, for some seconds, one host in a hundred sends a changed control each second
// and each a sign of life a minute. Last, changes come as fast as they are taken. Prints a line of JSON.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/compress.hpp"
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "benchmark/control.hpp"
#include "hub/hub.hpp"
#include "hub/logs/open_workspaces.hpp"
#include "net/http.hpp"
#include "uplink/messages.hpp"

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

std::int64_t resident_bytes() {
  std::int64_t pages = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    std::int64_t all = 0;
    if (std::fscanf(file, "%ld %ld", &all, &pages) != 2) pages = 0;
    std::fclose(file);
  }
  return pages * 4096;
}

[[noreturn]] void give_up(const std::string& why) {
  fmt::print(stderr, "bench_hosts: {}\n", why);
  std::exit(1);
}

struct Host {
  std::string credential, stream;
  std::uint64_t sequence = 0;
  bool failing = false;
};

uplink::ControlResult result_of(const std::string& id, bool fails) {
  uplink::ControlResult out;
  out.id = id;
  out.status = fails ? "fail" : "pass";
  out.counts.pass = fails ? 37 : 38;
  out.counts.fail = fails ? 1 : 0;
  if (fails) out.resources.push_back({"container", "c7", "shop-7", "fail", base::JsonArray{base::JsonObject{{"source", "GET /containers/c7/json"}, {"path", "$.HostConfig.Privileged"}, {"value", true}, {"message", "runs privileged"}}}});
  else out.settled.push_back("container/c7");
  return out;
}

uplink::Assessment whole_assessment() {
  uplink::Assessment out;
  out.whole = true;
  out.id = base::uuid4();
  out.benchmark = "cis-docker";
  out.benchmark_version = "1.6.0";
  out.cause = "start";
  std::size_t i = 0;
  for (const auto& control : benchmark::cis_docker().controls) out.controls.push_back(result_of(control.id, ++i % 3 == 0));
  return out;
}

uplink::Assessment change(bool fails) {
  uplink::Assessment out;
  out.id = base::uuid4();
  out.benchmark = "cis-docker";
  out.benchmark_version = "1.6.0";
  out.cause = "event: container start shop-7";
  out.controls = {result_of("5.4", fails)};
  return out;
}

uplink::Inventory inventory() {
  uplink::Inventory out;
  out.whole = true;
  for (int i = 0; i < 38; ++i) {
    uplink::Container container;
    container.id = fmt::format("c{}", i);
    container.name = fmt::format("shop-{}", i);
    container.image = fmt::format("registry.example.com/shop/part-{}:1.0", i % 12);
    container.image_id = fmt::format("sha256:{:064}", i % 12);
    container.state = "running";
    out.containers.push_back(std::move(container));
  }
  for (int i = 0; i < 12; ++i) {
    uplink::Image image;
    image.id = fmt::format("sha256:{:064}", i);
    image.names = {fmt::format("registry.example.com/shop/part-{}:1.0", i)};
    image.digests = {fmt::format("registry.example.com/shop/part-{}@sha256:{:064}", i, 100 + i)};
    out.images.push_back(std::move(image));
  }
  return out;
}

class Fleet {
 public:
  explicit Fleet(std::string url) : url_(std::move(url)), transport_(net::curl_transport({})) {}

  void enroll(const std::string& link, std::size_t count) {
    sign_in(link);
    for (std::size_t i = 0; i < count; ++i) {
      if (i % 1'000 == 0) make_token(std::min<std::size_t>(1'000, count - i));
      uplink::EnrollRequest request;
      request.token = token_;
      request.machine.name = fmt::format("host-{}", i);
      request.machine.machine_id = fmt::format("{:032x}", i + 1);
      request.machine.architecture = "x86_64";
      request.machine.engine = uplink::EngineKind::docker;
      const auto body = send("POST", "/api/v1/agents/enroll", base::to_text(uplink::to_json(request)), {{"Content-Type", "application/json"}}, 201);
      hosts_.push_back({std::string(base::get_string(body, "credential")), base::uuid4(), 0, false});
    }
  }

  // The time that the hub took for it.
  double report(std::size_t index, const std::vector<uplink::Body>& bodies) {
    Host& host = hosts_[index];
    uplink::BatchHeader header;
    header.stream = host.stream;
    header.status.version = "1.0.0";
    std::string text = base::to_text(uplink::to_json(header)) + "\n";
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    for (const auto& body : bodies) text += base::to_text(uplink::to_json(uplink::Message{++host.sequence, now, body})) + "\n";
    const auto start = Clock::now();
    send("POST", "/api/v1/agents/reports", base::compress_zstd(text),
         {{"Authorization", "Bearer " + host.credential}, {"Content-Type", "application/x-ndjson"}, {"Content-Encoding", "zstd"}}, 200);
    return seconds_since(start);
  }

  double change_one(std::size_t index) {
    hosts_[index].failing = !hosts_[index].failing;
    return report(index, {change(hosts_[index].failing)});
  }

  std::size_t size() const { return hosts_.size(); }

  double list() {
    const auto start = Clock::now();
    send("GET", "/api/v1/hosts?top=100&sort=-severity", {}, {{"Cookie", cookie_}}, 200);
    return seconds_since(start);
  }

 private:
  base::Json send(const std::string& method, const std::string& path, const std::string& body, net::Headers headers, int status, std::string* cookie = nullptr) {
    net::HttpRequest request;
    request.method = method;
    request.url = url_ + path;
    request.body = body;
    request.headers = std::move(headers);
    const auto answer = transport_->send(request);
    if (!answer) give_up(answer.error().message);
    if (answer->status != status) give_up(fmt::format("{} {}: {} {}", method, path, answer->status, answer->body));
    if (cookie) *cookie = base::cut(answer->header("set-cookie"), ";").first;
    return base::parse_json(answer->body, "answer").value_or(nullptr);
  }

  void sign_in(const std::string& link) {
    const auto body = send("POST", "/api/v1/links", base::to_text(base::JsonObject{{"token", base::cut(link, "#").second}, {"password", "correct horse battery"}}),
                           {{"Content-Type", "application/json"}}, 200, &cookie_);
    csrf_ = base::get_string(body, "csrf");
  }

  void make_token(std::size_t uses) {
    const auto body = send("POST", "/api/v1/enrollment-tokens", base::to_text(base::JsonObject{{"uses", uses}}),
                           {{"Content-Type", "application/json"}, {"Cookie", cookie_}, {"X-CSRF-Token", csrf_}}, 201);
    token_ = base::get_string(body, "token");
  }

  std::string url_, cookie_, csrf_, token_;
  std::unique_ptr<net::HttpTransport> transport_;
  std::vector<Host> hosts_;
};

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

// As a fleet lives: signs of life spread over the minute, and one host in a hundred with a change each second.
base::JsonObject live(Fleet& fleet, int seconds) {
  const double before = processor_seconds();
  const auto start = Clock::now();
  std::vector<double> took;
  std::size_t changes = 0, signs = 0;
  for (int second = 0; second < seconds; ++second) {
    for (std::size_t i = 0; i < std::max<std::size_t>(1, fleet.size() / 100); ++i) took.push_back(fleet.change_one(++changes % fleet.size()));
    for (std::size_t i = 0; i < std::max<std::size_t>(1, fleet.size() / 60); ++i) fleet.report(++signs % fleet.size(), {});
    std::this_thread::sleep_until(start + std::chrono::seconds(second + 1));
  }
  const double elapsed = seconds_since(start);
  return {{"seconds", elapsed}, {"changes", changes}, {"signsOfLife", signs}, {"processorPercent", 100 * (processor_seconds() - before) / elapsed},
          {"changeP50Ms", 1000 * percentile(took, 0.5)}, {"changeP99Ms", 1000 * percentile(took, 0.99)}};
}

base::JsonObject rush(Fleet& fleet, int seconds) {
  const auto start = Clock::now();
  std::size_t changes = 0;
  while (seconds_since(start) < seconds) fleet.change_one(++changes % fleet.size());
  const double change_rate = static_cast<double>(changes) / seconds_since(start);
  const auto from = Clock::now();
  std::size_t signs = 0;
  while (seconds_since(from) < seconds) fleet.report(++signs % fleet.size(), {});
  return {{"changesPerSecond", change_rate}, {"signsPerSecond", static_cast<double>(signs) / seconds_since(from)}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) give_up("say where the hub's data goes: bench_hosts DATA [HOSTS] [SECONDS]");
  const std::size_t count = argc > 2 ? std::stoul(argv[2]) : 1'000;
  const int seconds = argc > 3 ? std::stoi(argv[3]) : 30;
  hub::HubOptions options;
  options.data_dir = argv[1];
  options.port = 0;
  options.refresh_hours = 0;
  options.open_workspaces = hub::open_embedded_workspaces;  // BULWARK_ENGINE_LIBRARY; without it records are dropped
  auto hub = hub::Hub::start(std::move(options));
  if (!hub) give_up(hub.error().message);
  Fleet fleet((*hub)->url());
  const auto start = Clock::now();
  fleet.enroll((*hub)->sign_in_link().value_or(""), count);
  const double enrolled = seconds_since(start);
  const auto first = Clock::now();
  for (std::size_t i = 0; i < count; ++i) fleet.report(i, {inventory(), whole_assessment()});
  const double assessed = seconds_since(first);
  base::JsonObject out{{"hosts", count}, {"enrolPerSecond", static_cast<double>(count) / enrolled}, {"wholePerSecond", static_cast<double>(count) / assessed}};
  out["living"] = live(fleet, seconds);
  out["rush"] = rush(fleet, std::max(1, seconds / 3));
  out["listMs"] = 1000 * fleet.list();
  out["residentMiB"] = static_cast<double>(resident_bytes()) / (1 << 20);
  fmt::print("{}\n", base::to_text(out));
  (*hub)->stop();
  return 0;
}
