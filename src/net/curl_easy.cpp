// SPDX-License-Identifier: Apache-2.0
#include "net/curl_easy.hpp"

#include <mutex>

namespace net {

void start_curl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

bool append(HeaderList& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (!longer) return false;
  (void)list.release();
  list.reset(longer);
  return true;
}

void set_trust(CURL* easy, const TrustStore& trust) {
  if (trust.bundle.empty() && trust.file.empty() && trust.folder.empty()) return;  // what libcurl was built with
  curl_easy_setopt(easy, CURLOPT_CAINFO, trust.file.empty() ? nullptr : trust.file.c_str());
  curl_easy_setopt(easy, CURLOPT_CAPATH, trust.folder.empty() ? nullptr : trust.folder.c_str());
  if (trust.bundle.empty()) return;
  curl_blob blob{};
  blob.data = const_cast<char*>(trust.bundle.data());  // libcurl copies it
  blob.len = trust.bundle.size();
  blob.flags = CURL_BLOB_COPY;
  curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
}

}  // namespace net
