// SPDX-License-Identifier: Apache-2.0
// The definitions of the units: exact where the unit is defined by another one.
#include "kql/functions/unit_tables.hpp"

namespace kql {

namespace {

constexpr double kRadian = 180.0 / 3.14159265358979323846;
constexpr double kFoot = 0.3048;
constexpr double kInch = kFoot / 12;
constexpr double kMile = 5280 * kFoot;
constexpr double kSurveyFoot = 1200.0 / 3937;
constexpr double kParsec = 3.08567758128e16;
constexpr double kLightYear = 9.46073047258e15;
constexpr double kPound = 0.45359237;
constexpr double kGravity = 9.80665;
constexpr double kThermalUnit = 1055.05585262;  // the international table's
constexpr double kCalorie = 4.184;
constexpr double kElectronVolt = 1.602176565e-19;
constexpr double kWattHour = 3600;
constexpr double kWattDay = 24 * kWattHour;
constexpr double kCubicFoot = kFoot * kFoot * kFoot;
constexpr double kCubicInch = kInch * kInch * kInch;
constexpr double kGallon = 231 * kCubicInch;
constexpr double kImperialGallon = 4.54609e-3;

constexpr MeasureUnit kAngles[] = {
    {"Degree"},
    {"Arcminute", 1.0 / 60},
    {"Arcsecond", 1.0 / 3600},
    {"Centiradian", kRadian * 1e-2},
    {"Deciradian", kRadian * 1e-1},
    {"Gradian", 0.9},
    {"Microdegree", 1e-6},
    {"Microradian", kRadian * 1e-6},
    {"Millidegree", 1e-3},
    {"Milliradian", kRadian * 1e-3},
    {"Nanodegree", 1e-9},
    {"Nanoradian", kRadian * 1e-9},
    {"NatoMil", 360.0 / 6400},
    {"Radian", kRadian},
    {"Revolution", 360},
};

constexpr MeasureUnit kEnergies[] = {
    {"Joule"},
    {"BritishThermalUnit", kThermalUnit},
    {"Calorie", kCalorie},
    {"DecathermEc", 1e6 * kThermalUnit},
    {"DecathermImperial", 1e6 * kThermalUnit},
    {"DecathermUs", 1.054804e9},
    {"ElectronVolt", kElectronVolt},
    {"Erg", 1e-7},
    {"FootPound", kFoot * kPound * kGravity},
    {"GigabritishThermalUnit", 1e9 * kThermalUnit},
    {"GigaelectronVolt", 1e9 * kElectronVolt},
    {"Gigajoule", 1e9},
    {"GigawattDay", 1e9 * kWattDay},
    {"GigawattHour", 1e9 * kWattHour},
    {"HorsepowerHour", 2.6845195377e6},
    {"KilobritishThermalUnit", 1e3 * kThermalUnit},
    {"Kilocalorie", 1e3 * kCalorie},
    {"KiloelectronVolt", 1e3 * kElectronVolt},
    {"Kilojoule", 1e3},
    {"KilowattDay", 1e3 * kWattDay},
    {"KilowattHour", 1e3 * kWattHour},
    {"MegabritishThermalUnit", 1e6 * kThermalUnit},
    {"Megacalorie", 1e6 * kCalorie},
    {"MegaelectronVolt", 1e6 * kElectronVolt},
    {"Megajoule", 1e6},
    {"MegawattDay", 1e6 * kWattDay},
    {"MegawattHour", 1e6 * kWattHour},
    {"Millijoule", 1e-3},
    {"TeraelectronVolt", 1e12 * kElectronVolt},
    {"TerawattDay", 1e12 * kWattDay},
    {"TerawattHour", 1e12 * kWattHour},
    {"ThermEc", 1e5 * kThermalUnit},
    {"ThermImperial", 1e5 * kThermalUnit},
    {"ThermUs", 1.054804e8},
    {"WattDay", kWattDay},
    {"WattHour", kWattHour},
};

constexpr MeasureUnit kForces[] = {
    {"Newton"},
    {"Decanewton", 10},
    {"Dyn", 1e-5},
    {"KilogramForce", kGravity},
    {"Kilonewton", 1e3},
    {"KiloPond", kGravity},
    {"KilopoundForce", 1e3 * kPound * kGravity},
    {"Meganewton", 1e6},
    {"Micronewton", 1e-6},
    {"Millinewton", 1e-3},
    {"OunceForce", kPound * kGravity / 16},
    {"Poundal", kPound * kFoot},
    {"PoundForce", kPound * kGravity},
    {"ShortTonForce", 2000 * kPound * kGravity},
    {"TonneForce", 1e3 * kGravity},
};

constexpr MeasureUnit kLengths[] = {
    {"Meter"},
    {"Angstrom", 1e-10},
    {"AstronomicalUnit", 1.495978707e11},
    {"Centimeter", 1e-2},
    {"Chain", 66 * kFoot},
    {"DataMile", 6000 * kFoot},
    {"Decameter", 10},
    {"Decimeter", 1e-1},
    {"DtpPica", kInch / 6},
    {"DtpPoint", kInch / 72},
    {"Fathom", 6 * kFoot},
    {"Foot", kFoot},
    {"Hand", 4 * kInch},
    {"Hectometer", 1e2},
    {"Inch", kInch},
    {"KilolightYear", 1e3 * kLightYear},
    {"Kilometer", 1e3},
    {"Kiloparsec", 1e3 * kParsec},
    {"LightYear", kLightYear},
    {"MegalightYear", 1e6 * kLightYear},
    {"Megaparsec", 1e6 * kParsec},
    {"Microinch", 1e-6 * kInch},
    {"Micrometer", 1e-6},
    {"Mil", 1e-3 * kInch},
    {"Mile", kMile},
    {"Millimeter", 1e-3},
    {"Nanometer", 1e-9},
    {"NauticalMile", 1852},
    {"Parsec", kParsec},
    {"PrinterPica", kInch * 400 / 2409},
    {"PrinterPoint", kInch / 72.27},
    {"Shackle", 90 * kFoot},
    {"SolarRadius", 6.95510000e8},
    {"Twip", kInch / 1440},
    {"UsSurveyFoot", kSurveyFoot},
    {"Yard", 3 * kFoot},
};

constexpr MeasureUnit kMasses[] = {
    {"Kilogram"},
    {"Centigram", 1e-5},
    {"Decagram", 1e-2},
    {"Decigram", 1e-4},
    {"EarthMass", 5.9722e24},
    {"Grain", kPound / 7000},
    {"Gram", 1e-3},
    {"Hectogram", 1e-1},
    {"Kilopound", 1e3 * kPound},
    {"Kilotonne", 1e6},
    {"LongHundredweight", 112 * kPound},
    {"LongTon", 2240 * kPound},
    {"Megapound", 1e6 * kPound},
    {"Megatonne", 1e9},
    {"Microgram", 1e-9},
    {"Milligram", 1e-6},
    {"Nanogram", 1e-12},
    {"Ounce", kPound / 16},
    {"Pound", kPound},
    {"ShortHundredweight", 100 * kPound},
    {"ShortTon", 2000 * kPound},
    {"Slug", kPound * kGravity / kFoot},
    {"SolarMass", 1.98947e30},
    {"Stone", 14 * kPound},
    {"Tonne", 1e3},
};

constexpr double kMinute = 60;
constexpr double kHour = 3600;

constexpr MeasureUnit kSpeeds[] = {
    {"MeterPerSecond"},
    {"CentimeterPerHour", 1e-2 / kHour},
    {"CentimeterPerMinute", 1e-2 / kMinute},
    {"CentimeterPerSecond", 1e-2},
    {"DecimeterPerMinute", 1e-1 / kMinute},
    {"DecimeterPerSecond", 1e-1},
    {"FootPerHour", kFoot / kHour},
    {"FootPerMinute", kFoot / kMinute},
    {"FootPerSecond", kFoot},
    {"InchPerHour", kInch / kHour},
    {"InchPerMinute", kInch / kMinute},
    {"InchPerSecond", kInch},
    {"KilometerPerHour", 1e3 / kHour},
    {"KilometerPerMinute", 1e3 / kMinute},
    {"KilometerPerSecond", 1e3},
    {"Knot", 1852 / kHour},
    {"MeterPerHour", 1 / kHour},
    {"MeterPerMinute", 1 / kMinute},
    {"MicrometerPerMinute", 1e-6 / kMinute},
    {"MicrometerPerSecond", 1e-6},
    {"MilePerHour", kMile / kHour},
    {"MillimeterPerHour", 1e-3 / kHour},
    {"MillimeterPerMinute", 1e-3 / kMinute},
    {"MillimeterPerSecond", 1e-3},
    {"NanometerPerMinute", 1e-9 / kMinute},
    {"NanometerPerSecond", 1e-9},
    {"UsSurveyFootPerHour", kSurveyFoot / kHour},
    {"UsSurveyFootPerMinute", kSurveyFoot / kMinute},
    {"UsSurveyFootPerSecond", kSurveyFoot},
    {"YardPerHour", 3 * kFoot / kHour},
    {"YardPerMinute", 3 * kFoot / kMinute},
    {"YardPerSecond", 3 * kFoot},
};

constexpr double kFreezing = 273.15;

constexpr MeasureUnit kTemperatures[] = {
    {"Kelvin"},
    {"DegreeCelsius", 1, kFreezing},
    {"DegreeDelisle", -2.0 / 3, kFreezing + 100},
    {"DegreeFahrenheit", 5.0 / 9, kFreezing - 32 * 5.0 / 9},
    {"DegreeNewton", 100.0 / 33, kFreezing},
    {"DegreeRankine", 5.0 / 9},
    {"DegreeReaumur", 5.0 / 4, kFreezing},
    {"DegreeRoemer", 40.0 / 21, kFreezing - 7.5 * 40.0 / 21},
    {"MillidegreeCelsius", 1e-3, kFreezing},
    {"SolarTemperature", 5778},
};

constexpr double kLiter = 1e-3;

constexpr MeasureUnit kVolumes[] = {
    {"CubicMeter"},
    {"AcreFoot", 1 / 0.000810714},
    {"AuTablespoon", 2e-5},
    {"BoardFoot", kCubicFoot / 12},
    {"Centiliter", 1e-2 * kLiter},
    {"CubicCentimeter", 1e-6},
    {"CubicDecimeter", 1e-3},
    {"CubicFoot", kCubicFoot},
    {"CubicHectometer", 1e6},
    {"CubicInch", kCubicInch},
    {"CubicKilometer", 1e9},
    {"CubicMicrometer", 1e-18},
    {"CubicMile", kMile * kMile * kMile},
    {"CubicMillimeter", 1e-9},
    {"CubicYard", 27 * kCubicFoot},
    {"Decaliter", 10 * kLiter},
    {"DecausGallon", 10 * kGallon},
    {"Deciliter", 1e-1 * kLiter},
    {"DeciusGallon", 1e-1 * kGallon},
    {"HectocubicFoot", 1e2 * kCubicFoot},
    {"HectocubicMeter", 1e2},
    {"Hectoliter", 1e2 * kLiter},
    {"HectousGallon", 1e2 * kGallon},
    {"ImperialBeerBarrel", 36 * kImperialGallon},
    {"ImperialGallon", kImperialGallon},
    {"ImperialOunce", kImperialGallon / 160},
    {"ImperialPint", kImperialGallon / 8},
    {"KilocubicFoot", 1e3 * kCubicFoot},
    {"KilocubicMeter", 1e3},
    {"KiloimperialGallon", 1e3 * kImperialGallon},
    {"Kiloliter", 1e3 * kLiter},
    {"KilousGallon", 1e3 * kGallon},
    {"Liter", kLiter},
    {"MegacubicFoot", 1e6 * kCubicFoot},
    {"MegaimperialGallon", 1e6 * kImperialGallon},
    {"Megaliter", 1e6 * kLiter},
    {"MegausGallon", 1e6 * kGallon},
    {"MetricCup", 2.5e-4},
    {"MetricTeaspoon", 5e-6},
    {"Microliter", 1e-6 * kLiter},
    {"Milliliter", 1e-3 * kLiter},
    {"OilBarrel", 42 * kGallon},
    {"UkTablespoon", 1.5e-5},
    {"UsBeerBarrel", 31 * kGallon},
    {"UsCustomaryCup", kGallon / 16},
    {"UsGallon", kGallon},
    {"UsLegalCup", 2.4e-4},
    {"UsOunce", kGallon / 128},
    {"UsPint", kGallon / 8},
    {"UsQuart", kGallon / 4},
    {"UsTablespoon", kGallon / 256},
    {"UsTeaspoon", kGallon / 768},
};

}  // namespace

std::span<const MeasureUnit> angle_units() { return kAngles; }
std::span<const MeasureUnit> energy_units() { return kEnergies; }
std::span<const MeasureUnit> force_units() { return kForces; }
std::span<const MeasureUnit> length_units() { return kLengths; }
std::span<const MeasureUnit> mass_units() { return kMasses; }
std::span<const MeasureUnit> speed_units() { return kSpeeds; }
std::span<const MeasureUnit> temperature_units() { return kTemperatures; }
std::span<const MeasureUnit> volume_units() { return kVolumes; }

}  // namespace kql
