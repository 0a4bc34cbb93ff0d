// SPDX-License-Identifier: Apache-2.0
#include "advisory/database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <tuple>

#include "advisory/distribution.hpp"
#include "advisory/index_reader.hpp"
#include "advisory/matcher.hpp"
#include "base/files.hpp"

namespace advisory {

namespace {

bool is_before(const model::Finding& a, const model::Finding& b) {
  return std::tie(b.severity, b.score, a.id, a.package.name, a.package.version, a.package.path) <
         std::tie(a.severity, a.score, b.id, b.package.name, b.package.version, b.package.path);
}

// Findings are large: their order is found first, and each is moved once.
void sort_findings(std::vector<model::Finding>& findings) {
  std::vector<std::uint32_t> order(findings.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return is_before(findings[a], findings[b]); });
  std::vector<model::Finding> sorted;
  sorted.reserve(findings.size());
  for (const auto i : order) sorted.push_back(std::move(findings[i]));
  findings.swap(sorted);
}

}  // namespace

struct Database::State {
  base::MappedFile file;
  IndexReader index;
};

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

base::Result<Database> Database::open(const std::filesystem::path& file) {
  auto mapped = base::MappedFile::open(file);
  if (!mapped && mapped.error().kind == base::Kind::not_found)
    return base::fail(base::Kind::not_found,
                      fmt::format("there is no vulnerability database at {}; make one with `bulwark db update` (downloads) or "
                                  "`bulwark db import PATH…` (files you have)",
                                  file.string()));
  if (!mapped) return base::fail(mapped.error());
  auto index = TRY(IndexReader::open(mapped->bytes(), file.string()));
  return Database(std::make_unique<State>(State{std::move(*mapped), std::move(index)}));
}

std::vector<SourceStatus> Database::sources() const {
  const auto& records = state_->index.records();
  std::vector<SourceStatus> out;
  for (std::size_t i = 0; i < records.sources.size(); ++i) {
    const auto row = records.sources[i];
    out.push_back({std::string(records.string(row.name)), row.records, std::string(records.string(row.newest)),
                   std::string(records.string(row.imported))});
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return out;
}

base::Seconds Database::built() const { return state_->index.built(); }
std::size_t Database::advisories() const { return state_->index.records().advisories.size(); }
std::size_t Database::packages() const { return state_->index.key_count(); }

std::vector<model::Finding> Database::match(const model::Inventory& inventory) const {
  std::optional<Release> release;
  if (inventory.os) release = release_of(*inventory.os);
  std::vector<model::Finding> out;
  for (const auto& package : inventory.packages) {
    const auto hits = match_package(state_->index, package, release);
    for (auto begin = hits.begin(); begin != hits.end();) {
      const auto end = std::find_if(begin, hits.end(), [&](const Hit& hit) { return hit.group != begin->group; });
      out.push_back(make_finding(state_->index, package, std::vector<Hit>(begin, end)));
      begin = end;
    }
  }
  sort_findings(out);
  return out;
}

std::string Database::distribution_notice(const model::Inventory& inventory, base::Seconds now) const {
  return notice_for(&state_->index, inventory, now);
}

}  // namespace advisory
