// SPDX-License-Identifier: Apache-2.0
// What an engine tells of what happens: GET /events, a JSON object a line.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace agent {

struct EngineEvent {
  std::string type;       // container, image, network, volume, daemon, service, node, secret …
  std::string action;     // start, die … without what some engines add: "exec_create: sh" is exec_create
  std::string id, name;   // of the thing; an image may go by its name
  std::string container;  // that a network was connected to; else empty
  std::int64_t time_nano = 0;

  std::string cause() const;  // "container start web"
};

// Nothing where the line is no event.
std::optional<EngineEvent> parse_event(std::string_view line);

// What an event may have changed.
struct Effect {
  std::set<std::string> containers;  // ids
  bool info = false;      // counts that GET /info has
  bool images = false, networks = false, volumes = false;
  bool engine = false;    // its settings, or the swarm's
  void add(const Effect& more);
  bool any() const { return !containers.empty() || info || images || networks || volumes || engine; }
};
Effect effect_of(const EngineEvent& event);

// Cuts a stream into events, and passes over those that came before: a stream that is followed anew begins with some.
class EventLines {
 public:
  // Lines past 1 MiB are left out; `gap` is then set.
  void feed(std::string_view bytes, const std::function<void(EngineEvent)>& sink);
  void begin_stream();               // what was cut short is dropped
  bool take_gap();                   // whether events were missed since the last call
  std::int64_t last_seconds() const { return last_nano_ / 1'000'000'000; }  // of the last event; 0 before any

 private:
  void line(std::string_view text, const std::function<void(EngineEvent)>& sink);

  std::string rest_;
  bool too_long_ = false, gap_ = false;
  std::int64_t last_nano_ = 0;
  std::deque<std::string> recent_;  // keys of the last events, oldest first
  std::set<std::string> known_;     // the same, to look up
};

}  // namespace agent
