// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/base64.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "oci/cosign.hpp"

namespace oci {

namespace {

constexpr std::size_t kSignatureLayersCap = 64;
constexpr std::size_t kSignatureBytesCap = 16u << 10;

const base::Json& member_of(const base::Json& value, std::string_view key) {
  static const base::Json none;
  const base::Json* found = base::find(value, key);
  return found ? *found : none;
}

base::Result<SignatureLayer> read_signature_layer(const base::Json& entry, std::string_view what) {
  SignatureLayer layer;
  layer.digest = TRY_CONTEXT(Digest::parse(base::get_string(entry, "digest")), what);
  const auto size = base::get_int(entry, "size");
  if (!size || *size < 0) return base::fail(base::Kind::invalid_input, fmt::format("{}: a layer without size", what));
  layer.size = static_cast<std::uint64_t>(*size);
  layer.media_type = base::get_string(entry, "mediaType");
  const base::Json& annotations = member_of(entry, "annotations");
  const std::string_view signature = base::get_string(annotations, "dev.cosignproject.cosign/signature");
  if (signature.size() <= kSignatureBytesCap) layer.signature = base::base64_decode(signature).value_or("");
  layer.certificate = !base::get_string(annotations, "dev.sigstore.cosign/certificate").empty();
  return layer;
}

}  // namespace

base::Result<std::vector<SignatureLayer>> parse_signature_manifest(std::string_view text, std::string_view what) {
  const base::Json document = TRY(base::parse_json(text, what));
  const base::JsonArray& layers = base::get_array(document, "layers");
  if (layers.size() > kSignatureLayersCap)
    return base::fail(base::Kind::too_large,
                      fmt::format("{}: {} signatures, more than the {} that are read", what, layers.size(),
                                  kSignatureLayersCap));
  std::vector<SignatureLayer> signatures;
  for (const base::Json& layer : layers) signatures.push_back(TRY(read_signature_layer(layer, what)));
  return signatures;
}

std::string signer_of(std::string_view data, std::string_view signature, const SignaturePolicy& policy) {
  if (signature.empty()) return {};
  for (const TrustedKey& candidate : policy.keys)
    if (candidate.key.verify(data, signature)) return candidate.id.empty() ? candidate.key.fingerprint() : candidate.id;
  return {};
}

bool same_identity(std::string_view signed_for, std::string_view asked) {
  const auto repository = [](std::string_view text) -> std::string {
    const auto parsed = Reference::parse(text);
    return parsed ? parsed->domain + "/" + parsed->path : std::string();
  };
  const std::string name = repository(asked);
  return !name.empty() && repository(signed_for) == name;
}

// The signature is verified first: what nobody vouches for is not read.
SignatureVerdict judge_payload(std::string_view payload, std::string_view signature, const Digest& digest,
                               const SignaturePolicy& policy) {
  if (signature.empty()) return {"", "it has no signature in base64"};
  std::string signer = signer_of(payload, signature, policy);
  if (signer.empty()) return {"", "it was made by none of the keys given"};
  const auto document = base::parse_json(payload, "payload");
  if (!document) return {"", "its payload is no JSON"};
  const base::Json& critical = member_of(*document, "critical");
  const std::string_view type = base::get_string(critical, "type");
  if (type != "cosign container image signature" && type != "atomic container signature")
    return {"", fmt::format("its payload is of type '{}'", base::printable(type.substr(0, 100)))};
  if (base::get_string(member_of(critical, "image"), "docker-manifest-digest") != digest.text())
    return {"", "it is the signature of another image"};
  const std::string_view reference = base::get_string(member_of(critical, "identity"), "docker-reference");
  if (!policy.identity.empty() && !same_identity(reference, policy.identity))
    return {"", fmt::format("it was made for '{}', not for {}", base::printable(reference.substr(0, 300)),
                            policy.identity)};
  return {std::move(signer), ""};
}

}  // namespace oci
