// SPDX-License-Identifier: Apache-2.0
// Dynamics in SQL: JSON text, '' for null.
#pragma once

#include <string>

#include "kql/sql/scalar_writer.hpp"

namespace kql {

// The text of a dynamic as tostring() has it: a string's own, else the JSON.
std::string dynamic_text_sql(std::string_view json);

// parse_json() of a text, by any of its names: the engine reads paths out of the text and has no dynamic of the whole. Null
// where it is another expression.
const Call* parsed_text(const Scalar& scalar);

// A dynamic converted to a type; of d.a.b["c"][0], what stands there.
Sql dynamic_as(const ScalarWriter& writer, const Scalar& scalar, Type type);

// A value as JSON text, '' where it is null.
Sql json_of_value(const std::string& value, Type type);

// A text converted to a type that is not dynamic, NULL where it has no such form.
Sql text_as(const std::string& text, Type type);

// The elements that mv-expand makes of a dynamic: an array of JSON texts.
Sql elements_sql(const ScalarWriter& writer, const Scalar& scalar, bool bags_as_arrays);

}  // namespace kql
