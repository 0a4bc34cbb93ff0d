// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "kql/bind/binder_state.hpp"
#include "kql/evaluate/scalar.hpp"
#include "kql/functions/signature.hpp"

namespace kql {

namespace {

std::vector<std::string> names_in(const Schema* columns) {
  std::vector<std::string> out;
  if (columns != nullptr)
    for (const Column& column : *columns) out.push_back(column.name);
  return out;
}

ScalarPtr column_scalar(const Schema& schema, std::size_t index, Span span) {
  return std::make_shared<const Scalar>(Scalar{schema[index].type, ColumnOf{index}, span});
}

bool is_word(const Expression& expression, std::string_view word) { return expression.kind == ExpressionKind::name && expression.text == word; }

}  // namespace

std::string fault_of_count(std::string_view name, std::span<const std::string_view> signatures, std::size_t given) {
  std::size_t least = SIZE_MAX, most = 0;
  for (const std::string_view text : signatures) {
    const Signature& signature = signature_of(text);
    least = std::min(least, signature.least_arguments());
    most = std::max(most, signature.repeated > 0 ? SIZE_MAX : signature.parameters.size());
  }
  if (given >= least && given <= most) return {};
  const std::string counts = least == most ? std::to_string(least) : most == SIZE_MAX ? fmt::format("at least {}", least) : fmt::format("{} to {}", least, most);
  const bool is_one = least == 1 && (most == 1 || most == SIZE_MAX);
  return fmt::format("{}() takes {} argument{}, not {}", name, counts, is_one ? "" : "s", given);
}

ScalarPtr Binder::literal(Value value, Type type, Span span) const {
  return std::make_shared<const Scalar>(Scalar{type, Literally{std::move(value)}, span});
}

ScalarPtr Binder::folded(std::shared_ptr<Scalar> scalar) const {
  if (auto value = constant_value(*scalar)) return literal(std::move(*value), scalar->type, scalar->span);
  return scalar;
}

ScalarPtr Binder::converted(ScalarPtr scalar, Type type) {
  if (is_broken(scalar) || scalar->type == type) return scalar;
  const Span span = scalar->span;
  return folded(std::make_shared<Scalar>(Scalar{type, Call{&conversion_function(), {std::move(scalar)}}, span}));
}

ScalarPtr Binder::call(const Function& function, const Match& match, std::vector<ScalarPtr> arguments, Span span) {
  for (std::size_t i = 0; i < arguments.size(); ++i) arguments[i] = converted(std::move(arguments[i]), match.arguments[i]);
  if (!check_constants(function, match, arguments, span)) return broken();
  return folded(std::make_shared<Scalar>(Scalar{match.result, Call{&function, std::move(arguments)}, span}));
}

bool Binder::check_constants(const Function& function, const Match& match, const std::vector<ScalarPtr>& arguments, Span span) {
  const Signature& signature = signature_of(function.signature);
  std::vector<Value> values;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto known = constant_value(*arguments[i]);
    if (!known && signature.parameter(i)->constant) {
      report(arguments[i]->span, fmt::format("this argument of '{}' has to be a constant", function.name));
      return false;
    }
    values.push_back(known.value_or(Value()));
  }
  if (function.check == nullptr) return true;
  const auto sound = function.check({values, match.arguments, match.result});
  if (!sound) report(span, sound.error().message);
  return sound.has_value();
}

ScalarPtr Binder::call(std::string_view name, std::vector<ScalarPtr> arguments, Span span) {
  std::vector<Type> types;
  for (const ScalarPtr& argument : arguments) {
    if (is_broken(argument)) return broken();
    types.push_back(argument->type);
  }
  const Function* best = nullptr;
  std::optional<Match> best_match;
  for (const Function* function : functions_named(name)) {
    auto fits = match(signature_of(function->signature), types);
    if (!fits || (best_match && best_match->cost <= fits->cost)) continue;
    best = function;
    best_match = std::move(fits);
  }
  if (best != nullptr) return call(*best, *best_match, std::move(arguments), span);
  if (functions_named(name).empty()) {
    report(span, fmt::format("the operator '{}' is not here: the language does not document what it means", name), "matches regex");
    return broken();
  }
  report_mismatch(name, arguments, span);
  return broken();
}

