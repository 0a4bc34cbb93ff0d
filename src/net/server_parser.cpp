// SPDX-License-Identifier: Apache-2.0
#include "net/server_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "base/text.hpp"
#include "net/server_target.hpp"

namespace net {

namespace {

namespace http = boost::beast::http;
using BeastError = boost::beast::error_code;
using BeastText = boost::beast::string_view;

constexpr std::size_t kMostHeaders = 256;
constexpr std::size_t kLastChunkBytes = 5;
constexpr std::size_t kMostChunkLine = 4096;  // chunk size with extensions, or trailers

std::string_view plain(BeastText text) { return {text.data(), text.size()}; }

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return out;
}

// Collects what Beast reads. A fault that is ours is kept in `status` and `why`, and ends the parse.
class BeastReader final : public http::basic_parser<true> {
 public:
  explicit BeastReader(const ServerLimits& limits) : limits_(limits), body_cap_(limits.body_bytes) {
    header_limit(static_cast<std::uint32_t>(std::min<std::size_t>(limits.header_bytes, 1u << 24)));
    body_limit(boost::none);  // ours is checked when method and path are known
  }

  ServerRequest request;
  bool is_http_1_1 = false;
  int status = 0;
  std::string why;

  std::size_t bytes_held() const { return head_bytes_ + request.body.size(); }
  bool check_head_bytes(std::string_view part);
  bool check_head();
  void refuse(int code, std::string_view text, BeastError& ec) {
    status = code;
    why = text;
    ec = http::error::bad_value;
  }

 private:
  void on_request_impl(http::verb, BeastText method, BeastText target, int version, BeastError&) override {
    is_http_1_1 = version >= 11;
    request.method = upper(plain(method));
    request.target = plain(target);
  }
  void on_response_impl(int, BeastText, int, BeastError&) override {}
  void on_field_impl(http::field, BeastText name, BeastText value, BeastError& ec) override {
    if (is_header_done()) return;  // trailers
    if (request.headers.size() == kMostHeaders) return refuse(431, "more than 256 headers", ec);
    request.headers.emplace_back(base::to_lower(plain(name)), plain(value));
  }
  void on_header_impl(BeastError&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, BeastError&) override {}
  std::size_t on_body_impl(BeastText bytes, BeastError& ec) override { return append(bytes, ec); }
  void on_chunk_header_impl(std::uint64_t, BeastText, BeastError&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, BeastText bytes, BeastError& ec) override { return append(bytes, ec); }
  void on_finish_impl(BeastError&) override {}

  std::size_t append(BeastText bytes, BeastError& ec) {
    if (bytes.size() > body_cap_ - request.body.size()) {
      refuse(413, fmt::format("the body is over {} bytes", body_cap_), ec);
      return 0;
    }
    request.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  bool fault(int code, std::string text) {
    status = code;
    why = std::move(text);
    return false;
  }
  bool check_framing();
  bool check_host();

  const ServerLimits& limits_;
  std::size_t body_cap_;
  std::size_t head_bytes_ = 0;
};

bool BeastReader::check_framing() {
  const auto count = [&](std::string_view name) {
    return std::count_if(request.headers.begin(), request.headers.end(),
                         [&](const auto& header) { return header.first == name; });
  };
  const auto codings = count("transfer-encoding"), lengths = count("content-length");
  if (codings + lengths > 1) return fault(400, "the length of the body is given more than once");
  if (lengths == 1 && !base::is_digits(request.header("content-length")))
    return fault(400, "Content-Length is no number");
  if (codings == 0) return true;
  if (!is_http_1_1) return fault(400, "Transfer-Encoding is not of HTTP/1.0");
  if (!base::equals_ignoring_case(request.header("transfer-encoding"), "chunked"))
    return fault(501, "Transfer-Encoding is other than chunked");
  return true;
}

bool BeastReader::check_host() {
  std::size_t hosts = 0;
  for (const auto& [name, value] : request.headers) {
    if (name != "host") continue;
    ++hosts;
    if (value.find_first_of(" \t,/@?#") != std::string::npos) return fault(400, "the Host header names no host");
  }
  if (hosts > 1 || (hosts == 0 && is_http_1_1)) return fault(400, "there must be one Host header");
  return true;
}

// The next bytes of the head, cut where Beast cuts: behind a line, never before one that is folded.
bool BeastReader::check_head_bytes(std::string_view part) {
  head_bytes_ += part.size();
  // Beast's own limit is for the lines it has not used yet, not for their sum.
  if (head_bytes_ > limits_.header_bytes) return fault(431, "the head of the request is too large");
  if (part.find('\0') != std::string_view::npos) return fault(400, "a NUL in the head");
  if (part.find("\n ") != std::string_view::npos || part.find("\n\t") != std::string_view::npos)
    return fault(400, "a header is folded over two lines");
  return true;
}

// What the head as a whole must keep.
bool BeastReader::check_head() {
  if (request.method == "CONNECT") return fault(400, "this is no proxy");
  if (!check_framing() || !check_host()) return false;
  const std::string target = std::move(request.target);
  if (auto read = read_target(target, request); !read) return fault(400, read.error().message);
  if (limits_.body_bytes_for) body_cap_ = limits_.body_bytes_for(request.method, request.path);
  const auto length = content_length();
  if (length && *length > body_cap_) return fault(413, fmt::format("the body is over {} bytes", body_cap_));
  const std::string_view expect = request.header("expect");
  if (!expect.empty() && !base::equals_ignoring_case(expect, "100-continue"))
    return fault(417, "the expectation is not known");
  return true;
}

}  // namespace

struct RequestParser::Parts {
  explicit Parts(const ServerLimits& limits) : reader(limits) {}
  BeastReader reader;
  State state = State::head;
  int blank_lines = 0;

