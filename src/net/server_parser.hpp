// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "net/server.hpp"

namespace net {

// One HTTP/1.x request out of bytes as they come. What could be read in two ways (RFC 9112 sections 5 and 6: both lengths,
// repeated lengths, folded lines, other codings than chunked) is refused. Trailers are dropped.
class RequestParser {
 public:
  enum class State { head, body, complete, failed };

  explicit RequestParser(const ServerLimits& limits);  // which must outlive it
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;
  ~RequestParser();

  // How many bytes of the front were used; the caller gives the others again, with more behind them. Stops behind the
  // head and behind the request. `bytes` starts where the last call stopped.
  std::size_t take(std::string_view bytes);

  State state() const;
  ServerRequest& request();
  std::size_t bytes_held() const;  // of head and body, so far

  // Of a failed request: what to answer.
  int fault_status() const;
  const std::string& fault() const;

  // Valid behind the head.
  bool keeps_alive() const;
  bool is_http_1_1() const;
  bool expects_continue() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace net