// "strlen() takes 1 argument, not 2", or which types do not fit.
void Binder::report_mismatch(std::string_view name, const std::vector<ScalarPtr>& arguments, Span span) {
  std::vector<std::string_view> signatures;
  for (const Function* function : functions_named(name)) signatures.push_back(function->signature);
  if (std::string fault = fault_of_count(name, signatures, arguments.size()); !fault.empty()) return report(span, std::move(fault));
  std::string list;
  for (const ScalarPtr& argument : arguments) list += (list.empty() ? "" : ", ") + std::string(type_name(argument->type));
  const bool joins_texts = (name == "or" || name == "and") && std::any_of(arguments.begin(), arguments.end(), [](const ScalarPtr& argument) { return argument->type == Type::string; });
  report(span, fmt::format("'{}' does not take ({}){}", name, list, joins_texts ? "; each side is a condition, and one of several texts is found by a in (\"x\", \"y\")" : ""),
         conversion_meant(name, arguments));
}

// What is meant where two operands do not fit: strcat(a, b) by a + b, and a text as a value of the other's type.
std::string Binder::conversion_meant(std::string_view name, const std::vector<ScalarPtr>& arguments) const {
  static const std::set<std::string_view> kComparisons{"==", "!=", "<", "<=", ">", ">="};
  if (arguments.size() != 2) return {};
  const auto text = [&](std::size_t i) { return text_of(arguments[i]->span); };
  const auto is_of = [&](std::size_t i, Type type) { return arguments[i]->type == type; };
  if (text(0).empty() || text(1).empty()) return {};
  if (name == "+" && (is_of(0, Type::string) || is_of(1, Type::string))) return fmt::format("strcat({}, {})", text(0), text(1));
  if (kComparisons.count(name) == 0) return {};
  for (const std::size_t i : {0u, 1u}) {
    const Type other = arguments[1 - i]->type;
    const bool is_date = other == Type::datetime && is_of(i, Type::int64) && text(i).find('-') != std::string::npos;  // 2020-01-01, which is 2018
    if (!is_of(i, Type::string) && !is_date) continue;
    const std::string meant = is_date ? fmt::format("datetime({})", text(i)) : fmt::format("to{}({})", type_name(other), text(i));
    return i == 0 ? fmt::format("{} {} {}", meant, name, text(1)) : fmt::format("{} {} {}", text(0), name, meant);
  }
  return {};
}

bool Binder::too_many_expressions() {
  if (++expressions_ == kMostExpressions) report({}, fmt::format("the query has more than {} expressions with its functions written out", kMostExpressions));
  return gives_up();
}

ScalarPtr Binder::bind_scalar(const Expression& expression) {
  if (too_many_expressions()) return broken();
  switch (expression.kind) {
    case ExpressionKind::error: return broken();
    case ExpressionKind::literal: return literal(Value::of(expression.value), expression.value.type, expression.span);
    case ExpressionKind::name: return bind_name(expression);
    case ExpressionKind::member: return bind_member(expression);
    case ExpressionKind::element: return bind_element(expression);
    case ExpressionKind::call: return bind_call(expression);
    case ExpressionKind::named: return bind_scalar(*expression.arguments[0]);
    case ExpressionKind::unary: return call("unary" + expression.text, {bind_scalar(*expression.arguments[0])}, expression.span);
    case ExpressionKind::binary: return bind_binary(expression);
    case ExpressionKind::logical: {
      std::vector<ScalarPtr> arguments;
      for (const Expression* argument : expression.arguments) arguments.push_back(bind_scalar(*argument));
      return call(expression.text, std::move(arguments), expression.span);
    }
    case ExpressionKind::in_list: return bind_in_list(expression);
    case ExpressionKind::between: return bind_between(expression);
    case ExpressionKind::type_of: return literal(Value::text(type_name(expression.value.type)), Type::string, expression.span);
    case ExpressionKind::star: report(expression.span, "'*' may not stand here"); return broken();
    case ExpressionKind::subquery:
      if (!is_tabular(*expression.pipeline)) return bind_scalar(*expression.pipeline->source);
      report(expression.span, "a value is expected here, not a table", "toscalar(…)");
      return broken();
  }
  return broken();
}

