// SPDX-License-Identifier: Apache-2.0
#include "net/smtp.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>
#include <utility>

#include "base/base64.hpp"
#include "net/mail_message.hpp"

namespace smtp_test {

namespace {

// A mail server for one session at a time, which writes down what it is told.
class SmtpPeer {
 public:
  explicit SmtpPeer(std::string refused = "") : refused_(std::move(refused)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_, 4);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  SmtpPeer(const SmtpPeer&) = delete;
  SmtpPeer& operator=(const SmtpPeer&) = delete;
  ~SmtpPeer() { end(); }

  // What was said, when all sessions have ended.
  const std::string& end() {
    ::shutdown(listener_, SHUT_RDWR);
    if (thread_.joinable()) {
      thread_.join();
      ::close(listener_);
    }
    return said_;
  }
  net::SmtpOptions options() const {
    net::SmtpOptions options;
    options.host = "127.0.0.1";
    options.port = port_;
    options.security = net::SmtpSecurity::none;
    options.timeout = std::chrono::seconds(10);
    return options;
  }

 private:
  void serve() {
    for (int fd; (fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0; ::close(fd))
      talk(fd);
  }

  void talk(int fd) {
    reply(fd, "220 peer");
    std::string input;
    char buffer[4096];
    for (ssize_t got; (got = ::recv(fd, buffer, sizeof buffer, 0)) > 0;) {
      input.append(buffer, static_cast<std::size_t>(got));
      for (std::size_t end; (end = input.find("\r\n")) != std::string::npos; input.erase(0, end + 2))
        take_line(fd, input.substr(0, end));
    }
  }

  void take_line(int fd, const std::string& line) {
    said_ += line + "\n";
    if (in_data_) {
      if (line != ".") return;
      in_data_ = false;
      return reply(fd, "250 taken");
    }
    if (std::exchange(in_login_, false)) return reply(fd, "235 welcome");
    const std::string verb = line.substr(0, 4);
    if (!refused_.empty() && line.substr(0, refused_.size()) == refused_) return reply(fd, "550 no");
    in_data_ = verb == "DATA";
    if (verb == "EHLO") return reply(fd, "250-peer\r\n250 AUTH PLAIN");
    in_login_ = verb == "AUTH";
    if (in_login_) return reply(fd, "334 ");
    reply(fd, in_data_ ? "354 go" : verb == "QUIT" ? "221 bye" : "250 ok");
  }

  static void reply(int fd, const std::string& text) {
    const std::string line = text + "\r\n";
    (void)::send(fd, line.data(), line.size(), MSG_NOSIGNAL);
  }

  const std::string refused_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  bool in_data_ = false, in_login_ = false;
  std::string said_;  // the thread's until it was joined
  std::thread thread_;
};

net::Mail good_mail() { return {"hub@example.org", {"one@example.org", "two@example.org"}, "New finding", "Text"}; }

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

TEST(Smtp, sends_a_mail_with_login) {
  SmtpPeer peer;
  auto options = peer.options();
  options.user = "u";
  options.password = "p";
  auto mail = good_mail();
  mail.subject = "Größer als fünf";
  mail.text = "line\n.\nRCPT TO:<evil@example.org>\n" + std::string(200, 'x');
  const auto sent = net::send_mail(options, mail);
  ASSERT_TRUE(sent) << sent.error().message;
  const std::string& said = peer.end();
  EXPECT_TRUE(has(said, base::base64_encode(std::string("\0u\0p", 4)))) << said;
  EXPECT_TRUE(has(said, "MAIL FROM:<hub@example.org>"));
  EXPECT_TRUE(has(said, "RCPT TO:<one@example.org>"));
  EXPECT_TRUE(has(said, "RCPT TO:<two@example.org>"));
  EXPECT_TRUE(has(said, "Subject: =?UTF-8?B?" + base::base64_encode(mail.subject) + "?="));
  EXPECT_FALSE(has(said, "evil"));
  const std::string body = said.substr(said.find("\n\n") + 2);
  EXPECT_EQ(*base::base64_decode(body.substr(0, body.find("\n."))), mail.text);
}

TEST(Smtp, refuses_what_could_be_more_than_an_address) {
  SmtpPeer peer;
  for (const std::string bad : {"", "a", "@", "a@", "@b", "a@b@c", "a b@c", "a@b>\r\nRCPT TO:<c@d", "<a@b>", "a@b,c@d", "-a@b",
                                "\"a b\"@c", "a@b\n"}) {
    auto mail = good_mail();
    mail.to = {bad};
    EXPECT_EQ(net::send_mail(peer.options(), mail).error().kind, base::Kind::invalid_input) << bad;
    mail = good_mail();
    mail.from = bad;
    EXPECT_EQ(net::send_mail(peer.options(), mail).error().kind, base::Kind::invalid_input) << bad;
  }
  auto mail = good_mail();
  mail.subject = "a\r\nBcc: evil@example.org";
  EXPECT_EQ(net::send_mail(peer.options(), mail).error().kind, base::Kind::invalid_input);
  mail = good_mail();
  mail.to.clear();
  EXPECT_FALSE(net::send_mail(peer.options(), mail));
  EXPECT_EQ(peer.end(), "");
}

TEST(Smtp, keeps_headers_in_their_lines) {
  auto mail = good_mail();
  mail.subject = std::string(300, 'a') + "\xc3\xa4";
  const std::string message = net::mail_message(mail, 0);
  EXPECT_TRUE(has(message, "Date: 01 Jan 1970 00:00:00 +0000\r\n"));
  EXPECT_TRUE(has(message, "To: one@example.org,\r\n two@example.org\r\n"));
  std::size_t longest = 0;
  for (std::size_t from = 0, end; (end = message.find("\r\n", from)) != std::string::npos; from = end + 2)
    longest = std::max(longest, end - from);
  EXPECT_LE(longest, 90u);
}

TEST(Smtp, wants_tls_elsewhere_and_where_it_was_asked_for) {
  SmtpPeer peer;
  auto options = peer.options();
  options.security = net::SmtpSecurity::starttls;
  options.user = "u";
  options.password = "p";
  const auto sent = net::send_mail(options, good_mail());
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, base::Kind::denied) << sent.error().message;
  EXPECT_FALSE(has(peer.end(), "AUTH"));
  options.security = net::SmtpSecurity::none;
  options.host = "mail.example.org";
  EXPECT_EQ(net::send_mail(options, good_mail()).error().kind, base::Kind::denied);
  options.host = "host/path";
  EXPECT_EQ(net::send_mail(options, good_mail()).error().kind, base::Kind::invalid_input);
}

TEST(Smtp, says_what_the_server_refuses) {
  SmtpPeer login("AUTH"), recipient("RCPT");
  auto options = login.options();
  options.user = "u";
  options.password = "hidden";
  auto sent = net::send_mail(options, good_mail());
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, base::Kind::denied) << sent.error().message;
  EXPECT_FALSE(has(sent.error().message, "hidden"));
  sent = net::send_mail(recipient.options(), good_mail());
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, base::Kind::denied) << sent.error().message;
  recipient.end();
  sent = net::send_mail(recipient.options(), good_mail());
  EXPECT_EQ(sent.error().kind, base::Kind::unavailable);
}

}  // namespace

}  // namespace smtp_test
