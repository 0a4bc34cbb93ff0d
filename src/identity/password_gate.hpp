// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

namespace identity {

// Password hashing costs some 25 ms and 19 MiB on purpose. The gate lets two threads at a time in and a bounded number
// wait, so that a flood of sign-ins takes neither all cores nor all workers. Thread-safe.
class PasswordGate {
 public:
  PasswordGate();

  // A place inside, held for the life of the object.
  class Place {
   public:
    explicit Place(PasswordGate* gate) : gate_(gate) {}
    Place(Place&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
    Place& operator=(Place&&) = delete;
    ~Place();

    std::string hash(std::string_view password) const;
    // An empty hash, and a password too long to have been accepted, take the time and are false.
    bool verify(std::string_view password, std::string_view hash) const;

   private:
    PasswordGate* gate_;
  };

  // Kind::unavailable where too many wait, or after 3 seconds.
  base::Result<Place> enter();

 private:
  std::mutex mutex_;  // guards the two counts
  std::condition_variable left_;
  int inside_ = 0, waiting_ = 0;
  const std::string nobodys_hash_;  // of a random password: what unknown names are checked against
};

}  // namespace identity
