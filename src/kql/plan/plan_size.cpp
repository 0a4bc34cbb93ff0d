// SPDX-License-Identifier: Apache-2.0
#include "kql/plan/plan_size.hpp"

#include <algorithm>
#include <map>

namespace kql {

namespace {

constexpr std::uint64_t kLargestSize = std::uint64_t{1} << 62;

class PlanSize {
 public:
  std::uint64_t of(const RelationPtr& relation) { return relation ? of(*relation) : 0; }

  std::uint64_t of(const Relation& relation) {
    const auto known = sizes_.find(&relation);
    if (known != sizes_.end()) return known->second;
    const std::uint64_t size = std::visit([this](const auto& node) { return 1 + of_inputs(node); }, relation.node);
    sizes_[&relation] = std::holds_alternative<SharedRows>(relation.node) ? 1 : std::min(size, kLargestSize);
    return std::min(size, kLargestSize);
  }

 private:
  template <typename Node>
  std::uint64_t of_inputs(const Node& node) {
    std::uint64_t out = 0;
    if constexpr (requires { node.input; }) out += of(node.input);
    if constexpr (requires { node.subplan; }) out += of(node.subplan);
    if constexpr (requires { node.second; }) out += of(node.second);
    if constexpr (requires { node.left; }) out += of(node.left) + of(node.right);
    if constexpr (requires { node.inputs; }) {
      for (const RelationPtr& input : node.inputs) out = std::min(out + of(input), kLargestSize);
    }
    return std::min(out, kLargestSize);
  }

  std::map<const Relation*, std::uint64_t> sizes_;
};

}  // namespace

std::uint64_t written_out_size(const Relation& root) { return PlanSize().of(root); }

}  // namespace kql
