// SPDX-License-Identifier: Apache-2.0
// The orders behind version.hpp, one pair of functions a scheme. Every compare_* is reflexive, antisymmetric and
// answers for any bytes; every one is linear in the length of its arguments, or caps it.
#pragma once

#include <compare>
#include <string_view>

namespace advisory {

std::strong_ordering compare_dpkg(std::string_view a, std::string_view b);
bool is_dpkg_version(std::string_view text);

std::strong_ordering compare_rpm(std::string_view a, std::string_view b);
bool is_rpm_version(std::string_view text);

std::strong_ordering compare_apk(std::string_view a, std::string_view b);
bool is_apk_version(std::string_view text);

std::strong_ordering compare_semver(std::string_view a, std::string_view b);
bool is_semver_version(std::string_view text);
std::strong_ordering compare_golang(std::string_view a, std::string_view b);
bool is_golang_version(std::string_view text);

std::strong_ordering compare_nuget(std::string_view a, std::string_view b);
bool is_nuget_version(std::string_view text);

std::strong_ordering compare_pub(std::string_view a, std::string_view b);
bool is_pub_version(std::string_view text);

std::strong_ordering compare_pypi(std::string_view a, std::string_view b);
bool is_pypi_version(std::string_view text);

std::strong_ordering compare_maven(std::string_view a, std::string_view b);
bool is_maven_version(std::string_view text);

std::strong_ordering compare_gem(std::string_view a, std::string_view b);
bool is_gem_version(std::string_view text);

std::strong_ordering compare_packagist(std::string_view a, std::string_view b);
bool is_packagist_version(std::string_view text);

std::strong_ordering compare_cran(std::string_view a, std::string_view b);
bool is_cran_version(std::string_view text);
std::strong_ordering compare_hackage(std::string_view a, std::string_view b);
bool is_hackage_version(std::string_view text);

}  // namespace advisory
