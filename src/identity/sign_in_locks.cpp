// SPDX-License-Identifier: Apache-2.0
#include "identity/sign_in_locks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace identity {

namespace {

constexpr int kAddressFactor = 10;
constexpr std::string_view kTryAgainIn = "try again in ";

}  // namespace

base::Result<void> SignInLocks::check(const Attempt& attempt, store::Millis now) const {
  store::Millis until = 0;
  TRY(database_.read([&](store::Session& session) {
    return session.query("SELECT locked_until FROM sign_in_failures WHERE subject IN (?, ?)",
                         {std::string_view(attempt.name), std::string_view(attempt.address)},
                         [&](const store::Row& row) { until = std::max(until, row.integer(0)); });
  }));
  if (until <= now) return {};
  return base::fail(base::Kind::unavailable, fmt::format("too many failed sign-ins: {}{} seconds", kTryAgainIn,
                                                         (until - now + 999) / 1000));
}

base::Result<void> SignInLocks::count_failure(const Attempt& attempt, store::Millis now) const {
  return database_.write([&](store::Session& session) -> base::Result<void> {
    if (!attempt.name.empty()) TRY(count(session, attempt.name, name_limit_, now));
    return count(session, attempt.address, name_limit_ * kAddressFactor, now);
  });
}

// Failures count together while each comes within the lock's time after the one before.
base::Result<void> SignInLocks::count(store::Session& session, const std::string& subject, int limit,
                                      store::Millis now) const {
  const std::string_view key = subject;
  std::int64_t failures = 0;
  store::Millis locked_until = 0;
  TRY(session.query("SELECT failures, locked_until FROM sign_in_failures WHERE subject = ? AND last_at > ?",
                    {key, now - lock_ms_}, [&](const store::Row& row) {
                      failures = row.integer(0);
                      locked_until = row.integer(1);
                    }));
  if (locked_until > now) return {};
  if (locked_until != 0) failures = 0;  // its lock has ended
  ++failures;
  locked_until = failures >= limit ? now + lock_ms_ : 0;
  return session.run(
      "INSERT INTO sign_in_failures (subject, failures, last_at, locked_until) VALUES (?, ?, ?, ?) ON CONFLICT (subject) "
      "DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, locked_until = excluded.locked_until",
      {key, failures, now, locked_until});
}

base::Result<void> SignInLocks::clear(store::Session& session, const Attempt& attempt) {
  return session.run("DELETE FROM sign_in_failures WHERE subject = ?", {std::string_view(attempt.name)});
}

base::Result<void> SignInLocks::purge(store::Session& session, store::Millis now) const {
  return session.run("DELETE FROM sign_in_failures WHERE last_at <= ? AND locked_until <= ?", {now - lock_ms_, now});
}

bool is_locked_out(const base::Error& error) {
  return error.kind == base::Kind::unavailable && error.message.find(kTryAgainIn) != std::string::npos;
}

int retry_after_seconds(std::string_view message) {
  int seconds = 60;
  const std::size_t at = message.find(kTryAgainIn);
  if (at == std::string_view::npos) return seconds;
  const std::string_view digits = message.substr(at + kTryAgainIn.size());
  std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  return seconds;
}

}  // namespace identity
