// SPDX-License-Identifier: Apache-2.0
// The beta distribution and Welch's test.
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <limits>

#include "kql/functions/function.hpp"
#include "kql/functions/math_policy.hpp"

namespace kql {

namespace {

Value not_a_number() { return Value::real(std::numeric_limits<double>::quiet_NaN()); }

bool is_beta(double alpha, double beta) { return alpha > 0 && beta > 0 && std::isfinite(alpha) && std::isfinite(beta); }
constexpr double kMostOfCdf = 10'000;  // of alpha and beta

Value beta_cdf(const Arguments& a) {
  const double x = a.number(0);
  if (!is_beta(a.number(1), a.number(2)) || a.number(1) > kMostOfCdf || a.number(2) > kMostOfCdf || !(x >= 0 && x <= 1)) return not_a_number();
  return Value::real(boost::math::ibeta(a.number(1), a.number(2), x, QuietMath()));
}

Value beta_pdf(const Arguments& a) {
  const double x = a.number(0);
  if (!is_beta(a.number(1), a.number(2)) || !(x > 0 && x < 1)) return not_a_number();
  return Value::real(boost::math::ibeta_derivative(a.number(1), a.number(2), x, QuietMath()));
}

Value beta_inv(const Arguments& a) {
  const double probability = a.number(0);
  if (!is_beta(a.number(1), a.number(2))) return not_a_number();
  if (!(probability > 0 && probability <= 1)) return {};
  return Value::real(boost::math::ibeta_inv(a.number(1), a.number(2), probability, QuietMath()));
}

// welch_test(mean, variance, count, mean, variance, count): how probable a difference as large is where the means are one.
// Of Student's distribution by the incomplete beta function.
Value welch_test(const Arguments& a) {
  const double left = a.number(1) / a.number(2);
  const double right = a.number(4) / a.number(5);
  const double error = left + right;
  const double degrees = error * error / (left * left / (a.number(2) - 1) + right * right / (a.number(5) - 1));
  const double difference = a.number(0) - a.number(3);
  const double t_squared = difference * difference / error;
  if (!(degrees > 0) || !std::isfinite(degrees) || !(t_squared >= 0) || !std::isfinite(t_squared)) return not_a_number();
  return Value::real(boost::math::ibeta(degrees / 2, 0.5, degrees / (degrees + t_squared), QuietMath()));
}

constexpr std::string_view kThreeNumbers = "(number, number, number) real";

constexpr Function kFunctions[] = {
    {.name = "beta_cdf", .signature = kThreeNumbers, .evaluate = beta_cdf},
    {.name = "beta_pdf", .signature = kThreeNumbers, .evaluate = beta_pdf},
    {.name = "beta_inv", .signature = kThreeNumbers, .evaluate = beta_inv},
    {.name = "welch_test", .signature = "(number, number, number, number, number, number) real", .evaluate = welch_test},
};

}  // namespace

std::span<const Function> distribution_functions() { return kFunctions; }

}  // namespace kql
