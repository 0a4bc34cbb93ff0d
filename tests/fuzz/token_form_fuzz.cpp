// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "identity/token_form.hpp"

// The same bytes as a form and as an Authorization header: no field twice, none empty, no zero byte, a client with an id.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto form = identity::Form::parse(text)) {
    if (form->fields().size() > 64) std::abort();
    for (const auto& [name, value] : form->fields())
      if (value.empty() || form->get(name) != value || value.find('\0') != std::string::npos) std::abort();
  }
  const auto client = identity::parse_client_basic(text);
  if (client && (client->id.empty() || client->id.find('\0') != std::string::npos)) std::abort();
  return 0;
}
