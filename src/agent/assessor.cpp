// SPDX-License-Identifier: Apache-2.0
#include "agent/assessor.hpp"

#include <algorithm>
#include <chrono>

#include "base/crypto.hpp"

namespace agent {

namespace {

using benchmark::Control;
using benchmark::ControlResult;

constexpr std::size_t kPartBytes = 1u << 20;
constexpr std::size_t kControlBytes = 4u << 20;
constexpr std::uint32_t kOfOneContainer = benchmark::kReadsContainer | benchmark::kReadsProcess | benchmark::kReadsExecs;

class Stopwatch {
 public:
  std::int64_t milliseconds() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::size_t bytes_of(const uplink::ResourceResult& resource) {
  return base::to_text(resource.evidence).size() + resource.id.size() + resource.name.size() + 100;
}

// Of thousands that fail alike the evidence of the first must do.
std::size_t fit(uplink::ControlResult& control) {
  std::size_t bytes = 200;
  for (uplink::ResourceResult& resource : control.resources) {
    if (bytes > kControlBytes) resource.evidence = nullptr;
    bytes += bytes_of(resource);
  }
  for (const std::string& key : control.settled) bytes += key.size() + 3;
  return bytes;
}

// Of several changes of one control the hub needs the last counts, and each resource once.
void append_change(uplink::ControlResult change, std::vector<uplink::ControlResult>& out) {
  if (out.empty() || out.back().id != change.id) return out.push_back(std::move(change));
  uplink::ControlResult& known = out.back();
  known.status = std::move(change.status);
  known.counts = change.counts;
  std::move(change.resources.begin(), change.resources.end(), std::back_inserter(known.resources));
  std::move(change.settled.begin(), change.settled.end(), std::back_inserter(known.settled));
}

}  // namespace

std::vector<uplink::Assessment> parted(const uplink::Assessment& head, std::vector<uplink::ControlResult> controls) {
  std::vector<uplink::Assessment> out;
  std::size_t bytes = 0;
  for (uplink::ControlResult& control : controls) {
    const std::size_t more = fit(control);
    if (out.empty() || bytes + more > kPartBytes) {
      out.push_back(head);
      bytes = 0;
    }
    bytes += more;
    out.back().controls.push_back(std::move(control));
  }
  for (std::size_t i = 0; head.whole && i + 1 < out.size(); ++i) out[i].more = true;
  return out;
}

std::vector<uplink::Assessment> Assessor::messages(bool whole, const std::string& cause, std::int64_t took_ms,
                                                   std::vector<uplink::ControlResult> controls) const {
  uplink::Assessment head;
  head.whole = whole;
  head.id = id_;
  head.benchmark = benchmark_.id;
  head.benchmark_version = benchmark_.version;
  head.cause = cause;
  head.took_ms = took_ms;
  return parted(head, std::move(controls));
}

base::Result<std::vector<uplink::Assessment>> Assessor::assess(benchmark::HostReader& host, const std::string& cause) {
  const Stopwatch watch;
  TRY(facts_.collect(host));
  id_ = base::uuid4();
  std::vector<uplink::ControlResult> controls;
  for (const Control& control : benchmark_.controls)
    controls.push_back(table_.set(benchmark::judge(control, *facts_.facts(), settings_)));
  return messages(true, cause, watch.milliseconds(), std::move(controls));
}

base::Result<std::vector<uplink::Assessment>> Assessor::assess_again(benchmark::HostReader& host, const std::string& cause) {
  if (id_.empty()) return assess(host, cause);
  const Stopwatch watch;
  TRY(facts_.collect(host));
  std::vector<uplink::ControlResult> controls;
  for (const Control& control : benchmark_.controls)
    if (auto change = table_.change(benchmark::judge(control, *facts_.facts(), settings_))) controls.push_back(std::move(*change));
  return messages(false, cause, watch.milliseconds(), std::move(controls));
}

std::vector<uplink::ControlResult> Assessor::judge_containers(const Control& control, const std::set<std::string>& ids) {
  std::vector<uplink::ControlResult> out;
  for (const std::string& id : ids) {
    const benchmark::ContainerFacts* container = facts_.container(id);
    std::optional<benchmark::Verdict> verdict;
    if (container) verdict = benchmark::judge_container(control, *facts_.facts(), *container, settings_);
    auto change = table_.change_container(control, id, container ? container->name : id, verdict ? &*verdict : nullptr);
    if (change) append_change(std::move(*change), out);
  }
  return out;
}

std::vector<uplink::ControlResult> Assessor::judge_changed(const Changed& changed) {
  const benchmark::HostFacts& facts = *facts_.facts();
  std::vector<uplink::ControlResult> out;
  for (const Control& control : benchmark_.controls) {
    const benchmark::Check& check = *control.check;
    const bool reads_container = !changed.containers.empty() && (check.reads & kOfOneContainer) != 0;
    const bool one_by_one = check.scope == benchmark::Scope::container && (check.reads & changed.reads & ~benchmark::kReadsContainers) == 0 &&
                            !facts.containers().empty() && !table_.is_answered_by_host(control);
    if (one_by_one && reads_container) {
      for (auto& change : judge_containers(control, changed.containers)) append_change(std::move(change), out);
    } else if (reads_container || (check.reads & changed.reads) != 0) {
      if (auto change = table_.change(benchmark::judge(control, facts, settings_))) out.push_back(std::move(*change));
    }
  }
  return out;
}

base::Result<std::vector<uplink::Assessment>> Assessor::judge_again(benchmark::HostReader& host, const Touched& touched,
                                                                   const std::string& cause) {
  if (id_.empty()) return assess(host, cause);
  const Stopwatch watch;
  const Changed changed = TRY(facts_.refresh(host, touched));
  if (changed.empty()) return std::vector<uplink::Assessment>();
  auto controls = judge_changed(changed);
  return messages(false, cause, watch.milliseconds(), std::move(controls));
}

std::vector<std::string> Assessor::watched_paths() const {
  std::set<std::string> paths;
  if (facts_.facts())
    for (const Control& control : benchmark_.controls)
      for (std::string& path : benchmark::paths_read(control, *facts_.facts())) paths.insert(std::move(path));
  return {paths.begin(), paths.end()};
}

}  // namespace agent
