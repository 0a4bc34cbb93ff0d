// SPDX-License-Identifier: Apache-2.0
#include "advisory/matcher.hpp"

#include <algorithm>

#include "advisory/ecosystem.hpp"
#include "advisory/intervals.hpp"
#include "advisory/version.hpp"
#include "base/text.hpp"

namespace advisory {

namespace {

using index::AffectedRow;

// The version of the source package in the form of a binary one: SOURCERPM leaves the epoch out.
std::string source_version_of(const model::Package& package) {
  if (package.source_version.empty()) return package.version;
  const auto [epoch, rest] = base::cut(package.version, ":");
  const bool add_epoch = package.type == "rpm" && !rest.empty() && package.source_version.find(':') == std::string::npos;
  return add_epoch ? std::string(epoch) + ":" + package.source_version : package.source_version;
}

void add_os_lookups(const model::Package& package, const std::string& ecosystem, std::vector<Lookup>& out) {
  const NameUse use = names_in(ecosystem);
  const std::string& source = package.source.empty() ? package.name : package.source;
  // CSAF of Red Hat names source packages where nothing is fixed yet, so rpm sources are looked up always; rows made
  // for the other kind of name do not match.
  const bool by_source = use.source || package.type == "rpm";
  if (by_source) out.push_back({ecosystem, source, source_version_of(package), use.source ? NameKind::by_ecosystem : NameKind::source});
  if (use.binary)
    out.push_back({ecosystem, package.name, package.version, use.source ? NameKind::binary : NameKind::by_ecosystem});
}

// An advisory without a kind speaks of the names that its ecosystem uses; one with a kind of that kind alone.
bool names_agree(const Lookup& lookup, const AffectedRow& row, const model::Package& package) {
  const auto kind = static_cast<NameKind>(row.name_kind);
  if (kind == NameKind::source) return lookup.name == (package.source.empty() ? package.name : package.source);
  if (kind == NameKind::binary) return lookup.name == package.name;
  if (kind == NameKind::either) return true;
  return lookup.kind != NameKind::source;
}

bool is_modular_package(const model::Package& package) {
  return !package.modularity.empty() || package.version.find(".module") != std::string::npos;
}

// Builds of a module are compared with builds of the same stream only (nodejs:18 with nodejs:18).
bool modules_agree(std::string_view modules, const model::Package& package) {
  if (modules.empty() || package.modularity.empty()) return true;
  const auto parts = base::split(package.modularity, ':');
  if (parts.size() < 2) return true;
  const auto stream = std::string(parts[0]) + ":" + std::string(parts[1]);
  const auto known = base::split(modules, ' ');
  return std::find(known.begin(), known.end(), stream) != known.end();
}

// Evaluates the advisories of one look-up.
class Evaluation {
 public:
  Evaluation(const IndexReader& index, const Lookup& lookup, const model::Package& package, std::vector<Hit>& out)
      : records_(index.records()), lookup_(lookup), package_(package), scheme_(scheme_of(lookup.ecosystem)), out_(out) {
    valid_ = scheme_ && is_valid_version(*scheme_, lookup.version);
  }

  void row(std::uint32_t number) {
    const AffectedRow row = records_.affected[number];
    if (!names_agree(lookup_, row, package_)) return;
    if (package_.type == "rpm" && !module_fits(row)) return;
    const auto advisory = records_.advisories[row.advisory];
    if (!advisory.effective) return;
    Hit hit;
    hit.advisory = row.advisory;
    hit.affected = number;
    hit.native = !index::is_osv(records_.sources[advisory.source].kind);
    hit.denied = static_cast<VendorStatus>(row.status) == VendorStatus::not_affected;
    hit.is_affected = !hit.denied && is_affected(row, hit.fixed);
    const auto [begin, end] = records_.span(advisory.groups);
    for (std::size_t i = begin; i < end; ++i) {
      hit.group = records_.lists[i];
      out_.push_back(hit);
    }
  }

 private:
  bool module_fits(const AffectedRow& row) const {
    if ((row.modular != 0) != is_modular_package(package_)) return false;
    return row.modular == 0 || modules_agree(records_.string(row.modules), package_);
  }

