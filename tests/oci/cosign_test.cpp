// SPDX-License-Identifier: Apache-2.0
#include "oci/cosign.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "base/base64.hpp"
#include "oci/fake_registry.hpp"
#include "support/test_signer.hpp"

namespace {

const std::string kManifest = R"({"schemaVersion":2,"layers":[]})";
const oci::Digest kImageDigest = oci_test::sha256_digest(kManifest);
const oci::Digest kOtherDigest = oci_test::sha256_digest("other");

const test::Signer& ann() {
  static const test::Signer signer = test::Signer::p256();
  return signer;
}

const test::Signer& bob() {
  static const test::Signer signer({"-algorithm", "ed25519"});
  return signer;
}

oci::SignaturePolicy policy_of(const std::string& identity = {}) {
  oci::SignaturePolicy policy;
  policy.keys.push_back({"", base::PublicKey::parse(bob().pem()).value()});
  policy.keys.push_back({"release", base::PublicKey::parse(ann().pem()).value()});
  policy.identity = identity;
  return policy;
}

std::string payload_for(const oci::Digest& digest, const std::string& type = "cosign container image signature",
                        const std::string& reference = "index.docker.io/team/app") {
  return fmt::format(R"({{"critical":{{"identity":{{"docker-reference":"{}"}},"image":{{"docker-manifest-digest":"{}"}},)"
                     R"("type":"{}"}},"optional":null}})",
                     reference, digest.text(), type);
}

oci::SignatureVerdict judge(const std::string& payload, const oci::SignaturePolicy& policy = policy_of()) {
  return oci::judge_payload(payload, ann().sign(payload), kImageDigest, policy);
}

TEST(CosignPayload, counts_where_a_key_signed_it_for_the_image) {
  EXPECT_EQ(judge(payload_for(kImageDigest)).key_id, "release");
  const std::string payload = payload_for(kImageDigest);
  const auto by_bob = oci::judge_payload(payload, bob().sign(payload), kImageDigest, policy_of());
  EXPECT_EQ(by_bob.key_id, base::PublicKey::parse(bob().pem())->fingerprint());
}

TEST(CosignPayload, says_why_it_does_not_count) {
  EXPECT_EQ(judge(payload_for(kOtherDigest)).refusal, "it is the signature of another image");
  EXPECT_NE(judge(payload_for(kImageDigest, "attestation")).refusal.find("attestation"), std::string::npos);
  EXPECT_EQ(judge("no json").refusal, "its payload is no JSON");
  EXPECT_NE(judge("{}").refusal, "");
  const test::Signer stranger = test::Signer::p256();
  const std::string payload = payload_for(kImageDigest);
  const auto by_stranger = oci::judge_payload(payload, stranger.sign(payload), kImageDigest, policy_of());
  EXPECT_EQ(by_stranger.key_id, "");
  EXPECT_EQ(by_stranger.refusal, "it was made by none of the keys given");
  EXPECT_NE(oci::judge_payload(payload, "", kImageDigest, policy_of()).refusal, "");
  EXPECT_NE(oci::judge_payload(payload + " ", ann().sign(payload), kImageDigest, policy_of()).refusal, "");
}

TEST(CosignPayload, is_held_to_the_identity_asked_for) {
  EXPECT_EQ(judge(payload_for(kImageDigest), policy_of("team/app")).key_id, "release");
  EXPECT_EQ(judge(payload_for(kImageDigest), policy_of("docker.io/team/app:7")).key_id, "release");
  const auto other = judge(payload_for(kImageDigest), policy_of("registry.example.com/team/app"));
  EXPECT_EQ(other.key_id, "");
  EXPECT_NE(other.refusal.find("registry.example.com/team/app"), std::string::npos) << other.refusal;
  EXPECT_NE(judge(payload_for(kImageDigest, "cosign container image signature", ""), policy_of("team/app")).refusal, "");
}

std::string bundle_of(const std::string& content, const std::string& material = R"({"publicKey":{"hint":"x"}})") {
  return fmt::format(R"({{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{},{}}})",
                     material, content);
}

std::string statement_of(const oci::Digest& digest, const std::string& predicate = "https://sigstore.dev/cosign/sign/v1",
                         const std::string& name = {}) {
  return fmt::format(R"({{"_type":"https://in-toto.io/Statement/v1","subject":[{{"name":"{}","digest":{{"sha256":"{}"}}}}],)"
                     R"("predicateType":"{}","predicate":{{}}}})",
                     name, digest.hex(), predicate);
}

std::string envelope_of(const std::string& statement) {
  const std::string type = "application/vnd.in-toto+json";
  const std::string encoded = fmt::format("DSSEv1 {} {} {} {}", type.size(), type, statement.size(), statement);
  return fmt::format(R"("dsseEnvelope":{{"payload":"{}","payloadType":"{}","signatures":[{{"sig":"{}"}}]}})",
                     base::base64_encode(statement), type, base::base64_encode(ann().sign(encoded)));
}

oci::SignatureVerdict judge_bundle(const std::string& bundle, const oci::SignaturePolicy& policy = policy_of()) {
  return oci::judge_bundle(bundle, kImageDigest, kManifest, policy);
}

TEST(SigstoreBundle, counts_with_an_envelope_that_says_the_image_is_signed) {
  const auto verdict = judge_bundle(bundle_of(envelope_of(statement_of(kImageDigest))));
  EXPECT_EQ(verdict.key_id, "release") << verdict.refusal;
}

TEST(SigstoreBundle, is_no_signature_where_it_attests_something_else) {
  const auto provenance =
      judge_bundle(bundle_of(envelope_of(statement_of(kImageDigest, "https://slsa.dev/provenance/v1"))));
  EXPECT_EQ(provenance.key_id, "");
  EXPECT_NE(provenance.refusal.find("slsa.dev"), std::string::npos) << provenance.refusal;
  EXPECT_EQ(judge_bundle(bundle_of(envelope_of(statement_of(kOtherDigest)))).refusal,
            "it is the signature of another image");
}

TEST(SigstoreBundle, is_held_to_the_identity_asked_for) {
  const std::string named = bundle_of(
      envelope_of(statement_of(kImageDigest, "https://sigstore.dev/cosign/sign/v1", "docker.io/team/app")));
  EXPECT_EQ(judge_bundle(named, policy_of("team/app")).key_id, "release");
  EXPECT_EQ(judge_bundle(named, policy_of("team/other")).key_id, "");
  const std::string unnamed = bundle_of(envelope_of(statement_of(kImageDigest)));
  EXPECT_EQ(judge_bundle(unnamed, policy_of("team/app")).key_id, "");
}

TEST(SigstoreBundle, counts_with_a_signature_over_the_manifest) {
  const auto message = [](const std::string& data) {
    return bundle_of(fmt::format(R"("messageSignature":{{"messageDigest":{{"algorithm":"SHA2_256","digest":"x"}},)"
                                 R"("signature":"{}"}})",
                                 base::base64_encode(ann().sign(data))));
  };
  EXPECT_EQ(judge_bundle(message(kManifest)).key_id, "release");
  EXPECT_EQ(judge_bundle(message("other")).key_id, "");
  EXPECT_EQ(oci::judge_bundle(message(kManifest), kImageDigest, "", policy_of()).key_id, "");
}

TEST(SigstoreBundle, says_that_keyless_is_not_verified) {
  for (const char* material : {R"({"certificate":{"rawBytes":"x"}})", R"({"x509CertificateChain":{}})"}) {
    const auto verdict = judge_bundle(bundle_of(envelope_of(statement_of(kImageDigest)), material));
    EXPECT_EQ(verdict.key_id, "");
    EXPECT_NE(verdict.refusal.find("keyless"), std::string::npos) << verdict.refusal;
  }
  for (const char* text : {"", "{}", "[]", R"({"dsseEnvelope":7})", R"({"messageSignature":{}})"})
    EXPECT_NE(judge_bundle(text).refusal, "") << text;
}

// A registry with one signature manifest under the tag, of `layers` layers with the blob `payload` each.
struct SignedImage {
  std::string payload = payload_for(kImageDigest);
  std::string manifest;
  oci_test::FakeRegistry registry;
  int blob_status = 200;

