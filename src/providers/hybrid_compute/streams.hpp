// SPDX-License-Identifier: Apache-2.0
// How far each stream of each machine was taken. A stream begins with a spool of the agent; its sequences grow.
#pragma once

#include <string>

#include "store/database.hpp"
#include "store/jobs.hpp"

namespace providers::hybrid_compute {

struct StreamMark {
  bool known = false;
  std::int64_t last = 0;  // the last sequence that was taken
  std::int64_t gaps = 0;  // sequences that never came
  std::int64_t lost = 0;  // messages, as the agent counts them
};

base::Result<StreamMark> load_mark(store::Session& session, const std::string& machine_key, const std::string& stream);
base::Result<void> save_mark(store::Session& session, const std::string& machine_key, const std::string& stream, const StreamMark& mark, store::Millis now);

}  // namespace providers::hybrid_compute
