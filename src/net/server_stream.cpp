// SPDX-License-Identifier: Apache-2.0
#include "net/server_stream.hpp"

namespace net {

void EventStream::State::announce() {
  if (announced || !notify) return;
  announced = true;
  notify();
}

EventStream::EventStream(std::shared_ptr<State> state) : state_(std::move(state)) {}

EventStream::~EventStream() { close(); }

bool EventStream::send(std::string_view bytes) {
  const std::lock_guard lock(state_->mutex);
  if (state_->ended || !state_->notify) return false;
  if (state_->queue.size() + state_->in_flight + bytes.size() > kStreamQueueCap)
    state_->ended = state_->dropped = true;
  else
    state_->queue.append(bytes);
  state_->announce();
  return !state_->dropped;
}

bool EventStream::open() const {
  const std::lock_guard lock(state_->mutex);
  return !state_->ended && state_->notify;
}

void EventStream::close() {
  const std::lock_guard lock(state_->mutex);
  state_->ended = true;
  state_->announce();
}

}  // namespace net
