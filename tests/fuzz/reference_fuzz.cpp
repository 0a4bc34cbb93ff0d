// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "oci/reference.hpp"

// What is accepted reads back from its own text as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto reference = oci::Reference::parse({reinterpret_cast<const char*>(data), size});
  if (!reference) return 0;
  const auto again = oci::Reference::parse(reference->text());
  if (!again || again->text() != reference->text() || again->key() != reference->key()) std::abort();
  return 0;
}
