// SPDX-License-Identifier: Apache-2.0
// JSON values that are built or changed, and small documents that are read. Large inputs (advisories) are read
// with simdjson inside the module that needs it.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace base {

using Json = boost::json::value;
using JsonArray = boost::json::array;
using JsonObject = boost::json::object;

// Parses RFC 8259 text, at most 64 levels deep, a UTF-8 byte order mark skipped. `what` names the document in
// the error, which carries the byte offset.
Result<Json> parse_json(std::string_view text, std::string_view what);

// Lenient look-ups for hostile documents: a missing or wrongly typed member is nothing, never an exception.
// The views point into the value.
const Json* find(const Json& value, std::string_view key);
std::string_view get_string(const Json& value, std::string_view key, std::string_view otherwise = {});
std::optional<std::int64_t> get_int(const Json& value, std::string_view key);
bool get_bool(const Json& value, std::string_view key, bool otherwise = false);
const JsonArray& get_array(const Json& value, std::string_view key);    // empty where missing
const JsonObject& get_object(const Json& value, std::string_view key);  // empty where missing
std::string_view as_string(const Json& value);                          // empty where no string

// JSON Merge Patch (RFC 7396): members of `patch` replace those of `target`, null takes them away.
void merge_patch(Json& target, const Json& patch);

std::string to_text(const Json& value);         // compact
std::string to_pretty_text(const Json& value);  // two blanks a level, a line feed at the end

}  // namespace base
