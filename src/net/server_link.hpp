// SPDX-License-Identifier: Apache-2.0
// Bytes to and from a connected, non-blocking socket: plain, or through TLS.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "net/server.hpp"

namespace net {

enum class LinkStatus { done, want_read, want_write, ended };

struct LinkStep {
  LinkStatus status = LinkStatus::ended;
  std::size_t bytes = 0;  // moved, where done
};

// One thread at a time. Calls never block; where they want the socket readable or writable first, the same call is made
// again then.
class Link {
 public:
  virtual ~Link() = default;
  virtual LinkStep handshake() = 0;
  virtual LinkStep read(std::vector<char>& buffer) = 0;
  virtual LinkStep write(std::string_view bytes) = 0;  // a part, at least a byte
  virtual void end_writing() = 0;                      // the peer sees the end; reading goes on
};

std::unique_ptr<Link> plain_link(int fd);

// What the connections of a server share: certificate, key and settings.
class TlsServer {
 public:
  static base::Result<std::unique_ptr<TlsServer>> create(const TlsIdentity& identity);
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  ~TlsServer();
  std::unique_ptr<Link> link(int fd);  // nothing when out of memory

 private:
  struct Parts;
  explicit TlsServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace net
