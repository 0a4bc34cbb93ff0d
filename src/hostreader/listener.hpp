// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "hostreader/descriptor.hpp"

namespace hostreader {

// Ids of accounts of this machine; Kind::not_found.
base::Result<uid_t> user_id(const std::string& name);
base::Result<gid_t> group_id(const std::string& name);

// The socket that the service manager hands over (sd_listen_fds(3): LISTEN_PID, LISTEN_FDS); nothing where it hands none
// over. Kind::invalid_input where it is several, or no listening Unix socket.
base::Result<std::optional<Descriptor>> activated_socket();

// Listens at `path`, which root and `group` alone may open (0660). What an ended reader left behind is replaced;
// Kind::conflict where one is listening or something else than a socket is there.
base::Result<Descriptor> listen_at(const std::string& path, gid_t group);

// Connects to it. Kind::not_found, Kind::denied, Kind::unavailable as errno says.
base::Result<Descriptor> connect_to(const std::string& path);

// Who connected: the user that the peer ran as at that moment.
std::optional<uid_t> peer_user(int socket);

}  // namespace hostreader
