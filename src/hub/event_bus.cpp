// SPDX-License-Identifier: Apache-2.0
#include "hub/event_bus.hpp"

#include <fmt/format.h>

namespace hub {

void EventBus::add(std::shared_ptr<net::EventStream> stream, May may) {
  stream->send("retry: 2000\n\n");
  const std::lock_guard lock(mutex_);
  listeners_.push_back({std::move(stream), std::move(may)});
}

void EventBus::publish(std::string_view event, const base::JsonObject& data) {
  const std::string text = fmt::format("event: {}\ndata: {}\n\n", event, base::to_text(data));
  const std::lock_guard lock(mutex_);
  std::erase_if(listeners_, [&](const Listener& listener) {
    return listener.may(event, data) ? !listener.stream->send(text) : !listener.stream->open();
  });
}

void EventBus::keep_alive() {
  const std::lock_guard lock(mutex_);
  std::erase_if(listeners_, [](const Listener& listener) { return !listener.stream->send(": still here\n\n"); });
}

std::size_t EventBus::listeners() const {
  const std::lock_guard lock(mutex_);
  return listeners_.size();
}

}  // namespace hub
