// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "net/server.hpp"

namespace hub {

// Tells live pages what happened, as server-sent events (WHATWG HTML, section 9.2). Thread-safe.
class EventBus {
 public:
  // Whether a listener may hear of an event; asked for each.
  using May = std::function<bool(std::string_view event, const base::JsonObject& data)>;

  void add(std::shared_ptr<net::EventStream> stream, May may);
  void publish(std::string_view event, const base::JsonObject& data);
  void keep_alive();  // a comment to each, so that proxies and peers see life
  std::size_t listeners() const;

 private:
  struct Listener {
    std::shared_ptr<net::EventStream> stream;
    May may;
  };
  mutable std::mutex mutex_;  // guards listeners_
  std::vector<Listener> listeners_;
};

}  // namespace hub
