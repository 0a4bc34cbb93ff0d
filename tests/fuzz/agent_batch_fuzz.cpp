// SPDX-License-Identifier: Apache-2.0
// A batch that is read is written as messages that are read again, to the same text; packages in it likewise.
#include <cstdint>
#include <cstdlib>

#include "uplink/inventory_json.hpp"
#include "uplink/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto batch = uplink::parse_batch(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!batch) return 0;
  std::string text = base::to_text(uplink::to_json(batch->header));
  for (const uplink::Message& message : batch->messages) {
    text += '\n' + base::to_text(uplink::to_json(message));
    const auto* packages = std::get_if<uplink::Packages>(&message.body);
    if (!packages) continue;
    const auto inventory = uplink::inventory_from_json(packages->inventory);
    if (inventory && !uplink::inventory_from_json(uplink::inventory_to_json(*inventory))) std::abort();
  }
  const auto again = uplink::parse_batch(text);
  if (!again || again->messages.size() != batch->messages.size()) std::abort();
  return 0;
}
