// SPDX-License-Identifier: Apache-2.0
#include "security/meter.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/time.hpp"
#include "security/scopes.hpp"

namespace security {

std::string meter_month(store::Millis at) {
  return base::format_date(base::Seconds(std::chrono::seconds(at / 1000))).substr(0, 7);
}

bool is_meter_month(std::string_view text) {
  return text.size() == 7 && text[4] == '-' && base::is_digits(text.substr(0, 4)) && base::is_digits(text.substr(5)) &&
         text.substr(5) >= "01" && text.substr(5) <= "12";
}

base::Result<bool> meter_scan(store::Session& session, const MeteredImage& image) {
  const std::string month = meter_month(image.at);
  TRY(session.run("INSERT INTO metered_images (month, digest, registry_key, repository, at) VALUES (?, ?, ?, ?, ?) "
                  "ON CONFLICT (month, digest) DO NOTHING",
                  {std::string_view(month), std::string_view(image.digest), std::string_view(image.registry_key),
                   std::string_view(image.repository), image.at}));
  return session.changes() > 0;
}

base::Result<MeterPage> read_meter(store::Session& session, const std::string& month,
                                   const std::vector<std::string>& scope_keys, std::size_t after, std::size_t top) {
  const ScopeCondition scope("registry_key", scope_keys);
  std::vector<store::Value> parameters{std::string_view(month)};
  scope.append_to(parameters);
  MeterPage out;
  const std::string from = fmt::format("FROM metered_images WHERE month = ? AND {}", scope.sql());
  const auto images = TRY(store::query_integer(session, "SELECT count(*) " + from, parameters));
  out.images = images.value_or(0);
  parameters.insert(parameters.end(), {static_cast<std::int64_t>(top), static_cast<std::int64_t>(after)});
  TRY(session.query("SELECT digest, registry_key, repository, at " + from + " ORDER BY at, digest LIMIT ? OFFSET ?", parameters,
                    [&](const store::Row& row) {
                      out.rows.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
                                          row.integer(3)});
                    }));
  return out;
}

}  // namespace security
