// SPDX-License-Identifier: Apache-2.0
#include "oci/blob_download.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace oci {

namespace {

constexpr int kRequestsCap = 100;  // for one blob, however much progress each makes

// "bytes 500-999/1234" (RFC 9110 section 14.4): where the range starts.
std::optional<std::uint64_t> content_range_start(std::string_view value) {
  const auto [unit, range] = base::cut(base::trim(value), " ");
  const std::string_view first = base::cut(range, "-").first;
  std::uint64_t start = 0;
  const auto parsed = std::from_chars(first.data(), first.data() + first.size(), start);
  if (!base::equals_ignoring_case(unit, "bytes") || !base::is_digits(first) || parsed.ec != std::errc())
    return std::nullopt;
  return start;
}

}  // namespace

BlobDownload::BlobDownload(RegistrySession& session, const std::string& repository, const Digest& digest,
                           std::uint64_t size)
    : session_(session), repository_(repository), digest_(digest), size_(size) {}

std::string BlobDownload::what() const {
  return fmt::format("blob {} of {}/{}", digest_.text(), session_.registry(), repository_);
}

base::Result<void> BlobDownload::check_head(const net::HttpResponse& head) {
  skip_ = received_;
  if (head.status != 206) return {};  // all of it, from the start
  const auto start = content_range_start(head.header("content-range"));
  if (use_ranges_ && start && *start <= received_) {
    skip_ = received_ - *start;
    return {};
  }
  const bool first_time = use_ranges_;
  use_ranges_ = false;
  final_ = !first_time;
  return base::fail(base::Kind::corrupt,
                    fmt::format("{}: the registry answered with another range than was asked for", what()));
}

base::Result<void> BlobDownload::deliver(std::string_view bytes, const base::ByteSink& sink) {
  const auto dropped = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, bytes.size()));
  skip_ -= dropped;
  bytes.remove_prefix(dropped);
  if (bytes.empty()) return {};
  if (bytes.size() > size_ - received_) {
    final_ = true;
    return base::fail(base::Kind::corrupt,
                      fmt::format("{} is longer than the {} bytes its manifest says", what(), size_));
  }
  received_ += bytes.size();
  auto taken = sink(bytes);
  final_ = !taken.has_value();
  return taken;
}

std::optional<BlobDownload::Fault> BlobDownload::judge(const net::HttpResponse& response) {
  const bool past_its_end = response.status == 416 && received_ > 0;
  if (response.status / 100 == 2 || past_its_end) {
    if (received_ == size_) return std::nullopt;
    return Fault{
        {base::Kind::corrupt,
         fmt::format("{} is {} bytes shorter than its manifest says; push the image again", what(), size_ - received_)},
        !past_its_end};
  }
  retry_after_ = net::parse_retry_after(response.header("retry-after"), std::chrono::system_clock::now());
  return Fault{session_.failure(response, what()), net::is_transient(response)};
}

std::optional<BlobDownload::Fault> BlobDownload::request(const base::ByteSink& sink) {
  RegistryRequest request;
  request.path = fmt::format("/v2/{}/blobs/{}", repository_, digest_.text());
  request.scope = fmt::format("repository:{}:pull", repository_);
  request.total_timeout = std::chrono::milliseconds(0);
  request.on_head = [this](const net::HttpResponse& head) { return check_head(head); };
  if (received_ > 0 && use_ranges_) request.headers = {{"Range", fmt::format("bytes={}-", received_)}};
  retry_after_.reset();
  const bool used_ranges = use_ranges_;
  const auto response = session_.send_once(request, [&](std::string_view bytes) { return deliver(bytes, sink); });
  if (response) return judge(*response);
  if (final_) return Fault{response.error(), false};
  if (received_ == size_ && size_ > 0) return std::nullopt;  // cut behind the last byte
  if (used_ranges && !use_ranges_) return Fault{response.error(), true};
  return Fault{response.error().with_context(what()), response.error().kind == base::Kind::unavailable};
}

base::Result<void> BlobDownload::run(const base::ByteSink& sink) {
  int attempt = 1;  // counted anew after each progress
  for (int requests = 1;; ++requests) {
    const std::uint64_t before = received_;
    auto fault = request(sink);
    if (!fault) return {};
    if (received_ > before) attempt = 1;
    const auto wait = net::retry_wait(session_.retry_policy(), attempt++, retry_after_);
    const bool no_gain = fault->error.kind == base::Kind::corrupt && received_ == before && use_ranges_;
    if (!fault->again || !wait || no_gain || requests == kRequestsCap) return base::fail(std::move(fault->error));
    net::retry_sleep(session_.retry_policy(), *wait);
  }
}

}  // namespace oci
