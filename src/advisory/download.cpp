// SPDX-License-Identifier: Apache-2.0
#include "advisory/download.hpp"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <optional>

#include "base/base64.hpp"
#include "base/checksum.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

namespace advisory {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPiece = 16u << 20;
constexpr std::uint64_t kLargestDownload = std::uint64_t{4} << 30;
constexpr int kMostRestarts = 3;

struct ContentRange {
  std::uint64_t first = 0;
  std::uint64_t total = 0;
};

std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "bytes 0-1023/146515" (RFC 9110 section 14.4).
std::optional<ContentRange> parse_content_range(std::string_view text) {
  if (text.substr(0, 6) != "bytes ") return std::nullopt;
  const auto [range, total] = base::cut(text.substr(6), "/");
  const auto first = parse_count(base::cut(range, "-").first);
  const auto size = parse_count(total);
  if (!first || !size) return std::nullopt;
  return ContentRange{*first, *size};
}

// "crc32c=n03x6A==,md5=…": big-endian, base64.
std::optional<std::uint32_t> parse_goog_crc32c(std::string_view header) {
  for (const auto part : base::split(header, ',')) {
    const auto [kind, value] = base::cut(base::trim(part), "=");
    if (kind != "crc32c") continue;
    const auto bytes = base::base64_decode(value);
    if (!bytes || bytes->size() != 4) return std::nullopt;
    std::uint32_t crc = 0;
    for (const char c : *bytes) crc = crc << 8 | static_cast<unsigned char>(c);
    return crc;
  }
  return std::nullopt;
}

class Download {
 public:
  Download(net::HttpTransport& transport, const DownloadRequest& request, const std::function<void(std::string_view)>& progress)
      : transport_(transport), request_(request), progress_(progress), part_(request.target.string() + ".part"),
        part_tag_(part_.string() + ".etag"), target_tag_(request.target.string() + ".etag") {}

  base::Result<void> run() {
    resume();
    for (int restarts = 0; restarts < kMostRestarts;) {
      const Step step = TRY(next_piece());
      if (step == Step::unchanged) return {};
      if (step == Step::complete) return finish();
      if (step == Step::restart) {
        start_over();
        ++restarts;
      }
    }
    return base::fail(base::Kind::unavailable, fmt::format("{}: {} changes while it is being read; try again", request_.name, request_.url));
  }

 private:
  enum class Step { more, complete, restart, unchanged };

  void resume() {
    std::error_code error;
    const auto size = fs::file_size(part_, error);
    const auto tag = base::read_file(part_tag_, 1024);
    if (!error && tag && !tag->empty()) {
      size_ = size;
      tag_ = *tag;
    } else {
      start_over();
    }
  }

  void start_over() {
    std::error_code ignored;
    fs::remove(part_, ignored);
    fs::remove(part_tag_, ignored);
    size_ = 0;
    tag_.clear();
  }

  base::Result<Step> next_piece() {
    net::HttpRequest http;
    http.url = request_.url;
    http.body_cap = kPiece + 4096;
    http.headers.emplace_back("Range", fmt::format("bytes={}-{}", size_, size_ + kPiece - 1));
    if (size_ > 0) http.headers.emplace_back("If-Range", tag_);
    const auto known_tag = size_ == 0 ? base::read_file(target_tag_, 1024) : base::fail(base::Kind::not_found, "");
    std::error_code error;
    if (known_tag && !known_tag->empty() && fs::exists(request_.target, error)) http.headers.emplace_back("If-None-Match", *known_tag);
    const auto response = transport_.send(http);
    if (!response && response.error().kind == base::Kind::too_large) return size_ > 0 ? Step::restart : TRY(whole());
    if (!response) return base::fail(response.error());
    switch (response->status) {
      case 304: return Step::unchanged;
      case 206: return append(*response);
      case 200: return replace(*response);
      case 416: return size_ > 0 && size_ == total_ ? Step::complete : Step::restart;
      default: return bad_status(response->status);
    }
  }

