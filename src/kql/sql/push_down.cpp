// SPDX-License-Identifier: Apache-2.0
// Filters, sorts and limits go below the operators that leave rows as they are.
#include <algorithm>
#include <functional>
#include <map>

#include "kql/evaluate/scalar.hpp"
#include "kql/functions/function.hpp"
#include "kql/sql/dynamic_sql.hpp"
#include "kql/sql/scalar_writer.hpp"
#include "kql/sql/sql_writer.hpp"

namespace kql {

namespace {

using Scalars = std::vector<ScalarPtr>;

bool all_pure(const Scalars& scalars) {
  return std::all_of(scalars.begin(), scalars.end(), [](const ScalarPtr& s) { return is_pure(*s); });
}

void collect_columns(const Scalar& scalar, std::vector<std::size_t>& out) {
  if (const auto* column = std::get_if<ColumnOf>(&scalar.node)) out.push_back(column->index);
  if (const auto* call = std::get_if<Call>(&scalar.node))
    for (const ScalarPtr& argument : call->arguments) collect_columns(*argument, out);
}

template <typename Fits>
bool uses_only(const Scalar& scalar, const Fits& fits) {
  std::vector<std::size_t> columns;
  collect_columns(scalar, columns);
  return std::all_of(columns.begin(), columns.end(), fits);
}

// The expression on the rows that `columns` were computed from.
ScalarPtr substituted(const ScalarPtr& scalar, const Scalars& columns) {
  if (const auto* column = std::get_if<ColumnOf>(&scalar->node)) return columns[column->index];
  const auto* call = std::get_if<Call>(&scalar->node);
  if (call == nullptr) return scalar;
  Call out{call->function, {}};
  for (const ScalarPtr& argument : call->arguments) out.arguments.push_back(substituted(argument, columns));
  return std::make_shared<const Scalar>(Scalar{scalar->type, std::move(out), scalar->span});
}

// The expression with each column replaced by the one of that number in `to`.
ScalarPtr moved_to(const ScalarPtr& scalar, const std::vector<std::size_t>& to) {
  if (const auto* column = std::get_if<ColumnOf>(&scalar->node))
    return std::make_shared<const Scalar>(Scalar{scalar->type, ColumnOf{to[column->index]}, scalar->span});
  const auto* call = std::get_if<Call>(&scalar->node);
  if (call == nullptr) return scalar;
  Call out{call->function, {}};
  for (const ScalarPtr& argument : call->arguments) out.arguments.push_back(moved_to(argument, to));
  return std::make_shared<const Scalar>(Scalar{scalar->type, std::move(out), scalar->span});
}

std::size_t size_of(const Scalar& scalar) {
  std::size_t out = 1;
  if (const auto* call = std::get_if<Call>(&scalar.node))
    for (const ScalarPtr& argument : call->arguments) out += size_of(*argument);
  return out;
}

constexpr std::size_t kMostNodes = 500;  // of an expression that is made by substitution

RelationPtr relation_of(const Relation& like, decltype(Relation::node) node) {
  return std::make_shared<const Relation>(Relation{like.schema, std::move(node), like.serialized});
}

class PushDown {
 public:
  RelationPtr run(const RelationPtr& relation) {
    if (!relation) return relation;
    const auto at = done_.find(relation.get());
    if (at != done_.end()) return at->second;
    RelationPtr out = std::visit([&](const auto& node) { return pushed(node, relation); }, relation->node);
    done_.emplace(relation.get(), out);
    kept_.push_back(relation);
    return out;
  }

