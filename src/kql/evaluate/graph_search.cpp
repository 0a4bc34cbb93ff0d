// SPDX-License-Identifier: Apache-2.0
#include "kql/evaluate/graph_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace kql {

namespace {

using Fold = GraphMatchRows::Fold;
using Cycles = GraphMatchRows::Cycles;

}  // namespace

bool all_met(const std::vector<const Scalar*>& conditions, const Row& row) {
  return std::all_of(conditions.begin(), conditions.end(), [&](const Scalar* condition) {
    const Value value = evaluate(*condition, row);
    return !value.is_null() && value.boolean();
  });
}

GraphSearch::GraphSearch(const Graph& graph, const GraphMatchRows& match, std::uint64_t most_steps, std::function<base::Result<void>()> check,
                         Found found)
    : graph_(graph), match_(match), check_(std::move(check)), found_(std::move(found)), most_steps_(most_steps), each_edge_(match.edges.size()), each_inner_(match.edges.size()),
      row_(match.first_fold + match.folds.size()), bound_(match.nodes.size()), paths_(match.edges.size()), edge_used_(graph.edge_count()),
      node_used_(graph.node_count()) {
  for (const ScalarPtr& condition : match.conditions) {
    std::size_t fold = 0;
    if (!is_pruning(*condition, fold)) conditions_.push_back(condition.get());
    else (match.folds[fold].inner_nodes ? each_inner_ : each_edge_)[match.folds[fold].edge].push_back(match.folds[fold].value.get());
  }
}

base::Result<void> GraphSearch::run() {
  TRY(find_candidates());
  if (goes_breadth_first()) return run_breadth_first();
  plan();
  place_conditions();
  return at_step(0);
}

base::Result<void> GraphSearch::count_step() {
  if (++steps_taken_ > most_steps_)
    return base::fail(base::Kind::too_large,
                      fmt::format("the pattern was tried on more than {} nodes and edges; make it shorter, or say more of its nodes and edges", most_steps_));
  return check_();
}

// all(path, condition) as a condition of its own ends a path as soon as it does not hold.
bool GraphSearch::is_pruning(const Scalar& condition, std::size_t& fold) const {
  const auto* column = std::get_if<ColumnOf>(&condition.node);
  if (column == nullptr || column->index < match_.first_fold) return false;
  fold = column->index - match_.first_fold;
  return match_.folds[fold].kind == Fold::Kind::all;
}

void GraphSearch::add_parts(const Scalar& scalar, std::vector<char>& nodes, std::vector<char>& edges) const {
  if (const auto* call = std::get_if<Call>(&scalar.node))
    for (const ScalarPtr& argument : call->arguments) add_parts(*argument, nodes, edges);
  const auto* column = std::get_if<ColumnOf>(&scalar.node);
  if (column == nullptr) return;
  if (column->index >= match_.first_fold) {
    edges[match_.folds[column->index - match_.first_fold].edge] = 1;
    return;
  }
  // The part whose columns begin last before this one.
  std::size_t first = 0;
  char* part = nullptr;
  const auto consider = [&](std::size_t begin, char& flag) {
    if (begin > column->index || (part != nullptr && begin < first)) return;
    first = begin;
    part = &flag;
  };
  for (std::size_t i = 0; i < match_.nodes.size(); ++i) consider(match_.nodes[i], nodes[i]);
  for (std::size_t i = 0; i < match_.edges.size(); ++i)
    if (!match_.edges[i].is_path) consider(match_.edges[i].first, edges[i]);
  if (part != nullptr) *part = 1;
}

// What is said of one node alone is told of all nodes at once.
base::Result<void> GraphSearch::find_candidates() {
  std::vector<std::vector<const Scalar*>> own(match_.nodes.size());
  std::vector<const Scalar*> others;
  for (const Scalar* condition : conditions_) {
    std::vector<char> nodes(match_.nodes.size()), edges(match_.edges.size());
    add_parts(*condition, nodes, edges);
    const bool of_one = std::count(nodes.begin(), nodes.end(), 1) == 1 && std::count(edges.begin(), edges.end(), 1) == 0;
    if (of_one) own[static_cast<std::size_t>(std::find(nodes.begin(), nodes.end(), 1) - nodes.begin())].push_back(condition);
    else others.push_back(condition);
  }
  conditions_ = std::move(others);
  for (std::size_t node = 0; node < match_.nodes.size(); ++node) {
    candidates_.emplace_back(graph_.node_count(), 1);
    candidate_counts_.push_back(graph_.node_count());
    if (own[node].empty()) continue;
    for (Graph::Number number = 0; number < graph_.node_count(); ++number) {
      TRY(count_step());
      put_node(node, number);
      if (all_met(own[node], row_)) continue;
      candidates_[node][number] = 0;
      --candidate_counts_[node];
    }
  }
  return {};
}

