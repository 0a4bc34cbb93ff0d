// SPDX-License-Identifier: Apache-2.0
#include "agent/packages.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

#include "agent/engine_transport.hpp"
#include "agent/own_use.hpp"
#include "base/files.hpp"
#include "sbom/layer_facts.hpp"
#include "scan/scan.hpp"
#include "uplink/inventory_json.hpp"

namespace agent {

namespace {

constexpr std::uint64_t kMostOfAFile = 8u << 20;  // a program is held whole while it is looked into
constexpr std::size_t kMostTold = 10'000;
constexpr std::size_t kInventoryBytes = 7u << 20;  // leaves room for the message around it

// Threads that this one starts inherit it.
void step_back() {
  const sched_param none{};
  (void)::sched_setscheduler(0, SCHED_IDLE, &none);
  (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), 19);
}

std::int64_t now_in_milliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// Packages past what a message holds are left out, and the inventory says so.
base::Json fitting_json(model::Inventory inventory) {
  base::Json json = uplink::inventory_to_json(inventory);
  std::size_t bytes = base::to_text(json).size();
  while (bytes > kInventoryBytes && !inventory.packages.empty()) {
    const std::size_t kept = inventory.packages.size() * (kInventoryBytes - (64u << 10)) / bytes;
    inventory.warnings.assign(1, fmt::format("{} packages are left out: more than a message holds", inventory.packages.size() - kept));
    inventory.packages.resize(kept);
    inventory.partial = true;
    json = uplink::inventory_to_json(inventory);
    bytes = base::to_text(json).size();
  }
  return json;
}

}  // namespace

// The distribution's databases, without their lists of files, which are many times larger; and of programs and libraries what others
// than the distribution's packages put there: what stands elsewhere belongs to those.
const std::vector<sbom::CatalogPlace>& package_places() {
  static const std::vector<sbom::CatalogPlace> places = [] {
    std::vector<sbom::CatalogPlace> out;
    for (const char* database :
         {"etc/os-release", "usr/lib/os-release", "etc/debian_version", "etc/alpine-release", "etc/redhat-release",
          "var/lib/dpkg/status", "var/lib/dpkg/status.d", "lib/apk/db", "usr/lib/apk/db", "var/lib/rpm", "usr/lib/sysimage/rpm"})
      out.push_back({database});
    for (const char* folder : {"usr/lib/node_modules", "var/lib/gems", "usr/local", "opt"}) out.push_back({folder, kMostOfAFile});
    return out;
  }();
  return places;
}

PackageWatch::PackageWatch(Parts parts, PackageTimes times)
    : parts_(std::move(parts)), times_(times) {}

PackageWatch::~PackageWatch() { stop(); }

void PackageWatch::begin() {
  thread_ = std::thread([this] { run(); });
}

void PackageWatch::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool PackageWatch::stopping() const {
  const std::lock_guard lock(mutex_);
  return stop_;
}

void PackageWatch::know_images(const Things& things) {
  {
    const std::lock_guard lock(mutex_);
    local_.clear();
    present_.clear();
    for (const auto& [id, image] : things.images) {
      present_.insert(id);
      if (image.digests.empty()) local_.insert(id);
    }
    awake_ = true;
  }
  changed_.notify_all();
}

void PackageWatch::request(const std::string& image_id) {
  {
    const std::lock_guard lock(mutex_);
    if (image_id.empty()) {
      host_asked_ = true;
      asked_.insert(local_.begin(), local_.end());
    } else if (asked_.size() < kMostTold) {
      asked_.insert(image_id);
    }
    awake_ = true;
  }
  changed_.notify_all();
}

// False at the end. Wakes early when something is asked.
bool PackageWatch::pause_until(Clock::time_point time) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, time, [this] { return stop_ || awake_; });
  awake_ = false;
  return !stop_;
}

void PackageWatch::run() {
  step_back();
  load();
  const auto start = Clock::now() + times_.first;
  while (Clock::now() < start) {
    std::unique_lock lock(mutex_);
    if (changed_.wait_until(lock, start, [this] { return stop_ || host_asked_ || !asked_.empty(); })) break;
  }
  do {
    if (stopping()) return;
    look_at_host();
    for (std::string id = next_image(); !id.empty() && !stopping(); id = next_image()) {
      catalogue_image(id);
      give_memory_back();
    }
  } while (pause_until(Clock::now() + times_.look));
}

