// SPDX-License-Identifier: Apache-2.0
#include "kql/evaluate/graph.hpp"

#include <algorithm>
#include <numeric>

namespace kql {

namespace {

constexpr Graph::Number kNoNumber = UINT32_MAX;

// Tarjan's algorithm, its recursion as a stack.
class StrongComponents {
 public:
  explicit StrongComponents(const Graph& graph)
      : graph_(graph), index_(graph.node_count(), kNoNumber), low_(graph.node_count()), component_(graph.node_count(), kNoNumber), next_(graph.node_count()) {}

  std::vector<Graph::Number> take() {
    for (Graph::Number node = 0; node < graph_.node_count(); ++node)
      if (index_[node] == kNoNumber) visit(node);
    return std::move(component_);
  }

 private:
  void enter(Graph::Number node) {
    index_[node] = low_[node] = count_++;
    open_.push_back(node);
    calls_.push_back(node);
  }
  void visit(Graph::Number root) {
    enter(root);
    while (!calls_.empty()) {
      const Graph::Number node = calls_.back();
      if (next_[node] == graph_.out(node).size()) {
        leave(node);
        continue;
      }
      const Graph::Number to = graph_.to(graph_.out(node)[next_[node]++]);
      if (index_[to] == kNoNumber) enter(to);
      else if (component_[to] == kNoNumber) low_[node] = std::min(low_[node], index_[to]);
    }
  }
  void leave(Graph::Number node) {
    calls_.pop_back();
    if (!calls_.empty()) low_[calls_.back()] = std::min(low_[calls_.back()], low_[node]);
    if (low_[node] != index_[node]) return;
    for (Graph::Number last = kNoNumber; last != node; open_.pop_back()) {
      last = open_.back();
      component_[last] = components_;
    }
    ++components_;
  }

  const Graph& graph_;
  std::vector<Graph::Number> index_, low_, component_;
  std::vector<std::size_t> next_;  // edge of each node
  std::vector<Graph::Number> open_, calls_;
  Graph::Number count_ = 0, components_ = 0;
};

}  // namespace

Graph::Number Graph::node(const Value& id, const std::function<Row()>& row) {
  const auto number = static_cast<Number>(ids_.number_of({id}));
  if (number == nodes_.size()) nodes_.push_back(row());
  return number;
}

void Graph::add_edge(Number from, Number to, Row row) {
  from_.push_back(from);
  to_.push_back(to);
  edges_.push_back(std::move(row));
}

void Graph::connect() {
  out_.assign(nodes_.size(), {});
  in_.assign(nodes_.size(), {});
  for (Number edge = 0; edge < edges_.size(); ++edge) {
    out_[from_[edge]].push_back(edge);
    in_[to_[edge]].push_back(edge);
  }
}

Row Graph::node_row_with_facts(Number node) const {
  Row row = nodes_[node];
  row.push_back(Value::integer(static_cast<std::int64_t>(in_[node].size())));
  row.push_back(Value::integer(static_cast<std::int64_t>(out_[node].size())));
  row.push_back(Value::text(to_text(id(node), id_type_)));
  return row;
}

void Graph::keep_edges(const std::vector<char>& kept) {
  std::size_t next = 0;
  for (std::size_t edge = 0; edge < edges_.size(); ++edge) {
    if (kept[edge] == 0) continue;
    if (next != edge) edges_[next] = std::move(edges_[edge]);
    from_[next] = from_[edge];
    to_[next] = to_[edge];
    ++next;
  }
  edges_.resize(next);
  from_.resize(next);
  to_.resize(next);
  connect();
}

void Graph::keep_nodes(const std::vector<char>& kept) {
  std::vector<char> edges(edges_.size());
  for (std::size_t edge = 0; edge < edges.size(); ++edge) edges[edge] = kept[from_[edge]] != 0 && kept[to_[edge]] != 0 ? 1 : 0;
  std::vector<Number> renumbered(nodes_.size(), kNoNumber), first_numbers;
  Rows nodes;
  for (Number node = 0; node < nodes_.size(); ++node) {
    if (kept[node] == 0) continue;
    renumbered[node] = static_cast<Number>(nodes.size());
    first_numbers.push_back(kept_.empty() ? node : kept_[node]);
    nodes.push_back(std::move(nodes_[node]));
  }
  nodes_ = std::move(nodes);
  kept_ = std::move(first_numbers);
  for (std::size_t edge = 0; edge < edges.size(); ++edge) {
    from_[edge] = renumbered[from_[edge]];
    to_[edge] = renumbered[to_[edge]];
  }
  keep_edges(edges);
}

std::vector<Graph::Number> Graph::weak_components() const {
  std::vector<Number> component(nodes_.size(), kNoNumber);
  std::vector<Number> open;
  Number count = 0;
  for (Number start = 0; start < nodes_.size(); ++start) {
    if (component[start] != kNoNumber) continue;
    component[start] = count;
    open.push_back(start);
    while (!open.empty()) {
      const Number node = open.back();
      open.pop_back();
      const auto reach = [&](Number other) {
        if (component[other] != kNoNumber) return;
        component[other] = count;
        open.push_back(other);
      };
      for (const Number edge : out_[node]) reach(to_[edge]);
      for (const Number edge : in_[node]) reach(from_[edge]);
    }
    ++count;
  }
  return component;
}

std::vector<Graph::Number> Graph::strong_components() const { return StrongComponents(*this).take(); }

}  // namespace kql