 private:
  template <typename Node>
  RelationPtr pushed(const Node& node, const RelationPtr& relation) {
    if constexpr (requires { node.input; }) {
      Node out = node;
      out.input = run(node.input);
      if constexpr (requires { node.subplan; }) out.subplan = run(node.subplan);
      if constexpr (requires { node.second; }) out.second = run(node.second);
      return out.input == node.input && !changed_subplan(node, out) ? relation : relation_of(*relation, std::move(out));
    } else {
      return relation;
    }
  }
  template <typename Node>
  static bool changed_subplan(const Node& before, const Node& after) {
    if constexpr (requires { before.subplan; }) return before.subplan != after.subplan;
    else if constexpr (requires { before.second; }) return before.second != after.second;
    else return false;
  }
  RelationPtr pushed(const JoinRows& join, const RelationPtr& relation) {
    JoinRows out = join;
    out.left = run(join.left);
    out.right = run(join.right);
    return relation_of(*relation, std::move(out));
  }
  RelationPtr pushed(const UnionRows& all, const RelationPtr& relation) {
    UnionRows out;
    for (const RelationPtr& input : all.inputs) out.inputs.push_back(run(input));
    return relation_of(*relation, std::move(out));
  }
  RelationPtr pushed(const GraphRows& graph, const RelationPtr& relation) {
    GraphRows out = graph;
    out.input = run(graph.input);
    for (GraphRows::Nodes& nodes : out.nodes) nodes.rows = run(nodes.rows);
    return relation_of(*relation, std::move(out));
  }
  RelationPtr pushed(const AggregateRows& aggregate, const RelationPtr& relation) {
    AggregateRows out = aggregate;
    const bool pure = all_pure(aggregate.keys) && std::all_of(aggregate.calls.begin(), aggregate.calls.end(), [](const AggregateCall& c) { return all_pure(c.arguments); });
    const TextsBelow below = texts_below(run(aggregate.input), pure);
    out.input = below.rows;
    for (ScalarPtr& key : out.keys) key = below.on_texts(key);
    for (AggregateCall& call : out.calls)
      for (ScalarPtr& argument : call.arguments) argument = below.on_texts(argument);
    return out.input == aggregate.input ? relation : relation_of(*relation, std::move(out));
  }
  RelationPtr pushed(const ProjectRows& project, const RelationPtr& relation) {
    ProjectRows out = project;
    const TextsBelow below = texts_below(run(project.input), all_pure(project.columns));
    out.input = below.rows;
    for (ScalarPtr& column : out.columns) column = below.on_texts(column);
    return out.input == project.input ? relation : relation_of(*relation, std::move(out));
  }

  // Rows for one operator: where theirs were parsed from texts they have the texts, and that operator parses.
  struct TextsBelow {
    RelationPtr rows;
    Scalars columns;  // of the rows as they were; empty: all are as they were
    ScalarPtr on_texts(const ScalarPtr& scalar) const { return columns.empty() ? scalar : substituted(scalar, columns); }
  };
  static TextsBelow texts_below(const RelationPtr& input, bool pure) {
    const auto* project = std::get_if<ProjectRows>(&input->node);
    const auto is_parsed = [](const ScalarPtr& column) { return parsed_text(*column) != nullptr && is_pure(*column); };
    if (!pure || project == nullptr || std::none_of(project->columns.begin(), project->columns.end(), is_parsed)) return {input, {}};
    TextsBelow out;
    Relation rows = *input;
    ProjectRows texts = *project;
    for (std::size_t i = 0; i < texts.columns.size(); ++i) {
      const ScalarPtr whole = texts.columns[i];
      const bool parsed = is_parsed(whole);
      if (parsed) texts.columns[i] = parsed_text(*whole)->arguments[0];
      if (parsed) rows.schema[i].type = Type::string;
      ScalarPtr own = std::make_shared<const Scalar>(Scalar{texts.columns[i]->type, ColumnOf{i}, whole->span});
      if (parsed) own = std::make_shared<const Scalar>(Scalar{whole->type, Call{parsed_text(*whole)->function, {std::move(own)}}, whole->span});
      out.columns.push_back(std::move(own));
    }
    rows.node = std::move(texts);
    out.rows = std::make_shared<const Relation>(std::move(rows));
    return out;
  }