  base::Result<Step> append(const net::HttpResponse& response) {
    const auto range = parse_content_range(response.header("content-range"));
    if (!range || range->first != size_ || range->total > kLargestDownload || response.body.empty())
      return base::fail(base::Kind::unavailable, fmt::format("{}: the server's answer for {} makes no sense (Content-Range \"{}\")", request_.name,
                                                             request_.url, base::printable(response.header("content-range"))));
    const auto tag = response.header("etag");
    if (size_ > 0 && !tag.empty() && tag != tag_) return Step::restart;
    if (size_ == 0) TRY(keep_tag(tag));
    TRY(write(response.body, size_ > 0));
    total_ = range->total;
    crc_ = parse_goog_crc32c(response.header("x-goog-hash"));
    report();
    return size_ >= total_ ? Step::complete : Step::more;
  }

  base::Result<Step> replace(const net::HttpResponse& response) {
    start_over();
    TRY(keep_tag(response.header("etag")));
    TRY(write(response.body, false));
    total_ = size_;
    crc_ = parse_goog_crc32c(response.header("x-goog-hash"));
    return Step::complete;
  }

  // From a server that knows no ranges.
  base::Result<Step> whole() {
    net::HttpRequest http;
    http.url = request_.url;
    TRY(write({}, false));
    const auto response = TRY(transport_.send(http, [&](std::string_view bytes) -> base::Result<void> {
      if (size_ + bytes.size() > kLargestDownload) return base::fail(base::Kind::too_large, fmt::format("{} is too large", request_.url));
      return write(bytes, true);
    }));
    if (response.status != 200) return bad_status(response.status);
    const auto length = parse_count(response.header("content-length"));
    if (length && *length != size_)
      return base::fail(base::Kind::unavailable, fmt::format("{}: {} was cut short; try again", request_.name, request_.url));
    tag_ = response.header("etag");
    crc_ = parse_goog_crc32c(response.header("x-goog-hash"));
    return Step::complete;
  }

  base::Result<Step> bad_status(int status) const {
    if (status == 404)
      return base::fail(base::Kind::not_found, fmt::format("{}: there is nothing at {}; check the name of the ecosystem", request_.name, request_.url));
    return base::fail(base::Kind::unavailable, fmt::format("{}: {} answered with status {}", request_.name, request_.url, status));
  }

  base::Result<void> keep_tag(std::string_view tag) {
    tag_ = tag;
    return base::write_file_atomically(part_tag_, tag_);
  }

  base::Result<void> write(std::string_view bytes, bool add) {
    std::ofstream out(part_, add ? std::ios::binary | std::ios::app : std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.flush();
    if (!out) return base::fail(base::Kind::unavailable, fmt::format("cannot write {}; is the disk full?", part_.string()));
    size_ = (add ? size_ : 0) + bytes.size();
    return {};
  }

  void report() const {
    if (progress_) progress_(fmt::format("{}: {:.1f} of {:.1f} MiB", request_.name, static_cast<double>(size_) / 1048576.0, static_cast<double>(total_) / 1048576.0));
  }

  base::Result<void> finish() {
    if (crc_) {
      const auto file = TRY(base::MappedFile::open(part_));
      if (base::crc32c(file.bytes()) != *crc_) {
        start_over();
        return base::fail(base::Kind::corrupt, fmt::format("{}: {} does not agree with its checksum; it was deleted, try again", request_.name, request_.url));
      }
    }
    std::error_code error;
    fs::rename(part_, request_.target, error);
    if (error) return base::fail(base::errno_error(error.value(), "cannot replace", request_.target));
    fs::remove(part_tag_, error);
    return base::write_file_atomically(target_tag_, tag_);
  }

  net::HttpTransport& transport_;
  const DownloadRequest& request_;
  const std::function<void(std::string_view)>& progress_;
  fs::path part_;
  fs::path part_tag_;
  fs::path target_tag_;
  std::string tag_;
  std::uint64_t size_ = 0;
  std::uint64_t total_ = 0;
  std::optional<std::uint32_t> crc_;
};

}  // namespace

base::Result<void> download(net::HttpTransport& transport, const DownloadRequest& request,
                            const std::function<void(std::string_view)>& progress) {
  return Download(transport, request, progress).run();
}

}  // namespace advisory