ScalarPtr Binder::bind_predicate(const Expression& expression, std::string_view name) {
  const ScalarPtr predicate = bind_scalar(expression);
  if (is_broken(predicate) || predicate->type == Type::boolean) return predicate;
  std::string instead;
  if (!name.empty()) instead = fmt::format("{} == {}", name, text_of(expression.span));
  else if (predicate->type == Type::dynamic) instead = fmt::format("tobool({})", text_of(expression.span));
  report(expression.span, fmt::format("a condition of type bool is expected, not {}", type_name(predicate->type)), std::move(instead));
  return broken();
}

ScalarPtr Binder::bind_name(const Expression& expression) {
  const Schema* columns = scope_ == nullptr || scope_->hidden ? nullptr : scope_->columns;
  if (columns != nullptr)
    if (const auto index = scope_->column(expression.text)) {
      const auto common = scope_->elsewhere == nullptr ? std::nullopt : find_column(*scope_->elsewhere, expression.text);
      return converted(column_scalar(*columns, *index, expression.span), common ? (*scope_->elsewhere)[*common].type : (*columns)[*index].type);
    }
  if (scope_ != nullptr && !scope_->hidden && scope_->graph != nullptr && scope_->graph->match != nullptr)
    if (ScalarPtr properties = bind_graph_variable(expression, *scope_->graph)) return properties;
  if (const Meaning* meaning = environment_->find(expression.text)) {
    if (const auto* scalar = std::get_if<ScalarPtr>(&meaning->what)) {
      const bool reachable = meaning->scope == nullptr || std::holds_alternative<Literally>((*scalar)->node) ||
                             (scope_ != nullptr && scope_->columns == meaning->scope);
      if (reachable || is_broken(*scalar)) return *scalar;
      report(expression.span, fmt::format("'{}' depends on the row outside this table; only constants can be used within it", expression.text));
      return broken();
    }
    if (const auto* function = std::get_if<BoundFunction>(&meaning->what); function != nullptr && !is_tabular(expression)) {
      Expression without_arguments = expression;
      without_arguments.kind = ExpressionKind::call;
      auto called = call_function(*function, without_arguments, nullptr);
      if (const auto* scalar = std::get_if<ScalarPtr>(&called)) return *scalar;
      return broken();
    }
    report(expression.span, fmt::format("'{}' is a table; a value is expected here", expression.text), fmt::format("toscalar({})", expression.text));
    return broken();
  }
  if (scope_ != nullptr && scope_->elsewhere != nullptr)
    if (const auto index = find_column(*scope_->elsewhere, expression.text)) {
      const Type type = (*scope_->elsewhere)[*index].type;
      return literal(missing(type), type, expression.span);
    }
  if (scope_ != nullptr && scope_->open) return literal(Value(), Type::dynamic, expression.span);
  if (aggregates_ != nullptr && find_column(aggregates_->input->schema, expression.text)) {
    report(expression.span, fmt::format("'{}' stands outside of an aggregate", expression.text), fmt::format("take_any({})", expression.text));
    return broken();
  }
  if (scope_ != nullptr && scope_->hidden && scope_->columns != nullptr && scope_->column(expression.text)) {
    report(expression.span, fmt::format("there is no value named '{}' here; within toscalar() and functions the columns of the rows are not seen", expression.text));
    return broken();
  }
  const bool is_null = base::to_lower(expression.text) == "null";
  const bool is_aggregate = aggregates_ != nullptr && !aggregates_named(expression.text).empty();
  report(expression.span, fmt::format("there is no column or value named '{}'{}", expression.text, is_null ? "; isnull(x) finds null, and isempty(x) a text that is empty" : ""),
         is_aggregate ? expression.text + "()" : nearest_name(expression.text, names_in(columns)));
  return broken();
}

