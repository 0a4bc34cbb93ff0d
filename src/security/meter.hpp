// SPDX-License-Identifier: Apache-2.0
// The meter: one unit for each digest that is scanned in a month, however many tags lead to it and however often it is
// scanned again. Nothing is charged; it shows what the same work would be counted as elsewhere.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/database.hpp"
#include "store/jobs.hpp"

namespace security {

struct MeteredImage {
  std::string digest, registry_key, repository;
  store::Millis at = 0;
};

// "2026-11", UTC.
std::string meter_month(store::Millis at);
bool is_meter_month(std::string_view text);

// True where the digest was not counted in this month yet.
base::Result<bool> meter_scan(store::Session& session, const MeteredImage& image);

// Units of a month below the scopes, in the order they were counted, behind `after` of them.
struct MeterPage {
  std::int64_t images = 0;  // in all
  std::vector<MeteredImage> rows;
};
base::Result<MeterPage> read_meter(store::Session& session, const std::string& month,
                                   const std::vector<std::string>& scope_keys, std::size_t after, std::size_t top);

}  // namespace security
