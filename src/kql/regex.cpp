// SPDX-License-Identifier: Apache-2.0
#include "kql/regex.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <map>
#include <memory>

namespace kql {

namespace {

constexpr std::size_t kMostCached = 256;
constexpr std::int64_t kMostMemory = 16 << 20;  // of one pattern

re2::RE2::Options options() {
  re2::RE2::Options out(re2::RE2::Quiet);
  out.set_max_mem(kMostMemory);
  return out;
}

}  // namespace

const re2::RE2* compiled_regex(std::string_view pattern) {
  thread_local std::map<std::string, std::unique_ptr<re2::RE2>, std::less<>> cache;
  auto at = cache.find(pattern);
  if (at == cache.end()) {
    if (cache.size() >= kMostCached) cache.clear();
    at = cache.emplace(std::string(pattern), std::make_unique<re2::RE2>(std::string(pattern), options())).first;
  }
  return at->second->ok() ? at->second.get() : nullptr;
}

base::Result<void> check_regex(std::string_view pattern) {
  const re2::RE2 compiled(std::string(pattern), options());
  if (compiled.ok()) return {};
  return base::fail(base::Kind::invalid_input, fmt::format("'{}' is not a regular expression of RE2: {}", pattern, compiled.error()));
}

std::string quote_regex(std::string_view text) { return re2::RE2::QuoteMeta({text.data(), text.size()}); }

}  // namespace kql
