// SPDX-License-Identifier: Apache-2.0
// Sigstore bundles: a signature over the manifest itself, or a DSSE envelope (DSSE v1) around an in-toto statement.
#include <fmt/format.h>

#include "base/base64.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "oci/cosign.hpp"

namespace oci {

namespace {

constexpr std::size_t kEnvelopeSignaturesCap = 16;
constexpr std::string_view kStatementType = "application/vnd.in-toto+json";
constexpr std::string_view kSignPredicate = "https://sigstore.dev/cosign/sign/v1";

const base::Json& bundle_member(const base::Json& value, std::string_view key) {
  static const base::Json none;
  const base::Json* found = base::find(value, key);
  return found ? *found : none;
}

// DSSE's pre-authentication encoding: what is signed.
std::string signed_envelope(std::string_view type, std::string_view payload) {
  return fmt::format("DSSEv1 {} {} {} {}", type.size(), type, payload.size(), payload);
}

std::string envelope_signer(const base::Json& envelope, std::string_view payload, const SignaturePolicy& policy) {
  const std::string text = signed_envelope(base::get_string(envelope, "payloadType"), payload);
  const base::JsonArray& signatures = base::get_array(envelope, "signatures");
  for (std::size_t i = 0; i < signatures.size() && i < kEnvelopeSignaturesCap; ++i) {
    const auto signature = base::base64_decode(base::get_string(signatures[i], "sig"));
    if (!signature) continue;
    if (std::string signer = signer_of(text, *signature, policy); !signer.empty()) return signer;
  }
  return {};
}

// Nothing where the statement says that the image of `digest` is signed, else why not.
std::string statement_fault(const base::Json& statement, const Digest& digest, const SignaturePolicy& policy) {
  const std::string_view type = base::get_string(statement, "_type");
  if (type != "https://in-toto.io/Statement/v1" && type != "https://in-toto.io/Statement/v0.1")
    return "its payload is no in-toto statement";
  const std::string_view predicate = base::get_string(statement, "predicateType");
  if (predicate != kSignPredicate)  // provenance is signed too, and says nothing about approval
    return fmt::format("it is an attestation ({}), not a signature", base::printable(predicate.substr(0, 200)));
  bool named_otherwise = false;
  for (const base::Json& subject : base::get_array(statement, "subject")) {
    if (base::get_string(bundle_member(subject, "digest"), digest.algorithm()) != digest.hex()) continue;
    if (policy.identity.empty() || same_identity(base::get_string(subject, "name"), policy.identity)) return {};
    named_otherwise = true;
  }
  return named_otherwise ? fmt::format("it does not say that it was made for {}", policy.identity)
                         : "it is the signature of another image";
}

SignatureVerdict judge_envelope(const base::Json& envelope, const Digest& digest, const SignaturePolicy& policy) {
  if (base::get_string(envelope, "payloadType") != kStatementType) return {"", "its envelope holds no in-toto statement"};
  const auto payload = base::base64_decode(base::get_string(envelope, "payload"));
  if (!payload) return {"", "the payload of its envelope is no base64"};
  std::string signer = envelope_signer(envelope, *payload, policy);
  if (signer.empty()) return {"", "it was made by none of the keys given"};
  const auto statement = base::parse_json(*payload, "statement");
  if (!statement) return {"", "its payload is no JSON"};
  if (std::string fault = statement_fault(*statement, digest, policy); !fault.empty()) return {"", std::move(fault)};
  return {std::move(signer), ""};
}

SignatureVerdict judge_message(const base::Json& message, const Digest& digest, std::string_view manifest,
                               const SignaturePolicy& policy) {
  if (!policy.identity.empty()) return {"", fmt::format("it does not say that it was made for {}", policy.identity)};
  if (manifest.empty()) return {"", fmt::format("the manifest {} that it signs is not at hand", digest.text())};
  const auto signature = base::base64_decode(base::get_string(message, "signature"));
  if (!signature) return {"", "its signature is no base64"};
  std::string signer = signer_of(manifest, *signature, policy);
  if (signer.empty()) return {"", "it was made by none of the keys given, or for another image"};
  return {std::move(signer), ""};
}

}  // namespace

SignatureVerdict judge_bundle(std::string_view bundle, const Digest& digest, std::string_view manifest,
                              const SignaturePolicy& policy) {
  const auto document = base::parse_json(bundle, "bundle");
  if (!document) return {"", "its bundle is no JSON"};
  const base::Json& material = bundle_member(*document, "verificationMaterial");
  if (base::find(material, "certificate") || base::find(material, "x509CertificateChain"))
    return {"", "it is keyless (made with a certificate), which is not verified; sign with a key: cosign sign --key"};
  if (const base::Json* envelope = base::find(*document, "dsseEnvelope"))
    return judge_envelope(*envelope, digest, policy);
  if (const base::Json* message = base::find(*document, "messageSignature"))
    return judge_message(*message, digest, manifest, policy);
  return {"", "its bundle holds no signature"};
}

}  // namespace oci
