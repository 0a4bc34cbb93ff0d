// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "store/database.hpp"
#include "store/jobs.hpp"

namespace identity {

// Whom a failure counts against.
struct Attempt {
  std::string name;     // "user:admin", "client:…"; empty: nobody by name (a link)
  std::string address;  // "address:192.0.2.7"
};

// Counts failed sign-ins by name and by address, and locks both for a while once there are too many. Counts are in the
// table sign_in_failures, so that a restart forgets none. Thread-safe: it holds no state of its own.
class SignInLocks {
 public:
  SignInLocks(store::Database& database, int name_limit, store::Millis lock_ms)
      : database_(database), name_limit_(name_limit), lock_ms_(lock_ms) {}

  // Kind::unavailable "… try again in N seconds" while either is locked.
  base::Result<void> check(const Attempt& attempt, store::Millis now) const;
  base::Result<void> count_failure(const Attempt& attempt, store::Millis now) const;

  // After a success. The address's count stays: one good account must not pay for guesses at others.
  static base::Result<void> clear(store::Session& session, const Attempt& attempt);
  // Rows that say nothing any more.
  base::Result<void> purge(store::Session& session, store::Millis now) const;

 private:
  base::Result<void> count(store::Session& session, const std::string& subject, int limit, store::Millis now) const;

  store::Database& database_;
  int name_limit_;
  store::Millis lock_ms_;
};

// Of an error of Kind::unavailable: whoever asked is to wait, and nothing is wrong with the hub.
bool is_locked_out(const base::Error& error);

// N of "… try again in N seconds"; 60 where the words say nothing. For Retry-After.
int retry_after_seconds(std::string_view message);

}  // namespace identity
