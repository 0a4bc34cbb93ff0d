// SPDX-License-Identifier: Apache-2.0
// The bytes as a path of the pages, as parameters of views and of the gate, and as a cell of CSV.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "hub/static_files.hpp"
#include "hub/view_query.hpp"
#include "identity/request_origin.hpp"
#include "providers/container_registry/image_gate.hpp"

namespace {

void check_query(const net::ServerRequest& request) {
  const arm::Access access;
  const identity::Caller caller;
  const auto query = hub::read_query(hub::ApiCall{request, caller, access, {}}, "x/y/read");
  if (query && (query->top == 0 || query->top > security::kMostRows || !query->scopes.empty())) std::abort();
  const auto rule = providers::read_gate_rule(request);
  if (rule && rule->max_age_days < 0) std::abort();
}

// No cell begins like a formula but a scoped npm name, which holds nothing that a formula could do with.
void check_csv(const std::string& text) {
  const std::string body = hub::csv_response("x", {"a"}, {base::JsonObject{{"a", text}}}).body;
  std::string_view cell = std::string_view(body).substr(3);
  if (cell.substr(0, 1) == "\"") cell.remove_prefix(1);
  if (std::string_view("=+-\t").find(cell.front()) != std::string_view::npos) std::abort();
  if (cell.front() == '@' && cell.find_first_of("(!|,; '\"=+*") != std::string_view::npos) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  net::ServerRequest request;
  request.method = "GET";
  request.path = "/" + text;
  request.headers = {{"accept-encoding", text}, {"origin", text}, {"host", "hub.example.com"}};
  const auto page = hub::serve_page(request);
  if (page.status != 200 && page.status != 404) std::abort();
  (void)identity::is_from_own_page(request, text);
  for (const auto part : base::split(text, '&')) {
    const auto [name, value] = base::cut(part, "=");
    request.query.emplace_back(base::percent_decode(name), base::percent_decode(value));
  }
  check_query(request);
  if (!text.empty()) check_csv(text);
  return 0;
}
