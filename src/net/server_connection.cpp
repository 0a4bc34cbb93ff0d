// SPDX-License-Identifier: Apache-2.0
#include "net/server_connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "base/text.hpp"

namespace net {

namespace {

constexpr int kReadsATurn = 8;                   // of 64 KiB each, before others have their turn
constexpr std::size_t kBytesATurn = 1u << 20;    // written, likewise
constexpr std::size_t kJoinedBody = 16u << 10;   // a body up to this goes out in one piece with its head
constexpr std::size_t kSlowestReader = 16u << 10;  // bytes a second that a reader of an answer must take
constexpr std::chrono::milliseconds kLingerTime{2000};

bool asks_to_close(const ServerResponse& response) {
  return std::any_of(response.headers.begin(), response.headers.end(), [](const auto& header) {
    return base::equals_ignoring_case(header.first, "connection") && base::equals_ignoring_case(header.second, "close");
  });
}

bool is_dropped(EventStream::State& stream) {
  const std::lock_guard lock(stream.mutex);
  stream.announced = false;
  return stream.dropped;
}

void detach(EventStream::State& stream) {
  std::function<void()> dropped;
  const std::lock_guard lock(stream.mutex);
  stream.ended = true;
  dropped.swap(stream.notify);
  stream.queue = {};
}

}  // namespace

Connection::Connection(ServerCore& core, ServerLane& lane, int fd, std::string peer, std::string address_key)
    : core_(core),
      lane_(lane),
      socket_(lane.loop, fd),
      deadline_(lane.loop),
      link_(core.tls() ? core.tls()->link(fd) : plain_link(fd)),
      peer_(std::move(peer)),
      address_key_(std::move(address_key)) {}

Connection::~Connection() = default;

// Every callback holds the connection alive, is deaf once it is closed, and ends in this connection alone what it throws
// (out of memory, or a function of the user).
IoLoop::Task Connection::guarded(Step step) {
  return [self = shared_from_this(), step] {
    if (self->phase_ == Phase::closed) return;
    try {
      ((*self).*step)();
    } catch (const std::exception&) {
      self->close();
    }
  };
}

void Connection::wait(LinkStatus what, Step step) {
  if (what == LinkStatus::want_write)
    socket_.when_writable(guarded(step));
  else
    socket_.when_readable(guarded(step));
}

void Connection::later(Step step) { lane_.loop.post(guarded(step)); }

void Connection::limit(std::chrono::milliseconds time, Step step) {
  deadline_.set(time, guarded(step));
}

void Connection::start() {
  if (!link_) return close();
  limit(core_.options().limits.header_time, &Connection::close);
  shake_hands();
}

void Connection::shake_hands() {
  const LinkStep step = link_->handshake();
  if (step.status == LinkStatus::done) return begin_request();
  if (step.status == LinkStatus::ended) return linger();
  wait(step.status, &Connection::shake_hands);
}

void Connection::begin_request() {
  parser_.reset();
  phase_ = Phase::idle;
  limit(core_.options().limits.idle_time, &Connection::close);
  if (!input_.empty()) {
    const std::string held = std::exchange(input_, {});
    if (!take_bytes(held)) return;
  }
  read_more();
}

void Connection::read_more() {
  // Late requests are answered while their bytes are still waited for.
  if (phase_ != Phase::idle && phase_ != Phase::head && phase_ != Phase::body) return;
  std::vector<char>& scratch = lane_.loop.scratch();
  for (int turn = 0; turn < kReadsATurn; ++turn) {
    const LinkStep step = link_->read(scratch);
    if (step.status == LinkStatus::ended) return close();
    if (step.status != LinkStatus::done) return wait(step.status, &Connection::read_more);
    if (!take_bytes({scratch.data(), step.bytes})) return;
  }
  later(&Connection::read_more);
}

// False where nothing more is to be read for now.
bool Connection::take_bytes(std::string_view bytes) {
  if (!parser_) {
    parser_ = std::make_unique<RequestParser>(core_.options().limits);
    phase_ = Phase::head;
    limit(core_.options().limits.header_time, &Connection::head_is_late);
  }
  if (input_.empty()) {
    input_.assign(bytes.substr(parse(bytes)));
  } else {
    input_.append(bytes);
    input_.erase(0, parse(input_));
  }
  if (phase_ == Phase::closed) return false;
  if (!hold_request()) {
    refuse(503, "the server holds as many bytes of requests as it may; try again");
    return false;
  }
  switch (parser_->state()) {
    case RequestParser::State::complete: dispatch(); return false;
    case RequestParser::State::failed: refuse(parser_->fault_status(), parser_->fault()); return false;
    default: return true;
  }
}

std::size_t Connection::parse(std::string_view bytes) {
  std::size_t used = parser_->take(bytes);
  if (phase_ == Phase::head && parser_->state() == RequestParser::State::body) {
    enter_body(used == bytes.size());
    if (phase_ != Phase::closed) used += parser_->take(bytes.substr(used));
  }
  return used;
}

void Connection::enter_body(bool all_used) {
  phase_ = Phase::body;
  working_ = true;
  core_.begin_work();
  limit(core_.options().limits.body_time, &Connection::body_is_late);
  if (!all_used || !parser_->expects_continue()) return;
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  // All answers before were written, so that there is room for these few bytes.
  const LinkStep step = link_->write(kContinue);
  if (step.status != LinkStatus::done || step.bytes != kContinue.size()) close();
}

// Counts what came of the request; false where the server may hold no more.
bool Connection::hold_request() {
  const std::size_t size = parser_->bytes_held() + input_.size();
  const bool counts = parser_->request().body.size() <= core_.options().limits.body_bytes;
  if (!counts && !large_) {
    if (!core_.begin_large_body()) return false;
    core_.release(std::exchange(held_, 0));
    large_ = true;
  }
  if (large_ || size <= held_) return true;
  if (!core_.hold(size - held_)) return false;
  held_ = size;
  return true;
}

void Connection::head_is_late() { refuse(408, "the head of the request did not come in time"); }
void Connection::body_is_late() { refuse(408, "the body of the request did not come in time"); }

void Connection::dispatch() {
  phase_ = Phase::handling;
  deadline_.clear();
  core_.count_request();
  if (!std::exchange(working_, true)) core_.begin_work();
  auto request = std::make_shared<ServerRequest>(std::move(parser_->request()));
  to_head_ = request->method == "HEAD";
  http_1_1_ = parser_->is_http_1_1();
  keep_alive_ = parser_->keeps_alive();
  parser_.reset();
  request->peer = peer_;
  request->tls = core_.tls() != nullptr;
  request->hang_up = hang_up_ = std::make_shared<HangUp>();
  const bool taken =
      core_.workers_for(request->path).submit([self = shared_from_this(), request] { self->run_handler(*request); });
  if (taken) return watch_asker();
  respond(busy("too many requests wait; try again"), nullptr);
}

// Sees the peer hang up while its request is handled. The answer is made all the same: it may have closed its side alone. Of
// what comes meanwhile, the beginning of a next request, one read is kept; behind it nothing is seen.
void Connection::watch_asker() {
  if (phase_ != Phase::handling || !input_.empty()) return;
  std::vector<char>& scratch = lane_.loop.scratch();
  if (!core_.hold(scratch.size())) return;
  const LinkStep step = link_->read(scratch);
  core_.release(scratch.size() - step.bytes);
  held_ += step.bytes;
  if (step.status == LinkStatus::ended) return hang_up_->raise();
  if (step.status != LinkStatus::done) return wait(step.status, &Connection::watch_asker);
  input_.assign(scratch.data(), step.bytes);
}

ServerResponse Connection::busy(std::string_view message) {
  ServerResponse response = core_.refusal(503, message);
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

// On a worker thread. While the phase is `handling`, the loop touches nothing that is read here.
void Connection::run_handler(ServerRequest& request) {
  auto response = std::make_shared<ServerResponse>(core_.answer(request));
  const auto open = std::exchange(response->stream, nullptr);
  std::shared_ptr<EventStream::State> state;
  std::shared_ptr<EventStream> stream;
  if (open && !to_head_ && !is_bodiless(response->status)) {
    state = std::make_shared<EventStream::State>();
    state->notify = [weak = weak_from_this(), &loop = lane_.loop] {
      loop.post([weak] {
        if (const auto self = weak.lock()) self->guarded(&Connection::look_at_stream)();
      });
    };
    stream = std::make_shared<EventStream>(state);
  }
  lane_.loop.post([self = shared_from_this(), response, state] {
    try {
      self->respond(std::move(*response), state);
    } catch (const std::exception&) {
      self->close();
    }
  });
  if (!stream) return;
  try {
    open(std::move(stream));
  } catch (...) {  // the stream ended with its last owner
  }
}

// What was wrong with the bytes: none behind them can be trusted to begin a request.
void Connection::refuse(int status, std::string_view message) {
  to_head_ = parser_ && parser_->request().method == "HEAD";
  keep_alive_ = false;
  respond(status == 503 ? busy(message) : core_.refusal(status, message), nullptr);
  parser_.reset();
}

void Connection::respond(ServerResponse response, std::shared_ptr<EventStream::State> stream) {
  if (phase_ == Phase::closed) {
    if (stream) detach(*stream);
    return;
  }
  release_request();
  hang_up_.reset();
  stream_ = std::move(stream);
  AnswerShape shape;
  shape.to_head = to_head_;
  shape.http_1_1 = http_1_1_;
  shape.chunked = stream_ && http_1_1_;
  shape.until_close = stream_ && !http_1_1_;
  keep_alive_ = keep_alive_ && !core_.is_draining() && !stream_ && !asks_to_close(response);
  shape.close = !keep_alive_;
  auto head = write_head(response, shape);
  if (!head) {
    if (stream_) detach(*std::exchange(stream_, nullptr));
    shape.chunked = shape.until_close = false;
    response = plain_refusal(500, "the answer could not be written");
    head = write_head(response, shape);
  }
  if (!head) return close();
  stream_chunked_ = shape.chunked;
  queue_answer(std::move(*head), std::move(response));
}

void Connection::queue_answer(std::string head, ServerResponse response) {
  phase_ = Phase::answering;
  head_ = std::move(head);
  head_sent_ = 0;
  response_ = std::move(response);
  body_ = to_head_ || is_bodiless(response_.status) || stream_ ? std::string_view() : body_of(response_);
  if (body_.size() <= kJoinedBody) head_.append(std::exchange(body_, {}));
  limit_writing();
  write_more();
}

void Connection::limit_writing() {
  const auto size = static_cast<long long>((head_.size() + body_.size()) / kSlowestReader);
  limit(core_.options().limits.idle_time + std::chrono::seconds(size), &Connection::close);
}

void Connection::write_more() {
  for (std::size_t moved = 0; head_sent_ < head_.size() || !body_.empty();) {
    if (moved > kBytesATurn) return later(&Connection::write_more);
    const bool in_head = head_sent_ < head_.size();
    const LinkStep step = link_->write(in_head ? std::string_view(head_).substr(head_sent_) : body_);
    if (step.status == LinkStatus::ended) return close();
    if (step.status != LinkStatus::done) return wait(step.status, &Connection::write_more);
    moved += step.bytes;
    if (in_head)
      head_sent_ += step.bytes;
    else
      body_.remove_prefix(step.bytes);
  }
  head_ = {};
  head_sent_ = 0;
  answer_written();
}

void Connection::answer_written() {
  response_ = {};
  release_work();
  if (stream_) {
    deadline_.clear();
    if (std::exchange(phase_, Phase::streaming) == Phase::answering) watch_peer();
    later(&Connection::look_at_stream);
  } else if (!keep_alive_) {
    linger();
  } else if (input_.empty()) {
    begin_request();
  } else {
    later(&Connection::begin_request);
  }
}

// Takes what is queued, and writes it as one chunk.
void Connection::look_at_stream() {
  if (phase_ != Phase::streaming) return;
  if (!head_.empty()) {  // looked at again when that is written; what a peer does not take may never be
    if (is_dropped(*stream_)) close();
    return;
  }
  std::string text;
  bool ended = false, dropped = false;
  {
    const std::lock_guard lock(stream_->mutex);
    stream_->announced = false;
    text.swap(stream_->queue);
    stream_->in_flight = text.size();
    ended = stream_->ended;
    dropped = stream_->dropped;
  }
  if (dropped) return close();
  if (text.empty()) {
    if (ended) end_stream();
    return;
  }
  head_ = stream_chunked_ ? fmt::format("{:x}\r\n{}\r\n", text.size(), text) : std::move(text);
  limit_writing();
  write_more();
}

// Sees the peer go; what it sends is passed over.
void Connection::watch_peer() {
  if (phase_ != Phase::streaming) return;
  const LinkStep step = link_->read(lane_.loop.scratch());
  if (step.status == LinkStatus::ended) return close();
  if (step.status == LinkStatus::done) return later(&Connection::watch_peer);
  wait(step.status, &Connection::watch_peer);
}

void Connection::end_stream() {
  detach(*std::exchange(stream_, nullptr));
  phase_ = Phase::answering;
  if (stream_chunked_) head_ = "0\r\n\r\n";
  limit_writing();
  write_more();
}

// Lets the peer read what was written: closing on bytes that came and were not read would take it back.
void Connection::linger() {
  phase_ = Phase::lingering;
  input_ = {};
  link_->end_writing();
  limit(kLingerTime, &Connection::close);
  drain();
}

void Connection::drain() {
  for (int turn = 0; turn < kReadsATurn; ++turn) {
    const LinkStep step = link_->read(lane_.loop.scratch());
    if (step.status == LinkStatus::ended) return close();
    if (step.status != LinkStatus::done) return wait(step.status, &Connection::drain);
  }
  later(&Connection::drain);
}

void Connection::release_work() {
  if (std::exchange(working_, false)) core_.end_work();
}

void Connection::release_request() {
  core_.release(std::exchange(held_, 0));
  if (std::exchange(large_, false)) core_.end_large_body();
}

void Connection::close_if_idle() {
  switch (phase_) {
    case Phase::handshake:
    case Phase::idle:
    case Phase::head:
      link_->end_writing();
      return close();
    case Phase::streaming: {
      {
        const std::lock_guard lock(stream_->mutex);
        stream_->ended = true;
      }
      return look_at_stream();
    }
    default: return;
  }
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  const auto self = shared_from_this();  // until the end of this function
  phase_ = Phase::closed;
  deadline_.clear();
  if (stream_) detach(*stream_);
  if (hang_up_) hang_up_->raise();  // the server ends before the answer is there
  link_.reset();
  socket_.close();
  release_work();
  release_request();
  core_.forget(address_key_);
  lane_.connections.erase(self);
}

}  // namespace net
