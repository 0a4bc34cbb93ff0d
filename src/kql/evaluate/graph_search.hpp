// SPDX-License-Identifier: Apache-2.0
// All matches of a pattern in a graph, one node of the pattern after the other.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "kql/evaluate/graph.hpp"

namespace kql {

// Whether all of them are true on the row.
bool all_met(const std::vector<const Scalar*>& conditions, const Row& row);

class GraphSearch {
 public:
  // A match: its row, and how many edges it has. `check` is called for each node or edge that is looked at, of which there
  // may be `most_steps`; the search fails with Kind::too_large where it would take more.
  using Found = std::function<base::Result<void>(const Row& row, Graph::Number first, Graph::Number last, std::size_t length)>;
  GraphSearch(const Graph& graph, const GraphMatchRows& match, std::uint64_t most_steps, std::function<base::Result<void>()> check, Found found);

  base::Result<void> run();

 private:
  // A node of the pattern is chosen, or an edge of it is followed from a node that is known.
  struct Step {
    std::optional<std::size_t> node;
    std::size_t edge = 0;
    bool from_source = true;                 // the node that is known is the edge's first one
    std::vector<const Scalar*> conditions;   // that can be told behind it
  };
  struct Hop {
    Graph::Number edge, node;  // and where it leads
  };
  using Edge = GraphMatchRows::Edge;

  base::Result<void> count_step();
  // Which parts of the pattern a condition looks at.
  void add_parts(const Scalar& scalar, std::vector<char>& nodes, std::vector<char>& edges) const;
  base::Result<void> find_candidates();
  void plan();
  void plan_edges_of(std::vector<char>& nodes, std::vector<char>& edges);
  void place_conditions();
  bool is_pruning(const Scalar& condition, std::size_t& fold) const;

  base::Result<void> at_step(std::size_t number);
  base::Result<void> choose(const Step& step, std::size_t number);
  base::Result<void> follow(const Step& step, std::size_t number);
  base::Result<void> walk(const Step& step, std::size_t number, Graph::Number at);
  base::Result<void> arrive(const Step& step, std::size_t number, Graph::Number at);
  base::Result<void> go_on(const Step& step, std::size_t number);
  base::Result<void> match_found();
  // Calls `visit` for each edge that may be followed from a node; a node may have too many to put into a list.
  template <typename Visit>
  base::Result<void> each_hop(const Edge& edge, bool from_source, Graph::Number at, const Visit& visit) const {
    const bool any = edge.direction == Edge::Direction::any;
    const bool along = (edge.direction == Edge::Direction::forward) == from_source;
    if (any || along)
      for (const Graph::Number number : graph_.out(at)) TRY(visit(Hop{number, graph_.to(number)}));
    if (any || !along)
      for (const Graph::Number number : graph_.in(at))
        if (!any || graph_.from(number) != at) TRY(visit(Hop{number, graph_.from(number)}));  // a loop is one edge
    return {};
  }
  bool may_use(const Hop& hop) const;
  void put_node(std::size_t node, Graph::Number number);
  void put_folds(std::size_t edge, bool reversed);
  Value folded(const GraphMatchRows::Fold& fold, const std::vector<Hop>& path) const;

  // graph_shortest.cpp: the shortest paths of one edge of variable length whose parts can be judged one by one.
  struct Reached {
    std::size_t length = 0;
    std::vector<Hop> before;  // the last edge of such a path, and the node before it
  };
  using ReachedNodes = std::unordered_map<Graph::Number, Reached>;
  bool goes_breadth_first() const;
  base::Result<void> run_breadth_first();
  base::Result<void> reach_from(Graph::Number start, ReachedNodes& reached, std::vector<Graph::Number>& order);
  base::Result<void> trace_back(const ReachedNodes& reached, Graph::Number at, std::size_t length);
  base::Result<void> path_found();

  const Graph& graph_;
  const GraphMatchRows& match_;
  const std::function<base::Result<void>()> check_;
  const Found found_;
  const std::uint64_t most_steps_;
  std::uint64_t steps_taken_ = 0;
  std::vector<std::vector<char>> candidates_;          // for each node of the pattern, whether a node can be it
  std::vector<std::size_t> candidate_counts_;
  std::vector<std::vector<const Scalar*>> each_edge_, each_inner_;  // of each path: what holds of all its edges and nodes
  std::vector<const Scalar*> conditions_;              // the others
  std::vector<Step> steps_;
  Row row_;
  std::vector<std::optional<Graph::Number>> bound_;    // nodes of the pattern
  std::vector<std::vector<Hop>> paths_;                // of each edge of the pattern, from the node that was known
  std::vector<char> edge_used_;
  std::vector<std::uint32_t> node_used_;
};

}  // namespace kql
