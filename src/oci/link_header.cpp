// SPDX-License-Identifier: Apache-2.0
#include "oci/link_header.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace oci {

namespace {

// `parameters` is what stands behind <target>: `; rel="next"; title="…"`.
bool is_next(std::string_view parameters) {
  for (const std::string_view parameter : base::split(parameters, ';')) {
    const auto [name, value] = base::cut(parameter, "=");
    std::string_view relation = base::trim(value);
    if (!base::equals_ignoring_case(base::trim(name), "rel")) continue;
    relation = base::trim(base::cut(relation, ",").first);
    if (relation.size() >= 2 && relation.front() == '"') relation = relation.substr(1, relation.size() - 2);
    return base::equals_ignoring_case(relation, "next");
  }
  return false;
}

}  // namespace

std::string_view next_link(std::string_view header) {
  while (true) {
    const std::size_t open = header.find('<');
    const std::size_t close = header.find('>', open == std::string_view::npos ? header.size() : open);
    if (close == std::string_view::npos) return {};
    const std::string_view target = header.substr(open + 1, close - open - 1);
    header.remove_prefix(close + 1);
    if (is_next(header.substr(0, header.find('<')))) return target;
  }
}

base::Result<std::string> next_page(const net::HttpResponse& response, const net::Url& base) {
  const std::string_view link = next_link(response.header("link"));
  if (link.empty()) return std::string();
  const net::Url next = TRY_CONTEXT(base.resolve(link), fmt::format("{} names a next page", base.authority()));
  if (!next.same_origin(base))
    return base::fail(base::Kind::denied,
                      fmt::format("{} names a next page elsewhere ({}://{}), which is not followed; set the external "
                                  "URL in the registry's configuration",
                                  base.authority(), next.scheme, next.authority()));
  if (next.path.substr(0, 4) != "/v2/")
    return base::fail(base::Kind::denied,
                      fmt::format("{} names a next page outside of its API, which is not followed", base.authority()));
  return next.path + (next.query.empty() ? "" : "?" + next.query);
}

}  // namespace oci
