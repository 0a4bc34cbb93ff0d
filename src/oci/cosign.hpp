// SPDX-License-Identifier: Apache-2.0
// Signatures of images with public keys, as Cosign makes them: "simple signing" payloads (cosign, SIGNATURE_SPEC.md) and
// Sigstore bundles (protobuf-specs, sigstore_bundle.proto, v0.3). Keyless signatures (a certificate in place of a key)
// and entries of transparency logs are not verified: the former are refused, the latter not looked at.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/public_key.hpp"
#include "oci/image.hpp"
#include "oci/reference.hpp"
#include "oci/registry_session.hpp"

namespace oci {

struct TrustedKey {
  std::string id;  // as the user names it; empty: its fingerprint
  base::PublicKey key;
};

struct SignaturePolicy {
  std::vector<TrustedKey> keys;  // one good signature by one of them is enough
  std::string identity;          // docker-reference that must have been signed for; empty: any
};

struct SignatureCheck {
  bool verified = false;
  std::string key_id;                // of the key that signed; empty where none did
  std::string detail;                // one sentence
  std::vector<std::string> refused;  // one line a signature that does not count: which, and why
};

// Looks for signatures of `digest` under the tag "sha256-<hex>.sig" and among its referrers. That there is none, or none
// that counts, is a result and no error; a registry that does not answer is an error: Kind::unavailable,
// Kind::denied. Kind::invalid_input without keys. `repository` is where the image is; its tag and digest do not matter.
base::Result<SignatureCheck> check_signatures(const Reference& repository, const Digest& digest,
                                              const SignaturePolicy& policy, const RegistryOptions& options);

// The parts below are pure: what came, judged.

// A layer of a signature's manifest.
struct SignatureLayer {
  Digest digest;
  std::string media_type;
  std::uint64_t size = 0;
  std::string signature;     // decoded; empty where the annotation is missing or none
  bool certificate = false;  // made without a key
};

// Of a manifest of signatures. At most 64 layers: Kind::too_large.
base::Result<std::vector<SignatureLayer>> parse_signature_manifest(std::string_view text, std::string_view what);

// What one signature is worth: `key_id` of the key that made it, or why it does not count.
struct SignatureVerdict {
  std::string key_id;
  std::string refusal;
};

SignatureVerdict judge_payload(std::string_view payload, std::string_view signature, const Digest& digest,
                               const SignaturePolicy& policy);

// `manifest` is the image's, of that digest: what a bundle with a message signature signs.
SignatureVerdict judge_bundle(std::string_view bundle, const Digest& digest, std::string_view manifest,
                              const SignaturePolicy& policy);

// The id of the first key that made `signature` over `data`; empty where none did.
std::string signer_of(std::string_view data, std::string_view signature, const SignaturePolicy& policy);

// How Cosign names what is signed: "index.docker.io/library/nginx" and "docker.io/library/nginx:1" are the same; tags
// and digests do not count.
bool same_identity(std::string_view signed_for, std::string_view asked);

}  // namespace oci
