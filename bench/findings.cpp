// SPDX-License-Identifier: Apache-2.0
// What the state store's verdicts and views cost at a size: IMAGES images of 100 findings each, of which every pair shares a
// set. Prints a line a figure; the list's pages are drawn at random from all of them.
//
// usage: bench_findings FOLDER [IMAGES]
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "base/text.hpp"
#include "security/assessor.hpp"
#include "security/finding_sets.hpp"
#include "security/queries.hpp"

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kFindingsOfAnImage = 100;
constexpr int kVulnerabilities = 4'000;
const std::string kSubscription = "/subscriptions/5f0c8ba4-0000-4000-8000-000000000001";
const std::string kRegistry = kSubscription + "/resourceGroups/default/providers/Microsoft.ContainerRegistry/registries/bench";

double ms_since(Clock::time_point begin) { return std::chrono::duration<double, std::milli>(Clock::now() - begin).count(); }

model::Finding draw_finding(std::mt19937& random) {
  model::Finding out;
  const auto number = random() % kVulnerabilities;
  out.id = fmt::format("CVE-2026-{}", 10'000 + number);
  out.title = fmt::format("Heap overflow number {} in a parser", number);
  out.package.name = fmt::format("lib{}", random() % 500);
  out.package.version = "1.0";
  out.package.type = "deb";
  out.package.path = "var/lib/dpkg/status";
  out.severity = static_cast<model::Severity>(number % 6);
  out.score = static_cast<double>(number % 100) / 10;
  if (number % 3 == 0) out.fixed_version = "1.1";
  out.references = {"https://security.example/" + out.id, "https://tracker.example/" + out.id};
  return out;
}

struct Bench {
  std::unique_ptr<store::Database> database;
  security::Recommendations recommendations;
  std::unique_ptr<security::Assessor> assessor;
  int images = 0;

  void write(const store::Database::Work& work) const {
    if (const auto done = database->write(work); !done) {
      fmt::print(stderr, "{}\n", done.error().message);
      std::exit(1);
    }
  }
  void read(const store::Database::Work& work) const {
    if (const auto done = database->read(work); !done) {
      fmt::print(stderr, "{}\n", done.error().message);
      std::exit(1);
    }
  }
};

std::string image_id(int number) {
  return fmt::format("{}/repositories/app{}/images/sha256:{:064x}", kRegistry, number % 200, number);
}

base::Result<void> add_image(store::Session& session, int number, std::int64_t set) {
  const std::string id = image_id(number), key = base::to_lower(id), registry = base::to_lower(kRegistry);
  const std::string repository = fmt::format("app{}", number % 200), digest = id.substr(id.rfind('/') + 1);
  const std::string tag = std::to_string(number);
  TRY(session.run(
      "INSERT INTO images (registry_key, repository, digest, resource_key, resource_id, parent_digest, media_type, size, "
      "platform, os, pushed_at, seen_at, scan_state, scan_error, scan_partial, scanned_at, set_id, config, quarantine, "
      "superseded_at, deleted_at) VALUES (?, ?, ?, ?, ?, '', '', 0, '', '', 0, 0, 'complete', '', 0, 1, ?, '{}', '', 0, 0)",
      {std::string_view(registry), std::string_view(repository), std::string_view(digest), std::string_view(key),
       std::string_view(id), set}));
  return session.run("INSERT INTO tags (registry_key, repository, tag, digest, changed_at) VALUES (?, ?, ?, ?, 0)",
                     {std::string_view(registry), std::string_view(repository), std::string_view(tag), std::string_view(digest)});
}

security::Subject subject_of(int number) {
  return {image_id(number), "Microsoft.ContainerRegistry/registries/repositories/images", std::string(security::kRegistryImages)};
}

// One transaction an image, as the hub does; times of put + assess alone.
void fill(const Bench& bench) {
  std::mt19937 random(1);
  std::vector<double> times;
  for (int number = 0; number < bench.images; number += 2) {
    std::vector<model::Finding> findings;
    for (int i = 0; i < kFindingsOfAnImage; ++i) findings.push_back(draw_finding(random));
    bench.write([&](store::Session& session) -> base::Result<void> {
      const auto begin = Clock::now();
      const auto set = TRY(security::put_finding_set(session, std::to_string(number), nullptr, findings, "data", 1));
      TRY(bench.assessor->assess(session, subject_of(number), {set.set_id, "", "", ""}, 1));
      times.push_back(ms_since(begin));
      TRY(bench.assessor->assess(session, subject_of(number + 1), {set.set_id, "", "", ""}, 1));
      TRY(add_image(session, number, set.set_id));
      return add_image(session, number + 1, set.set_id);
    });
  }
  std::sort(times.begin(), times.end());
  fmt::print("put and assess 100 findings: median {:.2f} ms, p99 {:.2f} ms\n", times[times.size() / 2],
             times[times.size() * 99 / 100]);
}

void reassess(const Bench& bench) {
  const security::Subject registry{kRegistry, "Microsoft.ContainerRegistry/registries", std::string(security::kRegistryImages)};
  auto begin = Clock::now();
  bench.write([&](store::Session& session) -> base::Result<void> {
    TRY(bench.assessor->roll_up(session, registry, 1));
    fmt::print("roll-up of a registry with {} images: {:.1f} ms\n", bench.images, ms_since(begin));
    return {};
  });
  const std::string key = base::to_lower(kSubscription) + "/providers/bulwark.security/disablerules/low";
  bench.write([&](store::Session& session) {
    return session.run("INSERT INTO resources (resource_key, resource_id, type, name, body, etag, created_at, created_by, "
                       "changed_at, changed_by) VALUES (?, ?, 'bulwark.security/disablerules', 'low', "
                       "'{\"properties\":{\"criteria\":{\"severities\":[\"Low\"]}}}', '', 0, '', 0, '')",
                       {std::string_view(key), std::string_view(key)});
  });
  for (const char* what : {"a new rule that disables a third", "nothing new"}) {
    begin = Clock::now();
    bench.write([&](store::Session& session) { return bench.assessor->reassess_scope(session, base::to_lower(kSubscription), 2); });
    fmt::print("reassess {} images, {}: {:.0f} ms\n", bench.images, what, ms_since(begin));
  }
}

void time_pages(const Bench& bench, std::string_view what, security::Query query, int pages) {
  std::vector<double> times;
  double first = 0;
  query.scopes = {base::to_lower(kSubscription)};
  for (int i = 0; i < pages; ++i) {
    const auto begin = Clock::now();
    bench.read([&](store::Session& session) -> base::Result<void> {
      query.cursor = TRY(security::list_findings(session, query)).next;
      return {};
    });
    (i == 0 ? first : times.emplace_back()) = ms_since(begin);
    if (query.cursor.empty() && i > 0) break;
  }
  std::sort(times.begin(), times.end());
  if (times.empty()) times.push_back(first);
  fmt::print("findings, {}: first page {:.1f} ms, next {} pages median {:.1f} ms, p99 {:.1f} ms\n", what, first, times.size(),
             times[times.size() / 2], times[times.size() * 99 / 100]);
}

void read_views(const Bench& bench) {
  const auto with = [](std::string sort, std::map<std::string, std::vector<std::string>> filters, std::string words = {}) {
    security::Query query;
    query.sort = std::move(sort);
    query.filters = std::move(filters);
    query.q = std::move(words);
    return query;
  };
  time_pages(bench, "by severity", with("", {}), 300);
  time_pages(bench, "by severity, High", with("", {{"severity", {"High"}}}), 100);
  time_pages(bench, "by package", with("package", {}), 100);
  time_pages(bench, "patchable and High", with("", {{"severity", {"High"}}, {"patchable", {"true"}}}), 50);
  time_pages(bench, "of one vulnerability", with("", {{"vulnerability", {"CVE-2026-10040"}}}), 20);
  time_pages(bench, "of one repository", with("", {{"repository", {"app7"}}}), 20);
  time_pages(bench, "words", with("", {}, "overflow 77"), 20);
  const std::vector<std::string> scopes{base::to_lower(kSubscription)};
  const auto timed = [&](std::string_view what, const store::Database::Work& work) {
    const auto begin = Clock::now();
    bench.read(work);
    fmt::print("{}: {:.1f} ms\n", what, ms_since(begin));
  };
  timed("overview", [&](store::Session& session) -> base::Result<void> {
    TRY(security::read_overview(session, scopes));
    return {};
  });
  timed("top vulnerabilities", [&](store::Session& session) -> base::Result<void> {
    TRY(security::top_vulnerabilities(session, scopes, 10));
    return {};
  });
  timed("inventory", [&](store::Session& session) -> base::Result<void> {
    security::Query query;
    query.scopes = scopes;
    TRY(security::read_inventory(session, query));
    return {};
  });
  timed("recommendations", [&](store::Session& session) -> base::Result<void> {
    security::Query query;
    query.scopes = scopes;
    TRY(security::list_recommendations(session, bench.recommendations, query, 2));
    return {};
  });
  timed("search", [&](store::Session& session) -> base::Result<void> {
    TRY(security::search(session, bench.recommendations, "lib77", scopes));
    return {};
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 3;
  const std::filesystem::path file = std::filesystem::path(argv[1]) / "bench.db";
  if (std::filesystem::exists(file)) return 3;
  auto database = store::open_sqlite({file});
  auto recommendations = security::Recommendations::load();
  if (!database || !recommendations) return 1;
  Bench bench{std::move(*database), std::move(*recommendations), nullptr, argc > 2 ? std::atoi(argv[2]) : 1'000};
  bench.assessor = std::make_unique<security::Assessor>(bench.recommendations, nullptr);
  fill(bench);
  read_views(bench);
  reassess(bench);
  return 0;
}
