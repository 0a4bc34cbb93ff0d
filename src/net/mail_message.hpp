// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>
#include <string>

#include "net/smtp.hpp"

namespace net {

// What of a mail could change the conversation with the server or other headers is Kind::invalid_input.
base::Result<void> check_mail(const Mail& mail);

// RFC 5322 with MIME: headers, and the text in base64. Of a mail that was checked.
std::string mail_message(const Mail& mail, std::time_t now);

}  // namespace net
