// SPDX-License-Identifier: Apache-2.0
// The engine writes anew what it takes out of JSON: whole reals lose their point, exponents are written out. Single reals
// are written here; an array or object out of a text that has such numbers is the evaluator's.
#include "kql/sql/dynamic_sql.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

#include "kql/regex.hpp"
#include "kql/sql/sql_literals.hpp"
#include "kql/sql/sql_writer.hpp"

namespace kql {

namespace {

constexpr std::string_view kNumberText = R"('^-?[0-9]+(?:[.][0-9]+)?(?:e[-+]?[0-9]+)?$')";
constexpr std::string_view kRewrittenNumbers = R"('[:,\\[]\\s*-?[0-9]+(?:[.][0-9]*0\\s*[,}\\]]|[0-9.]*[eE])')";

// Where in a JSON text a value stands.
struct Path {
  std::string text;       // the JSON
  std::string arguments;  // of the engine's JSONExtract…: the text and the steps
  std::vector<std::string> conditions;
  bool any_step = false;
  bool any_text = false;  // the text is parse_json()'s: it may be no JSON, or be written in any way
};

// The steps of d.a["b"][0], first one first, and d.
const Scalar& path_base(const Scalar& scalar, std::vector<const Scalar*>& steps) {
  const Scalar* at = &scalar;
  for (const Call* call = call_of(*at, "[]"); call != nullptr; call = call_of(*at, "[]")) {
    const Scalar& step = *call->arguments[1];
    const Value* literal = literal_of(step);
    if (literal == nullptr || literal->is_null() || step.type == Type::dynamic) break;
    steps.insert(steps.begin(), &step);
    at = call->arguments[0].get();
  }
  return *at;
}

base::Result<Path> path_of(const ScalarWriter& w, const Scalar& scalar) {
  std::vector<const Scalar*> steps;
  const Scalar& base = path_base(scalar, steps);
  Path out;
  const Call* parsed = parsed_text(base);
  out.any_text = parsed != nullptr;
  out.any_step = !steps.empty();
  if (out.any_text && !out.any_step) return base::fail(no_sql("a whole text read as JSON"));
  if (!out.any_text && call_of(base, "[]") != nullptr) return base::fail(no_sql("members whose names are not known"));
  out.text = TRY(w.value(out.any_text ? *parsed->arguments[0] : base));
  out.arguments = out.text;
  for (const Scalar* step : steps) {
    if (step->type == Type::string) {
      out.arguments += ", " + quote_sql_text(literal_of(*step)->text());
      continue;
    }
    const std::int64_t index = literal_of(*step)->integer();
    if (index > INT32_MAX || index < -INT32_MAX) return base::fail(no_sql("an index as large as this"));
    out.conditions.push_back(fmt::format("JSONType({}) = 'Array'", out.arguments));  // of an object it would be a member's number
    out.arguments += fmt::format(", {}", index < 0 ? index : index + 1);
  }
  return out;
}

std::string where_it_stands(const Path& path, const std::string& value, std::string_view otherwise) {
  if (path.conditions.empty()) return value;
  return fmt::format("if({}, {}, {})", joined_sql(path.conditions, " AND "), value, otherwise);
}

std::string real_of(const Path& path) { return text_of_value(fmt::format("JSONExtractFloat({})", path.arguments), Type::real).value(); }

// A number that is a real, though it may not look like one.
std::string is_real(const Path& path, const std::string& text) {
  return fmt::format("match({}, {}) AND JSONType({}) = 'Double'", text, kNumberText, path.arguments);
}

std::string is_rewritten(const Path& path, const std::string& text) {
  return fmt::format("(startsWith({0}, '{{') OR startsWith({0}, '[')) AND match({1}, {2}) AND JSONType({3}) IN ('Object', 'Array')", text, path.text,
                     kRewrittenNumbers, path.arguments);
}

// What begins like no number ("-", "." to "9"), array or object, as most texts, is looked at no further.
std::string path_text(const Path& path) {
  const std::string text = fmt::format("JSONExtractString({})", path.arguments);
  const std::string written = fmt::format("if({}, {}, {})", is_real(path, text), real_of(path), unless(is_rewritten(path, text), text, "''"));
  return where_it_stands(path, fmt::format("if((ascii({0}) >= 45 AND ascii({0}) <= 57) OR ascii({0}) = 91 OR ascii({0}) = 123, {1}, {0})", text, written), "''");
}

std::string path_json(const Path& path) {
  const std::string raw = fmt::format("JSONExtractRaw({})", path.arguments);
  const std::string value = fmt::format("multiIf({0} = 'null', '', {1}, {2}, {3})", raw, is_real(path, raw), real_of(path), unless(is_rewritten(path, raw), raw, "''"));
  return where_it_stands(path, value, "''");
}

std::string extracted(std::string_view form, const Path& path) { return fmt::format("JSONExtract{}({})", form, path.arguments); }

Sql path_as(const Path& path, Type type) {
  const std::string kind = fmt::format("JSONType({})", path.arguments);
  const std::string of_text = TRY(text_as(extracted("String", path), type));
  const std::string real = extracted("Float", path);
  switch (type) {
    case Type::int32:
    case Type::int64: {  // an int is what is left of a long, but nothing of a real that is too large
      const std::string_view whole = type == Type::int64 ? "Int64" : "Int32";
      return fmt::format("multiIf({0} = 'Int64', to{1}({2}), {0} = 'String', {3}, {0} = 'Bool', to{1}({4}), {0} IN ('Double', 'UInt64'), "
                         "accurateCastOrNull(trunc({5}), '{1}'), NULL)",
                         kind, whole, extracted("Int", path), of_text, extracted("Bool", path), real);
    }
    case Type::real:
      return fmt::format("multiIf({0} != 0, {0}, {1} IN ('Int64', 'UInt64', 'Double'), {0}, {1} = 'String', {2}, {1} = 'Bool', toFloat64({3}), NULL)", real,
                         kind, of_text, extracted("Bool", path));
    case Type::boolean:
      return fmt::format("multiIf({0} = 'Bool', {1}, {0} = 'String', {2}, {0} IN ('Int64', 'UInt64', 'Double'), {3} != 0, NULL)", kind,
                         extracted("Bool", path), of_text, real);
    case Type::datetime:
      return fmt::format("multiIf({0} = 'String', {1}, {0} = 'Int64', {2}, {3})", kind, of_text,
                         datetime_within_range(fmt::format("({} - {})", extracted("Int", path), kTicksAt1970)),
                         unless(fmt::format("{} IN ('Double', 'UInt64')", kind), "NULL", "NULL"));
    case Type::guid: return fmt::format("if({} = 'String', {}, NULL)", kind, of_text);
    default: return base::fail(no_sql("a dynamic as this type"));
  }
}

bool is_extract_all(const Scalar& scalar) {
  const Call* call = call_of(scalar, "extract_all");
  return (call != nullptr ? call : call_of(scalar, "extractall")) != nullptr;
}

bool is_split_of_text(const Scalar& scalar) {
  const Call* call = call_of(scalar, "split");
  return call != nullptr && call->arguments[0]->type == Type::string;
}

// The texts that split() or extract_all() gives, as the engine's own array; nothing of other calls.
std::optional<Sql> texts_of(const ScalarWriter& w, const Scalar& scalar) {
  const auto* call = std::get_if<Call>(&scalar.node);
  if (call == nullptr || call->arguments.size() != 2) return std::nullopt;
  if (call->function->name == "split") {
    const std::string* delimiter = text_literal(*call, 1);
    if (delimiter == nullptr || delimiter->empty()) return std::nullopt;
    const Sql text = text_argument(w, *call, 0);
    return text ? Sql(fmt::format("splitByString({}, {})", quote_sql_text(*delimiter), *text)) : text;
  }
  if (!is_extract_all(scalar)) return std::nullopt;
  const std::string* pattern = text_literal(*call, 0);
  const re2::RE2* compiled = pattern == nullptr ? nullptr : compiled_regex(*pattern);
  const bool one_group = compiled != nullptr && compiled->NumberOfCapturingGroups() == 1;
  if (!one_group || looks_around(*pattern) || may_match_nothing(*pattern)) return base::fail(no_sql("this extract_all()"));
  return fmt::format("extractAll({}, {})", TRY(w.argument(*call, 1)), TRY(regex_literal(*pattern)));
}

// split(…)[n] and extract_all(…)[n].
std::optional<Sql> element_of_texts(const ScalarWriter& w, const Scalar& scalar) {
  const Call* call = call_of(scalar, "[]");
  if (call == nullptr || !is_whole(call->arguments[1]->type)) return std::nullopt;
  const Value* index = literal_of(*call->arguments[1]);
  if (index == nullptr || index->is_null() || index->integer() > INT32_MAX || index->integer() < -INT32_MAX) return std::nullopt;
  const auto texts = texts_of(w, *call->arguments[0]);
  if (!texts || !*texts) return texts;
  const std::int64_t number = index->integer() < 0 ? index->integer() : index->integer() + 1;
  return fmt::format("arrayElement({}, {})", **texts, number);
}

Sql extract_all_sql(const ScalarWriter& w, const Scalar& scalar, const Call&) {
  const auto texts = texts_of(w, scalar);
  if (!texts) return base::fail(no_sql("this extract_all()"));
  const std::string all = TRY(*texts);
  return fmt::format("if(empty({0}), '', concat('[', arrayStringConcat(arrayMap(x1 -> toJSONString(x1), {0}), ','), ']'))", all);
}

Sql member_sql(const ScalarWriter& w, const Scalar& scalar, const Call&) {
  return path_json(TRY(path_of(w, scalar)));
}

Sql split_sql(const ScalarWriter& w, const Scalar&, const Call& call) {
  const std::string* delimiter = text_literal(call, 1);
  if (call.arguments.size() != 2 || delimiter == nullptr || delimiter->empty()) return base::fail(no_sql("this split()"));
  const std::string text = TRY(text_argument(w, call, 0));
  const std::string parts = fmt::format("if({0} = '', '[\"\"]', toJSONString(splitByString({1}, {0})))", text, quote_sql_text(*delimiter));
  const Scalar& own = *call.arguments[0];
  if (own.type == Type::string) return parts;
  const std::string value = TRY(w.value(own));
  return fmt::format("if({}, '', {})", own.type == Type::dynamic ? value + " = ''" : fmt::format("isNull({})", value), parts);  // null has no parts
}

// Without a match extract_all() gives null.
Sql array_length_sql(const ScalarWriter& w, const Scalar&, const Call& call) {
  const Scalar& own = *call.arguments[0];
  if (const auto texts = is_extract_all(own) ? texts_of(w, own) : std::nullopt) return fmt::format("nullIf(toInt64(length({})), 0)", TRY(*texts));
  const Path path = TRY(path_of(w, own));
  const std::string value = fmt::format("if(JSONType({0}) = 'Array', toInt64(JSONLength({0})), NULL)", path.arguments);
  return where_it_stands(path, value, "NULL");
}

constexpr SqlForm kDynamicForms[] = {
    {"[]", member_sql}, {"split", split_sql}, {"array_length", array_length_sql}, {"extract_all", extract_all_sql}, {"extractall", extract_all_sql}};

}  // namespace

const Call* parsed_text(const Scalar& scalar) {
  static constexpr std::string_view kNames[] = {"parse_json", "parsejson", "todynamic", "toobject"};
  const auto* call = std::get_if<Call>(&scalar.node);
  const bool parses = call != nullptr && std::find(std::begin(kNames), std::end(kNames), call->function->name) != std::end(kNames);
  return parses && call->arguments.size() == 1 && call->arguments[0]->type == Type::string ? call : nullptr;
}

// Without a backslash a string is what stands between its quotes, taken without a choice between two texts, which would copy
// each once more. Escapes \uXXXX are read in arrays and objects, too.
std::string dynamic_text_sql(std::string_view json) {
  return fmt::format("if(position({0}, '\\\\') = 0, substring({0}, 1 + startsWith({0}, '\"'), length({0}) - 2 * startsWith({0}, '\"')), "
                     "multiIf(startsWith({0}, '\"'), JSONExtractString({0}), position({0}, '\\\\u') > 0, JSONExtractRaw({0}), {0}))",
                     json);
}

// Of a dynamic it is dynamic_text_sql's value in words that must stay as they are: indexes of stored tables are found by them.
std::string term_index_sql(std::string_view column, Type type) {
  if (type != Type::dynamic) return fmt::format("lower({})", column);
  return fmt::format("lower(multiIf(position({0}, '\\\\') = 0, if(startsWith({0}, '\"'), substring({0}, 2, length({0}) - 2), {0}), startsWith({0}, '\"'), "
                     "JSONExtractString({0}), position({0}, '\\\\u') > 0, JSONExtractRaw({0}), {0}))",
                     column);
}

Sql dynamic_as(const ScalarWriter& w, const Scalar& scalar, Type type) {
  if (const auto element = element_of_texts(w, scalar)) return text_as(TRY(*element), type);
  if (type == Type::dynamic) return w.value(scalar);
  const Path path = TRY(path_of(w, scalar));
  if (type == Type::string) return path.any_step ? path_text(path) : dynamic_text_sql(path.text);
  return where_it_stands(path, TRY(path_as(path, type)), "NULL");
}

Sql elements_sql(const ScalarWriter& w, const Scalar& scalar, bool bags_as_arrays) {
  if (const Call* packed = call_of(scalar, "pack_array"); packed != nullptr && !packed->arguments.empty()) {
    std::vector<std::string> elements;
    for (const ScalarPtr& argument : packed->arguments) elements.push_back(TRY(json_of_value(TRY(w.value(*argument)), argument->type)));
    return fmt::format("[{}]", joined_sql(elements, ", "));
  }
  if (const auto texts = is_extract_all(scalar) || is_split_of_text(scalar) ? texts_of(w, scalar) : std::nullopt)
    return fmt::format("if(empty({0}), ['{1}'], arrayMap(x1 -> toJSONString(x1), {0}))", TRY(*texts), is_extract_all(scalar) ? "" : "\"\"");
  const std::string json = TRY(w.value(scalar));
  const std::string_view member = bags_as_arrays ? "concat('[', toJSONString(tupleElement(x1, 1)), ',', tupleElement(x1, 2), ']')"
                                                 : "concat('{', toJSONString(tupleElement(x1, 1)), ':', tupleElement(x1, 2), '}')";
  const std::string elements = fmt::format("multiIf(startsWith({0}, '['), JSONExtractArrayRaw({0}), startsWith({0}, '{{'), arrayMap(x1 -> {1}, "
                                           "JSONExtractKeysAndValuesRaw({0})), {0} = '', [''], [{0}])",
                                           json, member);
  const std::string sound = unless(fmt::format("match({}, {})", json, kRewrittenNumbers), elements, "CAST([], 'Array(String)')");
  return fmt::format("arrayMap(x2 -> if(x2 = 'null', '', x2), {})", sound);
}

std::span<const SqlForm> dynamic_forms() { return kDynamicForms; }

}  // namespace kql
