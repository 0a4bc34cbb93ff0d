// SPDX-License-Identifier: Apache-2.0
#include "net/server_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "base/text.hpp"

namespace net {

namespace {

// RFC 9110 section 15, RFC 6585, and those registered with IANA since.
std::string_view reason_phrase(int status) {
  constexpr std::array<std::pair<int, std::string_view>, 43> kPhrases{{
      {200, "OK"}, {201, "Created"}, {202, "Accepted"}, {203, "Non-Authoritative Information"}, {204, "No Content"},
      {205, "Reset Content"}, {206, "Partial Content"}, {207, "Multi-Status"}, {300, "Multiple Choices"},
      {301, "Moved Permanently"}, {302, "Found"}, {303, "See Other"}, {304, "Not Modified"},
      {307, "Temporary Redirect"}, {308, "Permanent Redirect"}, {400, "Bad Request"}, {401, "Unauthorized"},
      {402, "Payment Required"}, {403, "Forbidden"}, {404, "Not Found"}, {405, "Method Not Allowed"},
      {406, "Not Acceptable"}, {408, "Request Timeout"}, {409, "Conflict"}, {410, "Gone"}, {411, "Length Required"},
      {412, "Precondition Failed"}, {413, "Content Too Large"}, {414, "URI Too Long"}, {415, "Unsupported Media Type"},
      {416, "Range Not Satisfiable"}, {417, "Expectation Failed"}, {422, "Unprocessable Content"}, {423, "Locked"},
      {428, "Precondition Required"}, {429, "Too Many Requests"}, {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"}, {501, "Not Implemented"}, {502, "Bad Gateway"}, {503, "Service Unavailable"},
      {504, "Gateway Timeout"}, {507, "Insufficient Storage"},
  }};
  for (const auto& [code, phrase] : kPhrases)
    if (code == status) return phrase;
  return "Status";
}

// RFC 9110 section 5.6.7, in English whatever the locale.
std::string http_date() {
  constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays[static_cast<std::size_t>(parts.tm_wday)],
                     parts.tm_mday, kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

bool is_sound_header(std::string_view name, std::string_view value) {
  const auto in_name = [](char c) { return c > 0x20 && c < 0x7f && c != ':'; };
  const auto in_value = [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); };
  return !name.empty() && std::all_of(name.begin(), name.end(), in_name) &&
         std::all_of(value.begin(), value.end(), in_value);
}

// Headers that are written by the server alone.
bool is_ours(std::string_view name) {
  for (const std::string_view ours : {"content-length", "transfer-encoding", "connection", "keep-alive", "date"})
    if (base::equals_ignoring_case(name, ours)) return true;
  return false;
}

void write_length(const ServerResponse& response, const AnswerShape& shape, std::string& head) {
  if (is_bodiless(response.status) || shape.until_close) return;
  if (shape.chunked) {
    head += "Transfer-Encoding: chunked\r\n";
    return;
  }
  std::size_t length = body_of(response).size();
  if (shape.to_head && length == 0)  // a handler that knows the length need not make the body
    for (const auto& [name, value] : response.headers)
      if (base::equals_ignoring_case(name, "content-length") && base::is_digits(value)) {
        head += fmt::format("Content-Length: {}\r\n", value);
        return;
      }
  head += fmt::format("Content-Length: {}\r\n", length);
}

}  // namespace

bool is_bodiless(int status) { return status / 100 == 1 || status == 204 || status == 304; }

std::string_view body_of(const ServerResponse& response) {
  return response.static_body.empty() ? std::string_view(response.body) : response.static_body;
}

base::Result<std::string> write_head(const ServerResponse& response, const AnswerShape& shape) {
  if (response.status < 200 || response.status > 599)
    return base::fail(base::Kind::internal, fmt::format("the answer has the status {}", response.status));
  std::string head = fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status, reason_phrase(response.status),
                                 http_date());
  for (const auto& [name, value] : response.headers) {
    if (!is_sound_header(name, value))
      return base::fail(base::Kind::internal, fmt::format("the header {} of the answer has bytes that may not stand in one",
                                                          base::printable(name)));
    if (!is_ours(name)) head.append(name).append(": ").append(value).append("\r\n");
  }
  write_length(response, shape, head);
  if (shape.close)
    head += "Connection: close\r\n";
  else if (!shape.http_1_1)
    head += "Connection: keep-alive\r\n";
  head += "\r\n";
  return head;
}

ServerResponse plain_refusal(int status, std::string_view message) {
  ServerResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
  response.body = base::printable(message) + "\n";
  return response;
}

}  // namespace net