// From the node with the fewest candidates along the edges, as long as any leads on; then from the next such node.
void GraphSearch::plan() {
  std::vector<char> nodes(match_.nodes.size()), edges(match_.edges.size());
  for (;;) {
    std::optional<std::size_t> next;
    for (std::size_t i = 0; i < nodes.size(); ++i)
      if (nodes[i] == 0 && (!next || candidate_counts_[i] < candidate_counts_[*next])) next = i;
    if (!next) return;
    steps_.push_back({next, 0, true, {}});
    nodes[*next] = 1;
    plan_edges_of(nodes, edges);
  }
}

void GraphSearch::plan_edges_of(std::vector<char>& nodes, std::vector<char>& edges) {
  for (bool more = true; more;) {
    more = false;
    for (std::size_t i = 0; i < edges.size() && !more; ++i) {
      const Edge& edge = match_.edges[i];
      if (edges[i] != 0 || (nodes[edge.from] == 0 && nodes[edge.to] == 0)) continue;
      steps_.push_back({std::nullopt, i, nodes[edge.from] != 0, {}});
      edges[i] = nodes[edge.from] = nodes[edge.to] = 1;
      more = true;
    }
  }
}

void GraphSearch::place_conditions() {
  for (const Scalar* condition : conditions_) {
    std::vector<char> nodes(match_.nodes.size()), edges(match_.edges.size());
    add_parts(*condition, nodes, edges);
    for (Step& step : steps_) {
      if (step.node) {
        nodes[*step.node] = 0;
      } else {
        edges[step.edge] = 0;
        nodes[match_.edges[step.edge].from] = nodes[match_.edges[step.edge].to] = 0;
      }
      const bool known = std::count(nodes.begin(), nodes.end(), 1) + std::count(edges.begin(), edges.end(), 1) == 0;
      if (!known) continue;
      step.conditions.push_back(condition);
      break;
    }
  }
}

// --- the search ---

// NOLINTBEGIN(misc-no-recursion): as deep as the pattern with its paths, which the binder caps
base::Result<void> GraphSearch::at_step(std::size_t number) {
  if (number == steps_.size()) return match_found();
  const Step& step = steps_[number];
  return step.node ? choose(step, number) : follow(step, number);
}

base::Result<void> GraphSearch::choose(const Step& step, std::size_t number) {
  for (Graph::Number node = 0; node < graph_.node_count(); ++node) {
    TRY(count_step());
    if (candidates_[*step.node][node] == 0 || (match_.cycles == Cycles::none && node_used_[node] != 0)) continue;
    put_node(*step.node, node);
    bound_[*step.node] = node;
    ++node_used_[node];
    TRY(go_on(step, number));
    --node_used_[node];
    bound_[*step.node].reset();
  }
  return {};
}

base::Result<void> GraphSearch::follow(const Step& step, std::size_t number) {
  const Edge& edge = match_.edges[step.edge];
  paths_[step.edge].clear();
  return walk(step, number, *bound_[step.from_source ? edge.from : edge.to]);
}

base::Result<void> GraphSearch::walk(const Step& step, std::size_t number, Graph::Number at) {
  const Edge& edge = match_.edges[step.edge];
  const std::size_t length = paths_[step.edge].size();
  if (length >= edge.least) TRY(arrive(step, number, at));
  if (length == edge.most) return {};
  // Going on makes this node one within the path.
  if (length > 0 && !each_inner_[step.edge].empty() && !all_met(each_inner_[step.edge], graph_.node_row_with_facts(at))) return {};
  return each_hop(edge, step.from_source, at, [&](const Hop& hop) -> base::Result<void> {
    TRY(count_step());
    if (!may_use(hop) || !all_met(each_edge_[step.edge], graph_.edge_row(hop.edge))) return {};
    const char used_before = std::exchange(edge_used_[hop.edge], 1);
    ++node_used_[hop.node];
    paths_[step.edge].push_back(hop);
    TRY(walk(step, number, hop.node));
    paths_[step.edge].pop_back();
    --node_used_[hop.node];
    edge_used_[hop.edge] = used_before;
    return {};
  });
}

