// SPDX-License-Identifier: Apache-2.0
#include "arm/call.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/base64.hpp"
#include "base/text.hpp"

namespace arm {

std::string Call::origin() const {
  const std::string_view host = http.header("host");
  return fmt::format("{}://{}", http.tls ? "https" : "http", host.empty() ? "localhost" : host);
}

base::Result<Page> read_page(const Call& call, std::size_t otherwise, std::size_t most) {
  Page page{otherwise, {}};
  if (const auto top = call.http.parameter("$top"); !top.empty()) {
    const auto end = top.data() + top.size();
    const auto read = std::from_chars(top.data(), end, page.top);
    if (read.ec != std::errc() || read.ptr != end || page.top == 0)
      return base::fail(base::Kind::invalid_input, "$top must be a whole number from 1 on");
    page.top = std::min(page.top, most);
  }
  if (const auto token = call.http.parameter("$skipToken"); !token.empty()) {
    auto decoded = base::base64_decode(token);
    if (!decoded || decoded->size() > 4096)
      return base::fail(base::Kind::invalid_input, "$skipToken is not one that this server gave; begin the list anew");
    page.after = std::move(*decoded);
  }
  return page;
}

Reply list_reply(const Call& call, base::JsonArray value, const std::string& next) {
  base::JsonObject body{{"value", std::move(value)}};
  if (!next.empty()) {
    std::string link = call.origin() + call.http.path + "?";
    for (const auto& parameter : call.http.query) {
      if (base::equals_ignoring_case(parameter.first, "$skipToken")) continue;
      link += base::percent_encode(parameter.first, "$-") + "=" + base::percent_encode(parameter.second) + "&";
    }
    body.emplace("nextLink", link + "$skipToken=" + base::percent_encode(base::base64_encode(next)));
  }
  return {200, std::move(body), {}};
}

}  // namespace arm