  RelationPtr pushed(const FilterRows& filter, const RelationPtr& relation) {
    const RelationPtr input = run(filter.input);
    Scalars conjuncts;
    split(filter.predicate, conjuncts);
    if (!all_pure(conjuncts)) return relation_of(*relation, FilterRows{input, filter.predicate});
    return filtered(input, conjuncts);
  }
  RelationPtr pushed(const SortRows& sort, const RelationPtr& relation) { return sorted(*relation, run(sort.input), sort.keys); }
  RelationPtr pushed(const LimitRows& limit, const RelationPtr& relation) { return limited(*relation, run(limit.input), limit.count); }

  static void split(const ScalarPtr& scalar, Scalars& out) {
    const Call* both = call_of(*scalar, "and");
    if (both == nullptr) return out.push_back(scalar);
    for (const ScalarPtr& argument : both->arguments) split(argument, out);
  }
  static ScalarPtr joined(const Scalars& conjuncts) {
    if (conjuncts.size() == 1) return conjuncts[0];
    return std::make_shared<const Scalar>(Scalar{Type::boolean, Call{functions_named("and")[0], conjuncts}, conjuncts[0]->span});
  }
  static RelationPtr filter_on(const RelationPtr& input, const Scalars& conjuncts) {
    return conjuncts.empty() ? input : relation_of(*input, FilterRows{input, joined(conjuncts)});
  }

  // The rows of the input for which all conjuncts hold.
  RelationPtr filtered(const RelationPtr& input, const Scalars& conjuncts) {
    if (conjuncts.empty()) return input;
    return std::visit([&](const auto& node) { return filtered_on(node, input, conjuncts); }, input->node);
  }
  template <typename Node>
  RelationPtr filtered_on(const Node&, const RelationPtr& input, const Scalars& conjuncts) {
    return filter_on(input, conjuncts);
  }
  RelationPtr filtered_on(const FilterRows& filter, const RelationPtr& input, const Scalars& conjuncts) {
    Scalars all;
    split(filter.predicate, all);
    if (!all_pure(all)) return filter_on(input, conjuncts);
    all.insert(all.end(), conjuncts.begin(), conjuncts.end());
    return filter_on(filter.input, all);
  }
  RelationPtr filtered_on(const SortRows& sort, const RelationPtr& input, const Scalars& conjuncts) {
    return relation_of(*input, SortRows{filtered(sort.input, conjuncts), sort.keys});
  }
  RelationPtr filtered_on(const UnionRows& all, const RelationPtr& input, const Scalars& conjuncts) {
    UnionRows out;
    for (const RelationPtr& part : all.inputs) out.inputs.push_back(filtered(part, conjuncts));
    return relation_of(*input, std::move(out));
  }
  RelationPtr filtered_on(const ProjectRows& project, const RelationPtr& input, const Scalars& conjuncts) {
    if (!all_pure(project.columns)) return filter_on(input, conjuncts);
    Scalars below, above;
    for (const ScalarPtr& conjunct : conjuncts) {
      ScalarPtr next = substituted(conjunct, project.columns);
      if (size_of(*next) <= kMostNodes) below.push_back(std::move(next));
      else above.push_back(conjunct);
    }
    if (below.empty()) return filter_on(input, conjuncts);
    return filter_on(relation_of(*input, ProjectRows{filtered(project.input, below), project.columns}), above);
  }
  RelationPtr filtered_on(const AggregateRows& aggregate, const RelationPtr& input, const Scalars& conjuncts) {
    Scalars below, above;
    for (const ScalarPtr& conjunct : conjuncts) {
      const bool of_keys = !aggregate.keys.empty() && uses_only(*conjunct, [&](std::size_t column) { return column < aggregate.keys.size(); });
      if (of_keys && all_pure(aggregate.keys)) below.push_back(substituted(conjunct, aggregate.keys));
      else above.push_back(conjunct);
    }
    if (below.empty()) return filter_on(input, conjuncts);
    return filter_on(relation_of(*input, AggregateRows{filtered(aggregate.input, below), aggregate.keys, aggregate.calls}), above);
  }
  RelationPtr filtered_on(const JoinRows& join, const RelationPtr& input, const Scalars& conjuncts) {
    const std::size_t width = join.left->schema.size();
    const bool to_left = join.kind == JoinKind::inner || join.kind == JoinKind::left_outer || join.kind == JoinKind::left_semi || join.kind == JoinKind::left_anti;
    const bool to_right = join.kind == JoinKind::inner || join.kind == JoinKind::inner_unique;
    Scalars left, right, above;
    std::vector<std::size_t> origin(width, 0);
    origin.insert(origin.end(), join.right_columns.begin(), join.right_columns.end());
    for (const ScalarPtr& conjunct : conjuncts) {
      if (to_left && uses_only(*conjunct, [&](std::size_t column) { return column < width; })) left.push_back(conjunct);
      else if (to_right && uses_only(*conjunct, [&](std::size_t column) { return column >= width; })) right.push_back(moved_to(conjunct, origin));
      else above.push_back(conjunct);
    }
    if (left.empty() && right.empty()) return filter_on(input, conjuncts);
    JoinRows out = join;
    out.left = filtered(join.left, left);
    out.right = filtered(join.right, right);
    return filter_on(relation_of(*input, std::move(out)), above);
  }

