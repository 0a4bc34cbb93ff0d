// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "agent/agent_folder.hpp"
#include "base/result.hpp"
#include "uplink/messages.hpp"

namespace agent {

struct Enrolment {
  std::string hub;      // as the person wrote it
  std::string token;    // likewise
  std::string ca_file;  // of the hub's authority, where the token has no fingerprint; may be empty
};

// Makes this machine known to the hub. The token leaves the machine only once the hub has shown the certificate that the token
// names. Kind::denied where it shows another, or the token is used, expired or not known; the message says which.
base::Result<Identity> enroll(const Enrolment& enrolment, const uplink::Machine& machine, const std::string& version);

}  // namespace agent
