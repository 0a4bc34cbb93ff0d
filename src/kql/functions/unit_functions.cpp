// SPDX-License-Identifier: Apache-2.0
// convert_angle … convert_volume: units as tables. A value in a unit is `value * factor + offset` of the first unit's.
#include <algorithm>
#include <cmath>

#include "kql/functions/function.hpp"
#include "kql/functions/unit_tables.hpp"

namespace kql {

namespace {

const MeasureUnit* unit_named(std::span<const MeasureUnit> units, std::string_view name) {
  const auto at = std::find_if(units.begin(), units.end(), [&](const MeasureUnit& unit) { return unit.name == name; });
  return at == units.end() ? nullptr : &*at;
}

template <std::span<const MeasureUnit> (*units)()>
Value converted_measure(const Arguments& a) {
  const MeasureUnit* from = unit_named(units(), a.text(1));
  const MeasureUnit* to = unit_named(units(), a.text(2));
  if (from == nullptr || to == nullptr) return {};
  if (from == to) return a[0];
  return Value::real((a.real(0) * from->factor + from->offset - to->offset) / to->factor);
}

// A tilt is the sine of an angle.
Value converted_angle(const Arguments& a) {
  const bool from_tilt = a.text(1) == "Tilt";
  const bool to_tilt = a.text(2) == "Tilt";
  const Value values[] = {from_tilt ? Value::real(std::asin(a.real(0))) : a[0], from_tilt ? Value::text(std::string("Radian")) : a[1],
                          to_tilt ? Value::text(std::string("Radian")) : a[2]};
  const Value angle = converted_measure<angle_units>({values, a.types, a.result});
  return to_tilt && !angle.is_null() ? Value::real(std::sin(angle.real())) : angle;
}

constexpr std::string_view kSignature = "(real, string, string) real";

constexpr Function kFunctions[] = {
    {.name = "convert_angle", .signature = kSignature, .evaluate = converted_angle},
    {.name = "convert_energy", .signature = kSignature, .evaluate = converted_measure<energy_units>},
    {.name = "convert_force", .signature = kSignature, .evaluate = converted_measure<force_units>},
    {.name = "convert_length", .signature = kSignature, .evaluate = converted_measure<length_units>},
    {.name = "convert_mass", .signature = kSignature, .evaluate = converted_measure<mass_units>},
    {.name = "convert_speed", .signature = kSignature, .evaluate = converted_measure<speed_units>},
    {.name = "convert_temperature", .signature = kSignature, .evaluate = converted_measure<temperature_units>},
    {.name = "convert_volume", .signature = kSignature, .evaluate = converted_measure<volume_units>},
};

}  // namespace

std::span<const Function> unit_functions() { return kFunctions; }

}  // namespace kql
