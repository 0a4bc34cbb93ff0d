// SPDX-License-Identifier: Apache-2.0
// What the users of libcurl in this module share.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

#include "net/trust_store.hpp"

namespace net {

struct EasyCleanup {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using EasyHandle = std::unique_ptr<CURL, EasyCleanup>;

struct SlistFree {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, SlistFree>;

void start_curl();  // once a process; further calls do nothing

bool append(HeaderList& list, const std::string& line);  // false when out of memory

// Certificates are checked against this store.
void set_trust(CURL* easy, const TrustStore& trust);

}  // namespace net
