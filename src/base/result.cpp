// SPDX-License-Identifier: Apache-2.0
#include "base/result.hpp"

namespace base {

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::invalid_input: return "invalid_input";
    case Kind::not_found: return "not_found";
    case Kind::denied: return "denied";
    case Kind::unavailable: return "unavailable";
    case Kind::conflict: return "conflict";
    case Kind::corrupt: return "corrupt";
    case Kind::too_large: return "too_large";
    case Kind::unsupported: return "unsupported";
    case Kind::cancelled: return "cancelled";
    case Kind::internal: return "internal";
  }
  return "internal";
}

Error Error::with_context(std::string_view step) const {
  return Error{kind, std::string(step) + ": " + message};
}

}  // namespace base
