// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <optional>

#include "base/text.hpp"
#include "net/curl_easy.hpp"
#include "net/http.hpp"
#include "net/pinned_certificate.hpp"
#include "net/trust_store.hpp"
#include "net/url.hpp"

namespace net {

namespace {

constexpr int kMaxRedirects = 5;
constexpr std::size_t kHeaderBytesCap = 256u << 10;
constexpr std::size_t kErrorBodyCap = 1u << 20;
constexpr std::size_t kIdleHandles = 16;

using SteadyClock = std::chrono::steady_clock;

// One request on one handle, without redirects.
class Transfer {
 public:
  Transfer(CURL* easy, const HttpRequest& request, const Url& url, const Headers& headers, const base::ByteSink& sink,
           PinnedCertificate* pin)
      : easy_(easy), request_(request), url_(url), headers_(headers), sink_(sink), pin_(pin) {}

  base::Result<HttpResponse> run(const TransportOptions& options, const TrustStore* trust,
                                 std::chrono::milliseconds total_timeout);

 private:
  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self) noexcept;
  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) noexcept;
  static int on_progress(void* self, curl_off_t, curl_off_t received, curl_off_t, curl_off_t sent) noexcept;

  static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address) noexcept;
  static int on_connected(void* self, char* peer_ip, char*, int, int) noexcept;

  void set_target(const TransportOptions& options, std::chrono::milliseconds total_timeout);
  void set_trust_in(const TransportOptions& options, const TrustStore& trust);
  void set_proxy();
  void set_guard();
  bool may_reach(std::string_view ip);
  base::Result<HeaderList> set_message();
  void set_callbacks();
  bool take_header(std::string_view line);
  bool take_body(std::string_view bytes);
  bool start_body();
  bool stalled(std::uint64_t moved);
  base::Result<HttpResponse> finish(CURLcode code);
  base::Error failure(CURLcode code) const;

  template <typename T>
  void set(CURLoption option, T value) {
    curl_easy_setopt(easy_, option, value);
  }

  CURL* easy_;
  const HttpRequest& request_;
  const Url& url_;
  const Headers& headers_;
  const base::ByteSink& sink_;
  PinnedCertificate* const pin_;  // null: authorities count
  HttpResponse response_;
  std::size_t header_bytes_ = 0;
  bool body_started_ = false;
  bool body_cut_ = false;             // an error answer went past its cap; what came is good enough
  std::optional<base::Error> ended_;  // by the sink, by on_head or by a cap
  std::string refused_address_;       // by allow_address; the last
  SteadyClock::time_point window_start_ = SteadyClock::now();
  std::uint64_t window_moved_ = 0;
  char error_text_[CURL_ERROR_SIZE] = {};
};

bool Transfer::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > kHeaderBytesCap) {
    ended_ = base::Error{base::Kind::too_large,
                         fmt::format("{} sent more than {} bytes of headers", url_.authority(), kHeaderBytesCap)};
    return false;
  }
  if (body_started_) return true;  // trailers
  if (line.substr(0, 5) == "HTTP/") {
    response_.headers.clear();  // those before were of an interim answer
    return true;
  }
  const auto [name, value] = base::cut(line, ":");
  if (name.size() < line.size()) response_.headers.emplace_back(base::to_lower(base::trim(name)), base::trim(value));
  return true;
}

bool Transfer::start_body() {
  if (body_started_) return true;
  body_started_ = true;
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  if (response_.status / 100 != 2 || !request_.on_head) return true;
  auto accepted = request_.on_head(response_);
  if (accepted) return true;
  ended_ = std::move(accepted).error();
  return false;
}

bool Transfer::take_body(std::string_view bytes) {
  if (!start_body()) return false;
  const bool success = response_.status / 100 == 2;
  if (success && sink_) {
    const auto before = SteadyClock::now();
    auto taken = sink_(bytes);
    window_start_ += SteadyClock::now() - before;
    if (!taken) ended_ = std::move(taken).error();
    return taken.has_value();
  }
  const std::size_t cap = success ? request_.body_cap : std::min(request_.body_cap, kErrorBodyCap);
  if (bytes.size() > cap - response_.body.size()) {
    body_cut_ = !success;
    if (success)
      ended_ =
          base::Error{base::Kind::too_large, fmt::format("{} answered with more than {} bytes", url_.authority(), cap)};
    return false;
  }
  response_.body.append(bytes);
  return true;
}

