// SPDX-License-Identifier: Apache-2.0
// A rule file and a text, apart by a NUL byte: rules that load can be run, and matches stay inside the text.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "imagecheck/secret_rules.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto gap = input.find('\0');
  const auto rules = imagecheck::SecretRules::load({{"fuzz.yaml", std::string(input.substr(0, gap))}});
  if (!rules) {
    if (rules.error().message.find("fuzz.yaml:") == std::string::npos) std::abort();
    return 0;
  }
  const std::string_view text = gap == std::string_view::npos ? input : input.substr(gap + 1);
  for (const auto& match : imagecheck::find_secrets(*rules, "srv/f", text))
    if (match.begin >= match.end || match.end > text.size() || match.line == 0) std::abort();
  return 0;
}
