// SPDX-License-Identifier: Apache-2.0
// What the verbs share that speak to a hub.
#pragma once

#include <string>
#include <vector>

#include "client/connection.hpp"
#include "client/images.hpp"
#include "cli/hub_options.hpp"

namespace cli {

// The hub named by --hub or BULWARK_HUB, else that of the current context; with BULWARK_TOKEN, else the token kept at the
// sign-in. Kind::denied where there is no token, with the command that makes one.
base::Result<client::Connection> connect(const HubTarget& target);

// "HOST/REPO:TAG" or "HOST/REPO@DIGEST", as Docker reads it.
base::Result<client::ImageName> parse_image_name(const std::string& reference);

// Lists such as "high,critical" → "High,Critical", the hub's words.
base::Result<std::string> hub_severities(const std::vector<std::string>& words);

// One line of standard input, for secrets. Kind::invalid_input where there is none.
base::Result<std::string> read_secret_line(std::string_view what);

// Prints the error; kUsage for words that are wrong before anything was asked, else kFailed.
int usage_error(const base::Error& error);

}  // namespace cli