  Interval interval(std::size_t i) const {
    const auto row = records_.intervals[i];
    return {records_.string(row.lower), records_.string(row.upper & ~index::kInclusive), (row.upper & index::kInclusive) != 0};
  }

  bool is_affected(const AffectedRow& row, index::StringId& fixed) const {
    const std::size_t begin = std::min<std::size_t>(row.intervals_begin, records_.intervals.size());
    const std::size_t end = begin + std::min<std::size_t>(row.intervals_count, records_.intervals.size() - begin);
    for (std::size_t i = begin; valid_ && i < end; ++i) {
      if (!contains(*scheme_, interval(i), lookup_.version)) continue;
      const auto upper = records_.intervals[i].upper;
      fixed = (upper & index::kInclusive) == 0 ? upper : lowest_fix(begin, end);
      return true;
    }
    const auto [first, last] = records_.span(row.versions);
    for (std::size_t i = first; i < last; ++i) {
      if (records_.string(records_.lists[i]) != lookup_.version) continue;
      fixed = valid_ ? lowest_fix(begin, end) : 0;
      return true;
    }
    return false;
  }

  index::StringId lowest_fix(std::size_t begin, std::size_t end) const {
    index::StringId best = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const auto upper = records_.intervals[i].upper;
      if (upper == 0 || (upper & index::kInclusive) != 0) continue;
      const auto version = records_.string(upper);
      if (compare_versions(*scheme_, version, lookup_.version) <= 0) continue;
      if (best == 0 || compare_versions(*scheme_, version, records_.string(best)) < 0) best = upper;
    }
    return best;
  }

  const RecordView& records_;
  const Lookup& lookup_;
  const model::Package& package_;
  std::optional<Scheme> scheme_;
  bool valid_ = false;
  std::vector<Hit>& out_;
};

// Keeps of the hits of one group those that make a finding.
void keep_deciding(std::vector<Hit>::const_iterator begin, std::vector<Hit>::const_iterator end, std::vector<Hit>& out) {
  const bool native = std::any_of(begin, end, [](const Hit& hit) { return hit.native; });
  if (std::any_of(begin, end, [&](const Hit& hit) { return hit.denied && hit.native == native; })) return;
  std::copy_if(begin, end, std::back_inserter(out), [&](const Hit& hit) { return hit.is_affected && hit.native == native; });
}

}  // namespace

std::vector<Lookup> lookups_of(const model::Package& package, const std::optional<Release>& release) {
  std::vector<Lookup> out;
  if (!package.managed_by.empty()) return out;
  if (release && package.type == release->package_type) {
    add_os_lookups(package, release->ecosystem, out);
    return out;
  }
  const auto ecosystem = ecosystem_of_type(package.type);
  if (!ecosystem.empty() && !package.version.empty())
    out.push_back({std::string(ecosystem), normalize_name(ecosystem, package.name), package.version, NameKind::by_ecosystem});
  return out;
}

std::vector<Hit> match_package(const IndexReader& index, const model::Package& package, const std::optional<Release>& release) {
  std::vector<Hit> hits;
  const auto lookups = lookups_of(package, release);
  for (std::size_t i = 0; i < lookups.size(); ++i) {
    const bool again = i > 0 && lookups[i].name == lookups[0].name && lookups[i].version == lookups[0].version;
    if (again && lookups[0].kind == NameKind::by_ecosystem) continue;
    const auto [begin, end] = index.find(lookups[i].ecosystem, lookups[i].name);
    if (begin == end) continue;
    Evaluation evaluation(index, lookups[i], package, hits);
    for (std::size_t row = begin; row < end; ++row) evaluation.row(static_cast<std::uint32_t>(row));
  }
  std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.group < b.group; });
  std::vector<Hit> out;
  for (auto begin = hits.cbegin(); begin != hits.cend();) {
    const auto end = std::find_if(begin, hits.cend(), [&](const Hit& hit) { return hit.group != begin->group; });
    keep_deciding(begin, end, out);
    begin = end;
  }
  return out;
}

}  // namespace advisory
