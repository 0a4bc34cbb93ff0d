// SPDX-License-Identifier: Apache-2.0
// Conditions on a time that is computed from a stored one, said of the column itself: so they choose partitions and granules.
#pragma once

#include <optional>
#include <string>

#include "kql/sql/scalar_writer.hpp"

namespace kql {

// Whether a stored time moved by that much surely is a datetime.
bool stays_in_range(const ScalarWriter& w, const Scalar& datetime, const Scalar& timespan);

// `call` is <, <=, > or >=, one side a sum or difference with a stored time, the other a literal: the same said of the time
// alone. Nothing where it is another call.
std::optional<std::string> bound_of_time(const ScalarWriter& w, const Call& call);

// What else holds, as " AND …", where the period that a stored time is in begins before (<), at (==) or behind (>) a literal:
// startofday(t) >= x, bin(t, 1h) == x. Empty where nothing is known.
std::string bounds_of_period(const ScalarWriter& w, const Scalar& computed, std::string_view sign, const Scalar& literal);
std::string bounds_of_period(const ScalarWriter& w, const Call& call);  // of a comparison, either way round

}  // namespace kql
