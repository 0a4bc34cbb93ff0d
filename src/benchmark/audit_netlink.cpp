// SPDX-License-Identifier: Apache-2.0
#include "benchmark/audit_netlink.hpp"

#include <fmt/format.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "base/files.hpp"

namespace benchmark {

namespace {

constexpr std::size_t kMostRules = 20'000;

class Socket {
 public:
  Socket() : fd_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

base::Error audit_error(int number) {
  base::Error error = base::errno_error(number, "cannot ask", "the kernel's audit subsystem");
  if (number == EPROTONOSUPPORT || number == ECONNREFUSED || number == EAFNOSUPPORT) error.kind = base::Kind::unsupported;
  return error;
}

base::Result<void> ask(const Socket& socket) {
  if (socket.get() < 0) return base::fail(audit_error(errno));
  const timeval patience{5, 0};
  (void)::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  nlmsghdr request{};
  request.nlmsg_len = NLMSG_LENGTH(0);
  request.nlmsg_type = AUDIT_LIST_RULES;
  request.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
  request.nlmsg_seq = 1;
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  if (::sendto(socket.get(), &request, request.nlmsg_len, 0, reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel) < 0)
    return base::fail(audit_error(errno));
  return {};
}

// Takes one message; whether it was the last.
base::Result<bool> take(const nlmsghdr& header, std::string_view payload, std::vector<std::string>& rules) {
  if (header.nlmsg_type == NLMSG_DONE) return true;
  if (header.nlmsg_type == NLMSG_ERROR) {
    int code = 0;
    if (payload.size() >= sizeof code) std::memcpy(&code, payload.data(), sizeof code);
    if (code != 0) return base::fail(audit_error(-code));
    return false;  // acknowledged: the list follows
  }
  if (header.nlmsg_type != AUDIT_LIST_RULES) return false;
  if (rules.size() == kMostRules) return base::fail(base::Kind::too_large, "the kernel holds more audit rules than are read");
  rules.push_back(TRY(audit_rule_text(payload)));
  return false;
}

struct Name {
  std::uint32_t number;
  std::string_view text;
};

constexpr Name kFields[] = {{AUDIT_PID, "pid"},
                            {AUDIT_UID, "uid"},
                            {AUDIT_EUID, "euid"},
                            {AUDIT_SUID, "suid"},
                            {AUDIT_FSUID, "fsuid"},
                            {AUDIT_GID, "gid"},
                            {AUDIT_EGID, "egid"},
                            {AUDIT_LOGINUID, "auid"},
                            {AUDIT_ARCH, "arch"},
                            {AUDIT_MSGTYPE, "msgtype"},
                            {AUDIT_SUBJ_TYPE, "subj_type"},
                            {AUDIT_OBJ_TYPE, "obj_type"},
                            {AUDIT_DEVMAJOR, "devmajor"},
                            {AUDIT_DEVMINOR, "devminor"},
                            {AUDIT_INODE, "inode"},
                            {AUDIT_EXIT, "exit"},
                            {AUDIT_SUCCESS, "success"},
                            {AUDIT_WATCH, "path"},
                            {AUDIT_PERM, "perm"},
                            {AUDIT_DIR, "dir"},
                            {AUDIT_FILETYPE, "filetype"},
                            {AUDIT_FILTERKEY, "key"},
                            {AUDIT_EXE, "exe"},
                            {AUDIT_SESSIONID, "sessionid"}};

constexpr std::uint32_t kTextFields[] = {AUDIT_SUBJ_USER, AUDIT_SUBJ_ROLE, AUDIT_SUBJ_TYPE, AUDIT_SUBJ_SEN,    AUDIT_SUBJ_CLR,
                                         AUDIT_OBJ_USER,  AUDIT_OBJ_ROLE,  AUDIT_OBJ_TYPE,  AUDIT_OBJ_LEV_LOW, AUDIT_OBJ_LEV_HIGH,
                                         AUDIT_WATCH,     AUDIT_DIR,       AUDIT_FILTERKEY, AUDIT_EXE};

std::string field_name(std::uint32_t number) {
  const auto at =
      std::find_if(std::begin(kFields), std::end(kFields), [number](const Name& name) { return name.number == number; });
  return at == std::end(kFields) ? fmt::format("field{}", number) : std::string(at->text);
}

std::string_view operator_text(std::uint32_t flags) {
  switch (flags & AUDIT_OPERATORS) {
    case AUDIT_EQUAL: return "=";
    case AUDIT_NOT_EQUAL: return "!=";
    case AUDIT_LESS_THAN: return "<";
    case AUDIT_LESS_THAN_OR_EQUAL: return "<=";
    case AUDIT_GREATER_THAN: return ">";
    case AUDIT_GREATER_THAN_OR_EQUAL: return ">=";
    case AUDIT_BIT_MASK: return "&";
    default: return "&=";
  }
}

std::string permissions_text(std::uint32_t bits) {
  std::string out;
  if (bits & AUDIT_PERM_READ) out += 'r';
  if (bits & AUDIT_PERM_WRITE) out += 'w';
  if (bits & AUDIT_PERM_EXEC) out += 'x';
  if (bits & AUDIT_PERM_ATTR) out += 'a';
  return out;
}

std::string_view list_text(std::uint32_t flags) {
  switch (flags & ~static_cast<std::uint32_t>(AUDIT_FILTER_PREPEND)) {
    case AUDIT_FILTER_USER: return "user";
    case AUDIT_FILTER_TASK: return "task";
    case AUDIT_FILTER_EXIT: return "exit";
    case AUDIT_FILTER_EXCLUDE: return "exclude";
    case AUDIT_FILTER_FS: return "filesystem";
    default: return "unknown";
  }
}

bool names_every_call(const audit_rule_data& rule) {
  return std::all_of(std::begin(rule.mask), std::end(rule.mask) - 1, [](std::uint32_t word) { return word == ~0u; });
}

// The value of a field: a text out of the buffer, or the number.
base::Result<std::string> value_text(std::uint32_t field, std::uint32_t value, std::string_view& buffer) {
  if (field == AUDIT_PERM) return permissions_text(value);
  if (std::find(std::begin(kTextFields), std::end(kTextFields), field) == std::end(kTextFields)) return std::to_string(value);
  if (value > buffer.size()) return base::fail(base::Kind::corrupt, "an audit rule is shorter than it says");
  std::string text(buffer.substr(0, value));
  buffer.remove_prefix(value);
  std::replace_if(text.begin(), text.end(), [](unsigned char c) { return c <= ' '; }, '?');
  return text;
}

}  // namespace

base::Result<std::string> audit_rule_text(std::string_view bytes) {
  audit_rule_data rule{};
  constexpr std::size_t kFixed = offsetof(audit_rule_data, buf);
  if (bytes.size() < kFixed) return base::fail(base::Kind::corrupt, "an audit rule is shorter than its header");
  std::memcpy(&rule, bytes.data(), kFixed);
  if (rule.field_count > AUDIT_MAX_FIELDS) return base::fail(base::Kind::corrupt, "an audit rule has too many fields");
  std::string_view buffer = bytes.substr(kFixed, std::min<std::size_t>(rule.buflen, bytes.size() - kFixed));
  std::string out = fmt::format("-a {},{}", rule.action == AUDIT_NEVER ? "never" : "always", list_text(rule.flags));
  if (list_text(rule.flags) == "exit") out += names_every_call(rule) ? " -S all" : " -S some";
  for (std::uint32_t at = 0; at < rule.field_count; ++at) {
    const std::string value = TRY(value_text(rule.fields[at], rule.values[at], buffer));
    out += fmt::format(" -F {}{}{}", field_name(rule.fields[at]), operator_text(rule.fieldflags[at]), value);
  }
  return out;
}

base::Result<std::vector<std::string>> kernel_audit_rules() {
  const Socket socket;
  TRY(ask(socket));
  std::vector<std::string> rules;
  alignas(nlmsghdr) std::array<char, 32768> buffer;
  for (;;) {
    const ssize_t got = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return base::fail(audit_error(got == 0 ? EPIPE : errno));
    std::string_view rest(buffer.data(), static_cast<std::size_t>(got));
    while (rest.size() >= sizeof(nlmsghdr)) {
      nlmsghdr header{};
      std::memcpy(&header, rest.data(), sizeof header);
      // The kernel writes some lengths of audit messages without their header (audit_send_reply); the packet holds one each.
      const std::size_t length = std::clamp<std::size_t>(header.nlmsg_len, sizeof header, rest.size());
      if (TRY(take(header, rest.substr(sizeof header, length - sizeof header), rules))) return rules;
      rest.remove_prefix(std::min<std::size_t>(NLMSG_ALIGN(length), rest.size()));
    }
  }
}

}  // namespace benchmark
