// SPDX-License-Identifier: Apache-2.0
// A stream of an engine's events is cut into the same events, whatever the pieces it comes in; its rows have bounded texts.
#include <cstdint>
#include <cstdlib>

#include "agent/engine_events.hpp"
#include "agent/engine_rows.hpp"

namespace {

std::size_t count_events(std::string_view bytes, std::size_t piece) {
  agent::EventLines lines;
  std::size_t count = 0;
  for (std::size_t at = 0; at < bytes.size(); at += piece)
    lines.feed(bytes.substr(at, piece), [&count](const agent::EngineEvent& event) {
      if (agent::effect_of(event).containers.size() > 1) std::abort();
      ++count;
    });
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (count_events(bytes, 3) != count_events(bytes, size + 1)) std::abort();
  if (const auto json = base::parse_json(bytes, "an answer")) {
    if (agent::container_of(*json).labels.size() > 64) std::abort();
    (void)agent::image_of(*json);
    (void)agent::network_of(*json);
    (void)agent::volume_of(*json);
  }
  return 0;
}
