// SPDX-License-Identifier: Apache-2.0
// Shortest paths by breadth: from each node that a path may begin with, one layer of nodes after the other.
#include <algorithm>

#include "kql/evaluate/graph_search.hpp"

namespace kql {

// Where a condition looks at a path as a whole, or a path is to be longer than its shortest, all matches are compared.
bool GraphSearch::goes_breadth_first() const {
  return match_.shortest != GraphMatchRows::Shortest::no && match_.edges.size() == 1 && match_.edges[0].least <= 1 &&
         match_.edges[0].from != match_.edges[0].to && conditions_.empty();
}

base::Result<void> GraphSearch::run_breadth_first() {
  const Edge& edge = match_.edges[0];
  for (Graph::Number start = 0; start < graph_.node_count(); ++start) {
    TRY(count_step());
    if (candidates_[edge.from][start] == 0) continue;
    put_node(edge.from, start);
    bound_[edge.from] = start;
    ReachedNodes reached;
    std::vector<Graph::Number> order;
    TRY(reach_from(start, reached, order));
    for (const Graph::Number end : order) {
      if (candidates_[edge.to][end] == 0) continue;
      put_node(edge.to, end);
      bound_[edge.to] = end;
      TRY(trace_back(reached, end, reached.at(end).length));
    }
  }
  return {};
}

// Nodes in the order in which they are reached. No path leads back to its start; one of no edge ends there.
base::Result<void> GraphSearch::reach_from(Graph::Number start, ReachedNodes& reached, std::vector<Graph::Number>& order) {
  const Edge& edge = match_.edges[0];
  const bool all = match_.shortest == GraphMatchRows::Shortest::all;
  reached.emplace(start, Reached{});
  if (edge.least == 0) order.push_back(start);
  std::vector<Graph::Number> layer{start};
  for (std::size_t length = 1; length <= edge.most && !layer.empty(); ++length) {
    std::vector<Graph::Number> next;
    for (const Graph::Number at : layer) {
      if (length > 1 && !all_met(each_inner_[0], graph_.node_row_with_facts(at))) continue;
      TRY(each_hop(edge, true, at, [&](const Hop& hop) -> base::Result<void> {
        TRY(count_step());
        if (!all_met(each_edge_[0], graph_.edge_row(hop.edge))) return {};
        const bool added = reached.try_emplace(hop.node, Reached{length, {}}).second;
        if (added) {
          order.push_back(hop.node);
          next.push_back(hop.node);
        }
        Reached& there = reached[hop.node];
        if (added || (all && there.length == length)) there.before.push_back({hop.edge, at});
        return {};
      }));
    }
    layer = std::move(next);
  }
  return {};
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as a path, which the binder caps
base::Result<void> GraphSearch::trace_back(const ReachedNodes& reached, Graph::Number at, std::size_t length) {
  TRY(count_step());
  if (length == 0) return path_found();
  for (const Hop& before : reached.at(at).before) {
    paths_[0].push_back({before.edge, at});
    TRY(trace_back(reached, before.node, length - 1));
    paths_[0].pop_back();
  }
  return {};
}

// The path was traced from its end.
base::Result<void> GraphSearch::path_found() {
  std::reverse(paths_[0].begin(), paths_[0].end());
  put_folds(0, false);
  TRY(match_found());
  std::reverse(paths_[0].begin(), paths_[0].end());
  return {};
}

}  // namespace kql
