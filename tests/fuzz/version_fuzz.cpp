// SPDX-License-Identifier: Apache-2.0
// Every scheme orders every three texts as a total order does: reflexive, antisymmetric, transitive. The input is one
// byte for the scheme, then the three texts, a line each.
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "advisory/version.hpp"
#include "advisory/versions_table.hpp"
#include "base/text.hpp"

namespace {

using advisory::Scheme;

int sign(Scheme scheme, std::string_view a, std::string_view b) {
  const auto order = advisory::compare_versions(scheme, a, b);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

[[noreturn]] void fail(const char* law, Scheme scheme) {
  std::fprintf(stderr, "scheme %d: not %s\n", static_cast<int>(scheme), law);
  std::abort();
}

void check_laws(Scheme scheme, std::string_view a, std::string_view b, std::string_view c) {
  if (sign(scheme, a, a) != 0) fail("reflexive", scheme);
  const int ab = sign(scheme, a, b);
  if (ab != -sign(scheme, b, a)) fail("antisymmetric", scheme);
  // Maven's own order and PHP's are not transitive for every text.
  if (scheme == Scheme::maven || scheme == Scheme::packagist) return;
  const int bc = sign(scheme, b, c);
  const int ac = sign(scheme, a, c);
  if (ab <= 0 && bc <= 0 && (ac > 0 || ((ab < 0 || bc < 0) && ac == 0))) fail("transitive", scheme);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto scheme = static_cast<Scheme>(data[0] % 14);
  const auto [a, rest] = base::cut(text.substr(1), "\n");
  const auto [b, c] = base::cut(rest, "\n");
  check_laws(scheme, a, b, c);
  check_laws(scheme, b, c, a);
  check_laws(scheme, c, a, b);
  for (const std::string_view version : {a, b, c}) advisory::is_valid_version(scheme, version);
  (void)advisory::check_version_table(text, "fuzz");
  (void)advisory::scheme_of(text);
  return 0;
}
