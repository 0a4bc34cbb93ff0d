// SPDX-License-Identifier: Apache-2.0
// Matches 1,000 package lists of 100 packages against a database: what new vulnerability data costs an installation that
// keeps the package lists of 1,000 images. The lists are drawn from a real inventory and real advisories' package names.
//
// usage: bench_rematch DATABASE SBOM
#include <chrono>
#include <cstdio>
#include <random>

#include "advisory/database.hpp"
#include "base/files.hpp"
#include "sbom/document.hpp"

namespace {

constexpr std::size_t kLists = 1'000;
constexpr std::size_t kPackages = 100;

std::vector<model::Inventory> draw_lists(const model::Inventory& pool) {
  std::mt19937 random(1);
  std::uniform_int_distribution<std::size_t> pick(0, pool.packages.size() - 1);
  std::vector<model::Inventory> lists(kLists);
  for (auto& list : lists) {
    list.os = pool.os;
    for (std::size_t i = 0; i < kPackages; ++i) list.packages.push_back(pool.packages[pick(random)]);
  }
  return lists;
}

int run(const char* database_file, const char* document_file) {
  const auto database = advisory::Database::open(database_file);
  const auto text = base::read_file(document_file);
  if (!database || !text) return 1;
  const auto pool = sbom::read_document(*text, document_file);
  if (!pool || pool->packages.empty()) return 1;
  const auto lists = draw_lists(*pool);
  const auto begin = std::chrono::steady_clock::now();
  std::size_t findings = 0;
  for (const auto& list : lists) findings += database->match(list).size();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::printf("%.3f s for %zu lists of %zu packages, %zu findings\n", took.count(), kLists, kPackages, findings);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 3;
  return run(argv[1], argv[2]);
}
