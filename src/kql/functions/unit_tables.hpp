// SPDX-License-Identifier: Apache-2.0
// Units of measure and what they are in one of them.
#pragma once

#include <span>
#include <string_view>

namespace kql {

struct MeasureUnit {
  std::string_view name;
  double factor = 1;
  double offset = 0;
};

std::span<const MeasureUnit> angle_units();        // in degrees
std::span<const MeasureUnit> energy_units();       // in joules
std::span<const MeasureUnit> force_units();        // in newtons
std::span<const MeasureUnit> length_units();       // in metres
std::span<const MeasureUnit> mass_units();         // in kilograms
std::span<const MeasureUnit> speed_units();        // in metres a second
std::span<const MeasureUnit> temperature_units();  // in kelvins
std::span<const MeasureUnit> volume_units();       // in cubic metres

}  // namespace kql
