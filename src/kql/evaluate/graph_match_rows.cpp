// SPDX-License-Identifier: Apache-2.0
// graph-match, and graph-shortest-paths, which keeps the shortest matches between each two ends.
#include <map>

#include "kql/evaluate/evaluator.hpp"
#include "kql/evaluate/graph_search.hpp"

namespace kql {

namespace {

class ShortestMatches {
 public:
  explicit ShortestMatches(bool all) : all_(all) {}

  // Whether the row is to be made: `make` adds it.
  void add(Graph::Number first, Graph::Number last, std::size_t length, const std::function<Row()>& make) {
    auto& best = matches_[{first, last}];
    if (!best.rows.empty() && (length > best.length || (length == best.length && !all_))) return;
    if (length < best.length) {
      count_ -= best.rows.size();
      best.rows.clear();
    }
    best.length = length;
    best.rows.push_back(make());
    ++count_;
  }
  std::size_t size() const { return count_; }
  Rows take() {
    Rows out;
    for (auto& ends : matches_) std::move(ends.second.rows.begin(), ends.second.rows.end(), std::back_inserter(out));
    return out;
  }

 private:
  struct Best {
    std::size_t length = 0;
    Rows rows;
  };
  bool all_;
  std::size_t count_ = 0;
  std::map<std::pair<Graph::Number, Graph::Number>, Best> matches_;
};

}  // namespace

base::Result<Rows> Evaluator::rows_of(const GraphMatchRows& match, const Schema& schema) {
  const std::shared_ptr<const Graph> graph = TRY(graph_of(*match.input));
  Rows out;
  ShortestMatches shortest(match.shortest == GraphMatchRows::Shortest::all);
  const bool keeps_all = match.shortest == GraphMatchRows::Shortest::no;
  // A path that leads back to its start is no shortest one, unless the pattern says that it does.
  const bool one_end = !match.edges.empty() && match.edges.front().from == match.edges.back().to;
  GraphSearch search(
      *graph, match, limits_.graph_steps, [&] { return check(keeps_all ? out.size() : shortest.size(), schema); },
      [&](const Row& row, Graph::Number first, Graph::Number last, std::size_t length) -> base::Result<void> {
        if (keeps_all) out.push_back(evaluate_all(match.columns, row));
        else if (first != last || length == 0 || one_end) shortest.add(first, last, length, [&] { return evaluate_all(match.columns, row); });
        return {};
      });
  TRY(search.run());
  return keeps_all ? std::move(out) : shortest.take();
}

}  // namespace kql