  void take_piece(std::string_view bytes, std::size_t& used);
  void fail(const BeastError& ec) {
    state = State::failed;
    if (reader.status != 0) return;
    reader.status = ec == http::error::header_limit ? 431 : 400;
    reader.why = ec == http::error::header_limit ? "the head of the request is too large" : "malformed HTTP: " + ec.message();
  }
};

RequestParser::RequestParser(const ServerLimits& limits) : parts_(std::make_unique<Parts>(limits)) {}
RequestParser::~RequestParser() = default;

// One line, chunk or whatever Beast takes at a time; leaves `used` where it is when more bytes are needed.
void RequestParser::Parts::take_piece(std::string_view bytes, std::size_t& used) {
  const std::string_view rest = bytes.substr(used);
  // Beast asserts that a last chunk comes with 5 bytes or more, and would end the program on "0 CR LF" and a later CR.
  // From wherever a chunked body stands, at least "0 CR LF CR LF" is still to come.
  if (state == State::body && reader.chunked() && rest.size() < kLastChunkBytes) return;
  BeastError ec;
  const std::size_t read = reader.put({rest.data(), rest.size()}, ec);
  used += read;
  if (state == State::head && !reader.check_head_bytes(rest.substr(0, read))) {
    state = State::failed;
  } else if (ec == http::error::need_more) {
    if (state == State::body && read == 0 && rest.size() > kMostChunkLine) fail(http::error::bad_chunk_extension);
  } else if (ec) {
    fail(ec);
  } else if (state == State::head && reader.is_header_done()) {
    state = !reader.check_head() ? State::failed : reader.is_done() ? State::complete : State::body;
  } else if (reader.is_done()) {
    state = State::complete;
  }
}

std::size_t RequestParser::take(std::string_view bytes) {
  Parts& parts = *parts_;
  std::size_t used = 0;
  // RFC 9112 section 2.2: an empty line before the request line is passed over.
  while (parts.state == State::head && !parts.reader.got_some() && parts.blank_lines < 2 &&
         bytes.substr(used, 2) == "\r\n") {
    used += 2;
    ++parts.blank_lines;
  }
  if (parts.state == State::head && !parts.reader.got_some() && bytes.substr(used) == "\r") return used;
  const State before = parts.state;
  while (used < bytes.size() && parts.state == before && before != State::complete && before != State::failed) {
    const std::size_t last = used;
    parts.take_piece(bytes, used);
    if (used == last) break;
  }
  return used;
}

RequestParser::State RequestParser::state() const { return parts_->state; }
std::size_t RequestParser::bytes_held() const { return parts_->reader.bytes_held(); }
ServerRequest& RequestParser::request() { return parts_->reader.request; }
int RequestParser::fault_status() const { return parts_->reader.status; }
const std::string& RequestParser::fault() const { return parts_->reader.why; }
bool RequestParser::keeps_alive() const { return parts_->reader.keep_alive(); }
bool RequestParser::is_http_1_1() const { return parts_->reader.is_http_1_1; }
bool RequestParser::expects_continue() const {
  return is_http_1_1() && !parts_->reader.request.header("expect").empty();
}

}  // namespace net