// True where less than one byte a second moved for the stall time.
bool Transfer::stalled(std::uint64_t moved) {
  const auto window = SteadyClock::now() - window_start_;
  if (request_.stall_timeout.count() <= 0 || window < request_.stall_timeout) return false;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(window).count();
  if (moved - window_moved_ < static_cast<std::uint64_t>(std::max<long long>(seconds, 1))) return true;
  window_start_ = SteadyClock::now();
  window_moved_ = moved;
  return false;
}

std::size_t Transfer::on_header(char* data, std::size_t, std::size_t size, void* self) noexcept {
  return static_cast<Transfer*>(self)->take_header({data, size}) ? size : 0;
}

std::size_t Transfer::on_body(char* data, std::size_t, std::size_t size, void* self) noexcept {
  return static_cast<Transfer*>(self)->take_body({data, size}) ? size : CURL_WRITEFUNC_ERROR;
}

int Transfer::on_progress(void* self, curl_off_t, curl_off_t received, curl_off_t, curl_off_t sent) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  if (transfer.ended_) return 1;
  if (transfer.request_.go_on && !transfer.request_.go_on()) {
    transfer.ended_ = base::Error{base::Kind::cancelled, fmt::format("the request to {} was ended", transfer.url_.authority())};
    return 1;
  }
  if (!transfer.stalled(static_cast<std::uint64_t>(received) + static_cast<std::uint64_t>(sent))) return 0;
  transfer.ended_ = base::Error{base::Kind::unavailable,
                                fmt::format("{} stalled: nothing came for {} s", transfer.url_.authority(),
                                            static_cast<double>(transfer.request_.stall_timeout.count()) / 1000)};
  return 1;
}

void Transfer::set_target(const TransportOptions& options, std::chrono::milliseconds total_timeout) {
  set(CURLOPT_URL, url_.text().c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_ERRORBUFFER, error_text_);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_timeout.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(total_timeout.count()));
  set(CURLOPT_BUFFERSIZE, sink_ ? 256L << 10 : 32L << 10);
  set(CURLOPT_USERAGENT, options.user_agent.c_str());
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (!request_.unix_socket.empty()) set(CURLOPT_UNIX_SOCKET_PATH, request_.unix_socket.c_str());
}

CURLcode attach_pin(CURL*, void* ssl_context, void* pin) noexcept {
  static_cast<PinnedCertificate*>(pin)->attach(ssl_context);
  return CURLE_OK;
}

void Transfer::set_trust_in(const TransportOptions& options, const TrustStore& trust) {
  if (pin_) {
    set(CURLOPT_SSL_VERIFYHOST, 0L);
    set(CURLOPT_SSL_CTX_FUNCTION, &attach_pin);
    set(CURLOPT_SSL_CTX_DATA, pin_);
  } else if (options.skip_tls_verify) {
    set(CURLOPT_SSL_VERIFYPEER, 0L);
    set(CURLOPT_SSL_VERIFYHOST, 0L);
  } else {
    set_trust(easy_, trust);
  }
}

void Transfer::set_proxy() {
  // A proxy would look names up and connect where allow_address does not see it.
  if (!request_.unix_socket.empty() || is_loopback_host(url_.host) || request_.allow_address) {
    set(CURLOPT_NOPROXY, "*");
    return;
  }
  // libcurl reads http_proxy in lower case only, since a CGI server sets HTTP_PROXY from a request's header.
  if (url_.scheme != "http" || std::getenv("http_proxy") || std::getenv("REQUEST_METHOD")) return;
  if (const char* proxy = std::getenv("HTTP_PROXY")) set(CURLOPT_PROXY, proxy);
}

bool Transfer::may_reach(std::string_view ip) {
  if (request_.allow_address(ip)) return true;
  refused_address_ = ip;
  return false;
}

// Asked for each address that a name led to, before anything is sent to it.
curl_socket_t Transfer::on_socket(void* self, curlsocktype, curl_sockaddr* address) noexcept {
  char text[INET6_ADDRSTRLEN] = {};
  const void* bytes = address->family == AF_INET6
                          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6*>(&address->addr)->sin6_addr)
                          : static_cast<const void*>(&reinterpret_cast<const sockaddr_in*>(&address->addr)->sin_addr);
  if (address->family != AF_INET && address->family != AF_INET6) return CURL_SOCKET_BAD;
  if (!::inet_ntop(address->family, bytes, text, sizeof text)) return CURL_SOCKET_BAD;
  if (!static_cast<Transfer*>(self)->may_reach(text)) return CURL_SOCKET_BAD;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// Asked for connections that were open already, too.
int Transfer::on_connected(void* self, char* peer_ip, char*, int, int) noexcept {
  return static_cast<Transfer*>(self)->may_reach(peer_ip) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

void Transfer::set_guard() {
  if (!request_.allow_address || !request_.unix_socket.empty()) return;
  set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_socket);
  set(CURLOPT_OPENSOCKETDATA, this);
  set(CURLOPT_PREREQFUNCTION, &Transfer::on_connected);
  set(CURLOPT_PREREQDATA, this);
}

