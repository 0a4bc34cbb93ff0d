// SPDX-License-Identifier: Apache-2.0
// A registry in place of the network: answers come from a function of the request.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "net/http.hpp"
#include "oci/registry_client.hpp"

namespace oci_test {

struct Answer {
  int status = 200;
  std::string body;
  net::Headers headers;
  std::optional<std::size_t> cut_after;  // the connection breaks behind so many bytes of the body
  std::optional<base::Error> error;      // no answer at all
};

inline std::string header_of(const net::HttpRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers)
    if (key == name) return value;
  return {};
}

// What a registry does with a Range header of the form bytes=N-.
inline Answer ranged(const net::HttpRequest& request, const std::string& whole) {
  const std::string range = header_of(request, "Range");
  if (range.empty()) return {200, whole, {}, {}, {}};
  const std::size_t start = std::stoul(range.substr(6));
  if (start >= whole.size()) return {416, "", {}, {}, {}};
  const std::string content_range =
      "bytes " + std::to_string(start) + "-" + std::to_string(whole.size() - 1) + "/" + std::to_string(whole.size());
  return {206, whole.substr(start), {{"content-range", content_range}}, {}, {}};
}

class FakeRegistry final : public net::HttpTransport {
 public:
  std::function<Answer(const net::HttpRequest&)> respond;
  std::vector<net::HttpRequest> requests;  // as they came

  base::Result<net::HttpResponse> send(const net::HttpRequest& request, const base::ByteSink& sink) override {
    Answer answer;
    {
      const std::lock_guard lock(mutex_);
      requests.push_back(request);
      answer = respond(request);
    }
    if (answer.error) return base::fail(*answer.error);
    net::HttpResponse response;
    response.status = answer.status;
    response.headers = answer.headers;
    response.url = request.url;
    const std::string_view body =
        std::string_view(answer.body).substr(0, answer.cut_after.value_or(answer.body.size()));
    const bool success = answer.status / 100 == 2;
    if (success && request.on_head)
      if (auto accepted = request.on_head(response); !accepted) return base::fail(accepted.error());
    if (success && sink) {
      for (std::size_t at = 0; at < body.size(); at += 7)
        if (auto taken = sink(body.substr(at, 7)); !taken) return base::fail(taken.error());
    } else {
      response.body = body;
    }
    if (answer.cut_after) return base::fail(base::Kind::unavailable, "the peer cut the answer short");
    return response;
  }

 private:
  std::mutex mutex_;
};

inline oci::Digest sha256_digest(std::string_view bytes) {
  return *oci::Digest::parse("sha256:" + base::sha256_hex(bytes));
}

}  // namespace oci_test
