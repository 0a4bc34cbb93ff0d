// SPDX-License-Identifier: Apache-2.0
#include "identity/token_form.hpp"

#include <algorithm>

#include "base/base64.hpp"
#include "base/text.hpp"

namespace identity {

namespace {

constexpr std::size_t kFormBytes = 64u << 10;
constexpr std::size_t kFormFields = 64;
constexpr std::size_t kBasicBytes = 8u << 10;

std::string form_decoded(std::string_view text) {
  std::string blanks(text);
  std::replace(blanks.begin(), blanks.end(), '+', ' ');
  return base::percent_decode(blanks);
}

}  // namespace

base::Result<Form> Form::parse(std::string_view body) {
  if (body.size() > kFormBytes) return base::fail(base::Kind::too_large, "the form is larger than 64 KiB");
  Form form;
  for (const std::string_view pair : base::split(body, '&')) {
    const auto [name, value] = base::cut(pair, "=");
    if (value.empty()) continue;
    if (form.fields_.size() == kFormFields) return base::fail(base::Kind::too_large, "the form has more than 64 fields");
    std::string key = form_decoded(name);
    std::string text = form_decoded(value);
    if (key.find('\0') != std::string::npos || text.find('\0') != std::string::npos)
      return base::fail(base::Kind::invalid_input, "the form holds a zero byte");
    if (!form.get(key).empty()) return base::fail(base::Kind::invalid_input, "a field of the form is there twice");
    form.fields_.emplace_back(std::move(key), std::move(text));
  }
  return form;
}

std::string_view Form::get(std::string_view name) const {
  for (const auto& [key, value] : fields_)
    if (key == name) return value;
  return {};
}

std::optional<ClientCredentials> parse_client_basic(std::string_view header) {
  const auto [scheme, rest] = base::cut(base::trim(header), " ");
  if (header.size() > kBasicBytes || !base::equals_ignoring_case(scheme, "basic")) return std::nullopt;
  const auto pair = base::base64_decode(base::trim(rest));
  if (!pair || pair->find(':') == std::string::npos) return std::nullopt;
  const auto [id, secret] = base::cut(*pair, ":");
  ClientCredentials credentials{form_decoded(id), form_decoded(secret)};
  if (credentials.id.empty() || credentials.id.find('\0') != std::string::npos) return std::nullopt;
  return credentials;
}

}  // namespace identity
