// SPDX-License-Identifier: Apache-2.0
// Which packages are installed on the host and in the images on it that stand in no registry: found in the background, at the lowest
// priority, each image once.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "agent/event_follower.hpp"
#include "agent/inventory.hpp"
#include "agent/problems.hpp"
#include "agent/spool.hpp"
#include "model/inventory.hpp"
#include "sbom/layer_facts.hpp"

namespace agent {

struct PackageTimes {
  std::chrono::milliseconds first{20'000};       // after the start, which has enough to do
  std::chrono::milliseconds look{60'000};        // between looks at the package databases of the host
  std::chrono::milliseconds host_again{86'400'000};
  std::chrono::milliseconds most{600'000};       // for one image, or the host
  std::chrono::milliseconds failed_again{3'600'000};
};

// Thread-safe.
class PackageWatch {
 public:
  struct Parts {
    OpenHost open_host;
    Spool& spool;
    Problems& problems;
    std::function<void()> on_spooled;
    std::filesystem::path memory;  // file that says what the hub was told already
    std::string root;              // of the host's files: "/"
    std::function<void(const std::string&)> log;
  };
  PackageWatch(Parts parts, PackageTimes times);
  PackageWatch(const PackageWatch&) = delete;
  PackageWatch& operator=(const PackageWatch&) = delete;
  ~PackageWatch();

  void begin();  // once
  void stop();

  // Which images there are. Those that have no digest of a registry are catalogued unasked.
  void know_images(const Things& things);
  // The hub asks: for the host and all images without a digest (empty), or for one image by its id. Told before or not.
  void request(const std::string& image_id);

 private:
  using Clock = std::chrono::steady_clock;
  void run();
  bool pause_until(Clock::time_point time);
  void look_at_host();
  void catalogue_image(const std::string& id);
  std::string next_image();
  std::string host_fingerprint() const;
  base::Result<void> tell(const std::string& image_id, const model::Inventory& inventory);
  void load();
  void store();
  bool stopping() const;

  const Parts parts_;
  const PackageTimes times_;
  mutable std::mutex mutex_;  // guards those below
  std::condition_variable changed_;
  bool stop_ = false, host_asked_ = false, awake_ = false;
  std::set<std::string> local_;    // images without a digest
  std::set<std::string> present_;  // all images
  std::set<std::string> asked_;    // by the hub
  std::set<std::string> told_;     // images
  std::map<std::string, Clock::time_point> failed_;  // not to be tried before then

  // On the thread alone.
  std::string host_told_;          // fingerprint of the package databases as they were told
  Clock::time_point host_at_{};    // when they are told again in any case
  std::thread thread_;             // last
};

// The folders of a machine in which packages are looked for, relative to its root.
const std::vector<sbom::CatalogPlace>& package_places();

}  // namespace agent