  explicit SignedImage(std::size_t layers, const std::string& annotations) {
    std::string list;
    for (std::size_t i = 0; i < layers; ++i)
      list += fmt::format(R"({}{{"mediaType":"application/vnd.dev.cosign.simplesigning.v1+json","size":{},"digest":"{}",)"
                          R"("annotations":{}}})",
                          i > 0 ? "," : "", payload.size(), oci_test::sha256_digest(payload).text(), annotations);
    manifest = fmt::format(R"({{"schemaVersion":2,"layers":[{}]}})", list);
    registry.respond = [this](const net::HttpRequest& request) {
      if (request.url.find(".sig") != std::string::npos) return oci_test::Answer{200, manifest, {}, {}, {}};
      if (request.url.find("/blobs/") != std::string::npos)
        return oci_test::Answer{blob_status, blob_status == 200 ? payload : "", {}, {}, {}};
      return oci_test::Answer{404, "", {}, {}, {}};
    };
  }

  base::Result<oci::SignatureCheck> check() {
    oci::RegistryOptions options;
    options.transport = &registry;
    options.retry.attempts = 1;
    return oci::check_signatures(*oci::Reference::parse("registry.example.com/team/app:1"), kImageDigest, policy_of(),
                                 options);
  }
};

std::string signature_annotation(const std::string& payload) {
  return fmt::format(R"({{"dev.cosignproject.cosign/signature":"{}"}})", base::base64_encode(ann().sign(payload)));
}

TEST(CosignSearch, finds_the_signature_under_its_tag) {
  SignedImage image(1, signature_annotation(payload_for(kImageDigest)));
  const auto check = image.check();
  ASSERT_TRUE(check) << check.error().message;
  EXPECT_TRUE(check->verified) << check->detail;
  EXPECT_EQ(check->key_id, "release");
  EXPECT_TRUE(check->refused.empty());
}

TEST(CosignSearch, refuses_keyless_signatures_by_name) {
  SignedImage image(1, R"({"dev.cosignproject.cosign/signature":"AAAA","dev.sigstore.cosign/certificate":"-----"})");
  const auto check = image.check();
  ASSERT_TRUE(check) << check.error().message;
  EXPECT_FALSE(check->verified);
  EXPECT_NE(check->detail.find("keyless"), std::string::npos) << check->detail;
}

TEST(CosignSearch, is_an_error_where_the_registry_does_not_answer) {
  SignedImage image(1, signature_annotation(payload_for(kImageDigest)));
  image.blob_status = 503;
  const auto check = image.check();
  ASSERT_FALSE(check);
  EXPECT_EQ(check.error().kind, base::Kind::unavailable);
}

TEST(CosignSearch, does_not_believe_a_blob_of_another_digest) {
  SignedImage image(1, signature_annotation(payload_for(kImageDigest)));
  image.payload.back() = ' ';
  const auto check = image.check();
  ASSERT_TRUE(check) << check.error().message;
  EXPECT_FALSE(check->verified);
  EXPECT_EQ(check->refused.size(), 1u);
}

TEST(CosignSearch, does_not_look_at_signatures_without_end) {
  SignedImage image(65, "{}");
  const auto check = image.check();
  ASSERT_TRUE(check) << check.error().message;
  EXPECT_FALSE(check->verified);
  EXPECT_NE(check->detail.find("more than the 64"), std::string::npos) << check->detail;
}

TEST(CosignSearch, needs_a_key_and_a_digest) {
  oci::RegistryOptions options;
  const auto reference = *oci::Reference::parse("registry.example.com/app:1");
  const auto keyless = oci::check_signatures(reference, kImageDigest, {}, options);
  ASSERT_FALSE(keyless);
  EXPECT_NE(keyless.error().message.find("keyless verification is not supported"), std::string::npos);
  EXPECT_FALSE(oci::check_signatures(reference, {}, policy_of(), options));
}

}  // namespace
