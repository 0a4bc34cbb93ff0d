// SPDX-License-Identifier: Apache-2.0
// What changed on a host, and when: controls, containers, images, its engine and its agent.
#pragma once

#include <string>
#include <string_view>

#include "store/database.hpp"
#include "store/jobs.hpp"

namespace providers::hybrid_compute {

struct HostChange {
  std::string_view kind;  // control, container, image, agent, engine
  std::string title;      // "web (nginx:1.25)"
  std::string before, after;
  std::string detail = {};
  std::string control = {};  // "5.10", of controls
};

base::Result<void> add_history(store::Session& session, const std::string& machine_key, const HostChange& change, store::Millis at);

// Forgets what is older than 90 days, and of each host all but the newest 2,000 rows. For a quiet hour.
base::Result<void> trim_history(store::Session& session, store::Millis now);

}  // namespace providers::hybrid_compute
