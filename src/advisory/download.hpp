// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "net/http.hpp"

namespace advisory {

struct DownloadRequest {
  std::string url;
  std::filesystem::path target;
  std::string name;  // for progress and errors: "OSV Go"
};

// Gets a file in pieces. A cut download is left as `target`.part with the ETag beside it, and the next call goes on from
// there as long as the server still has the same file (Range and If-Range, RFC 9110 sections 13.1.5 and 14). A
// file that is there already and has not changed (If-None-Match) is not read again. The CRC-32C that Google's
// storage sends (x-goog-hash) is checked.
// Kind::not_found for 404, Kind::unavailable for no connection and other statuses, Kind::corrupt for a wrong checksum.
base::Result<void> download(net::HttpTransport& transport, const DownloadRequest& request,
                            const std::function<void(std::string_view)>& progress);

}  // namespace advisory
