// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "net/http.hpp"
#include "net/url.hpp"

namespace oci {

// The target of the first link of relation "next" in a Link header (RFC 8288 section 3); empty where there is none.
std::string_view next_link(std::string_view header);

// The path and query of the page after `response`, for a request to `base`; empty where it is the last one.
// Kind::denied where the link leads to another scheme, host or port or out of the API.
base::Result<std::string> next_page(const net::HttpResponse& response, const net::Url& base);

}  // namespace oci
