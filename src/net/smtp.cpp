// SPDX-License-Identifier: Apache-2.0
#include "net/smtp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "base/text.hpp"
#include "net/curl_easy.hpp"
#include "net/mail_message.hpp"
#include "net/url.hpp"

namespace net {

namespace {

base::Result<void> check_server(const SmtpOptions& options) {
  const bool plain = !options.host.empty() && std::all_of(options.host.begin(), options.host.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
           c == ':' || c == '[' || c == ']';
  });
  if (!plain || options.port == 0)
    return base::fail(base::Kind::invalid_input, fmt::format("{} is no mail server", base::printable(options.host)));
  if (options.security == SmtpSecurity::none && !is_loopback_host(options.host))
    return base::fail(base::Kind::denied,
                      fmt::format("mail goes to {} by TLS or STARTTLS alone; only a server on this machine is spoken to "
                                  "without", options.host));
  return {};
}

std::size_t read_message(char* buffer, std::size_t, std::size_t size, void* source) {
  auto& left = *static_cast<std::string_view*>(source);
  const std::size_t taken = std::min(size, left.size());
  std::memcpy(buffer, left.data(), taken);
  left.remove_prefix(taken);
  return taken;
}

base::Error mail_error(CURLcode code, long reply, const std::string& host, std::string_view detail) {
  const std::string why = base::printable(detail.empty() ? curl_easy_strerror(code) : detail);
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
      return {base::Kind::denied, fmt::format("the certificate of the mail server {} is not trusted ({}); name its "
                                              "authority", host, why)};
    case CURLE_USE_SSL_FAILED:
      return {base::Kind::denied, fmt::format("the mail server {} offers no STARTTLS; choose TLS and its port", host)};
    case CURLE_LOGIN_DENIED:
      return {base::Kind::denied, fmt::format("the mail server {} refuses user and password", host)};
    default: break;
  }
  if (reply >= 500 && reply < 600)
    return {base::Kind::denied, fmt::format("the mail server {} refuses the mail: {}", host, why)};
  return {base::Kind::unavailable, fmt::format("the mail server {} did not take the mail: {}", host, why)};
}

template <typename T>
void set_option(const EasyHandle& easy, CURLoption option, T value) {
  curl_easy_setopt(easy.get(), option, value);
}

void set_session(const EasyHandle& easy, const SmtpOptions& options) {
  const bool tls = options.security == SmtpSecurity::tls;
  const std::string url = fmt::format("{}://{}:{}", tls ? "smtps" : "smtp", options.host, options.port);
  set_option(easy, CURLOPT_URL, url.c_str());
  set_option(easy, CURLOPT_PROTOCOLS_STR, tls ? "smtps" : "smtp");
  set_option(easy, CURLOPT_PROXY, "");
  set_option(easy, CURLOPT_NOSIGNAL, 1L);
  set_option(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
  set_option(easy, CURLOPT_USE_SSL,
             static_cast<long>(options.security == SmtpSecurity::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  set_option(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (options.user.empty()) return;
  set_option(easy, CURLOPT_USERNAME, options.user.c_str());
  set_option(easy, CURLOPT_PASSWORD, options.password.c_str());
}

}  // namespace

base::Result<void> send_mail(const SmtpOptions& options, const Mail& mail) {
  TRY(check_server(options));
  TRY(check_mail(mail));
  start_curl();
  const EasyHandle easy(curl_easy_init());
  HeaderList recipients;
  bool complete = easy != nullptr;
  for (const std::string& address : mail.to)
    complete = complete && append(recipients, "<" + address + ">");
  if (!complete) return base::fail(base::Kind::internal, "libcurl cannot be started");
  char detail[CURL_ERROR_SIZE] = {};
  const std::string message = mail_message(mail, std::time(nullptr));
  std::string_view left = message;
  set_session(easy, options);
  if (options.security != SmtpSecurity::none) set_trust(easy.get(), TRY(find_trust_store(options.ca_file)));
  set_option(easy, CURLOPT_ERRORBUFFER, detail);
  set_option(easy, CURLOPT_MAIL_FROM, ("<" + mail.from + ">").c_str());
  set_option(easy, CURLOPT_MAIL_RCPT, recipients.get());
  set_option(easy, CURLOPT_UPLOAD, 1L);
  set_option(easy, CURLOPT_READFUNCTION, &read_message);
  set_option(easy, CURLOPT_READDATA, &left);
  const CURLcode code = curl_easy_perform(easy.get());
  if (code == CURLE_OK) return {};
  long reply = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &reply);
  return base::fail(mail_error(code, reply, options.host, detail));
}

}  // namespace net
