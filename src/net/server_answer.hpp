// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "net/server.hpp"

namespace net {

// How the head of an answer is written.
struct AnswerShape {
  bool to_head = false;     // of a HEAD request: no body
  bool http_1_1 = true;
  bool close = false;       // the connection ends behind it
  bool chunked = false;     // the body is of unknown length, in chunks
  bool until_close = false; // the body is of unknown length, to the end of the connection
};

// No body and no length may stand behind this status (RFC 9110 section 6.4.1).
bool is_bodiless(int status);

std::string_view body_of(const ServerResponse& response);

// Status line and headers with the blank line; Kind::internal where a header has bytes that may not stand in one.
base::Result<std::string> write_head(const ServerResponse& response, const AnswerShape& shape);

// What the server answers where a request is refused and no other form is asked for.
ServerResponse plain_refusal(int status, std::string_view message);

}  // namespace net
