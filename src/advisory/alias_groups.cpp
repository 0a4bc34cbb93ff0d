// SPDX-License-Identifier: Apache-2.0
#include "advisory/alias_groups.hpp"

#include <algorithm>
#include <numeric>

namespace advisory {

namespace {

// Disjoint sets over string numbers, with path halving.
class DisjointSets {
 public:
  explicit DisjointSets(std::size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), 0u); }

  std::uint32_t find(std::uint32_t id) {
    while (parent_[id] != id) id = parent_[id] = parent_[parent_[id]];
    return id;
  }
  void join(std::uint32_t a, std::uint32_t b) { parent_[find(a)] = find(b); }

 private:
  std::vector<std::uint32_t> parent_;
};

int id_rank(std::string_view id) {
  if (id.substr(0, 4) == "CVE-") return 0;
  return id.substr(0, 5) == "GHSA-" ? 1 : 2;
}

class GroupMaker {
 public:
  explicit GroupMaker(RecordSet& records) : records_(records), sets_(records.strings.ends().size()) {}

  std::vector<index::GroupRow> run() {
    join_aliases();
    collect_ids();
    for (std::size_t i = 0; i < records_.advisories.size(); ++i) assign_groups(static_cast<std::uint32_t>(i));
    write_members();
    return std::move(groups_);
  }

 private:
  template <typename Visit>
  void each(index::Span span, const Visit& visit) const {
    for (std::size_t i = span.begin; i < std::size_t{span.begin} + span.count; ++i) visit(records_.lists[i]);
  }

  void join_aliases() {
    for (const auto& row : records_.advisories)
      if (row.effective && row.covers.count == 0) each(row.aliases, [&](auto alias) { sets_.join(row.id, alias); });
  }

  // Number of the group of an id, made when new.
  std::uint32_t group_of(index::StringId id) {
    const std::uint32_t root = sets_.find(id);
    if (number_.size() <= root) number_.resize(records_.strings.ends().size(), 0);
    if (number_[root] == 0) {
      groups_.emplace_back();
      ids_.emplace_back();
      members_.emplace_back();
      number_[root] = static_cast<std::uint32_t>(groups_.size());
    }
    return number_[root] - 1;
  }

  void add_id(index::StringId id) { ids_[group_of(id)].push_back(id); }

  void collect_ids() {
    for (const auto& row : records_.advisories) {
      if (!row.effective) continue;
      if (row.covers.count > 0) {
        each(row.covers, [&](auto id) { add_id(id); });
        continue;
      }
      add_id(row.id);
      each(row.aliases, [&](auto id) { add_id(id); });
    }
    for (std::size_t g = 0; g < groups_.size(); ++g) write_ids(g);
  }

  void write_ids(std::size_t g) {
    auto& ids = ids_[g];
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    std::sort(ids.begin(), ids.end(), [&](auto a, auto b) { return is_better_id(records_.strings[a], records_.strings[b]); });
    groups_[g].id = ids.front();
    groups_[g].ids = append_list(ids);
    ids = {};
  }

  void assign_groups(std::uint32_t advisory) {
    auto& row = records_.advisories[advisory];
    if (!row.effective) return;
    std::vector<std::uint32_t> groups;
    if (row.covers.count > 0)
      each(row.covers, [&](auto id) { groups.push_back(group_of(id)); });
    else
      groups.push_back(group_of(row.id));
    std::sort(groups.begin(), groups.end());
    groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
    for (const auto g : groups) members_[g].push_back(advisory);
    row.groups = append_list(groups);
  }

  void write_members() {
    for (std::size_t g = 0; g < groups_.size(); ++g) groups_[g].advisories = append_list(members_[g]);
  }

  index::Span append_list(const std::vector<std::uint32_t>& numbers) {
    index::Span span;
    span.begin = static_cast<std::uint32_t>(records_.lists.size());
    span.count = static_cast<std::uint32_t>(numbers.size());
    records_.lists.insert(records_.lists.end(), numbers.begin(), numbers.end());
    return span;
  }

  RecordSet& records_;
  DisjointSets sets_;
  std::vector<std::uint32_t> number_;  // by root: group number + 1
  std::vector<index::GroupRow> groups_;
  std::vector<std::vector<index::StringId>> ids_;
  std::vector<std::vector<std::uint32_t>> members_;
};

}  // namespace

bool is_better_id(std::string_view a, std::string_view b) {
  const int rank_a = id_rank(a);
  const int rank_b = id_rank(b);
  if (rank_a != rank_b) return rank_a < rank_b;
  const auto number_a = cve_number(a);
  const auto number_b = cve_number(b);
  if (number_a != number_b && number_a != 0 && number_b != 0) return number_a < number_b;
  return a < b;
}

std::vector<index::GroupRow> make_groups(RecordSet& records) { return GroupMaker(records).run(); }

}  // namespace advisory
