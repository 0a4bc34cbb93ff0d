// SPDX-License-Identifier: Apache-2.0
// gettype(), new_guid(), estimate_data_size(), and what there is of extents, in which tables are not kept here.
#include "base/crypto.hpp"
#include "kql/functions/function.hpp"

namespace kql {

namespace {

std::string_view type_of_json(const base::Json& json) {
  switch (json.kind()) {
    case boost::json::kind::bool_: return "bool";
    case boost::json::kind::int64:
    case boost::json::kind::uint64: return "long";
    case boost::json::kind::double_: return "real";
    case boost::json::kind::string: return "string";
    case boost::json::kind::array: return "array";
    case boost::json::kind::object: return "dictionary";
    default: return "null";
  }
}

// Of a dynamic, what it holds.
Value type_of_value(const Arguments& a) {
  if (a.types[0] != Type::dynamic) return Value::text(type_name(a.types[0]));
  return Value::text(a[0].is_null() ? std::string_view("null") : type_of_json(a.json(0)));
}

Value random_guid(const Arguments&) { return Value::text(base::uuid4()); }

// Bytes: of a type's width, or of the text.
std::int64_t data_size(const Value& value, Type type) {
  switch (type) {
    case Type::boolean: return 1;
    case Type::int32: return 4;
    case Type::guid:
    case Type::decimal: return 16;
    case Type::string:
    case Type::dynamic: return static_cast<std::int64_t>(to_text(value, type).size());
    default: return 8;
  }
}

Value size_of_all(const Arguments& a) {
  std::int64_t bytes = 0;
  for (std::size_t i = 0; i < a.size(); ++i) bytes += data_size(a[i], a.types[i]);
  return Value::integer(bytes);
}

Value no_extent(const Arguments&) { return Value::text(std::string_view("00000000-0000-0000-0000-000000000000")); }
Value no_tags(const Arguments&) { return {}; }

}  // namespace

std::span<const Function> value_functions() {
  static constexpr Function kAll[] = {
      {.name = "gettype",
       .signature = "(any) string",
       .evaluate = type_of_value,
       .naming = Naming::name_and_argument,
       .result_name = "type",
       .nulls = Function::Nulls::handled},
      {.name = "estimate_data_size", .signature = "(any...) long", .evaluate = size_of_all, .nulls = Function::Nulls::handled},
      {.name = "extent_id", .signature = "() guid", .evaluate = no_extent},
      {.name = "extentid", .signature = "() guid", .evaluate = no_extent},
      {.name = "extent_tags", .signature = "() dynamic", .evaluate = no_tags},
      {.name = "new_guid", .signature = "() guid", .evaluate = random_guid, .kind = Function::Kind::changing},
  };
  return kAll;
}

}  // namespace kql
