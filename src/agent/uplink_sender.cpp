// SPDX-License-Identifier: Apache-2.0
#include "agent/uplink_sender.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

namespace agent {

namespace {

constexpr std::size_t kPleasantBatch = 1u << 20;  // larger ones keep a changed verdict waiting
constexpr std::size_t kPleasantMessages = 1'000;
constexpr std::chrono::seconds kLongestAsked{3'600};  // a hub that asks for more is not obeyed

std::chrono::milliseconds jittered(std::chrono::milliseconds wait) {
  static thread_local std::minstd_rand random(std::random_device{}());
  const double part = std::uniform_real_distribution<double>(0.5, 1.0)(random);
  return std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(wait.count()) * part));
}

std::int64_t milliseconds_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

UplinkSender::UplinkSender(Spool& spool, HubLink& link, Hooks hooks, SenderTimes times)
    : spool_(spool), link_(link), hooks_(std::move(hooks)), times_(times) {}

UplinkSender::~UplinkSender() { stop(); }

void UplinkSender::begin() {
  thread_ = std::thread([this] { run(); });
}

void UplinkSender::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void UplinkSender::wake() {
  {
    const std::lock_guard lock(mutex_);
    awake_ = true;
  }
  changed_.notify_all();
}

UplinkSender::Seen UplinkSender::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

bool UplinkSender::drain(std::chrono::milliseconds time) {
  wake();
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, time, [this] { return spool_.totals().messages == 0; });
}

void UplinkSender::run() {
  for (;;) {
    const bool has_messages = spool_.totals().messages > 0;
    {
      std::unique_lock lock(mutex_);
      const auto due = has_messages || probe_ ? not_before_ : std::max(not_before_, heartbeat_at_);
      // A wake-up does not shorten the wait for a hub that is not there.
      changed_.wait_until(lock, due, [&] { return stop_ || (awake_ && Clock::now() >= not_before_); });
      if (stop_) return;
      awake_ = false;
      if (Clock::now() < not_before_) continue;
    }
    if (spool_.totals().messages > 0 || probe_ || Clock::now() >= heartbeat_at_) send_some();
  }
}

std::string UplinkSender::batch_of(const Spool::Pending& pending) const {
  uplink::BatchHeader header;
  if (hooks_.status) header.status = hooks_.status();
  const Spool::Totals totals = spool_.totals();
  header.stream = totals.stream;
  header.status.lost_messages = totals.lost;
  header.status.spool_messages = totals.messages - static_cast<std::int64_t>(pending.lines.size());
  header.status.spool_bytes = totals.bytes;
  std::string text = base::to_text(uplink::to_json(header));
  for (const std::string& line : pending.lines) {
    text += '\n';
    text += line;
    header.status.spool_bytes -= static_cast<std::int64_t>(line.size());
  }
  return text += '\n';
}

void UplinkSender::send_some() {
  Spool::Pending pending;
  if (!probe_) {
    auto peeked = spool_.peek(kPleasantBatch, kPleasantMessages);
    if (peeked && !peeked->lines.empty() && peeked->first <= alone_until_) peeked = spool_.peek(1, 1);
    if (!peeked) {
      change(seen().state, peeked.error().message);
      return wait_for(std::chrono::milliseconds(0), true);
    }
    pending = std::move(*peeked);
  }
  take(link_.send(batch_of(pending)), pending);
  if (hooks_.on_attempt) hooks_.on_attempt();
}

void UplinkSender::take(const Delivery& delivery, const Spool::Pending& pending) {
  using Outcome = Delivery::Outcome;
  switch (delivery.outcome) {
    case Outcome::taken: return taken(delivery.reply, pending);
    case Outcome::refused: return refused(delivery.message, pending);
    case Outcome::denied:
      change(State::denied, delivery.message);
      return wait_for(times_.denied_wait, false);
    case Outcome::later:
      change(State::busy, delivery.message);
      return wait_for(std::min(delivery.wait.value_or(std::chrono::seconds(0)), kLongestAsked), true);
    case Outcome::unreachable:
      change(State::unreachable, delivery.message);
      return wait_for(std::chrono::milliseconds(0), true);
  }
}

void UplinkSender::taken(const uplink::Reply& reply, const Spool::Pending& pending) {
  heartbeat_ = std::chrono::seconds(reply.settings.heartbeat_seconds);
  heartbeat_at_ = Clock::now() + heartbeat_;
  probe_ = false;
  if (std::exchange(suspect_, false)) give_up_one();
  const std::uint64_t upto = std::min(reply.acknowledged, pending.last);
  if (!pending.lines.empty()) spool_.acknowledge(upto);
  change(State::connected, {});
  if (!pending.lines.empty() && upto < pending.first) return wait_for(std::chrono::milliseconds(0), true);  // none was taken
  failures_ = 0;
  not_before_ = {};
  if (hooks_.on_reply) hooks_.on_reply(reply);
}

// The hub takes batches: it is the message that it does not want.
void UplinkSender::give_up_one() {
  const auto one = spool_.peek(1, 1);
  if (!one || one->lines.empty()) return;
  spool_.give_up(one->last);
  std::string why;
  {
    const std::lock_guard lock(mutex_);
    ++seen_.refused;
    why = seen_.message;
  }
  if (hooks_.on_refusal) hooks_.on_refusal(fmt::format("the hub does not take message {}, which is lost: {}", one->first, why));
}

// Which message is it? The batch is sent again message by message; one that is refused alone is given up, unless the hub
// refuses batches without any message too: then it is the hub, or this agent's version.
void UplinkSender::refused(const std::string& message, const Spool::Pending& pending) {
  if (pending.lines.empty()) {
    probe_ = true;
    suspect_ = false;
    change(State::busy, "the hub refuses all that this agent says: " + message);
    return wait_for(times_.first_wait, true);
  }
  alone_until_ = std::max(alone_until_, pending.last);
  if (pending.lines.size() > 1) return;
  probe_ = suspect_ = true;
  const std::lock_guard lock(mutex_);
  seen_.message = message;
}

void UplinkSender::wait_for(std::chrono::milliseconds least, bool grow) {
  auto wait = least;
  if (grow) {
    const auto doubled = times_.first_wait * (1 << std::min(failures_, 16));
    wait = std::max(least, jittered(std::min<std::chrono::milliseconds>(doubled, times_.longest_wait)));
    ++failures_;
  }
  not_before_ = Clock::now() + wait;
}

void UplinkSender::change(State state, const std::string& message) {
  Seen now;
  bool told = false;
  {
    const std::lock_guard lock(mutex_);
    told = seen_.state != state || seen_.message != message;
    seen_.state = state;
    seen_.message = message;
    if (state == State::connected) seen_.taken_at = milliseconds_now();
    now = seen_;
  }
  changed_.notify_all();
  if (told && hooks_.on_change) hooks_.on_change(now);
}

}  // namespace agent
