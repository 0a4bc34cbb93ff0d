// SPDX-License-Identifier: Apache-2.0
// An HTTP/1.1 server: reads and writes without blocking on two threads, calls its handler on a pool of workers.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "net/http.hpp"

namespace net {

// Tells who handles a request that its peer has gone. Thread-safe.
class HangUp {
 public:
  // `action` is called once, when the peer hangs up before it has its answer, or now where it has; on any thread: it returns at
  // once and calls nothing of this object. It takes the place of the one before, whose end is waited for; empty: nobody listens.
  void listen(std::function<void()> action);
  void raise();

 private:
  std::mutex mutex_;  // guards the two below, and holds while the action is called
  std::function<void()> action_;
  bool raised_ = false;
};

struct ServerRequest {
  std::string method;                                      // upper case
  std::string target;                                      // as sent: path and query, still encoded
  std::string path;                                        // of target, still percent-encoded
  std::vector<std::pair<std::string, std::string>> query;  // percent-decoded, '+' is a blank; names keep their case
  Headers headers;                                         // names lower case
  std::string body;
  std::string peer;  // IP address of the peer
  bool tls = false;
  std::shared_ptr<HangUp> hang_up;  // of the peer; null where nobody watches it

  std::string_view header(std::string_view lower_case_name) const;  // the first; empty where missing
  std::string_view parameter(std::string_view name) const;          // of query, without case; empty where missing
  bool has_parameter(std::string_view name) const;
};

// An answer that goes on: server-sent events. Thread-safe. The connection is closed with the last owner of the stream.
class EventStream {
 public:
  struct State;
  explicit EventStream(std::shared_ptr<State> state);
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;
  ~EventStream();

  // Queued; false once the peer is gone or its queue would be over 1 MiB (it is then dropped).
  bool send(std::string_view bytes);
  bool open() const;
  void close();  // after what is queued

 private:
  std::shared_ptr<State> state_;
};

struct ServerResponse {
  int status = 200;
  Headers headers;  // Content-Length, Transfer-Encoding, Date and keep-alive are the server's; `Connection: close` is heard
  std::string body;
  std::string_view static_body;  // instead of body: bytes that live for ever (embedded files), or as long as body_owner
  // Set: after status and headers the connection goes to this stream. Called on a worker thread; hands the stream to
  // who feeds it, and returns.
  std::function<void(std::shared_ptr<EventStream>)> stream;
  std::shared_ptr<const void> body_owner{};  // let go of once the answer is written
};

// Called on a worker thread. An exception becomes an answer of status 500.
using Handler = std::function<ServerResponse(const ServerRequest&)>;

struct ServerLimits {
  std::size_t header_bytes = 32u << 10;
  std::size_t body_bytes = 4u << 20;
  // The cap of this request in place of body_bytes; empty: none. Called on an I/O thread: returns at once.
  std::function<std::size_t(const std::string& method, const std::string& path)> body_bytes_for;
  // Of all requests in hand together, heads and bodies; past that: 503 with Retry-After. A body over body_bytes, where
  // body_bytes_for allows one, does not count; one such is taken at a time.
  std::size_t bytes_held = 256u << 20;
  std::size_t connections = 20'000;
  std::size_t connections_per_address = 0;       // 0: no cap
  std::chrono::milliseconds header_time{10'000};  // from the first byte (or the handshake's start) to the blank line
  std::chrono::milliseconds body_time{60'000};    // for the whole body
  std::chrono::milliseconds idle_time{60'000};    // between requests; of a reader that takes nothing of an answer
  std::size_t queued_requests = 1024;            // past that: 503 with Retry-After
};

struct TlsIdentity {
  std::string certificate_pem;  // the server's first, then those between it and the authority
  std::string key_pem;
};

struct ServerOptions {
  std::string address = "127.0.0.1";  // an IP address; "::" listens on IPv4 too
  std::uint16_t port = 0;             // 0: a free one
  std::optional<TlsIdentity> tls;     // TLS 1.2 and 1.3
  std::size_t workers = 0;            // 0: two a core, at least four
  // Requests to these paths, which mostly wait, have workers of their own: the others need not wait for them, and do not share
  // the processors with as many threads. Thread-safe.
  std::function<bool(std::string_view path)> is_patient;
  std::size_t patient_workers = 0;  // at least one where there are such paths
  ServerLimits limits;
  // Body and headers of answers the server itself makes (400, 408, 413, 431, 500, 501, 503 …); empty: plain text.
  // Called on any thread: returns at once.
  std::function<ServerResponse(int status, std::string_view message)> refusal;
};

struct ServerStats {
  std::uint64_t accepted = 0;      // connections
  std::uint64_t open = 0;          // connections now
  std::uint64_t requests = 0;      // read whole
  std::uint64_t bytes_held = 0;    // of requests in hand, but for a large body
  std::uint64_t large_bodies = 0;  // in hand now: 0 or 1
  std::uint64_t refused = 0;       // answers the server itself made, and connections turned away
};

class ServerCore;

class HttpServer {
 public:
  // Listens when it returns. Kind::conflict: the port is taken; Kind::denied: it may not be used; Kind::invalid_input:
  // no such address, or certificate and key do not go together. Raises the soft limit of open files to the hard one.
  static base::Result<std::unique_ptr<HttpServer>> start(ServerOptions options, Handler handler);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();  // stop(0), then waits for handlers that still run

  std::uint16_t port() const;
  ServerStats stats() const;

  // No new connections; requests that run may end within `grace`; then streams and idle connections are closed, and what
  // is left is cut. Once.
  void stop(std::chrono::milliseconds grace);

 private:
  explicit HttpServer(std::unique_ptr<ServerCore> core);
  std::unique_ptr<ServerCore> core_;
};

// A certificate for the DNS names and IP addresses given (subjectAltName), EC P-256, signed by itself, valid `days`.
base::Result<TlsIdentity> make_self_signed(const std::vector<std::string>& names, int days);

// SHA-256 of the first certificate's DER form, lower-case hex; Kind::invalid_input where there is no certificate.
base::Result<std::string> certificate_fingerprint(std::string_view certificate_pem);

// Whether the first certificate names itself as its issuer. Kind::invalid_input where there is none.
base::Result<bool> is_self_signed(std::string_view certificate_pem);

}  // namespace net
