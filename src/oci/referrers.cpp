// SPDX-License-Identifier: Apache-2.0
// OCI distribution-spec 1.1, "Listing Referrers" and "Referrers Tag Schema".
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/text.hpp"
#include "oci/registry_admin.hpp"
#include "oci/registry_client.hpp"

namespace oci {

namespace {

constexpr std::size_t kReferrersCap = 1'000;
constexpr std::size_t kAnnotationsCap = 100;
constexpr std::size_t kAnnotationBytesCap = 16u << 10;
constexpr std::string_view kIndexType = "application/vnd.oci.image.index.v1+json";

std::optional<Referrer> read_referrer(const base::Json& entry) {
  auto digest = Digest::parse(base::get_string(entry, "digest"));
  const auto size = base::get_int(entry, "size");
  if (!digest || !size || *size < 0) return std::nullopt;
  Referrer referrer;
  referrer.digest = std::move(*digest);
  referrer.size = static_cast<std::uint64_t>(*size);
  referrer.media_type = base::get_string(entry, "mediaType");
  referrer.artifact_type = base::get_string(entry, "artifactType");
  for (const auto& member : base::get_object(entry, "annotations")) {
    const std::string_view value = base::as_string(member.value());
    const bool usable = member.value().is_string() && value.size() <= kAnnotationBytesCap;
    if (usable && referrer.annotations.size() < kAnnotationsCap) referrer.annotations.emplace(member.key(), value);
  }
  return referrer;
}

void keep_artifact_type(std::vector<Referrer>& referrers, const std::string& type) {
  if (type.empty()) return;
  std::erase_if(referrers, [&](const Referrer& referrer) { return referrer.artifact_type != type; });
}

}  // namespace

base::Result<std::vector<Referrer>> parse_referrers(const base::Json& index, std::string_view what) {
  if (!base::find(index, "manifests"))
    return base::fail(base::Kind::invalid_input, fmt::format("{}: no index of referrers", what));
  const base::JsonArray& entries = base::get_array(index, "manifests");
  if (entries.size() > kReferrersCap)
    return base::fail(base::Kind::too_large, fmt::format("{}: {} referrers, more than the {} that are read; delete old "
                                                         "ones",
                                                         what, entries.size(), kReferrersCap));
  std::vector<Referrer> referrers;
  for (const base::Json& entry : entries)
    if (auto referrer = read_referrer(entry)) referrers.push_back(std::move(*referrer));
  return referrers;
}

base::Result<std::vector<Referrer>> RegistryAdmin::referrers_by_api(const std::string& repository, const Digest& digest,
                                                                    const std::string& artifact_type) {
  const std::string what = "referrers of " + describe(repository, digest.text());
  RegistryRequest request;
  request.path = fmt::format("/v2/{}/referrers/{}", repository, digest.text());
  if (!artifact_type.empty()) request.path += "?artifactType=" + base::percent_encode(artifact_type);
  request.scope = fmt::format("repository:{}:pull", repository);
  request.headers = {{"Accept", std::string(kIndexType)}};
  std::vector<Referrer> all;
  const TakePage take = [&](const base::Json& page) -> base::Result<bool> {
    std::vector<Referrer> some = TRY(parse_referrers(page, what));
    std::move(some.begin(), some.end(), std::back_inserter(all));
    if (all.size() <= kReferrersCap) return true;
    return base::fail(base::Kind::too_large, fmt::format("{}: more than {} referrers; delete old ones", what, kReferrersCap));
  };
  TRY(read_pages(std::move(request), what, take));
  return all;
}

// The index that clients keep under a tag where the registry has no API for it.
base::Result<std::vector<Referrer>> RegistryAdmin::referrers_by_tag(const std::string& repository,
                                                                    const Digest& digest) {
  const std::string tag = fmt::format("{}-{}", digest.algorithm(), digest.hex().substr(0, 64));
  const std::string what = describe(repository, tag);
  RegistryRequest request;
  request.path = fmt::format("/v2/{}/manifests/{}", repository, tag);
  request.scope = fmt::format("repository:{}:pull", repository);
  request.headers = {{"Accept", std::string(kAcceptedManifests)}};
  const net::HttpResponse response = TRY_CONTEXT(session_.send(request), what);
  if (response.status == 404) return std::vector<Referrer>();
  if (response.status != 200) return base::fail(session_.failure(response, what));
  const base::Json index = TRY(base::parse_json(response.body, what));
  return parse_referrers(index, what);
}

base::Result<std::vector<Referrer>> RegistryAdmin::list_referrers(const std::string& repository, const Digest& digest,
                                                                  const std::string& artifact_type) {
  TRY(check_repository(repository));
  auto referrers = referrers_by_api(repository, digest, artifact_type);
  // Registries without the API answer with 404, 400 or 405, or with a page of their own.
  if (!referrers && (referrers.error().kind == base::Kind::not_found || referrers.error().kind == base::Kind::invalid_input))
    referrers = referrers_by_tag(repository, digest);
  if (!referrers) return referrers;
  // Whether the registry filtered or not (OCI-Filters-Applied), it is done here.
  keep_artifact_type(*referrers, artifact_type);
  return referrers;
}

}  // namespace oci
