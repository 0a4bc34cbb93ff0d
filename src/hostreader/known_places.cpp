// SPDX-License-Identifier: Apache-2.0
#include "hostreader/known_places.hpp"

#include <algorithm>

#include "benchmark/collect.hpp"
#include "benchmark/facts.hpp"
#include "benchmark/places.hpp"

namespace hostreader {

namespace {

constexpr auto kFresh = std::chrono::seconds(5);
constexpr auto kTooSoon = std::chrono::milliseconds(250);  // a client that asks for what is in no list costs no more than this
constexpr std::size_t kDepth = 3;                          // names below a folder that the collector goes through

bool within(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

}  // namespace

void KnownPlaces::look(Clock::duration oldest) {
  if (looked_ && Clock::now() - looked_at_ < oldest) return;
  base::Json daemon = benchmark::collect_daemon(host_);
  const base::Json* process = base::find(daemon, "value");
  daemon_uid_ = process ? base::get_int(*process, "uid").value_or(0) : 0;
  config_ = benchmark::daemon_config_path(host_, daemon);
  base::JsonObject document{{"schemaVersion", benchmark::kFactsSchemaVersion}, {"engine", benchmark::collect_engine(host_)}};
  document["daemonConfig"] = benchmark::collect_daemon_config(host_, daemon);
  document["containerd"] = benchmark::collect_containerd(host_);
  document["daemon"] = std::move(daemon);
  places_.clear();
  folders_.clear();
  // Looked for before the facts say so: the collector asks whether the address exists.
  if (const auto text = host_.read("/etc/containerd/config.toml", 4u << 20))
    if (auto address = benchmark::containerd_address(*text); !address.empty()) places_.insert(std::move(address));
  places_.insert("/run/containerd/containerd.sock");
  if (const auto facts = benchmark::HostFacts::from_json(std::move(document)))
    for (const std::string_view name : benchmark::place_names()) {
      const benchmark::Place place = benchmark::place_of(name, **facts);
      places_.insert(place.paths.begin(), place.paths.end());
      if (place.below) folders_.insert(place.paths.begin(), place.paths.end());
    }
  looked_ = true;
  looked_at_ = Clock::now();
}

template <typename Found>
bool KnownPlaces::found_now_or_anew(const Found& found) {
  look(kFresh);
  if (found()) return true;
  look(kTooSoon);
  return found();
}

bool KnownPlaces::lies_below(const std::string& path, std::size_t names) const {
  return std::any_of(folders_.begin(), folders_.end(), [&](const std::string& folder) {
    if (!within(path, folder)) return false;
    return static_cast<std::size_t>(std::count(path.begin() + static_cast<std::ptrdiff_t>(folder.size()), path.end(), '/')) <= names;
  });
}

bool KnownPlaces::shows(const std::string& path) {
  return found_now_or_anew([&] { return places_.contains(path) || lies_below(path, kDepth); });
}

// A link in such a folder leads out of it at most to a file's owner and mode, never to the names in another folder; nor does
// a folder that a user may have made a link.
bool KnownPlaces::lists(const std::string& path) {
  if (!found_now_or_anew([&] { return folders_.contains(path) || lies_below(path, kDepth - 1); })) return false;
  const auto folder = std::find_if(folders_.begin(), folders_.end(),
                                   [&](const std::string& root) { return path == root || within(path, root); });
  const auto status = host_.stat(path), root = host_.stat(*folder);
  if (!status || !root) return true;  // it does not exist, and that is what the answer will say
  if (path != *folder && !within(status->real_path, root->real_path)) return false;
  return daemon_uid_ == 0 || root->real_path == *folder;
}

bool KnownPlaces::is_daemon_config(const std::string& path) {
  return found_now_or_anew([&] { return path == config_; });
}

}  // namespace hostreader