ScalarPtr Binder::bind_member(const Expression& expression) {
  const Expression& whole = *expression.arguments[0];
  if (scope_ != nullptr && scope_->right != nullptr && (is_word(whole, "$left") || is_word(whole, "$right"))) {
    const bool left = whole.text == "$left";
    const Schema& side = left ? *scope_->columns : *scope_->right;
    const auto index = find_column(side, expression.text);
    if (index) return column_scalar(side, *index, expression.span);
    report(expression.span, fmt::format("the {} side has no column '{}'", left ? "left" : "right", expression.text), nearest_name(expression.text, names_in(&side)));
    return broken();
  }
  if (scope_ != nullptr && scope_->graph != nullptr && !scope_->hidden)
    if (ScalarPtr value = bind_graph_member(expression, *scope_->graph)) return value;
  if (scope_ != nullptr && whole.kind == ExpressionKind::name)
    if (const auto step = scope_->steps.find(whole.text); step != scope_->steps.end()) {
      const auto index = find_column(*scope_->step_columns, expression.text);
      if (index)
        return std::make_shared<const Scalar>(Scalar{(*scope_->step_columns)[*index].type, ColumnOf{step->second + *index}, expression.span});
      report(expression.span, fmt::format("step '{}' has no column '{}'", whole.text, expression.text));
      return broken();
    }
  const ScalarPtr value = bind_scalar(whole);
  if (is_broken(value)) return value;
  if (value->type != Type::dynamic) {
    report(expression.span, fmt::format("'.{}' is a part of a dynamic; {} is of type {}", expression.text, text_of(whole.span), type_name(value->type)),
           value->type == Type::string ? fmt::format("parse_json({}).{}", text_of(whole.span), expression.text) : "");
    return broken();
  }
  return call("[]", {value, literal(Value::text(expression.text), Type::string, expression.text_span)}, expression.span);
}

ScalarPtr Binder::bind_element(const Expression& expression) {
  const ScalarPtr value = bind_scalar(*expression.arguments[0]);
  const ScalarPtr key = bind_scalar(*expression.arguments[1]);
  if (is_broken(value) || is_broken(key)) return broken();
  if (value->type == Type::dynamic) return call("[]", {value, key}, expression.span);
  report(expression.span, fmt::format("'[…]' takes a part of a dynamic; {} is of type {}", text_of(expression.arguments[0]->span), type_name(value->type)));
  return broken();
}

ScalarPtr Binder::bind_binary(const Expression& expression) {
  if (expression.arguments[0]->kind == ExpressionKind::star) return bind_on_every_column(expression);
  const std::string name = expression.text == ":" ? "has" : expression.text;
  std::vector<ScalarPtr> arguments{bind_scalar(*expression.arguments[0]), bind_scalar(*expression.arguments[1])};
  const bool ordered = name == "<" || name == "<=" || name == ">" || name == ">=";
  if (ordered && arguments[0]->type == Type::string && arguments[1]->type == Type::string) {
    report(expression.span, fmt::format("'{}' does not compare strings", name), "strcmp(a, b)");
    return broken();
  }
  return call(name, std::move(arguments), expression.span);
}

// `* has "x"`: in any column, each as text.
ScalarPtr Binder::bind_on_every_column(const Expression& expression) {
  if (scope_ == nullptr || scope_->columns == nullptr) {
    report(expression.span, "'*' stands for the columns of a table, and there is none here");
    return broken();
  }
  const ScalarPtr needle = bind_scalar(*expression.arguments[1]);
  std::vector<ScalarPtr> any;
  for (std::size_t i = 0; i < scope_->columns->size(); ++i) {
    ScalarPtr column = column_scalar(*scope_->columns, i, expression.arguments[0]->span);
    const bool by_value = expression.text == "==" || expression.text == "!=";
    if (!by_value) column = converted(column, Type::string);
    else if (!common_type(column->type, needle->type)) continue;
    any.push_back(call(expression.text, {column, needle}, expression.span));
  }
  if (any.empty()) return literal(Value::boolean(false), Type::boolean, expression.span);
  return any.size() == 1 ? any[0] : call("or", std::move(any), expression.span);
}

// An array within the array is part of it: x in (dynamic([1,[2,3]])) is x in (1,2,3).
// NOLINTNEXTLINE(misc-no-recursion): as deep as the value, which is capped where it is read
static void add_elements(const base::Json& json, Type type, std::vector<Value>& out) {
  const auto* array = json.if_array();
  if (array == nullptr) return out.push_back(from_json(json, type));
  for (const base::Json& element : *array) add_elements(element, type, out);
}

