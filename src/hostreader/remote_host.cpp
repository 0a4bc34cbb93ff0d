// SPDX-License-Identifier: Apache-2.0
#include "hostreader/remote_host.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "hostreader/channel.hpp"
#include "hostreader/listener.hpp"
#include "hostreader/protocol.hpp"

namespace hostreader {

namespace {

constexpr std::size_t kBodyCap = 64u << 20;
constexpr auto kPulse = std::chrono::milliseconds(500);  // how often a silent stream's sink is asked

struct Whole {
  base::Json value;
  std::string body;
};

// One connection. After a failure that is not the answer itself `usable` is false.
class Connection {
 public:
  explicit Connection(Descriptor socket) : channel_(std::move(socket)) {}

  base::Result<void> send(const Request& request, std::chrono::milliseconds timeout) {
    return failing(channel_.send(encode(request), timeout));
  }

  // The next frame; nothing where none came until `when`. Its bytes live until the next call.
  base::Result<std::optional<Frame>> next(Clock::time_point when) {
    received_.erase(0, used_);
    used_ = 0;
    for (;;) {
      std::string_view rest = received_;
      auto frame = failing(take_frame(rest));
      if (!frame || *frame) {
        used_ = received_.size() - rest.size();
        return frame;
      }
      const auto came = failing(channel_.receive(received_, when));
      if (!came) return base::fail(came.error());
      if (!*came) return std::nullopt;
    }
  }

  bool usable() const { return usable_; }
  void give_up() { usable_ = false; }

 private:
  template <typename Result>
  Result failing(Result result) {
    usable_ = usable_ && result.has_value();
    return result;
  }

  Channel channel_;
  std::string received_;
  std::size_t used_ = 0;
  bool usable_ = true;
};

class RemoteHost : public benchmark::HostReader {
 public:
  explicit RemoteHost(const RemoteOptions& options) : options_(options) {}

  // Where the reader does not say, an engine is taken to be there: what it is then asked for fails, and nobody concludes that
  // the host has none.
  std::string engine_socket() const override {
    const auto answer = call({Op::socket, {}, 0}, 0);
    return answer && answer->value.is_string() ? std::string(answer->value.get_string()) : "/var/run/docker.sock";
  }

  base::Result<benchmark::EngineAnswer> get(std::string_view path) override {
    Whole answer = TRY(call({Op::get, std::string(path), 0}, kBodyCap));
    const auto* status = answer.value.if_int64();
    if (!status || *status < 100 || *status > 599) return base::fail(base::Kind::invalid_input, "the host reader's answer has no status");
    return benchmark::EngineAnswer{static_cast<int>(*status), std::move(answer.body)};
  }

  base::Result<void> follow(std::string_view path, const std::function<bool(std::string_view bytes)>& sink) override {
    Connection connection(TRY(connect()));
    if (const auto sent = connection.send({Op::follow, std::string(path), 0}, options_.timeout); !sent) return base::fail(gone(sent.error()));
    auto last_heard = Clock::now();
    for (;;) {
      const auto frame = connection.next(Clock::now() + kPulse);
      if (!frame) return base::fail(gone(frame.error()));
      if (!*frame && Clock::now() - last_heard > options_.timeout)
        return base::fail(gone({base::Kind::unavailable, "it fell silent"}));
      if (*frame) last_heard = Clock::now();
      if (*frame && (*frame)->kind == FrameKind::end) {
        TRY(parse_end((*frame)->bytes));
        return {};
      }
      if (!sink(*frame ? (*frame)->bytes : std::string_view())) return {};
    }
  }

  std::optional<int> engine_process() override {
    const auto answer = call({Op::process, {}, 0}, 0);
    const auto* pid = answer ? answer->value.if_int64() : nullptr;
    return pid && *pid > 0 && *pid <= 0x7fffffff ? std::optional<int>(static_cast<int>(*pid)) : std::nullopt;
  }

  base::Result<benchmark::FileStatus> stat(const std::string& path) override {
    const Whole answer = TRY(call({Op::stat, path, 0}, 0));
    return parse_status(answer.value);
  }

  base::Result<std::string> read(const std::string& path, std::size_t cap) override {
    Whole answer = TRY(call({Op::read, path, cap}, cap));
    return std::move(answer.body);
  }

  base::Result<std::string> read_link(const std::string& path) override {
    const Whole answer = TRY(call({Op::link, path, 0}, 0));
    if (!answer.value.is_string()) return base::fail(base::Kind::invalid_input, "the host reader's answer names no target");
    return std::string(answer.value.get_string());
  }

  base::Result<std::vector<std::string>> list(const std::string& folder) override {
    const Whole answer = TRY(call({Op::list, folder, 0}, kBodyCap));
    return parse_texts(answer.body);
  }

  base::Result<std::vector<std::string>> audit_rules() override {
    const Whole answer = TRY(call({Op::audit, {}, 0}, kBodyCap));
    return parse_texts(answer.body);
  }

  base::Result<void> reached() override {
    auto lost = std::exchange(lost_, std::nullopt);
    if (lost) return base::fail(std::move(*lost));
    return {};
  }

 private:
  base::Error gone(const base::Error& why) const {
    return {base::Kind::unavailable, fmt::format("the host reader at {} does not answer ({}); see: systemctl status bulwark-host-reader.socket",
                                                 options_.socket, why.message)};
  }

  base::Result<Descriptor> connect() const {
    auto socket = connect_to(options_.socket);
    if (!socket) return base::fail(gone(socket.error()));
    return socket;
  }

  // A connection that the reader closed meanwhile is no failure of the reader: a question is asked twice.
  base::Result<Whole> call(const Request& request, std::size_t body_cap) const {
    auto answer = attempt(request, body_cap);
    if (!answer && !connection_) answer = attempt(request, body_cap);
    if (!answer && !connection_) lost_ = answer.error();
    return answer;
  }

  // Without a connection afterwards where it was lost, or where there was none to have.
  base::Result<Whole> attempt(const Request& request, std::size_t body_cap) const {
    if (!connection_) connection_.emplace(TRY(connect()));
    auto answer = ask(*connection_, request, body_cap);
    if (connection_->usable()) return answer;
    connection_.reset();
    return base::fail(gone(answer.error()));
  }

  base::Result<Whole> ask(Connection& connection, const Request& request, std::size_t body_cap) const {
    TRY(connection.send(request, options_.timeout));
    const auto until = Clock::now() + options_.timeout;
    Whole whole;
    for (;;) {
      const auto frame = TRY(connection.next(until));
      const bool fits = frame && frame->bytes.size() <= body_cap - whole.body.size();
      if (frame && frame->kind == FrameKind::end) {
        whole.value = TRY(parse_end(frame->bytes));
        return whole;
      }
      if (!fits) {
        connection.give_up();
        return frame ? base::fail(base::Kind::invalid_input, "its answer is larger than asked for")
                     : base::fail(base::Kind::unavailable, fmt::format("nothing came for {} ms", options_.timeout.count()));
      }
      whole.body += frame->bytes;
    }
  }

  const RemoteOptions options_;
  mutable std::optional<Connection> connection_;  // of all but streams
  mutable std::optional<base::Error> lost_;
};

}  // namespace

std::unique_ptr<benchmark::HostReader> remote_host(const RemoteOptions& options) { return std::make_unique<RemoteHost>(options); }

}  // namespace hostreader
