// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "net/server_answer.hpp"
#include "net/server_core.hpp"
#include "net/server_parser.hpp"
#include "net/server_stream.hpp"

namespace net {

// One connection: handshake, then requests one after another, each read, handled and answered before the next is looked
// at. On its lane's thread alone; the lane owns it until close().
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(ServerCore& core, ServerLane& lane, int fd, std::string peer, std::string address_key);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  void start();
  void close_if_idle();   // between requests; a stream is ended in order
  void close();           // at once; twice does nothing

 private:
  enum class Phase { handshake, idle, head, body, handling, answering, streaming, lingering, closed };
  using Step = void (Connection::*)();

  IoLoop::Task guarded(Step step);
  void wait(LinkStatus what, Step step);
  void later(Step step);  // lets others have their turn first
  void limit(std::chrono::milliseconds time, Step step);

  void shake_hands();
  void begin_request();
  void read_more();
  bool take_bytes(std::string_view bytes);
  std::size_t parse(std::string_view bytes);
  void enter_body(bool all_used);
  bool hold_request();
  void head_is_late();
  void body_is_late();

  void dispatch();
  void run_handler(ServerRequest& request);
  void watch_asker();
  void refuse(int status, std::string_view message);
  ServerResponse busy(std::string_view message);
  void respond(ServerResponse response, std::shared_ptr<EventStream::State> stream);
  void queue_answer(std::string head, ServerResponse response);
  void limit_writing();
  void write_more();
  void answer_written();

  void begin_stream();
  void look_at_stream();
  void watch_peer();
  void end_stream();

  void linger();
  void drain();
  void release_work();
  void release_request();

  ServerCore& core_;
  ServerLane& lane_;
  WatchedSocket socket_;
  Deadline deadline_;
  std::unique_ptr<Link> link_;
  std::string peer_;
  const std::string address_key_;
  Phase phase_ = Phase::handshake;

  std::string input_;  // came, and not used yet
  std::unique_ptr<RequestParser> parser_;
  bool working_ = false;  // as told to the core
  std::size_t held_ = 0;  // bytes of the request in hand, as told to the core
  bool large_ = false;    // it has the core's one large body
  std::shared_ptr<HangUp> hang_up_;  // of the request that is handled
  bool to_head_ = false, http_1_1_ = true, keep_alive_ = true;  // of the request in hand

  std::string head_;  // to write, then the body behind it
  std::size_t head_sent_ = 0;
  ServerResponse response_;  // keeps the body
  std::string_view body_;
  std::shared_ptr<EventStream::State> stream_;
  bool stream_chunked_ = false;
};

}  // namespace net
