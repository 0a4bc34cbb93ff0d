// SPDX-License-Identifier: Apache-2.0
#include "net/server_listener.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace net {

namespace {

struct ListenAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

base::Result<ListenAddress> read_listen_address(std::string text, std::uint16_t port) {
  if (text == "localhost") text = "127.0.0.1";
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  ListenAddress address;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  if (::inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    address.size = sizeof(sockaddr_in);
    return address;
  }
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (::inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    address.size = sizeof(sockaddr_in6);
    return address;
  }
  return base::fail(base::Kind::invalid_input, fmt::format("{} is no IP address to listen on", text));
}

base::Error listen_error(int error, const std::string& address, std::uint16_t port) {
  const auto where = fmt::format("cannot listen on {} port {}", address, port);
  if (error == EADDRINUSE)
    return {base::Kind::conflict, where + ": another program listens there; end it or choose another port"};
  if (error == EACCES || error == EPERM)
    return {base::Kind::denied, where + ": ports below 1024 need CAP_NET_BIND_SERVICE"};
  if (error == EADDRNOTAVAIL) return {base::Kind::invalid_input, where + ": no address of this machine"};
  return {base::Kind::unavailable, fmt::format("{}: {}", where, std::system_category().message(error))};
}

void set_flag(int fd, int level, int name, int value) { (void)::setsockopt(fd, level, name, &value, sizeof value); }

}  // namespace

base::Result<int> open_listener(const std::string& address, std::uint16_t port) {
  const ListenAddress where = TRY(read_listen_address(address, port));
  const int family = where.storage.ss_family;
  const int fd = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return base::fail(listen_error(errno, address, port));
  set_flag(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  if (family == AF_INET6) set_flag(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&where.storage), where.size) != 0 || ::listen(fd, SOMAXCONN) != 0) {
    const int error = errno;
    ::close(fd);
    return base::fail(listen_error(error, address, port));
  }
  return fd;
}

std::uint16_t port_of(int listener) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
  return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

std::string address_text(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = {};
  if (address.ss_family == AF_INET) {
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(&address)->sin_addr, text, sizeof text);
    return text;
  }
  const in6_addr& v6 = reinterpret_cast<const sockaddr_in6*>(&address)->sin6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&v6))
    ::inet_ntop(AF_INET, &v6.s6_addr[12], text, sizeof text);
  else
    ::inet_ntop(AF_INET6, &v6, text, sizeof text);
  return text;
}

std::string address_key(const sockaddr_storage& address) {
  if (address.ss_family != AF_INET6) return address_text(address);
  const in6_addr& v6 = reinterpret_cast<const sockaddr_in6*>(&address)->sin6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&v6)) return address_text(address);
  return {reinterpret_cast<const char*>(v6.s6_addr), 8};
}

void tune_connection(int fd) {
  set_flag(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  set_flag(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_flag(fd, IPPROTO_TCP, TCP_KEEPIDLE, 60);
  set_flag(fd, IPPROTO_TCP, TCP_KEEPINTVL, 15);
  set_flag(fd, IPPROTO_TCP, TCP_KEEPCNT, 4);
}

}  // namespace net
