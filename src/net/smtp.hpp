// SPDX-License-Identifier: Apache-2.0
// Mail to people: one message of plain text through a mail server.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace net {

enum class SmtpSecurity {
  starttls,  // the session is upgraded before anything is said, or ends
  tls,       // from the first byte
  none       // loopback hosts alone
};

struct SmtpOptions {
  std::string host;
  std::uint16_t port = 587;
  SmtpSecurity security = SmtpSecurity::starttls;
  std::string user;      // empty: no login
  std::string password;
  std::string ca_file;   // PEM bundle added to the system's authorities
  std::chrono::milliseconds timeout{30'000};  // for all of it
};

struct Mail {
  std::string from;             // addresses: local@domain alone
  std::vector<std::string> to;  // 1 to 100
  std::string subject;          // UTF-8, one line
  std::string text;             // UTF-8, up to 1 MiB
};

// Returns when the server has taken the mail. Kind::invalid_input: an address or the subject could carry more than itself;
// Kind::denied: login, certificate, sender or recipient refused, or no TLS where it is wanted; Kind::unavailable otherwise.
base::Result<void> send_mail(const SmtpOptions& options, const Mail& mail);

}  // namespace net
