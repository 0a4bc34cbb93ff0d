// SPDX-License-Identifier: Apache-2.0
// A stand-in for a ClickHouse server in tests: answers its HTTP interface from libchdb.so. Built without sanitizers in every
// tree, since a sanitized program cannot load that library.
//   chdb_http_server LIBRARY FOLDER [USER PASSWORD]
// Listens on a free port of the loopback address, which it prints; ends when its standard input does.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zstd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "workspace/chdb_api.hpp"

namespace {

const workspace::ChdbApi* api = nullptr;
std::string folder, expected_user, expected_password;

struct Request {
  std::string target;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

struct Answer {
  int status = 200;
  std::string body;
  std::string summary = "{}";
  int code = 0;  // of ClickHouse
};

std::string percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> parameters_of(std::string_view target) {
  std::vector<std::pair<std::string, std::string>> out;
  std::size_t at = target.find('?');
  while (at != std::string_view::npos) {
    const std::size_t end = target.find('&', ++at);
    const std::string_view pair = target.substr(at, end == std::string_view::npos ? end : end - at);
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos)
      out.emplace_back(percent_decode(pair.substr(0, equals)), percent_decode(pair.substr(equals + 1)));
    at = end;
  }
  return out;
}

std::string unpack(const std::string& body) {
  const unsigned long long size = ZSTD_getFrameContentSize(body.data(), body.size());
  if (size > (1u << 30)) return {};
  std::string out(size, '\0');
  const std::size_t got = ZSTD_decompress(out.data(), out.size(), body.data(), body.size());
  if (ZSTD_isError(got)) return {};
  return out;
}

std::string pack(const std::string& body) {
  std::string out(ZSTD_compressBound(body.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), body.data(), body.size(), 1));
  return out;
}

workspace::ChdbConnection connect_engine() {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::string name = "clickhouse", path = "--path=" + folder;
  char* arguments[] = {name.data(), path.data()};
  return api->connect(2, arguments);
}

void run(workspace::ChdbClient* client, const std::string& sql, const std::string& format, Answer& answer) {
  workspace::ChdbResult* result = api->query(client, sql.data(), sql.size(), format.data(), format.size());
  const char* error = api->error(result);
  if (error && *error) {
    answer.status = 500;
    answer.body = error;
    const char* code = std::strstr(error, "Code: ");
    answer.code = code ? std::atoi(code + 6) : 1;
  } else {
    answer.body.assign(api->length(result) > 0 ? api->buffer(result) : "", api->length(result));
    answer.summary = "{\"read_rows\":\"" + std::to_string(api->storage_rows_read(result)) + "\",\"read_bytes\":\"" +
                     std::to_string(api->storage_bytes_read(result)) + "\",\"written_rows\":\"" +
                     std::to_string(api->rows_written(result)) + "\",\"elapsed_ns\":\"" +
                     std::to_string(static_cast<long long>(api->elapsed(result) * 1e9)) + "\"}";
  }
  api->free_result(result);
}

Answer answer_to(const Request& request) {
  Answer answer;
  const auto header = [&](const char* name) {
    const auto found = request.headers.find(name);
    return found == request.headers.end() ? std::string() : found->second;
  };
  if (header("x-clickhouse-user") != expected_user || header("x-clickhouse-key") != expected_password) {
    answer.status = 403;
    answer.code = 516;
    answer.body = "Code: 516. DB::Exception: default: Authentication failed: password is incorrect. (AUTHENTICATION_FAILED)";
    return answer;
  }
  const std::string body = header("content-encoding") == "zstd" ? unpack(request.body) : request.body;
  std::string statement, format = "TabSeparated", settings;
  for (const auto& [name, value] : parameters_of(request.target)) {
    if (name == "query") statement = value;
    else if (name == "default_format") format = value;
    else if (name == "wait_end_of_query" || name == "enable_http_compression") continue;
    else settings += (settings.empty() ? "SET " : ", ") + name + "='" + value + "'";
  }
  statement += statement.empty() ? body : "\n" + body;
  const workspace::ChdbConnection connection = connect_engine();
  if (!settings.empty()) run(*connection, settings, "Null", answer);
  if (answer.status == 200) run(*connection, statement, format, answer);
  api->close(connection);
  return answer;
}

bool read_request(int peer, std::string& pending, Request& request) {
  const auto more = [&] {
    char buffer[65536];
    const ssize_t got = ::read(peer, buffer, sizeof buffer);
    if (got > 0) pending.append(buffer, static_cast<std::size_t>(got));
    return got > 0;
  };
  while (pending.find("\r\n\r\n") == std::string::npos)
    if (!more()) return false;
  const std::size_t end = pending.find("\r\n\r\n");
  std::size_t at = pending.find("\r\n");
  const std::string first = pending.substr(0, at);
  request.target = first.substr(first.find(' ') + 1, first.rfind(' ') - first.find(' ') - 1);
  while (at < end) {
    const std::size_t next = pending.find("\r\n", at + 2);
    const std::string line = pending.substr(at + 2, next - at - 2);
    std::string name = line.substr(0, line.find(':'));
    for (char& c : name) c = static_cast<char>(std::tolower(c));
    const std::size_t value = line.find_first_not_of(' ', line.find(':') + 1);
    request.headers[name] = value == std::string::npos ? "" : line.substr(value);
    at = next;
  }
  const std::size_t length = request.headers.count("content-length") ? std::stoul(request.headers["content-length"]) : 0;
  while (pending.size() < end + 4 + length)
    if (!more()) return false;
  request.body = pending.substr(end + 4, length);
  pending.erase(0, end + 4 + length);
  return true;
}

bool write_all(int peer, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(peer, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void serve(int peer) {
  std::string pending;
  for (Request request; read_request(peer, pending, request); request = {}) {
    Answer answer = answer_to(request);
    const bool packed = request.target.find("enable_http_compression=1") != std::string::npos && request.headers["accept-encoding"] == "zstd";
    if (packed) answer.body = pack(answer.body);
    std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " Answer\r\nContent-Length: " + std::to_string(answer.body.size()) +
                       "\r\nX-ClickHouse-Summary: " + answer.summary + "\r\n";
    if (packed) head += "Content-Encoding: zstd\r\n";
    if (answer.code != 0) head += "X-ClickHouse-Exception-Code: " + std::to_string(answer.code) + "\r\n";
    if (!write_all(peer, head + "\r\n") || !write_all(peer, answer.body)) break;
  }
  ::close(peer);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3 && count != 5) {
    std::fprintf(stderr, "usage: chdb_http_server LIBRARY FOLDER [USER PASSWORD]\n");
    return 3;
  }
  folder = arguments[2];
  if (count == 5) {
    expected_user = arguments[3];
    expected_password = arguments[4];
  }
  auto loaded = workspace::load_chdb(arguments[1]);
  if (!loaded) {
    std::fprintf(stderr, "%s\n", loaded.error().message.c_str());
    return 2;
  }
  api = *loaded;
  api->set_signal_handlers_enabled(0);
  if (const auto first = connect_engine(); !first) return 2;  // stays open to the end

  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener, 64) != 0 ||
      ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    return 2;
  std::printf("%d\n", ntohs(address.sin_port));
  std::fflush(stdout);

  std::thread([] {
    char byte;
    while (::read(STDIN_FILENO, &byte, 1) > 0) {
    }
    ::_exit(0);  // every acknowledged insert is on the disk
  }).detach();
  for (;;) {
    const int peer = ::accept(listener, nullptr, nullptr);
    if (peer < 0) continue;
    const int yes = 1;
    ::setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    std::thread(serve, peer).detach();
  }
}