base::Result<HeaderList> Transfer::set_message() {
  HeaderList list;
  const auto add = [&](const std::string& line) { return append(list, line); };
  bool complete = add("Expect:");  // no wait for "100 Continue"
  for (const auto& [name, value] : headers_)
    complete = complete && add(value.empty() ? name + ";" : fmt::format("{}: {}", name, value));
  if (!complete) return base::fail(base::Kind::internal, "out of memory");
  set(CURLOPT_HTTPHEADER, list.get());

  if (request_.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (request_.method != "GET") {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(CURLOPT_POSTFIELDS, request_.body.data());
    set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  }
  return list;
}

void Transfer::set_callbacks() {
  set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_XFERINFOFUNCTION, &Transfer::on_progress);
  set(CURLOPT_XFERINFODATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
}

base::Error Transfer::failure(CURLcode code) const {
  const std::string host = url_.authority();
  const std::string why = base::printable(error_text_[0] ? error_text_ : curl_easy_strerror(code));
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
      if (pin_)
        return {base::Kind::denied,
                fmt::format("the certificate of {} has the SHA-256 fingerprint {}, not the one expected, {}; somebody may "
                            "stand between, or the certificate was renewed",
                            host, pin_->refused(), pin_->expected())};
      return {base::Kind::denied,
              fmt::format("the certificate of {} is not trusted ({}); name its authority with --ca-file", host, why)};
    case CURLE_SSL_CACERT_BADFILE:
      return {base::Kind::invalid_input, fmt::format("the CA certificates cannot be used: {}", why)};
    case CURLE_OUT_OF_MEMORY: return {base::Kind::internal, "out of memory"};
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2_STREAM:
    case CURLE_GOT_NOTHING: return {base::Kind::unavailable, fmt::format("{} cut the answer short: {}", host, why)};
    case CURLE_OPERATION_TIMEDOUT:
      return {base::Kind::unavailable, fmt::format("{} did not answer in time: {}", host, why)};
    default: return {base::Kind::unavailable, fmt::format("no answer from {}: {}", host, why)};
  }
}

base::Result<HttpResponse> Transfer::finish(CURLcode code) {
  if (ended_) return base::fail(std::move(*ended_));
  if (code != CURLE_OK && !refused_address_.empty())
    return base::fail(base::Kind::denied,
                      fmt::format("{} is at {}, an address that this request may not connect to{}{}", url_.authority(),
                                  refused_address_, request_.how_to_allow.empty() ? "" : "; ", request_.how_to_allow));
  if (code != CURLE_OK && !body_cut_) return base::fail(failure(code));
  if (!start_body()) return base::fail(std::move(*ended_));
  response_.url = url_.text();
  return std::move(response_);
}

base::Result<HttpResponse> Transfer::run(const TransportOptions& options, const TrustStore* trust,
                                         std::chrono::milliseconds total_timeout) {
  curl_easy_reset(easy_);  // connections and sessions stay
  set_target(options, total_timeout);
  if (trust) set_trust_in(options, *trust);
  set_proxy();
  set_guard();
  const HeaderList list = TRY(set_message());
  set_callbacks();
  const CURLcode code = curl_easy_perform(easy_);
  // The handle outlives this object.
  set(CURLOPT_ERRORBUFFER, static_cast<char*>(nullptr));
  return finish(code);
}

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

