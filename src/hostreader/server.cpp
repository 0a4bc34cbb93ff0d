// SPDX-License-Identifier: Apache-2.0
#include "hostreader/server.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>

#include "hostreader/listener.hpp"

namespace hostreader {

namespace {

constexpr auto kForever = std::chrono::hours(1);  // asked again then
constexpr auto kHeartbeat = std::chrono::seconds(1);

// A place among the streams, given back at the end.
class StreamPlace {
 public:
  StreamPlace(std::atomic<unsigned>& taken, unsigned most) : taken_(taken), granted_(++taken <= most) {}
  StreamPlace(const StreamPlace&) = delete;
  StreamPlace& operator=(const StreamPlace&) = delete;
  ~StreamPlace() { --taken_; }
  bool granted() const { return granted_; }

 private:
  std::atomic<unsigned>& taken_;
  const bool granted_;
};

// The body in frames, and what stands behind it.
base::Result<void> send_body(Channel& channel, std::string_view body, std::string_view tail, Clock::duration patience) {
  while (body.size() > kFrameBytes) {
    TRY(channel.send(encode(FrameKind::body, body.substr(0, kFrameBytes)), patience));
    body.remove_prefix(kFrameBytes);
  }
  return channel.send((body.empty() ? std::string() : encode(FrameKind::body, body)).append(tail), patience);
}

// The JSON of the next request. One that has begun must come whole in its time, however slowly its bytes come.
base::Result<std::string> receive_request(Channel& channel, std::string& received, const ServerOptions& options) {
  std::optional<Clock::time_point> whole_by;
  for (;;) {
    std::string_view rest = received;
    if (const auto request = TRY(take_request(rest))) {
      std::string json(*request);
      received.erase(0, received.size() - rest.size());
      return json;
    }
    if (!received.empty() && !whole_by) whole_by = Clock::now() + options.request;
    if (!TRY(channel.receive(received, whole_by.value_or(Clock::now() + options.idle))))
      return base::fail(base::Kind::unavailable, "no request came in time");
  }
}

}  // namespace

base::Result<std::unique_ptr<Server>> Server::start(Descriptor listener, Gate& gate, const ServerOptions& options) {
  Descriptor stop(::eventfd(0, EFD_CLOEXEC));
  if (stop.get() < 0) return base::fail(base::Kind::unavailable, "no more descriptors can be opened");
  std::unique_ptr<Server> server(new Server(std::move(listener), std::move(stop), gate, options));
  try {
    for (unsigned i = 0; i < options.connections; ++i) server->workers_.emplace_back([&server = *server] { server.work(); });
  } catch (const std::system_error& error) {
    return base::fail(base::Kind::unavailable, fmt::format("cannot start a thread: {}", error.what()));
  }
  return server;
}

Server::~Server() {
  const std::uint64_t one = 1;
  while (::write(stop_.get(), &one, sizeof one) < 0 && errno == EINTR) continue;
  for (std::thread& worker : workers_) worker.join();
}

bool Server::is_stopping() const {
  pollfd fd{stop_.get(), POLLIN, 0};
  return ::poll(&fd, 1, 0) != 0;
}

void Server::work() {
  for (;;) {
    const Ready ready = wait_until(listener_.get(), POLLIN, Clock::now() + kForever, stop_.get());
    if (ready == Ready::interrupted) return;
    if (ready == Ready::no) continue;
    Descriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (socket.get() >= 0) serve(std::move(socket));
    else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)  // the client waits; others close theirs meanwhile
      (void)wait_until(-1, 0, Clock::now() + kHeartbeat, stop_.get());
  }
}

void Server::serve(Descriptor socket) {
  const auto user = peer_user(socket.get());
  Channel channel(std::move(socket), stop_.get());
  if (!user || (*user != 0 && std::find(options_.users.begin(), options_.users.end(), *user) == options_.users.end())) {
    (void)channel.send(encode_error({base::Kind::denied, "the host reader answers the agent's user and root alone"}), {});
    return;
  }
  std::string received;
  for (;;) {
    const auto request = receive_request(channel, received, options_);
    if (!request && request.error().kind == base::Kind::invalid_input)
      (void)channel.send(encode_error(request.error()), options_.patience);
    if (!request || !answer(channel, *request)) return;
  }
}

base::Result<void> Server::answer(Channel& channel, std::string_view json) {
  const auto request = parse_request(json);
  if (!request) return channel.send(encode_error(request.error()), options_.patience);
  if (request->op == Op::follow) return send_stream(channel, request->path);
  const auto answer = gate_.answer(*request);
  if (!answer) return channel.send(encode_error(answer.error()), options_.patience);
  return send_body(channel, answer->body, encode_value(answer->value), options_.patience);
}

base::Result<void> Server::send_stream(Channel& channel, const std::string& path) {
  const StreamPlace place(streams_, options_.streams);
  if (!place.granted())
    return channel.send(encode_error({base::Kind::unavailable, fmt::format("the host reader sends {} streams already", options_.streams)}),
                        options_.patience);
  const auto began = Clock::now();
  auto last_sent = began;
  std::uint64_t bytes_sent = 0;
  base::Result<void> sending;
  std::string limit;
  const auto followed = gate_.follow(path, [&](std::string_view bytes) {
    if (is_stopping() || channel.is_disturbed()) sending = base::fail(base::Kind::cancelled, "nobody listens any more");
    if (Clock::now() - began > options_.longest_stream || bytes.size() > options_.largest_stream - bytes_sent)
      limit = fmt::format("the stream went past {} s or {} bytes; ask anew", options_.longest_stream.count(), options_.largest_stream);
    if (!sending || !limit.empty()) return false;
    if (bytes.empty() && Clock::now() - last_sent < kHeartbeat) return true;
    sending = bytes.empty() ? channel.send(encode(FrameKind::body, {}), options_.patience)
                            : send_body(channel, bytes, {}, options_.patience);
    bytes_sent += bytes.size();
    last_sent = Clock::now();
    return sending.has_value();
  });
  TRY(std::move(sending));
  if (!limit.empty()) return channel.send(encode_error({base::Kind::too_large, limit}), options_.patience);
  if (!followed) return channel.send(encode_error(followed.error()), options_.patience);
  return channel.send(encode_value(nullptr), options_.patience);
}

}  // namespace hostreader
