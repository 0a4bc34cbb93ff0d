// SPDX-License-Identifier: Apache-2.0
#include "net/mail_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/base64.hpp"
#include "base/crypto.hpp"
#include "base/text.hpp"

namespace net {

namespace {

constexpr std::size_t kMostRecipients = 100, kSubjectCap = 2000, kTextCap = 1u << 20, kAddressCap = 254;

// The dot-atom form of RFC 5322, and bytes of UTF-8; no quoted local parts, no display names.
bool is_mail_address(std::string_view text) {
  const auto [local, domain] = base::cut_last(text, "@");
  if (text.size() > kAddressCap || local.empty() || domain.empty() || local.size() + domain.size() == text.size())
    return false;
  constexpr std::string_view kMarks = "!#$%&'*+-/=?^_`{|}~.@";
  return local.front() != '-' && std::count(text.begin(), text.end(), '@') == 1 &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  static_cast<unsigned char>(c) >= 0x80 || kMarks.find(c) != std::string_view::npos;
         });
}

bool is_plain_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

// RFC 2047: encoded words of at most 75 characters, none of them cut inside a code point.
std::string header_text(std::string_view text) {
  constexpr std::size_t kWordBytes = 45;  // 60 in base64
  if (is_plain_ascii(text) && text.size() <= 60 && text.find("=?") == std::string_view::npos) return std::string(text);
  std::string out;
  while (!text.empty()) {
    std::size_t size = std::min(kWordBytes, text.size());
    while (size < text.size() && size > 1 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80)
      --size;
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + base::base64_encode(text.substr(0, size)) + "?=";
    text.remove_prefix(size);
  }
  return out;
}

std::string mail_date(std::time_t now) {
  constexpr std::array<std::string_view, 12> kMonthNames{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm parts{};
  gmtime_r(&now, &parts);
  return fmt::format("{:02} {} {} {:02}:{:02}:{:02} +0000", parts.tm_mday,
                     kMonthNames[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900, parts.tm_hour,
                     parts.tm_min, parts.tm_sec);
}

}  // namespace

base::Result<void> check_mail(const Mail& mail) {
  if (mail.to.empty() || mail.to.size() > kMostRecipients)
    return base::fail(base::Kind::invalid_input, "a mail goes to 1 to 100 addresses");
  std::vector<std::string> all = mail.to;
  all.push_back(mail.from);
  for (const std::string& address : all)
    if (!is_mail_address(address))
      return base::fail(base::Kind::invalid_input,
                        fmt::format("{} is no mail address; write local@domain alone", base::printable(address)));
  const bool one_line = std::none_of(mail.subject.begin(), mail.subject.end(),
                                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (!one_line || mail.subject.size() > kSubjectCap)
    return base::fail(base::Kind::invalid_input, "the subject of a mail is one line of up to 2000 bytes");
  if (mail.text.size() > kTextCap) return base::fail(base::Kind::too_large, "the text of a mail is over 1 MiB");
  return {};
}

std::string mail_message(const Mail& mail, std::time_t now) {
  std::string out = "Date: " + mail_date(now) + "\r\nFrom: " + mail.from + "\r\nTo: ";
  out += base::join(mail.to, ",\r\n ");
  out += "\r\nSubject: " + header_text(mail.subject);
  out += "\r\nMessage-ID: <" + base::uuid4() + mail.from.substr(mail.from.rfind('@')) + ">";
  out += "\r\nAuto-Submitted: auto-generated";  // RFC 3834: no vacation notes in return
  out += "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  constexpr std::size_t kLineBytes = 57;  // 76 in base64
  for (std::size_t at = 0; at < mail.text.size(); at += kLineBytes)
    out += base::base64_encode(std::string_view(mail.text).substr(at, kLineBytes)) + "\r\n";
  return out;
}

}  // namespace net