std::optional<std::vector<Value>> Binder::values_of(const Expression& expression, Type type) {
  if (is_tabular(expression)) {
    const std::size_t errors = out_.diagnostics.size();
    const RelationPtr rows = bind_table(expression);
    if (is_broken(rows)) return std::nullopt;
    if (rows->schema.empty()) {
      if (out_.diagnostics.size() == errors) report(expression.span, "a table with a column is expected here");
      return std::nullopt;
    }
    std::vector<Value> out;
    const auto table = run_now(rows, expression.span);
    if (!table) return out;
    for (const Row& row : table->rows) out.push_back(convert(row[0], rows->schema[0].type, type));
    return out;
  }
  const ScalarPtr value = bind_scalar(expression);
  if (is_broken(value)) return std::nullopt;
  const auto known = constant_value(*value);
  if (!known) {
    report(expression.span, "a list of constants, or a table of one column, is expected here");
    return std::nullopt;
  }
  std::vector<Value> out;
  if (value->type != Type::dynamic) return std::vector<Value>{convert(*known, value->type, type)};
  if (known->is_null()) return out;
  add_elements(known->json(), type, out);
  return out;
}

ScalarPtr Binder::bind_in_list(const Expression& expression) {
  if (expression.arguments[0]->kind == ExpressionKind::star) {
    report(expression.span, fmt::format("'*' may not stand before '{}'", expression.text));
    return broken();
  }
  std::vector<ScalarPtr> arguments{bind_scalar(*expression.arguments[0])};
  if (is_broken(arguments[0])) return broken();
  const bool of_text = expression.text != "in" && expression.text != "!in";
  std::vector<ScalarPtr> in_arrays;  // whether the value is an element of an array that each row has
  const Type type = of_text ? Type::string : arguments[0]->type == Type::dynamic ? Type::string : arguments[0]->type;
  for (std::size_t i = 1; i < expression.arguments.size(); ++i) {
    const Expression& element = *expression.arguments[i];
    if (!is_tabular(element)) {
      const ScalarPtr value = bind_scalar(element);
      if (is_broken(value)) return broken();
      if (value->type != Type::dynamic || !constant_value(*value)) {
        arguments.push_back(value);
        if (value->type == Type::dynamic && !of_text)
          in_arrays.push_back(call("coalesce", {call("set_has_element", {value, arguments[0]}, element.span), literal(Value::boolean(false), Type::boolean, element.span)}, element.span));
        continue;
      }
    }
    const auto values = values_of(element, type);
    if (!values) return broken();
    for (const Value& value : *values) arguments.push_back(literal(value, type, element.span));
  }
  // The values become what they are compared with: "5" in a list for a long is 5.
  const Type left = arguments[0]->type;
  for (ScalarPtr& argument : arguments) {
    if (of_text) argument = converted(argument, Type::string);
    else if (!common_type(left, argument->type)) argument = converted(argument, left);
  }
  if (arguments.size() == 1) return literal(Value::boolean(expression.text[0] == '!' || expression.text == "has_all"), Type::boolean, expression.span);
  if (in_arrays.empty()) return call(expression.text, std::move(arguments), expression.span);
  in_arrays.push_back(call("in", std::move(arguments), expression.span));
  ScalarPtr any = in_arrays[0];
  for (std::size_t i = 1; i < in_arrays.size(); ++i) any = call("or", {any, in_arrays[i]}, expression.span);
  return expression.text == "in" ? any : call("not", {any}, expression.span);
}

ScalarPtr Binder::bind_between(const Expression& expression) {
  std::vector<ScalarPtr> arguments;
  for (const Expression* argument : expression.arguments) arguments.push_back(bind_scalar(*argument));
  if (!is_broken(arguments[1]) && !is_broken(arguments[2]) && arguments[1]->type == Type::datetime && arguments[2]->type == Type::timespan)
    arguments[2] = call("+", {arguments[1], arguments[2]}, expression.span);
  return call(expression.text, std::move(arguments), expression.span);
}

std::optional<Value> Binder::constant(const Expression& expression, Type type, std::string_view what) {
  const ScalarPtr value = bind_scalar(expression);
  if (is_broken(value)) return std::nullopt;
  const auto known = constant_value(*value);
  if (!known) {
    report(expression.span, fmt::format("{} has to be a constant", what));
    return std::nullopt;
  }
  return convert(*known, value->type, type);
}

}  // namespace kql
