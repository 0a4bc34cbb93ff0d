// SPDX-License-Identifier: Apache-2.0
#include "agent/engine_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "base/text.hpp"

namespace agent {

namespace {

constexpr std::size_t kLineBytes = 1u << 20;
constexpr std::size_t kRecent = 1'024;  // the engine itself keeps 256

std::string kept_word(std::string_view text) { return base::printable(text.substr(0, 256)); }

template <std::size_t count>
bool is_one_of(std::string_view word, const std::array<std::string_view, count>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// attach, top, resize, export … change nothing; "top" is even what this agent does.
constexpr std::array<std::string_view, 15> kContainerActions{"create", "start",   "die",         "stop",       "restart",
                                                             "pause",  "unpause", "rename",      "update",     "destroy",
                                                             "oom",    "remove",  "exec_create", "exec_start", "exec_die"};
constexpr std::array<std::string_view, 8> kCountedActions{"create", "start", "die", "stop", "pause", "unpause", "destroy", "remove"};

}  // namespace

std::string EngineEvent::cause() const { return fmt::format("{} {} {}", type, action, name.empty() ? id.substr(0, 12) : name); }

std::optional<EngineEvent> parse_event(std::string_view line) {
  const auto json = base::parse_json(line, "an event");
  if (!json || !json->is_object()) return std::nullopt;
  EngineEvent out;
  out.type = kept_word(base::get_string(*json, "Type"));
  out.action = kept_word(base::cut(base::get_string(*json, "Action"), ": ").first);
  if (out.type.empty() || out.action.empty()) return std::nullopt;
  out.time_nano = std::max<std::int64_t>(0, base::get_int(*json, "timeNano").value_or(0));
  if (const base::Json* actor = base::find(*json, "Actor")) {
    out.id = kept_word(base::get_string(*actor, "ID"));
    if (const base::Json* attributes = base::find(*actor, "Attributes")) {
      out.name = kept_word(base::get_string(*attributes, "name"));
      out.container = kept_word(base::get_string(*attributes, "container"));
    }
  }
  return out;
}

Effect effect_of(const EngineEvent& event) {
  Effect out;
  if (event.type == "container") {
    if (is_one_of(event.action, kContainerActions) || event.action.starts_with("health_status")) out.containers.insert(event.id);
    out.info = is_one_of(event.action, kCountedActions);
  } else if (event.type == "image") {
    out.images = true;
  } else if (event.type == "network") {
    out.networks = true;
    const bool attaches = event.action == "connect" || event.action == "disconnect";
    if (attaches && !event.container.empty()) out.containers.insert(event.container);
  } else if (event.type == "volume") {
    out.volumes = event.action == "create" || event.action == "destroy";
  } else if (event.type == "daemon" || event.type == "service" || event.type == "node" || event.type == "secret" ||
             event.type == "config") {
    out.engine = true;
  }
  return out;
}

void Effect::add(const Effect& more) {
  containers.insert(more.containers.begin(), more.containers.end());
  info = info || more.info;
  images = images || more.images;
  networks = networks || more.networks;
  volumes = volumes || more.volumes;
  engine = engine || more.engine;
}

void EventLines::begin_stream() {
  rest_.clear();
  too_long_ = false;
}

bool EventLines::take_gap() { return std::exchange(gap_, false); }

void EventLines::line(std::string_view text, const std::function<void(EngineEvent)>& sink) {
  if (base::trim(text).empty()) return;
  auto event = parse_event(text);
  if (!event) {
    gap_ = true;
    return;
  }
  std::string key = fmt::format("{} {} {} {}", event->time_nano, event->type, event->action, event->id);
  if (event->time_nano != 0 && !known_.insert(key).second) return;
  if (event->time_nano != 0) {
    recent_.push_back(std::move(key));
    if (recent_.size() > kRecent) {
      known_.erase(recent_.front());
      recent_.pop_front();
    }
  }
  last_nano_ = event->time_nano;
  sink(std::move(*event));
}

void EventLines::feed(std::string_view bytes, const std::function<void(EngineEvent)>& sink) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, end);
    if (!too_long_ && rest_.size() + piece.size() > kLineBytes) {
      too_long_ = gap_ = true;
      rest_.clear();
    }
    if (!too_long_) rest_.append(piece);
    if (end == std::string_view::npos) return;
    if (!too_long_) line(rest_, sink);
    rest_.clear();
    too_long_ = false;
    bytes.remove_prefix(end + 1);
  }
}

}  // namespace agent
