// SPDX-License-Identifier: Apache-2.0
// Each function has its SQL in one place.
#include <gtest/gtest.h>

#include "kql/functions/function.hpp"
#include "kql/sql/scalar_writer.hpp"

namespace kql {
namespace {

TEST(SqlForms, a_function_with_a_form_has_no_template_that_is_never_asked) {
  for (const auto family : {operator_forms(), condition_forms(), string_operator_forms(), string_forms(), conversion_forms(), dynamic_forms(), datetime_forms()})
    for (const SqlForm& form : family)
      for (const Function* function : functions_named(form.name)) EXPECT_EQ(function->sql, "") << form.name;
}

}  // namespace
}  // namespace kql
