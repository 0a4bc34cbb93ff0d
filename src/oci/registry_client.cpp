// SPDX-License-Identifier: Apache-2.0
#include "oci/registry_client.hpp"

#include <fmt/format.h>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "oci/blob_download.hpp"

namespace oci {

namespace {

constexpr std::size_t kRegistryManifestCap =
    4u << 20;  // distribution-spec, "Pushing Manifests": clients and registries hold this

std::string digest_of(std::string_view bytes, std::string_view algorithm) {
  base::Hasher hasher(algorithm == "sha512" ? base::Hasher::Algorithm::sha512 : base::Hasher::Algorithm::sha256);
  hasher.update(bytes);
  return fmt::format("{}:{}", algorithm, hasher.hex());
}

}  // namespace

RegistryClient::RegistryClient(const Reference& reference, RegistryOptions options)
    : reference_(reference),
      scope_(fmt::format("repository:{}:pull", reference.path)),
      session_(reference.domain, reference.api_host(), std::move(options)) {}

std::string RegistryClient::describe_manifest(const std::string& key) const {
  const bool is_digest = key.find(':') != std::string::npos;
  return fmt::format("{}/{}{}{}", reference_.domain, reference_.path, is_digest ? "@" : ":", key);
}

base::Result<void> RegistryClient::verify(const ManifestText& manifest, const std::string& key,
                                          std::string_view declared) const {
  const bool by_digest = key.find(':') != std::string::npos;
  const std::string_view expected = by_digest ? std::string_view(key) : declared;
  if (expected.empty()) return {};
  const Digest digest = TRY_CONTEXT(Digest::parse(expected), fmt::format("manifest of {}", describe_manifest(key)));
  const std::string found = digest_of(manifest.text, digest.algorithm());
  if (found == digest.text()) return {};
  return base::fail(base::Kind::corrupt,
                    fmt::format("the manifest of {} has the digest {}, where {} was {}; do not use this image",
                                describe_manifest(key), found, digest.text(), by_digest ? "asked for" : "declared"));
}

base::Result<ManifestText> RegistryClient::get_manifest(const std::string& key) {
  RegistryRequest request;
  request.path = fmt::format("/v2/{}/manifests/{}", reference_.path, key);
  request.scope = scope_;
  request.headers = {{"Accept", std::string(kAcceptedManifests)}};
  request.body_cap = kRegistryManifestCap;
  const std::string what = describe_manifest(key);
  auto response = TRY_CONTEXT(session_.send(request), what);
  if (response.status != 200) return base::fail(session_.failure(response, what));
  if (is_web_page(response))
    return base::fail(base::Kind::invalid_input,
                      fmt::format("{}: {} answered with a web page, not with a manifest; is it a registry?", what,
                                  reference_.domain));
  ManifestText manifest;
  manifest.text = std::move(response.body);
  manifest.content_type = base::trim(base::cut(response.header("content-type"), ";").first);
  TRY(verify(manifest, key, response.header("docker-content-digest")));
  const bool sha512 = key.substr(0, 7) == "sha512:";
  manifest.digest = TRY(Digest::parse(digest_of(manifest.text, sha512 ? "sha512" : "sha256")));
  return manifest;
}

base::Result<std::string> RegistryClient::get_blob(const Digest& digest, std::uint64_t size, std::size_t cap) {
  if (size > cap)
    return base::fail(base::Kind::too_large,
                      fmt::format("blob {} of {}/{} has {} bytes, more than the {} that are read of its kind",
                                  digest.text(), reference_.domain, reference_.path, size, cap));
  std::string bytes;
  BlobDownload download(session_, reference_.path, digest, size);
  TRY(download.run([&](std::string_view chunk) -> base::Result<void> {
    bytes += chunk;
    return {};
  }));
  if (const std::string found = digest_of(bytes, digest.algorithm()); found != digest.text())
    return base::fail(base::Kind::corrupt, fmt::format("blob {} of {}/{} has the digest {}; do not use this image",
                                                       digest.text(), reference_.domain, reference_.path, found));
  return bytes;
}

base::SourcePtr RegistryClient::open_blob(const Digest& digest, std::uint64_t size) {
  return base::pipe_source([this, digest, size](const base::ByteSink& sink) {
    BlobDownload download(session_, reference_.path, digest, size);
    return download.run(sink);
  });
}

}  // namespace oci
