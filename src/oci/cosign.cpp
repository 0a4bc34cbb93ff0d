// SPDX-License-Identifier: Apache-2.0
#include "oci/cosign.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "oci/registry_admin.hpp"
#include "oci/registry_client.hpp"

namespace oci {

namespace {

constexpr std::size_t kLooksCap = 128;             // manifests and layers that are fetched
constexpr std::size_t kRefusalsCap = 64;           // lines that are kept
constexpr std::size_t kPayloadCap = 256u << 10;    // of a simple signing payload
constexpr std::size_t kBundleBytesCap = 1u << 20;  // of a Sigstore bundle

constexpr std::string_view kPayloadType = "application/vnd.dev.cosign.simplesigning.v1+json";
constexpr std::string_view kCosignArtifact = "application/vnd.dev.cosign.artifact.sig.v1+json";
constexpr std::string_view kBundlePrefix = "application/vnd.dev.sigstore.bundle";  // ".v0.3+json"

bool is_bundle(std::string_view media_type) { return media_type.substr(0, kBundlePrefix.size()) == kBundlePrefix; }

// What a fault of one signature is, in contrast to one of the registry: it makes this one not count.
bool is_fault_of_content(base::Kind kind) {
  return kind == base::Kind::invalid_input || kind == base::Kind::corrupt || kind == base::Kind::too_large ||
         kind == base::Kind::not_found || kind == base::Kind::unsupported;
}

class SignatureSearch {
 public:
  SignatureSearch(const Reference& repository, const Digest& digest, const SignaturePolicy& policy,
                  const RegistryOptions& options)
      : repository_(repository), digest_(digest), policy_(policy), options_(options), client_(repository, options) {}

  base::Result<SignatureCheck> run();

 private:
  base::Result<void> look_under_tag();
  base::Result<void> look_at_referrers();
  base::Result<void> look_at(const std::string& key);
  base::Result<void> look_into(const std::vector<SignatureLayer>& signatures, const std::string& what);
  base::Result<SignatureVerdict> judge(const SignatureLayer& layer);
  base::Result<std::string> signed_manifest();
  void refuse(std::string_view what, std::string_view why);
  bool may_look_further();

  const Reference repository_;
  const Digest digest_;
  const SignaturePolicy& policy_;
  const RegistryOptions& options_;
  RegistryClient client_;
  std::string manifest_;  // of the image, once needed
  std::size_t looks_ = 0;
  SignatureCheck check_;
};

// Whoever may push may push signatures without end.
bool SignatureSearch::may_look_further() {
  if (++looks_ <= kLooksCap) return true;
  if (looks_ == kLooksCap + 1)
    refuse("further signatures", fmt::format("no more than {} are looked at; delete old ones", kLooksCap));
  return false;
}

void SignatureSearch::refuse(std::string_view what, std::string_view why) {
  if (check_.refused.size() < kRefusalsCap) check_.refused.push_back(fmt::format("{}: {}", what, why));
}

base::Result<std::string> SignatureSearch::signed_manifest() {
  if (manifest_.empty()) manifest_ = TRY(client_.get_manifest(digest_.text())).text;
  return manifest_;
}

base::Result<SignatureVerdict> SignatureSearch::judge(const SignatureLayer& layer) {
  if (layer.certificate)
    return SignatureVerdict{
        "", "it is keyless (made with a certificate), which is not verified; sign with a key: cosign sign --key"};
  if (layer.media_type == kPayloadType) {
    const std::string payload = TRY(client_.get_blob(layer.digest, layer.size, kPayloadCap));
    return judge_payload(payload, layer.signature, digest_, policy_);
  }
  if (!is_bundle(layer.media_type))
    return SignatureVerdict{"", fmt::format("{} is no signature's media type",
                                            base::printable(std::string_view(layer.media_type).substr(0, 200)))};
  const std::string bundle = TRY(client_.get_blob(layer.digest, layer.size, kBundleBytesCap));
  const bool needs_manifest = bundle.find("messageSignature") != std::string::npos;
  const std::string manifest = needs_manifest ? TRY(signed_manifest()) : std::string();
  return judge_bundle(bundle, digest_, manifest, policy_);
}

base::Result<void> SignatureSearch::look_into(const std::vector<SignatureLayer>& signatures,
                                              const std::string& what) {
  for (const SignatureLayer& layer : signatures) {
    if (!may_look_further()) return {};
    const auto verdict = judge(layer);
    if (!verdict && !is_fault_of_content(verdict.error().kind)) return base::fail(verdict.error());
    if (verdict && verdict->refusal.empty()) {
      check_.verified = true;
      check_.key_id = verdict->key_id;
      return {};
    }
    refuse(fmt::format("{} layer {}", what, layer.digest.text()), verdict ? verdict->refusal : verdict.error().message);
  }
  return {};
}

// A manifest of signatures by tag or digest; that it is missing is no failure.
base::Result<void> SignatureSearch::look_at(const std::string& key) {
  if (!may_look_further()) return {};
  const auto text = client_.get_manifest(key);
  if (!text && text.error().kind == base::Kind::not_found) return {};
  if (!text && !is_fault_of_content(text.error().kind)) return base::fail(text.error());
  if (!text) {
    refuse(key, text.error().message);
    return {};
  }
  const auto signatures = parse_signature_manifest(text->text, key);
  if (signatures) return look_into(*signatures, key);
  refuse(key, signatures.error().message);
  return {};
}

base::Result<void> SignatureSearch::look_under_tag() {
  return look_at(fmt::format("{}-{}.sig", digest_.algorithm(), digest_.hex().substr(0, 64)));
}

base::Result<void> SignatureSearch::look_at_referrers() {
  const auto admin = TRY(RegistryAdmin::open(repository_.domain, options_));
  const auto referrers = admin->list_referrers(repository_.path, digest_);
  if (!referrers && !is_fault_of_content(referrers.error().kind)) return base::fail(referrers.error());
  if (!referrers) {
    refuse("the list of referrers", referrers.error().message);
    return {};
  }
  for (const Referrer& referrer : *referrers) {
    if (referrer.artifact_type != kCosignArtifact && !is_bundle(referrer.artifact_type)) continue;
    TRY(look_at(referrer.digest.text()));
    if (check_.verified) return {};
  }
  return {};
}

base::Result<SignatureCheck> SignatureSearch::run() {
  TRY(look_under_tag());
  if (!check_.verified) TRY(look_at_referrers());
  const std::string image = fmt::format("{}/{}@{}", repository_.domain, repository_.path, digest_.text());
  if (check_.verified)
    check_.detail = fmt::format("{} is signed by {}", image, check_.key_id);
  else if (check_.refused.empty())
    check_.detail = fmt::format("{} has no signature; make one with: cosign sign --key", image);
  else
    check_.detail = fmt::format("none of the signatures of {} counts; the first: {}", image, check_.refused.front());
  return std::move(check_);
}

}  // namespace

base::Result<SignatureCheck> check_signatures(const Reference& repository, const Digest& digest,
                                              const SignaturePolicy& policy, const RegistryOptions& options) {
  if (digest.empty()) return base::fail(base::Kind::invalid_input, "a signature is of a digest; resolve the tag first");
  if (policy.keys.empty())
    return base::fail(base::Kind::invalid_input,
                      "no public key was given to verify signatures with; keyless verification is not supported");
  return SignatureSearch(repository, digest, policy, options).run();
}

}  // namespace oci
