// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "sbom/big_file_turn.hpp"
#include "sbom/facts_collector.hpp"
#include "sbom/layer_facts.hpp"
#include "sbom/layer_paths.hpp"

namespace sbom {

namespace {

constexpr std::uint64_t kBigFile = 8u << 20;
constexpr std::size_t kMagicBytes = 16;
constexpr std::size_t kPendingLinksCap = 10'000;

std::binary_semaphore& catalogers_turn() {
  static std::binary_semaphore semaphore{1};
  return semaphore;
}

// Hard links by the file they name.
using LinksOfTarget = std::unordered_map<std::string, std::vector<std::string>>;

}  // namespace

struct LayerAnalyzer::State {
  // One path under which the current file is read: its own, or that of a hard link to it.
  struct Reading {
    std::string path;
    FactsCollector::Catalogers catalogers;
  };
  enum class Phase { magic, keep, drain };

  explicit State(std::vector<const Cataloger*> catalogers) : collector(std::move(catalogers)) {}

  void begin_file(const oci::TarEntry& entry);
  void begin_hard_link(const oci::TarEntry& entry);
  void decide();
  void decide_for(const std::string& file_path);
  void end_file();
  void warn_of_dead_link(const std::string& link, const std::string& target);

  FactsCollector collector;
  LayerPaths paths;
  LinksOfTarget pending;        // found in this pass
  std::size_t pending_count = 0;
  LinksOfTarget links;          // found in the pass before
  std::unordered_set<std::uint64_t> targets_seen;                 // of `links`
  std::unordered_map<std::uint64_t, std::string> target_of_link;  // of `pending`: links to links
  bool second_pass = false;

