// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/glob.hpp"
#include "base/text.hpp"
#include "kql/bind/binder_state.hpp"
#include "kql/evaluate/scalar.hpp"
#include "kql/functions/plugin.hpp"

namespace kql {

namespace {

constexpr std::string_view kMostRows = "query_take_max_records", kNow = "query_now";  // of `set`

bool hides_here(const Environment& environment, std::string_view name) {
  if (!environment.visible) return false;
  const auto shows = [&](const std::string& pattern) { return base::Glob(pattern).matches(name); };
  return std::none_of(environment.visible->begin(), environment.visible->end(), shows);
}

}  // namespace

std::shared_ptr<Environment> Environment::with(std::shared_ptr<const Environment> outer, const std::string& name, Meaning meaning) {
  auto out = std::make_shared<Environment>();
  out->outer = out->before = std::move(outer);
  out->names.emplace(name, std::move(meaning));
  while (out->outer && out->outer->outer && !out->outer->visible && !out->outer->of_function && out->outer->names.size() <= out->names.size()) {
    out->names.insert(out->outer->names.begin(), out->outer->names.end());  // where both have a name, the inner one stays
    out->outer = out->outer->outer;
  }
  return out;
}

const Meaning* Environment::find(std::string_view name) const {
  bool hidden = false;
  for (const Environment* at = this; at != nullptr; at = at->outer.get()) {
    const auto found = at->names.find(name);
    if (found != at->names.end()) return hidden && !std::holds_alternative<ScalarPtr>(found->second.what) ? nullptr : &found->second;
    hidden = hidden || hides_here(*at, name);
  }
  return nullptr;
}

bool Environment::hides(std::string_view name) const {
  for (const Environment* at = this; at != nullptr; at = at->outer.get())
    if (hides_here(*at, name)) return true;
  return false;
}

std::optional<std::size_t> ColumnPlaces::find(std::string_view name) {
  constexpr std::size_t kFew = 16;  // for which a search costs less than to remember all columns
  if (++asked_ <= kFew) return find_column(schema_, name);
  for (; known_ < schema_.size(); ++known_) places_.emplace(schema_[known_].name, known_);
  const auto at = places_.find(std::string(name));
  return at == places_.end() ? std::nullopt : std::optional(at->second);
}

std::string ColumnPlaces::unused(const std::string& name) {
  if (!find(name)) return name;
  int& number = numbered_.try_emplace(name, 1).first->second;
  std::string out = name + std::to_string(number);
  while (find(out)) out = name + std::to_string(++number);
  return out;
}

std::optional<std::size_t> Scope::column(std::string_view name) const {
  if (places == nullptr) places = std::make_shared<ColumnPlaces>(*columns);
  return places->find(name);
}

std::string unused_name(const Schema& schema, const std::string& name) {
  std::string out = name;
  for (int number = 1; find_column(schema, out); ++number) out = fmt::format("{}{}", name, number);
  return out;
}

std::optional<std::size_t> find_column(const Schema& schema, std::string_view name) {
  for (std::size_t i = 0; i < schema.size(); ++i)
    if (schema[i].name == name) return i;
  return std::nullopt;
}

Bound bind(const Tree& tree, std::string_view query, const BindOptions& options) {
  Bound out;
  Binder(query, options, out).bind_query(tree);
  std::stable_sort(out.diagnostics.begin(), out.diagnostics.end(), [](const Diagnostic& a, const Diagnostic& b) { return a.span.begin < b.span.begin; });
  // The body of a function is bound for each call of it.
  const auto same = [](const Diagnostic& a, const Diagnostic& b) { return a.span.begin == b.span.begin && a.span.end == b.span.end && a.message == b.message; };
  out.diagnostics.erase(std::unique(out.diagnostics.begin(), out.diagnostics.end(), same), out.diagnostics.end());
  if (out.diagnostics.size() > kMostDiagnostics) out.diagnostics.resize(kMostDiagnostics);
  if (!out.diagnostics.empty() || out.failure) out.query = {};
  return out;
}

Bound bind_text(std::string_view query, const BindOptions& options) {
  const Parsed parsed = parse(query);
  if (parsed.diagnostics.empty()) return bind(parsed.tree, query, options);
  Bound out;
  out.diagnostics = parsed.diagnostics;
  return out;
}

void Binder::report(Span span, std::string message, std::string suggestion) {
  if (out_.diagnostics.size() <= kMostDiagnostics) out_.diagnostics.push_back({span, shortened(std::move(message)), shortened(std::move(suggestion))});
}

void Binder::bind_query(const Tree& tree) {
  for (const Statement& statement : tree.statements) {
    if (out_.failure) return;
    bind_statement(statement);
  }
  if (out_.query.answers.empty() && out_.diagnostics.empty() && !out_.failure) {
    const auto end = static_cast<std::uint32_t>(query_.size());
    report({end, end}, "the query has no statement that gives rows; write one behind the last ';'");
  }
}

void Binder::bind_statement(const Statement& statement) {
  if (const auto* let = std::get_if<Let>(&statement.body)) return bind_let(*let);
  if (const auto* option = std::get_if<SetOption>(&statement.body)) {
    const std::string& name = option->name.text;
    if (option->value != nullptr && (name.substr(0, 15) == "query_bin_auto_" || name == kMostRows || name == kNow)) set_options_[name] = bind_scalar(*option->value);
    return;
  }
  if (const auto* parameters = std::get_if<QueryParameters>(&statement.body)) return bind_parameters(*parameters);
  if (const auto* restrict = std::get_if<Restrict>(&statement.body)) return bind_restriction(*restrict);
  if (const auto* pattern = std::get_if<std::unique_ptr<DeclaredPattern>>(&statement.body))
    return declare((*pattern)->name, {BoundPattern{pattern->get(), environment_}});
  if (std::holds_alternative<Alias>(statement.body)) return report(statement.span, "other databases are not supported; name the workspace's tables alone");
  if (const auto* pipeline = std::get_if<Pipeline*>(&statement.body)) {
    const std::size_t before = out_.query.answers.size();
    bind_answers(**pipeline);
    limit_answers(before);
  }
}

// What now() gives: the time the query was asked at, or that of `set query_now = datetime(…)`.
std::int64_t Binder::query_time() {
  const auto option = set_options_.find(kNow);
  if (option == set_options_.end() || is_broken(option->second)) return options_.now;
  const auto time = constant_value(*converted(option->second, Type::datetime));
  return time && !time->is_null() ? time->integer() : options_.now;
}

void Binder::limit_answers(std::size_t first) {
  const auto option = set_options_.find(kMostRows);
  const auto most = option == set_options_.end() || !is_whole(option->second->type) ? std::nullopt : constant_value(*option->second);
  if (!most || most->is_null() || most->integer() < 0) return;
  for (std::size_t i = first; i < out_.query.answers.size(); ++i) {
    RelationPtr& rows = out_.query.answers[i].rows;
    rows = relation(rows->schema, LimitRows{rows, static_cast<std::uint64_t>(most->integer())}, rows->serialized);
  }
}

void Binder::declare(const Name& name, Meaning meaning) {
  environment_ = Environment::with(environment_, name.text, std::move(meaning));  // functions declared before do not see it
}

void Binder::bind_let(const Let& let) {
  if (let.function) return declare(let.name, {BoundFunction{let.function.get(), environment_}});
  if (let.value == nullptr) return;
  if (is_tabular(*let.value)) return declare(let.name, {bind_pipeline(*let.value)});
  declare(let.name, {bind_scalar(*let.value->source), scope_ == nullptr ? nullptr : scope_->columns});
}

void Binder::bind_restriction(const Restrict& restrict) {
  std::vector<std::string> visible;
  for (const Expression* entity : restrict.entities) {
    const bool called = entity->kind == ExpressionKind::call && entity->receiver == nullptr && entity->arguments.empty();
    if (called || entity->kind == ExpressionKind::name) visible.push_back(entity->text);
    else report(entity->span, "a table, a view or a function of this workspace is expected here, or a pattern of names");
  }
  auto next = std::make_shared<Environment>();
  next->outer = environment_;
  next->visible = std::move(visible);
  environment_ = std::move(next);
}

void Binder::bind_parameters(const QueryParameters& parameters) {
  for (const Declaration& parameter : parameters.parameters) {
    if (!parameter.type) {
      report(parameter.name.span, fmt::format("query parameter '{}' needs a scalar type", parameter.name.text));
      continue;
    }
    const auto given = std::find_if(options_.parameters.begin(), options_.parameters.end(),
                                    [&](const auto& p) { return p.first == parameter.name.text; });
    ScalarPtr value;
    if (given != options_.parameters.end()) {
      value = literal(convert(Value::of(given->second), given->second.type, *parameter.type), *parameter.type, parameter.name.span);
    } else if (parameter.otherwise != nullptr) {
      value = converted(bind_scalar(*parameter.otherwise), *parameter.type);
    } else if (!options_.run) {
      value = literal(missing(*parameter.type), *parameter.type, parameter.name.span);
    } else {
      report(parameter.name.span, fmt::format("query parameter '{}' has neither a value nor a default", parameter.name.text));
      value = broken();
    }
    declare(parameter.name, {value});
  }
}

void Binder::bind_answers(const Pipeline& pipeline) {
  if (!is_tabular(pipeline)) {
    // A scalar alone is a table of one row, as `print` makes it.
    const ScalarPtr value = bind_scalar(*pipeline.source);
    if (is_broken(value)) return;
    const RelationPtr one = relation({}, ValueRows{std::make_shared<const Rows>(Rows{Row{}})});
    const RelationPtr rows = relation({{"print_0", value->type}}, ProjectRows{one, {value}});
    out_.query.answers.push_back({"PrimaryResult", rows});
    return;
  }
  const std::size_t before = out_.query.answers.size();
  const RelationPtr rows = bind_pipeline(pipeline);
  if (is_broken(rows) || out_.query.answers.size() > before) return;  // fork and facet have added their own
  if (is_graph(rows)) return report(pipeline.span, "a graph is no answer; an operator such as graph-match or graph-to-table makes a table of it");
  if (const auto* plugin = std::get_if<PluginRows>(&rows->node); plugin != nullptr && plugin->plugin->further != nullptr) return add_plugin_answers(*plugin);
  out_.query.answers.push_back({"PrimaryResult", rows});
  out_.open_schema = out_.open_schema || open_.count(rows.get()) > 0;
}

bool Binder::is_tabular(const Pipeline& pipeline) {
  if (pipeline.source == nullptr || !pipeline.operators.empty()) return true;
  return is_tabular(*pipeline.source);
}

bool Binder::is_tabular(const Expression& expression) {
  switch (expression.kind) {
    case ExpressionKind::subquery: return is_tabular(*expression.pipeline);
    case ExpressionKind::name: {
      if (scope_ != nullptr && !scope_->hidden && scope_->column(expression.text)) return false;
      if (const Meaning* meaning = environment_->find(expression.text)) {
        if (std::holds_alternative<ScalarPtr>(meaning->what)) return false;
        if (std::holds_alternative<RelationPtr>(meaning->what)) return true;
        if (std::holds_alternative<BoundPattern>(meaning->what)) return false;
        const BoundFunction& function = std::get<BoundFunction>(meaning->what);
        return function.body->view || (function.body->result != nullptr && function.body->parameters.empty() && is_tabular(*function.body->result));
      }
      return scope_ == nullptr || scope_->columns == nullptr || (options_.names.table && options_.names.table(expression.text) != nullptr);
    }
    case ExpressionKind::call: {
      if (expression.text == "materialize" || expression.text == "table" || expression.receiver != nullptr || pattern_called(expression) != nullptr) return true;
      const Meaning* meaning = environment_->find(expression.text);
      const BoundFunction* function = meaning == nullptr ? stored_function(expression.text) : std::get_if<BoundFunction>(&meaning->what);
      if (function == nullptr || function->body->result == nullptr) return false;
      if (function->body->view || depth_ == kDeepestFunctions || too_many_expressions()) return true;  // of one that calls itself the call is refused
      // What the body gives is seen with the names that it sees.
      const auto before = environment_;
      auto inner = std::make_shared<Environment>();
      inner->outer = function->environment;
      inner->of_function = true;
      for (const Declaration& parameter : function->body->parameters)
        inner->names.emplace(parameter.name.text, parameter.type ? Meaning{broken()} : Meaning{broken_rows()});
      for (const Statement& statement : function->body->statements)
        if (const auto* let = std::get_if<Let>(&statement.body)) {
          environment_ = inner;
          Meaning meant{broken()};
          if (let->function) meant = {BoundFunction{let->function.get(), inner}};
          else if (let->value != nullptr && is_tabular(*let->value)) meant = {broken_rows()};
          inner = Environment::with(inner, let->name.text, std::move(meant));
        }
      environment_ = inner;
      ++depth_;
      const bool tabular = is_tabular(*function->body->result);
      --depth_;
      environment_ = before;
      return tabular;
    }
    case ExpressionKind::member:
    case ExpressionKind::element: return is_elsewhere(expression) || pattern_called(expression) != nullptr;
    default: return false;
  }
}

// The query is too large, or has more errors than anybody is told of.
bool Binder::gives_up() const {
  return relations_ >= kMostRelations || columns_ > kMostColumns || expressions_ >= kMostExpressions || out_.diagnostics.size() > kMostDiagnostics;
}

RelationPtr Binder::relation(Schema schema, decltype(Relation::node) node, bool serialized) {
  if (++relations_ == kMostRelations) report({}, fmt::format("the query has more than {} steps with its functions written out", kMostRelations));
  const bool held_all = columns_ > kMostColumns;
  columns_ += schema.size();
  if (columns_ > kMostColumns && !held_all) report({}, fmt::format("the query has steps with more than {} columns in all", kMostColumns));
  if (gives_up()) return broken_rows();
  return std::make_shared<const Relation>(Relation{std::move(schema), std::move(node), serialized});
}

std::optional<Table> Binder::run_now(const RelationPtr& rows, Span) {
  if (!options_.run || !out_.diagnostics.empty() || out_.failure || is_broken(rows)) return std::nullopt;
  auto table = options_.run(rows);
  if (table) return std::move(*table);
  out_.failure = table.error();
  return std::nullopt;
}

}  // namespace kql
