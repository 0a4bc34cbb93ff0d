// SPDX-License-Identifier: Apache-2.0
// What is given out of texts and answers that may hold secrets: what the collector keeps of them, so that they never reach
// the process that faces the network. The collector cuts once more, and finds what it would have found.
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"

namespace hostreader {

// Of /proc/PID/cmdline. Words that are left out are left empty.
std::string kept_command_line(std::string_view command_line, bool of_daemon);
// Of /etc/environment: the lines that name DOCKER_CONTENT_TRUST.
std::string kept_environment(std::string_view text);
// Of containerd's config.toml: its address; empty where it names none.
std::string kept_containerd(std::string_view text);
// Of daemon.json: JSON again. Fails in the words in which the collector would.
base::Result<std::string> kept_daemon_config(std::string_view text, const std::string& path);

base::Json kept_info(const base::Json& info);                      // without proxies, which may name passwords, and labels
base::Json kept_container(const base::Json& inspect);              // what the collector keeps, and the ids of execs
base::Json kept_image(const base::Json& inspect);                  // what the collector keeps, platform and layers
base::Json kept_history(const base::Json& history);                // what the collector keeps, and the sizes of layers
base::Json kept_container_list(const base::Json& list);            // without commands
base::Json kept_top(const base::Json& top);                        // programs alone
base::Json kept_volumes(const base::Json& volumes);                // without the drivers' options

}  // namespace hostreader
