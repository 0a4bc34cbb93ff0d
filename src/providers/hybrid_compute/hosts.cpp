// SPDX-License-Identifier: Apache-2.0
#include "providers/hybrid_compute/hosts.hpp"

#include "base/hash.hpp"
#include "providers/hybrid_compute/machine.hpp"

namespace providers::hybrid_compute {

namespace {

constexpr std::size_t kCredentialsKept = 1'000;

}  // namespace

std::optional<std::string> CredentialCache::find(const std::string& hash) const {
  const std::lock_guard lock(mutex_);
  const auto at = machines_.find(hash);
  return at == machines_.end() ? std::nullopt : std::optional(at->second);
}

void CredentialCache::keep(const std::string& hash, const std::string& machine_key) {
  const std::lock_guard lock(mutex_);
  if (machines_.size() >= kCredentialsKept) machines_.erase(machines_.begin());
  machines_[hash] = machine_key;
}

void CredentialCache::forget(const std::string& machine_key) {
  const std::lock_guard lock(mutex_);
  for (auto at = machines_.begin(); at != machines_.end();) at = at->second == machine_key ? machines_.erase(at) : std::next(at);
}

void SignsOfLife::note(const std::string& machine_key, Sign sign) {
  const std::lock_guard lock(mutex_);
  signs_[machine_key] = std::move(sign);
}

std::map<std::string, SignsOfLife::Sign> SignsOfLife::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(signs_, {});
}

base::Result<std::optional<std::string>> authenticate(Hosts& hosts, const std::string& credential) {
  if (credential.empty() || credential.size() > 256) return std::nullopt;
  const std::string hash = base::sha256_hex(credential);
  if (auto known = hosts.credentials.find(hash)) return known;
  std::optional<std::string> key;
  TRY(hosts.services.database.read([&](store::Session& session) -> base::Result<void> {
    if (const auto machine = TRY(find_machine_by_credential(session, hash))) key = machine->key;
    return {};
  }));
  if (key) hosts.credentials.keep(hash, *key);
  return key;
}

}  // namespace providers::hybrid_compute
