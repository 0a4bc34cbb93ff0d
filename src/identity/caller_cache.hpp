// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "identity/identity.hpp"

namespace identity {

// A credential that was accepted, and what must be asked of it again each time.
struct AcceptedCredential {
  Caller caller;
  std::string csrf;             // of a session
  store::Millis expires_at = 0;  // 0: never
  store::Millis loaded_at = 0;
  std::atomic<store::Millis> touched_at{0};  // when its use was last written down
};

// What authenticate() knows without the database, by the SHA-256 of the credential. Any change of a principal, a group or
// a credential forgets all of it (changes are rare); an entry lives 10 seconds, so that a change made by another process is
// seen too. Thread-safe.
class CallerCache {
 public:
  using Entry = std::shared_ptr<AcceptedCredential>;

  Entry find(const std::string& hash, store::Millis now) const;

  // Taken before the database is read, and given to add(): an entry read before a change is never kept after it.
  std::uint64_t generation() const { return generation_.load(); }
  void add(const std::string& hash, Entry entry, std::uint64_t generation);
  void forget_all();

 private:
  mutable std::shared_mutex mutex_;  // guards entries_, and writes of generation_
  std::unordered_map<std::string, Entry> entries_;
  std::atomic<std::uint64_t> generation_{0};
};

}  // namespace identity
