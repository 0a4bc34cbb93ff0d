// SPDX-License-Identifier: Apache-2.0
// What a client sends to the token endpoint, read from hostile bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace identity {

// The fields of an application/x-www-form-urlencoded body.
class Form {
 public:
  // Kind::too_large past 64 KiB or 64 fields; Kind::invalid_input where a field comes twice (RFC 6749 section 3.2 forbids
  // it) or holds a zero byte. Fields without a value are as good as missing. Errors name no values.
  static base::Result<Form> parse(std::string_view body);

  std::string_view get(std::string_view name) const;  // empty where missing
  const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

struct ClientCredentials {
  std::string id, secret;
};

// `Authorization: Basic …` of a client: id and secret are form-encoded before they are joined (RFC 6749 section 2.3.1).
// Nothing where it is of another scheme or malformed.
std::optional<ClientCredentials> parse_client_basic(std::string_view header);

}  // namespace identity
