// SPDX-License-Identifier: Apache-2.0
// tobool() … tostring(), and the conversion that the binder adds where types differ.
#include "kql/functions/function.hpp"

namespace kql {

namespace {

using Nulls = Function::Nulls;

Value converted_value(const Arguments& a) { return convert(a[0], a.types[0], a.result); }

// Text becomes a dynamic with this text, not what the text says as JSON.
Value converted_silently(const Arguments& a) {
  if (a.result == Type::dynamic && a.types[0] == Type::string) return Value::dynamic(boost::json::string(a.text(0)));
  return convert(a[0], a.types[0], a.result);
}

constexpr Function kSilent{.name = "convert", .signature = "(any) first", .evaluate = converted_silently, .nulls = Nulls::handled};

constexpr Function conversion(std::string_view name, std::string_view signature) {
  return {.name = name, .signature = signature, .evaluate = converted_value, .naming = Naming::first_argument, .nulls = Nulls::handled};
}

constexpr Function kFunctions[] = {
    conversion("tobool", "(any) bool"),
    conversion("toboolean", "(any) bool"),
    conversion("toint", "(any) int"),
    conversion("tolong", "(any) long"),
    conversion("toreal", "(any) real"),
    conversion("todouble", "(any) real"),
    conversion("todecimal", "(any) decimal"),
    conversion("tostring", "(any) string"),
    conversion("todatetime", "(any) datetime"),
    conversion("totimespan", "(any) timespan"),
    conversion("totime", "(any) timespan"),
    conversion("toguid", "(string) guid"),
    conversion("toguid", "(guid) guid"),
    conversion("todynamic", "(string) dynamic"),
    conversion("todynamic", "(dynamic) dynamic"),
    conversion("parse_json", "(string) dynamic"),
    conversion("parse_json", "(dynamic) dynamic"),
    conversion("parsejson", "(string) dynamic"),
    conversion("parsejson", "(dynamic) dynamic"),
    conversion("toobject", "(string) dynamic"),
    conversion("toobject", "(dynamic) dynamic"),
};

}  // namespace

const Function& conversion_function() { return kSilent; }
std::span<const Function> conversion_functions() { return kFunctions; }

}  // namespace kql
