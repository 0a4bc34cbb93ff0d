// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"

namespace net {

// Where the trusted certificate authorities are. Members may be empty.
struct TrustStore {
  std::string folder;  // PEM files named by hash (c_rehash): read one by one as needed, which saves 20 ms a process
  std::string file;    // a PEM bundle
  std::string bundle;  // PEM text, used in place of `file`
};

// The system's authorities, SSL_CERT_FILE and SSL_CERT_DIR in the environment put in their place, and those of
// `ca_file` and of the text `ca_pem` (where not empty) added.
base::Result<TrustStore> find_trust_store(const std::string& ca_file, const std::string& ca_pem = {});

}  // namespace net