  std::string path;             // of the current file
  std::uint64_t size = 0;
  std::uint32_t mode = 0;
  Phase phase = Phase::drain;
  std::vector<Reading> readings;
  std::string buffer;
  BigFileTurn turn{catalogers_turn()};
};

void LayerAnalyzer::State::begin_file(const oci::TarEntry& entry) {
  path = entry.path;
  size = entry.size;
  mode = entry.mode;
  phase = Phase::magic;
  readings.clear();
  buffer.clear();
  if (size > 0) return;
  decide();
  end_file();
}

void LayerAnalyzer::State::decide_for(const std::string& file_path) {
  FileHead head;
  head.path = file_path;
  head.size = size;
  head.mode = mode;
  head.magic = std::string_view(buffer).substr(0, kMagicBytes);
  auto wanted = collector.wanting(head);
  std::erase_if(wanted, [&](const Cataloger* cataloger) {
    if (size <= cataloger->cap) return false;
    auto message = fmt::format("{}: left out, as it has {} bytes and the {} cataloger reads at most {}",
                               base::printable(file_path), size, cataloger->name, cataloger->cap);
    if (cataloger->os_database)
      collector.leave_out(*cataloger, file_path, message);
    else
      collector.warn(std::move(message));
    return true;
  });
  if (!wanted.empty()) readings.push_back({file_path, std::move(wanted)});
}

void LayerAnalyzer::State::decide() {
  if (!is_aufs_internal(path)) decide_for(path);
  if (const auto at = links.find(path); at != links.end()) {
    targets_seen.insert(base::fnv1a(path));
    for (const std::string& link : at->second) decide_for(link);
  }
  phase = readings.empty() ? Phase::drain : Phase::keep;
  if (phase == Phase::drain) return;
  if (size > kBigFile) turn.take();
  buffer.reserve(static_cast<std::size_t>(size));
}

void LayerAnalyzer::State::end_file() {
  if (phase == Phase::magic) decide();
  if (phase == Phase::keep) {
    File file;
    file.mode = mode;
    file.content = std::move(buffer);
    for (auto& reading : readings) {
      file.path = reading.path;
      collector.read(file, reading.catalogers);
    }
    buffer = std::move(file.content);
  }
  readings.clear();
  buffer.clear();
  if (buffer.capacity() > kBigFile) buffer = std::string();
  turn.release();
  phase = Phase::drain;
}

void LayerAnalyzer::State::warn_of_dead_link(const std::string& link, const std::string& target) {
  collector.add_replaced(link);
  collector.warn(fmt::format("{}: left out, as it is a hard link to {}, which the layer does not have", base::printable(link),
                             base::printable(target)));
}

void LayerAnalyzer::State::begin_hard_link(const oci::TarEntry& entry) {
  std::string target = entry.link;
  if (const auto at = target_of_link.find(base::fnv1a(target)); at != target_of_link.end()) target = at->second;
  if (const auto at = links.find(target); at != links.end()) {
    // Read together with its target, in this pass.
    if (std::find(at->second.begin(), at->second.end(), entry.path) != at->second.end()) return;
  }
  if (collector.link(entry.path, target)) return;
  if (second_pass || pending_count >= kPendingLinksCap)
    return warn_of_dead_link(entry.path, target);
  ++pending_count;
  target_of_link[base::fnv1a(entry.path)] = target;
  pending[target].push_back(entry.path);
}

LayerAnalyzer::LayerAnalyzer(std::vector<const Cataloger*> catalogers)
    : state_(std::make_unique<State>(std::move(catalogers))) {}

LayerAnalyzer::~LayerAnalyzer() = default;

base::Result<bool> LayerAnalyzer::begin(const oci::TarEntry& entry) {
  using Type = oci::TarEntry::Type;
  State& state = *state_;
  const bool internal = is_aufs_internal(entry.path);
  if (state.paths.add_marker(entry.path) || (internal && entry.type != Type::file)) return false;
  if (!internal) {
    // A link to this file that was read with its target must not be forgotten.
    if (entry.type != Type::hard_link || !state.second_pass) state.collector.forget(entry.path);
    state.paths.add(entry);
  }
  if (entry.path.size() > kPathCap) {
    if (entry.type == Type::file && state.collector.looks_wanted(entry.path))
      state.collector.warn(fmt::format("{}…: left out, as its path is longer than {} bytes",
                                       base::printable(std::string_view(entry.path).substr(0, 100)), kPathCap));
    return false;
  }
  if (entry.type == Type::hard_link) state.begin_hard_link(entry);
  if (entry.type == Type::symlink || entry.type == Type::other) state.collector.add_replaced(entry.path);
  if (entry.type != Type::file) return false;
  state.begin_file(entry);
  return entry.size > 0;
}

base::Result<void> LayerAnalyzer::data(std::string_view chunk) {
  State& state = *state_;
  if (state.phase == State::Phase::magic) {
    const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kMagicBytes, state.size));
    const std::size_t part = std::min(chunk.size(), wanted - std::min(wanted, state.buffer.size()));
    state.buffer.append(chunk.substr(0, part));
    chunk.remove_prefix(part);
    if (state.buffer.size() >= wanted) state.decide();
  }
  if (state.phase != State::Phase::keep) return {};
  if (chunk.size() > state.size - std::min<std::uint64_t>(state.size, state.buffer.size()))
    return base::fail(base::Kind::corrupt, fmt::format("{}: more data than its size of {} bytes",
                                                       base::printable(state.path), state.size));
  state.buffer.append(chunk);
  return {};
}

base::Result<void> LayerAnalyzer::end() {
  state_->end_file();
  return {};
}

void LayerAnalyzer::abandoned() {
  state_->phase = State::Phase::drain;
  state_->buffer = std::string();
  state_->turn.release();
}

bool LayerAnalyzer::wants_more() const { return state_->phase != State::Phase::drain; }

bool LayerAnalyzer::needs_second_pass() const { return !state_->pending.empty(); }

std::unique_ptr<LayerAnalyzer> LayerAnalyzer::retry() const {
  auto again = std::make_unique<LayerAnalyzer>(state_->collector.catalogers());
  again->state_->second_pass = true;
  again->state_->links = state_->pending;
  return again;
}

LayerFacts LayerAnalyzer::finish(std::string diff_id) {
  LayerFacts facts;
  facts.diff_id = std::move(diff_id);
  for (const auto& [target, links] : state_->links) {
    if (state_->targets_seen.count(base::fnv1a(target)) != 0) continue;
    for (const std::string& link : links) state_->warn_of_dead_link(link, target);
  }
  state_->collector.finish(facts);
  state_->paths.finish(facts);
  return facts;
}

}  // namespace sbom