// The path ends here, if this can be the pattern's next node.
base::Result<void> GraphSearch::arrive(const Step& step, std::size_t number, Graph::Number at) {
  const Edge& edge = match_.edges[step.edge];
  const std::size_t next = step.from_source ? edge.to : edge.from;
  const bool was_bound = bound_[next].has_value();
  if (was_bound && (*bound_[next] != at || match_.cycles == Cycles::none)) return {};
  if (candidates_[next][at] == 0) return {};
  if (!was_bound) {
    put_node(next, at);
    bound_[next] = at;
  }
  if (!edge.is_path) {
    const Row& own = graph_.edge_row(paths_[step.edge].front().edge);
    std::copy(own.begin(), own.end(), row_.begin() + static_cast<std::ptrdiff_t>(edge.first));
  }
  put_folds(step.edge, !step.from_source);
  TRY(go_on(step, number));
  if (!was_bound) bound_[next].reset();
  return {};
}

base::Result<void> GraphSearch::go_on(const Step& step, std::size_t number) {
  if (!all_met(step.conditions, row_)) return {};
  return at_step(number + 1);
}
// NOLINTEND(misc-no-recursion)

base::Result<void> GraphSearch::match_found() {
  std::size_t length = 0;
  for (const std::vector<Hop>& path : paths_) length += path.size();
  return found_(row_, *bound_.front(), *bound_[match_.edges.empty() ? 0 : match_.edges.back().to], length);
}

bool GraphSearch::may_use(const Hop& hop) const {
  switch (match_.cycles) {
    case Cycles::unique_edges: return edge_used_[hop.edge] == 0;
    case Cycles::none: return node_used_[hop.node] == 0;
    case Cycles::all: return true;
  }
  return true;
}

void GraphSearch::put_node(std::size_t node, Graph::Number number) {
  const Row own = graph_.node_row_with_facts(number);
  std::copy(own.begin(), own.end(), row_.begin() + static_cast<std::ptrdiff_t>(match_.nodes[node]));
}

// What the folds of an edge make of its path, which reads from the pattern's left to its right.
void GraphSearch::put_folds(std::size_t edge, bool reversed) {
  std::optional<std::vector<Hop>> path;
  for (std::size_t i = 0; i < match_.folds.size(); ++i) {
    const Fold& fold = match_.folds[i];
    if (fold.edge != edge) continue;
    if (!path) {
      path = paths_[edge];
      // Backwards each edge leads to where the one before it came from.
      if (reversed && !path->empty()) {
        for (std::size_t k = path->size() - 1; k > 0; --k) (*path)[k].node = (*path)[k - 1].node;
        std::reverse(path->begin(), path->end());
      }
    }
    row_[match_.first_fold + i] = folded(fold, *path);
  }
}

Value GraphSearch::folded(const Fold& fold, const std::vector<Hop>& path) const {
  base::JsonArray values;
  const std::size_t count = fold.inner_nodes && !path.empty() ? path.size() - 1 : path.size();
  for (std::size_t i = 0; i < count; ++i) {
    const Value value = fold.inner_nodes ? evaluate(*fold.value, graph_.node_row_with_facts(path[i].node)) : evaluate(*fold.value, graph_.edge_row(path[i].edge));
    if (fold.kind == Fold::Kind::map) {
      values.push_back(to_json(value, fold.value->type));
      continue;
    }
    const bool met = !value.is_null() && value.boolean();
    if (met != (fold.kind == Fold::Kind::all)) return Value::boolean(met);
  }
  return fold.kind == Fold::Kind::map ? Value::dynamic(std::move(values)) : Value::boolean(fold.kind == Fold::Kind::all);
}

}  // namespace kql