base::Result<void> check_request(const HttpRequest& request) {
  if (!is_token(request.method)) return base::fail(base::Kind::invalid_input, "the HTTP method is no token");
  for (const auto& [name, value] : request.headers) {
    const bool broken =
        std::any_of(value.begin(), value.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
    if (!is_token(name) || broken)
      return base::fail(base::Kind::invalid_input,
                        fmt::format("the HTTP header {} has bytes that may not stand in one", base::printable(name)));
  }
  return {};
}

// Other origins get nothing that could be a credential, whatever its name.
Headers headers_for_another_origin(const Headers& headers) {
  Headers kept;
  for (const auto& header : headers)
    for (const std::string_view harmless : {"accept", "range", "if-range", "if-none-match", "if-modified-since"})
      if (base::equals_ignoring_case(header.first, harmless)) kept.push_back(header);
  return kept;
}

// Where the answer sends the client; nothing where it is the final one.
base::Result<std::optional<Url>> redirect_target(const HttpRequest& request, const Url& from,
                                                 const HttpResponse& response) {
  const int status = response.status;
  const bool redirects = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  const std::string_view location = response.header("location");
  if (!redirects || location.empty() || !request.unix_socket.empty()) return std::nullopt;
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;  // its body may be a secret
  auto target = from.resolve(location);
  if (!target)
    return base::fail(target.error().with_context(fmt::format("{} redirects to another place", from.authority())));
  if (from.scheme == "https" && target->scheme != "https")
    return base::fail(base::Kind::denied, fmt::format("{} redirects from https to plain http at {}, which is refused",
                                                      from.authority(), target->authority()));
  return std::move(*target);
}

// Each request borrows a handle, and with it the connections that the handle keeps alive: the one used last first.
class CurlTransport final : public HttpTransport {
 public:
  explicit CurlTransport(const TransportOptions& options) : options_(options) {
    if (!options.pinned_sha256.empty()) pin_.emplace(options.pinned_sha256);
    start_curl();
  }

  base::Result<HttpResponse> send(const HttpRequest& request, const base::ByteSink& sink) override;
  std::string refused_fingerprint() const { return pin_ ? pin_->refused() : std::string(); }

 private:
  class Lease;
  base::Result<const TrustStore*> trust_for(const Url& url);

  const TransportOptions options_;
  std::optional<PinnedCertificate> pin_;  // outlives the connections of idle_
  std::mutex mutex_;                      // guards idle_ and trust_
  std::vector<EasyHandle> idle_;
  std::optional<base::Result<TrustStore>> trust_;
};

class CurlTransport::Lease {
 public:
  explicit Lease(CurlTransport& owner) : owner_(owner) {
    const std::lock_guard lock(owner_.mutex_);
    if (owner_.idle_.empty()) {
      handle_.reset(curl_easy_init());
    } else {
      handle_ = std::move(owner_.idle_.back());
      owner_.idle_.pop_back();
    }
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  ~Lease() {
    const std::lock_guard lock(owner_.mutex_);
    if (handle_ && owner_.idle_.size() < kIdleHandles) owner_.idle_.push_back(std::move(handle_));
  }
  CURL* get() const { return handle_.get(); }

 private:
  CurlTransport& owner_;
  EasyHandle handle_;
};

base::Result<const TrustStore*> CurlTransport::trust_for(const Url& url) {
  if (url.scheme != "https") return nullptr;
  const std::lock_guard lock(mutex_);
  if (!trust_) trust_ = find_trust_store(options_.ca_file, options_.ca_pem);
  if (!*trust_) return base::fail(trust_->error());
  return &**trust_;
}

base::Result<HttpResponse> CurlTransport::send(const HttpRequest& request, const base::ByteSink& sink) {
  TRY(check_request(request));
  const auto start = SteadyClock::now();
  Url url = TRY(Url::parse(request.url));
  Headers headers = request.headers;
  const Lease lease(*this);
  if (!lease.get()) return base::fail(base::Kind::internal, "libcurl cannot be started");
  for (int redirects = 0;; ++redirects) {
    auto left = request.total_timeout;
    if (left.count() > 0)
      left = std::max(std::chrono::milliseconds(1),
                      left - std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - start));
    Transfer transfer(lease.get(), request, url, headers, sink, pin_ ? &*pin_ : nullptr);
    const TrustStore* trust = TRY(trust_for(url));
    HttpResponse response = TRY(transfer.run(options_, trust, left));
    auto target = TRY(redirect_target(request, url, response));
    if (!target) return response;
    if (redirects == kMaxRedirects)
      return base::fail(base::Kind::unavailable,
                        fmt::format("{} redirects more than {} times", url.authority(), kMaxRedirects));
    if (!target->same_origin(url)) headers = headers_for_another_origin(headers);
    url = std::move(*target);
  }
}

}  // namespace

std::unique_ptr<HttpTransport> curl_transport(const TransportOptions& options) {
  return std::make_unique<CurlTransport>(options);
}

base::Result<std::string> server_fingerprint(const std::string& url) {
  if (TRY(Url::parse(url)).scheme != "https")
    return base::fail(base::Kind::unsupported, "plain http has no certificate");
  TransportOptions options;
  options.pinned_sha256 = "none";  // the fingerprint of no certificate: the handshake ends before anything is sent
  CurlTransport transport(options);
  HttpRequest request;
  request.url = url;
  request.total_timeout = request.connect_timeout;
  const auto answer = transport.send(request, {});
  const std::string seen = transport.refused_fingerprint();
  if (!seen.empty()) return seen;
  return base::fail(answer ? base::Error{base::Kind::internal, "the server showed no certificate"} : answer.error());
}

}  // namespace net
