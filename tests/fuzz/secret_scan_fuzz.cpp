// SPDX-License-Identifier: Apache-2.0
// Any text against the built-in rules: matches are sorted, inside the text, bounded in number and masked.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "imagecheck/secret_rules.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto rules = imagecheck::SecretRules::load(imagecheck::embedded_rules("secrets/", {"yaml"}));
  if (!rules) std::abort();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::size_t last = 0;
  const auto matches = imagecheck::find_secrets(*rules, "srv/f", text);
  if (matches.size() > imagecheck::SecretScan::kMatchesPerText) std::abort();
  for (const auto& match : matches) {
    if (match.begin < last || match.begin >= match.end || match.end > text.size() || match.masked.size() > 8) std::abort();
    last = match.begin;
  }
  return 0;
}
