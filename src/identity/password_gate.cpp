// SPDX-License-Identifier: Apache-2.0
#include "identity/password_gate.hpp"

#include <chrono>

#include "base/crypto.hpp"

namespace identity {

namespace {

constexpr int kMostInside = 2;
constexpr int kMostWaiting = 16;
constexpr std::chrono::seconds kLongestWait{3};
constexpr std::size_t kLongestVerified = 256;

}  // namespace

PasswordGate::PasswordGate() : nobodys_hash_(base::hash_password(base::random_token(32))) {}

base::Result<PasswordGate::Place> PasswordGate::enter() {
  const auto busy = [] {
    return base::fail(base::Kind::unavailable, "too many sign-ins at once: try again in 3 seconds");
  };
  std::unique_lock lock(mutex_);
  if (waiting_ >= kMostWaiting) return busy();
  ++waiting_;
  const bool free = left_.wait_for(lock, kLongestWait, [this] { return inside_ < kMostInside; });
  --waiting_;
  if (!free) return busy();
  ++inside_;
  return Place(this);
}

PasswordGate::Place::~Place() {
  if (gate_ == nullptr) return;
  {
    const std::lock_guard lock(gate_->mutex_);
    --gate_->inside_;
  }
  gate_->left_.notify_one();
}

std::string PasswordGate::Place::hash(std::string_view password) const { return base::hash_password(password); }

bool PasswordGate::Place::verify(std::string_view password, std::string_view hash) const {
  const bool known = !hash.empty() && password.size() <= kLongestVerified;
  const bool matches = base::verify_password(known ? hash : gate_->nobodys_hash_, password.substr(0, kLongestVerified));
  return known && matches;
}

}  // namespace identity
