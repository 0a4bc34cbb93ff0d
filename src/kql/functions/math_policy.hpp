// SPDX-License-Identifier: Apache-2.0
// Boost.Math without exceptions: NaN and infinities where a function has no value.
#pragma once

#include <boost/math/policies/policy.hpp>

namespace kql {

using QuietMath = boost::math::policies::policy<
    boost::math::policies::domain_error<boost::math::policies::ignore_error>, boost::math::policies::pole_error<boost::math::policies::ignore_error>,
    boost::math::policies::overflow_error<boost::math::policies::ignore_error>, boost::math::policies::underflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::denorm_error<boost::math::policies::ignore_error>, boost::math::policies::rounding_error<boost::math::policies::ignore_error>,
    boost::math::policies::evaluation_error<boost::math::policies::ignore_error>, boost::math::policies::promote_double<false>>;

}  // namespace kql
