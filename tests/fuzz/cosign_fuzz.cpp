// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "base/json.hpp"
#include "oci/cosign.hpp"
#include "oci/link_header.hpp"
#include "oci/registry_admin.hpp"

namespace {

// A key whose private half is nowhere: nothing that comes here is signed by it.
constexpr const char* kPem =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEJSF7eMQLnQ74C4eFG0uo7+z2MEGE\n"
    "W2K9N7PLFAdybt6xvYQ7N8qvVEjRzJ/evdPQW3yDMakogjZa1fJqHxc3XQ==\n"
    "-----END PUBLIC KEY-----\n";

oci::SignaturePolicy fuzz_policy() {
  oci::SignaturePolicy policy;
  policy.keys.push_back({"key", base::PublicKey::parse(kPem).value()});
  return policy;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const oci::SignaturePolicy policy = fuzz_policy();
  static const oci::Digest digest = *oci::Digest::parse("sha256:" + std::string(64, 'a'));
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto layers = oci::parse_signature_manifest(text, "input"))
    for (const oci::SignatureLayer& layer : *layers)
      if (oci::judge_payload(text, layer.signature, digest, policy).refusal.empty()) std::abort();
  if (oci::judge_bundle(text, digest, text, policy).refusal.empty()) std::abort();
  if (oci::judge_payload(text, text.substr(0, 72), digest, policy).refusal.empty()) std::abort();
  (void)oci::same_identity(text, "team/app");
  (void)oci::next_link(text);
  (void)base::PublicKey::parse(text);
  if (const auto json = base::parse_json(text, "input")) (void)oci::parse_referrers(*json, "input");
  return 0;
}
