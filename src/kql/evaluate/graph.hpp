// SPDX-License-Identifier: Apache-2.0
// A graph in memory: nodes and edges with their columns, and which edges begin and end at a node.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/result.hpp"
#include "kql/evaluate/group.hpp"

namespace kql {

class Graph {
 public:
  using Number = std::uint32_t;  // of a node or an edge, from 0
  static constexpr std::size_t kMostEdges = 20'000'000;

  explicit Graph(Type id_type) : id_type_(id_type), ids_({id_type}) {}

  // The node of an id; made with `row` where there is none.
  Number node(const Value& id, const std::function<Row()>& row);
  void add_edge(Number from, Number to, Row row);
  void connect();  // once all edges are there, and after each change

  std::size_t node_count() const { return nodes_.size(); }
  std::size_t edge_count() const { return edges_.size(); }
  Row& node_row(Number node) { return nodes_[node]; }
  const Row& node_row(Number node) const { return nodes_[node]; }
  const Row& edge_row(Number edge) const { return edges_[edge]; }
  Number from(Number edge) const { return from_[edge]; }
  Number to(Number edge) const { return to_[edge]; }
  const std::vector<Number>& out(Number node) const { return out_[node]; }  // edges
  const std::vector<Number>& in(Number node) const { return in_[node]; }
  Type id_type() const { return id_type_; }
  const Value& id(Number node) const { return ids_.key(kept_.empty() ? node : kept_[node]).front(); }
  // A node's columns, then its in-degree, its out-degree and its id as text.
  Row node_row_with_facts(Number node) const;

  // What is not kept goes, and with a node its edges.
  void keep_nodes(const std::vector<char>& kept);
  void keep_edges(const std::vector<char>& kept);
  // For each node the number of the component it is in, from 0.
  std::vector<Number> weak_components() const;
  std::vector<Number> strong_components() const;

 private:
  Type id_type_;
  Grouping ids_;
  std::vector<Number> kept_;  // the first numbers of the nodes that are left; empty: all are
  Rows nodes_, edges_;
  std::vector<Number> from_, to_;
  std::vector<std::vector<Number>> out_, in_;
};

}  // namespace kql