  // Conditions on columns that the operator does not make.
  template <typename Made>
  RelationPtr below_rows(const RelationPtr& input, const RelationPtr& rows, const Scalars& conjuncts, const Made& made,
                         const std::function<decltype(Relation::node)(RelationPtr)>& rebuilt) {
    Scalars below, above;
    for (const ScalarPtr& conjunct : conjuncts) {
      const bool fits = uses_only(*conjunct, [&](std::size_t column) { return column < rows->schema.size() && !made(column); });
      (fits ? below : above).push_back(conjunct);
    }
    if (below.empty()) return filter_on(input, conjuncts);
    return filter_on(relation_of(*input, rebuilt(filtered(rows, below))), above);
  }
  RelationPtr filtered_on(const ParseRows& parse, const RelationPtr& input, const Scalars& conjuncts) {
    const auto made = [&](std::size_t column) {
      return std::any_of(parse.captures.begin(), parse.captures.end(), [&](const auto& c) { return c.column == column; });
    };
    return below_rows(input, parse.input, conjuncts, made, [&](RelationPtr rows) -> decltype(Relation::node) {
      ParseRows out = parse;
      out.input = std::move(rows);
      return out;
    });
  }
  RelationPtr filtered_on(const ExpandRows& expand, const RelationPtr& input, const Scalars& conjuncts) {
    const auto made = [&](std::size_t column) {
      return expand.index_column == column || std::any_of(expand.items.begin(), expand.items.end(), [&](const auto& i) { return i.column == column; });
    };
    return below_rows(input, expand.input, conjuncts, made, [&](RelationPtr rows) -> decltype(Relation::node) {
      ExpandRows out = expand;
      out.input = std::move(rows);
      return out;
    });
  }

  RelationPtr sorted(const Relation& like, const RelationPtr& input, const std::vector<SortBy>& keys) {
    const auto* project = std::get_if<ProjectRows>(&input->node);
    if (project == nullptr || !all_pure(project->columns)) return relation_of(like, SortRows{input, keys});
    std::vector<SortBy> below = keys;
    for (SortBy& by : below) {
      by.key = substituted(by.key, project->columns);
      if (!is_pure(*by.key) || size_of(*by.key) > kMostNodes) return relation_of(like, SortRows{input, keys});
    }
    Relation inner_like = *project->input;
    inner_like.serialized = true;
    return relation_of(like, ProjectRows{sorted(inner_like, project->input, below), project->columns});
  }
  RelationPtr limited(const Relation& like, const RelationPtr& input, std::uint64_t count) {
    const auto* project = std::get_if<ProjectRows>(&input->node);
    if (project == nullptr || !all_pure(project->columns)) return relation_of(like, LimitRows{input, count});
    return relation_of(like, ProjectRows{limited(*project->input, project->input, count), project->columns});
  }

  std::map<const Relation*, RelationPtr> done_;
  std::vector<RelationPtr> kept_;  // so that no address in done_ is used again
};

}  // namespace

RelationPtr push_down(const RelationPtr& root) { return PushDown().run(root); }

}  // namespace kql