std::string PackageWatch::next_image() {
  const std::lock_guard lock(mutex_);
  for (auto at = asked_.begin(); at != asked_.end();) {
    const std::string id = *at;
    at = asked_.erase(at);
    if (present_.contains(id)) return id;
  }
  for (const std::string& id : local_) {
    const auto failed = failed_.find(id);
    if (!told_.contains(id) && (failed == failed_.end() || Clock::now() >= failed->second)) return id;
  }
  return {};
}

// Size and time of change of each database.
std::string PackageWatch::host_fingerprint() const {
  std::string out;
  for (const char* file : {"var/lib/dpkg/status", "lib/apk/db/installed", "var/lib/rpm/rpmdb.sqlite", "var/lib/rpm/Packages",
                           "var/lib/rpm/Packages.db", "usr/lib/sysimage/rpm/rpmdb.sqlite", "usr/lib/sysimage/rpm/Packages.db"}) {
    struct stat status{};
    const std::string path = parts_.root + "/" + file;
    if (::stat(path.c_str(), &status) == 0) out += fmt::format("{} {} {}\n", file, status.st_size, status.st_mtim.tv_sec);
  }
  return out;
}

void PackageWatch::look_at_host() {
  const std::string fingerprint = host_fingerprint();
  {
    const std::lock_guard lock(mutex_);
    if (!host_asked_ && fingerprint == host_told_ && Clock::now() < host_at_) return;
    host_asked_ = false;
  }
  const auto inventory = sbom::catalog_places(parts_.root, package_places(), Clock::now() + times_.most);
  if (!inventory) return parts_.problems.set("packages", "The packages of the host cannot be read: " + inventory.error().message);
  parts_.problems.set("packages", {});
  if (!tell({}, *inventory)) return;
  parts_.log(fmt::format("{} packages are installed on the host", inventory->packages.size()));
  give_memory_back();
  host_told_ = fingerprint;
  host_at_ = Clock::now() + times_.host_again;
  store();
}

void PackageWatch::catalogue_image(const std::string& id) {
  const auto host = parts_.open_host();
  const auto until = Clock::now() + times_.most;
  EngineTransport transport(*host, [this, until] { return !stopping() && Clock::now() < until; });
  scan::InventoryOptions options;
  options.source.transport = &transport;
  options.source.docker_socket = host->engine_socket();
  options.source.parallel_layers = 1;
  const auto inventory = scan::take_inventory("docker:" + id, options);
  const auto told = inventory ? tell(id, *inventory) : base::Result<void>();
  if (stopping()) return;
  if (!inventory) parts_.log(fmt::format("the packages of image {} cannot be read: {}", id, inventory.error().message));
  {
    const std::lock_guard lock(mutex_);
    if (inventory && told) {
      told_.insert(id);
      failed_.erase(id);
    } else {
      failed_[id] = Clock::now() + times_.failed_again;
    }
    if (told_.size() > kMostTold) std::erase_if(told_, [this](const std::string& one) { return !present_.contains(one); });
  }
  store();
}

base::Result<void> PackageWatch::tell(const std::string& image_id, const model::Inventory& inventory) {
  uplink::Packages packages{image_id, fitting_json(inventory)};
  auto kept = parts_.spool.append({std::move(packages)}, now_in_milliseconds());
  if (kept) parts_.on_spooled();
  return kept;
}

void PackageWatch::load() {
  const auto text = base::read_file(parts_.memory, 4u << 20);
  const auto json = text ? base::parse_json(*text, "memory") : base::Result<base::Json>(base::Json());
  if (!json || base::get_string(*json, "stream") != parts_.spool.totals().stream) return;
  const std::lock_guard lock(mutex_);
  for (const base::Json& id : base::get_array(*json, "images"))
    if (told_.size() < kMostTold) told_.emplace(base::as_string(id));
  host_told_ = base::get_string(*json, "host");
  host_at_ = Clock::now() + times_.host_again;
}

// A hub that never heard of the stream was told nothing: what is remembered is worth nothing with another stream.
void PackageWatch::store() {
  base::JsonArray images;
  {
    const std::lock_guard lock(mutex_);
    for (const std::string& id : told_) images.emplace_back(id);
  }
  const base::Json json = base::JsonObject{
      {"stream", parts_.spool.totals().stream}, {"host", host_told_}, {"images", std::move(images)}};
  if (const auto written = base::write_file_atomically(parts_.memory, base::to_text(json), 0600); !written)
    parts_.log(written.error().message);
}

}  // namespace agent
