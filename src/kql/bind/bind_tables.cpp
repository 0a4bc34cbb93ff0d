// SPDX-License-Identifier: Apache-2.0
// Tables, pipelines, and calls of functions that the query or the workspace declares.
#include <fmt/format.h>

#include <algorithm>

#include "base/glob.hpp"
#include "kql/bind/binder_state.hpp"
#include "kql/evaluate/scalar.hpp"

namespace kql {

namespace {

constexpr std::string_view kNothingElsewhere = "other clusters and databases are not reached from here; name the workspace's own tables, or workspace('name').Table";

}  // namespace

bool is_elsewhere(const Expression& expression) {
  if (expression.kind != ExpressionKind::member || expression.arguments[0]->kind != ExpressionKind::call) return false;
  static constexpr std::string_view kPlaces[] = {"workspace", "app", "resource", "cluster", "database"};
  return std::find(std::begin(kPlaces), std::end(kPlaces), expression.arguments[0]->text) != std::end(kPlaces);
}

RelationPtr Binder::bind_pipeline(const Pipeline& pipeline, RelationPtr input) {
  const Scope* outer = scope_;
  scope_ = nullptr;  // rows around a subquery are not seen in it
  if (pipeline.source != nullptr) input = bind_table(*pipeline.source);
  std::string_view name;
  if (pipeline.source != nullptr && is_called_by_name(*pipeline.source)) name = pipeline.source->text;
  for (const Operator& op : pipeline.operators) {
    if (out_.failure) break;
    if (input != nullptr && is_broken(input)) break;
    input_name_ = name;
    input = bind_operator(op, std::move(input));
    const As* as = std::get_if<As>(&op.body);
    name = as == nullptr ? std::string_view() : as->name.text;
  }
  scope_ = outer;
  return input == nullptr || out_.failure ? broken_rows() : input;
}

bool Binder::is_called_by_name(const Expression& table) const {
  if (table.kind != ExpressionKind::name) return false;
  const Meaning* meaning = environment_->find(table.text);
  return meaning == nullptr || std::holds_alternative<BoundFunction>(meaning->what);
}

// Its name, or what the last operator, `as`, calls the rows.
std::string Binder::source_name(const Expression& table, std::string otherwise) const {
  if (is_called_by_name(table)) return table.text;
  if (table.kind != ExpressionKind::subquery) return otherwise;
  const Pipeline& pipeline = *table.pipeline;
  if (pipeline.operators.empty()) return pipeline.source != nullptr && is_called_by_name(*pipeline.source) ? pipeline.source->text : otherwise;
  const As* as = std::get_if<As>(&pipeline.operators.back().body);
  return as == nullptr ? otherwise : as->name.text;
}

RelationPtr Binder::bind_table(const Expression& expression) {
  switch (expression.kind) {
    case ExpressionKind::name: return bind_table_name(expression.text, expression.span);
    case ExpressionKind::subquery: return bind_pipeline(*expression.pipeline);
    case ExpressionKind::call: return bind_table_call(expression);
    case ExpressionKind::error: return broken_rows();
    case ExpressionKind::member:
    case ExpressionKind::element:
      if (is_elsewhere(expression)) return bind_table_elsewhere(expression);
      if (const BoundPattern* pattern = pattern_called(expression)) return bind_pattern(*pattern, expression);
      [[fallthrough]];
    default: report(expression.span, "a table is expected here"); return broken_rows();
  }
}

RelationPtr Binder::bind_table_name(std::string_view name, Span span) {
  if (const Meaning* meaning = environment_->find(name)) {
    if (const auto* rows = std::get_if<RelationPtr>(&meaning->what)) return *rows;
    if (const auto* function = std::get_if<BoundFunction>(&meaning->what)) {
      Expression call;
      call.kind = ExpressionKind::call;
      call.span = call.text_span = span;
      call.text = name;
      auto called = call_function(*function, call, nullptr);
      if (const auto* rows = std::get_if<RelationPtr>(&called)) return *rows;
      return broken_rows();
    }
    report(span, fmt::format("'{}' is a value; a table is expected here", name));
    return broken_rows();
  }
  if (options_.names.table && !environment_->hides(name))
    if (const model::TableSchema* table = options_.names.table(name)) return stored_table(*table);
  if (stored_function(name) != nullptr) {
    Expression call;
    call.kind = ExpressionKind::call;
    call.span = call.text_span = span;
    call.text = name;
    return bind_table_call(call);
  }
  ++unresolved_;
  report(span, fmt::format("there is no table '{}'", name), nearest_name(name, options_.names.tables));
  return broken_rows();
}

RelationPtr Binder::stored_table(const model::TableSchema& table) {
  Schema schema;
  for (const model::ColumnSchema& column : table.columns) schema.push_back({column.name, column.type});
  RelationPtr rows = relation(schema, TableRows{table.name});
  const auto time = find_column(schema, options_.time_column);
  if (!options_.time_range || !time || schema[*time].type != Type::datetime) return rows;
  const InScope scope(*this, scope_of(rows));
  const ScalarPtr column = std::make_shared<const Scalar>(Scalar{Type::datetime, ColumnOf{*time}, {}});
  const ScalarPtr begin = literal(Value::integer(options_.time_range->begin), Type::datetime, {});
  const ScalarPtr end = literal(Value::integer(options_.time_range->end), Type::datetime, {});
  const ScalarPtr within = call("and", {call(">=", {column, begin}, {}), call("<", {column, end}, {})}, {});
  return relation(schema, FilterRows{rows, within});
}

// workspace("name or id").Table
RelationPtr Binder::bind_table_elsewhere(const Expression& expression, bool must_exist) {
  const Expression& place = *expression.arguments[0];
  if (place.text != "workspace" || place.arguments.size() != 1 || !options_.names.table_elsewhere) {
    report(expression.span, std::string(kNothingElsewhere));
    return broken_rows();
  }
  const auto name = constant(*place.arguments[0], Type::string, "workspace()'s name");
  if (!name) return broken_rows();
  const auto table = options_.names.table_elsewhere(name->text(), expression.text);
  if (table) return stored_table(**table);
  if (must_exist) report(expression.span, table.error().message);
  return broken_rows();
}

RelationPtr Binder::bind_table_call(const Expression& expression) {
  if (expression.receiver != nullptr) {
    report(expression.span, std::string(kNothingElsewhere));
    return broken_rows();
  }
  if (expression.text == "materialize" && expression.arguments.size() == 1) {
    const RelationPtr rows = bind_table(*expression.arguments[0]);
    return is_broken(rows) || is_graph(rows) ? rows : relation(rows->schema, SharedRows{rows}, rows->serialized);
  }
  if (expression.text == "table" && !expression.arguments.empty()) {
    const auto name = constant(*expression.arguments[0], Type::string, "table()'s name");
    return name ? bind_table_name(name->text(), expression.arguments[0]->span) : broken_rows();
  }
  if (const BoundPattern* pattern = pattern_called(expression)) return bind_pattern(*pattern, expression);
  const Meaning* meaning = environment_->find(expression.text);
  const BoundFunction* function = meaning == nullptr ? stored_function(expression.text) : std::get_if<BoundFunction>(&meaning->what);
  if (function == nullptr) {
    ++unresolved_;
    if (!is_broken(unknown_function(expression))) report(expression.span, fmt::format("{}() gives a value; a table is expected here", expression.text));
    return broken_rows();
  }
  auto called = call_function(*function, expression, nullptr);
  if (const auto* rows = std::get_if<RelationPtr>(&called)) return *rows;
  if (std::holds_alternative<ScalarPtr>(called)) report(expression.span, fmt::format("{}() gives a value; a table is expected here", expression.text));
  return broken_rows();
}

const BoundPattern* Binder::pattern_called(const Expression& expression) const {
  const bool has_path = expression.kind == ExpressionKind::member || expression.kind == ExpressionKind::element;
  const Expression& call = has_path ? *expression.arguments[0] : expression;
  if (call.kind != ExpressionKind::call || call.receiver != nullptr) return nullptr;
  const Meaning* meaning = environment_->find(call.text);
  return meaning == nullptr ? nullptr : std::get_if<BoundPattern>(&meaning->what);
}

// The query of the case that has the values of the call, and its path.
RelationPtr Binder::bind_pattern(const BoundPattern& pattern, const Expression& expression) {
  const bool is_call = expression.kind == ExpressionKind::call;
  std::vector<std::string> given;
  const auto read = [&](const Expression& value, std::vector<std::string>& out) {
    const auto text = constant(value, Type::string, "a value of a pattern");
    if (text) out.push_back(text->text());
    return text.has_value();
  };
  for (const Expression* value : (is_call ? expression : *expression.arguments[0]).arguments)
    if (!read(*value, given)) return broken_rows();
  if (expression.kind == ExpressionKind::member) given.push_back(expression.text);
  if (expression.kind == ExpressionKind::element && !read(*expression.arguments[1], given)) return broken_rows();
  for (const DeclaredPattern::Case& one : pattern.pattern->cases) {
    std::vector<std::string> values;
    for (const Expression* value : one.values)
      if (!read(*value, values)) return broken_rows();
    if (one.path != nullptr && !read(*one.path, values)) return broken_rows();
    if (values != given || (one.path == nullptr) != is_call) continue;
    Expression call;
    call.kind = ExpressionKind::call;
    call.span = call.text_span = expression.span;
    call.text = pattern.pattern->name.text;
    const auto called = call_function({one.body.get(), pattern.environment}, call, nullptr);
    if (const auto* rows = std::get_if<RelationPtr>(&called)) return *rows;
    if (std::holds_alternative<ScalarPtr>(called)) report(expression.span, "a case of a pattern gives a value; a table is expected here");
    return broken_rows();
  }
  ++unresolved_;
  report(expression.span, fmt::format("the pattern '{}' has no case for {}", pattern.pattern->name.text, text_of(expression.span)));
  return broken_rows();
}

const BoundFunction* Binder::stored_function(std::string_view name) {
  if (environment_->hides(name)) return nullptr;
  if (const auto known = stored_functions_.find(name); known != stored_functions_.end()) return &known->second;
  if (!options_.names.function) return nullptr;
  const auto text = options_.names.function(name);
  if (!text) return nullptr;
  // As a let statement, so that its parameters and body are read as those of the query's own functions are.
  stored_texts_.push_back(parse(fmt::format("let f = {};", *text)));
  const Parsed& parsed = stored_texts_.back();
  const auto* let = parsed.tree.statements.empty() ? nullptr : std::get_if<Let>(&parsed.tree.statements.front().body);
  if (!parsed.diagnostics.empty() || let == nullptr || !let->function) {
    report({}, fmt::format("the stored function '{}' cannot be read; save it anew", name));
    return nullptr;
  }
  return &stored_functions_.emplace(std::string(name), BoundFunction{let->function.get(), std::make_shared<const Environment>()}).first->second;
}

// Whether a table has what the parameter `T:(a:long, …)` of a function asks for.
bool Binder::has_columns(const RelationPtr& rows, const Declaration& parameter, std::string_view function, Span span) {
  for (const Declaration& wanted : parameter.columns) {
    const auto at = find_column(rows->schema, wanted.name.text);
    if (at && (!wanted.type || rows->schema[*at].type == *wanted.type)) continue;
    if (!at && open_.count(rows.get()) > 0) continue;
    if (!at) report(span, fmt::format("{}() asks for a column '{}' that this table does not have", function, wanted.name.text));
    else report(span, fmt::format("{}() asks for '{}' of type {}, and this table has it as {}", function, wanted.name.text, type_name(*wanted.type), type_name(rows->schema[*at].type)));
    return false;
  }
  return true;
}

std::variant<std::monostate, ScalarPtr, RelationPtr> Binder::call_function(const BoundFunction& function, const Expression& expression,
                                                                          RelationPtr invoked) {
  if (depth_ == kDeepestFunctions) {
    report(expression.span, fmt::format("functions call one another more than {} levels deep", kDeepestFunctions));
    return {};
  }
  if (too_many_expressions()) return {};
  auto inner = std::make_shared<Environment>();
  inner->outer = function.environment;
  inner->of_function = true;
  const Declarations& parameters = function.body->parameters;
  std::vector<bool> given(parameters.size());
  bool sound = true;
  std::size_t position = 0;
  const auto give = [&](std::size_t at, Meaning meaning) {
    given[at] = true;
    inner->names.emplace(parameters[at].name.text, std::move(meaning));
  };
  const auto give_rows = [&](std::size_t at, const RelationPtr& rows, Span span) {
    sound = sound && !is_broken(rows) && has_columns(rows, parameters[at], expression.text, span);
    give(at, {rows});
  };
  if (invoked != nullptr && !parameters.empty()) give_rows(position++, invoked, expression.span);
  for (const Expression* argument : expression.arguments) {
    std::size_t at = position++;
    const Expression* value = argument;
    if (argument->kind == ExpressionKind::named) {
      const auto named = std::find_if(parameters.begin(), parameters.end(), [&](const Declaration& p) { return p.name.text == argument->text; });
      at = static_cast<std::size_t>(named - parameters.begin());
      value = argument->arguments[0];
    }
    if (at >= parameters.size()) {
      report(argument->span, fmt::format("{}() takes {} arguments", expression.text, parameters.size()));
      return {};
    }
    if (parameters[at].type) {
      ScalarPtr scalar = bind_scalar(*value);
      sound = sound && !is_broken(scalar);
      if (!is_broken(scalar)) scalar = converted(scalar, *parameters[at].type);
      give(at, {scalar, scope_ == nullptr ? nullptr : scope_->columns});
    } else {
      give_rows(at, bind_table(*value), value->span);
    }
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (given[i]) continue;
    if (parameters[i].otherwise == nullptr) {
      report(expression.span, fmt::format("{}() lacks its argument '{}'", expression.text, parameters[i].name.text));
      return {};
    }
    give(i, {converted(bind_scalar(*parameters[i].otherwise), parameters[i].type.value_or(Type::dynamic))});
  }
  if (!sound || function.body->result == nullptr) return {};
  const auto before = environment_;
  environment_ = inner;
  ++depth_;
  const int unnamed_before = std::exchange(unnamed_columns_, 0);
  // The body sees its parameters, and not the columns of the rows it is called on.
  Scope hidden = scope_ == nullptr ? Scope{} : *scope_;
  hidden.hidden = true;
  const InScope body_scope(*this, hidden);
  for (const Statement& statement : function.body->statements)
    if (!std::holds_alternative<Pipeline*>(statement.body)) bind_statement(statement);
  std::variant<std::monostate, ScalarPtr, RelationPtr> out;
  if (is_tabular(*function.body->result)) {
    const RelationPtr rows = bind_pipeline(*function.body->result);
    if (!is_broken(rows)) out = rows;
  } else {
    const ScalarPtr value = bind_scalar(*function.body->result->source);
    if (!is_broken(value)) out = value;
  }
  --depth_;
  unnamed_columns_ = unnamed_before;
  environment_ = before;
  return out;
}

// Views of `let` statements, then stored tables.
std::vector<std::string> Binder::tables_like(std::string_view pattern) const {
  const base::Glob glob(pattern);
  std::vector<std::string> out;
  for (const Environment* at = environment_.get(); at != nullptr; at = at->outer.get())
    for (const auto& [name, meaning] : at->names) {
      const auto* function = std::get_if<BoundFunction>(&meaning.what);
      const bool is_view = function != nullptr && function->body->view && function->body->parameters.empty();
      if (is_view && glob.matches(name) && environment_->find(name) == &meaning) out.push_back(name);
    }
  std::reverse(out.begin(), out.end());  // as they were declared
  const std::size_t views = out.size();
  for (const std::string& name : options_.names.tables) {
    const bool is_view = std::find(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(views), name) != out.begin() + static_cast<std::ptrdiff_t>(views);
    if (!is_view && glob.matches(name) && !environment_->hides(name)) out.push_back(name);
  }
  return out;
}

RelationPtr Binder::bind_operator(const Operator& op, RelationPtr input) {
  if (!takes_input(op, input)) return broken_rows();
  return std::visit([&](const auto& body) { return bind(body, op, std::move(input)); }, op.body);
}

}  // namespace kql
