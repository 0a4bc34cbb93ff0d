// SPDX-License-Identifier: Apache-2.0
// Fills the data directory of a hub that is not running with images, as if each had been pushed and scanned. Package lists
// are drawn from a real bill of materials, findings are what the hub's vulnerability data has for them.
//
// usage: bench_seed_hub DATA_DIR SBOM PACKAGES REGISTRY=IMAGES…
//        PACKAGES: of each image; the registries are configured in the hub already
#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <random>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "hub/installation.hpp"
#include "providers/container_registry/image_outcome.hpp"
#include "sbom/document.hpp"
#include "security/recommendations.hpp"

namespace {

constexpr std::size_t kImagesOfARepository = 50;
constexpr std::size_t kLayersOfAnImage = 8;
constexpr std::size_t kImagesAtOnce = 100;  // in one transaction

struct Seeder {
  const providers::Services& services;
  const model::Inventory& pool;
  const providers::VulnerabilityData::Current data;
  const std::size_t packages;  // of an image
  std::mt19937 random{1};
  std::size_t images = 0, findings = 0;

  providers::ScanOutcome draw_outcome(std::string_view digest) {
    providers::ScanOutcome outcome;
    auto& inventory = outcome.inventory;
    inventory.os = pool.os;
    inventory.artifact = {"", "image", std::string(digest), "linux/amd64", {}};
    std::uniform_int_distribution<std::size_t> pick(0, pool.packages.size() - 1);
    for (std::size_t i = 0; i < packages; ++i) inventory.packages.push_back(pool.packages[pick(random)]);
    outcome.findings = data.database->match(inventory);
    outcome.matched_with = data.version;
    auto& details = outcome.details;
    details.config = {{"user", "app"}, {"env", base::JsonArray{"PATH", "HOME"}}, {"entrypoint", base::JsonArray{"/bin/app"}}};
    for (std::size_t i = 0; i < kLayersOfAnImage; ++i)
      details.layers.emplace_back(base::JsonObject{{"diffId", fmt::format("sha256:{}", base::sha256_hex(fmt::format("{}{}", digest, i)))},
                                                   {"size", 4'000'000},
                                                   {"createdBy", "RUN apt-get update && apt-get install -y --no-install-recommends app"}});
    details.size = static_cast<std::int64_t>(kLayersOfAnImage) * 4'000'000;
    details.media_type = "application/vnd.oci.image.manifest.v1+json";
    return outcome;
  }

  base::Result<void> add_image(store::Session& session, const providers::Registry& registry, std::size_t number) {
    const auto now = store::now_ms();
    const std::string repository = fmt::format("team{}/app{}", number / kImagesOfARepository % 10, number / kImagesOfARepository);
    const std::string digest = "sha256:" + base::sha256_hex(fmt::format("{} {}", registry.name, number));
    const auto tag = fmt::format("1.{}", number % kImagesOfARepository);
    const auto sighting = TRY(providers::record_image(
        session, registry, {repository, digest, tag, "application/vnd.oci.image.manifest.v1+json", {}, "linux/amd64", now}));
    const auto outcome = draw_outcome(digest);
    ++images;
    findings += outcome.findings.size();
    return providers::keep_outcome(services, session, registry, sighting.image, outcome, now);
  }
};

// "NAME=IMAGES" of the command line.
base::Result<std::pair<std::string, std::size_t>> read_share(std::string_view text) {
  const auto parts = base::cut(text, "=");
  std::size_t images = 0;
  const auto end = parts.second.data() + parts.second.size();
  const auto read = std::from_chars(parts.second.data(), end, images);
  if (read.ec != std::errc() || read.ptr != end) return base::fail(base::Kind::invalid_input, fmt::format("'{}' is not REGISTRY=IMAGES", text));
  return std::pair(std::string(parts.first), images);
}

base::Result<void> seed_registry(Seeder& seeder, const std::string& name, std::size_t images) {
  for (std::size_t begin = 0; begin < images; begin += kImagesAtOnce) {
    TRY(seeder.services.database.write([&](store::Session& session) -> base::Result<void> {
      const auto registry = TRY(providers::find_registry(session, seeder.services.vault, name));
      if (!registry) return base::fail(base::Kind::not_found, fmt::format("the hub has no registry '{}'", name));
      for (std::size_t number = begin; number < std::min(begin + kImagesAtOnce, images); ++number)
        TRY(seeder.add_image(session, *registry, number));
      return {};
    }));
  }
  return {};
}

base::Result<void> seed(const std::filesystem::path& folder, const char* document_file, std::size_t packages,
                        const std::vector<std::string_view>& shares) {
  const auto database = TRY(store::open_sqlite({folder / "state.db"}));
  const auto vault = TRY(store::Vault::open(folder / "hub.key"));
  const auto recommendations = TRY(security::Recommendations::load());
  const auto data = TRY(providers::VulnerabilityData::open(folder / "advisories.db"));
  if (!data->current()) return base::fail(base::Kind::not_found, "the hub has no vulnerability data; import some first");
  const auto installation = TRY(hub::load_installation(*database));
  const auto pool = TRY(sbom::read_document(TRY(base::read_file(document_file)), document_file));
  if (pool.packages.empty()) return base::fail(base::Kind::invalid_input, fmt::format("{} names no packages", document_file));
  security::Assessor assessor(recommendations, nullptr);
  scan::LayerClaims claims;
  const providers::Services services{*database, vault, assessor, *data, nullptr, folder / "cache", claims, installation.subscription_id,
                                     "default", false, [](std::string_view, const base::JsonObject&) {}, [] {}};
  Seeder seeder{services, pool, *data->current(), packages};
  for (const auto text : shares) {
    const auto [name, images] = TRY(read_share(text));
    TRY(seed_registry(seeder, name, images));
  }
  fmt::print("{} images, {} findings\n", seeder.images, seeder.findings);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const int packages = argc < 5 ? 0 : std::atoi(argv[3]);
  if (packages < 1) return 3;
  const auto done = seed(argv[1], argv[2], static_cast<std::size_t>(packages), {argv + 4, argv + argc});
  if (!done) fmt::print(stderr, "bench_seed_hub: {}\n", done.error().message);
  return done ? 0 : 1;
}
