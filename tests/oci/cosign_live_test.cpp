// SPDX-License-Identifier: Apache-2.0
// check_signatures against Debian's docker-registry, with signatures pushed by plain PUTs.
#include <gtest/gtest.h>

#include "base/base64.hpp"
#include "oci/cosign.hpp"
#include "oci/live_registry.hpp"
#include "support/test_signer.hpp"

namespace {

constexpr const char* kType = "application/vnd.oci.image.manifest.v1+json";
constexpr const char* kSimpleSigning = "application/vnd.dev.cosign.simplesigning.v1+json";
constexpr const char* kBundle = "application/vnd.dev.sigstore.bundle.v0.3+json";

class LiveCosign : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* program : {"docker-registry", "openssl"})
      if (!oci_test::has_program(program)) GTEST_SKIP() << program << " is not installed";
    registry_ = std::make_unique<oci_test::LiveRegistry>(oci_test::LiveRegistry::Options{});
    ASSERT_TRUE(registry_->ready()) << "docker-registry did not start";
    image_ = oci::Digest::parse(push_manifest("1", R"("layers":[])")).value();
  }

  // `members` are those behind the configuration.
  std::string push_manifest(const std::string& tag, const std::string& members) {
    const std::string config = registry_->push_blob("team/app", "{}");
    last_ = fmt::format(
        R"({{"schemaVersion":2,"mediaType":"{}","config":{{"mediaType":"application/vnd.oci.image.config.v1+json",)"
        R"("digest":"{}","size":2}},{}}})",
        kType, config, members);
    const std::string digest = registry_->push_manifest("team/app", tag, last_, kType);
    EXPECT_FALSE(digest.empty()) << "push failed";
    return digest;
  }

  std::string layer(const char* type, const std::string& bytes, const std::string& signature = {}) {
    return fmt::format(R"({{"mediaType":"{}","digest":"{}","size":{},"annotations":{{)"
                       R"("dev.cosignproject.cosign/signature":"{}"}}}})",
                       type, registry_->push_blob("team/app", bytes), bytes.size(), base::base64_encode(signature));
  }

  std::string payload(const oci::Digest& digest) const {
    return fmt::format(R"({{"critical":{{"identity":{{"docker-reference":"{}/team/app"}},"image":)"
                       R"({{"docker-manifest-digest":"{}"}},"type":"cosign container image signature"}},"optional":{{}}}})",
                       registry_->host(), digest.text());
  }

  std::string signature_tag() const { return "sha256-" + std::string(image_.hex()) + ".sig"; }

  oci::SignatureCheck check() {
    oci::RegistryOptions options;
    options.transport = transport_.get();
    oci::SignaturePolicy policy;
    policy.keys.push_back({"release", base::PublicKey::parse(signer_.pem()).value()});
    policy.identity = registry_->host() + "/team/app";
    const auto reference = oci::Reference::parse(registry_->host() + "/team/app:1").value();
    const auto check = oci::check_signatures(reference, image_, policy, options);
    EXPECT_TRUE(check) << check.error().message;
    return check.value_or(oci::SignatureCheck{});
  }

  std::unique_ptr<oci_test::LiveRegistry> registry_;
  std::unique_ptr<net::HttpTransport> transport_ = net::curl_transport({});
  const test::Signer signer_ = test::Signer::p256();
  oci::Digest image_;
  std::string last_;  // the manifest pushed last
};

TEST_F(LiveCosign, verifies_a_signature_under_its_tag) {
  EXPECT_FALSE(check().verified);
  EXPECT_NE(check().detail.find("has no signature"), std::string::npos) << check().detail;
  const test::Signer stranger = test::Signer::p256();
  const std::string text = payload(image_);
  const std::string wrong = layer(kSimpleSigning, text, stranger.sign(text));
  push_manifest(signature_tag(), fmt::format(R"("layers":[{}])", wrong));
  const auto refused = check();
  EXPECT_FALSE(refused.verified);
  ASSERT_EQ(refused.refused.size(), 1u);
  EXPECT_NE(refused.refused[0].find("none of the keys"), std::string::npos) << refused.refused[0];
  const std::string right = layer(kSimpleSigning, text, signer_.sign(text));
  push_manifest(signature_tag(), fmt::format(R"("layers":[{},{}])", wrong, right));
  const auto verified = check();
  EXPECT_TRUE(verified.verified) << verified.detail;
  EXPECT_EQ(verified.key_id, "release");
  EXPECT_EQ(verified.refused.size(), 1u);
}

TEST_F(LiveCosign, does_not_take_the_signature_of_another_image) {
  const auto other = oci::Digest::parse("sha256:" + base::sha256_hex("other")).value();
  const std::string text = payload(other);
  push_manifest(signature_tag(), fmt::format(R"("layers":[{}])", layer(kSimpleSigning, text, signer_.sign(text))));
  const auto result = check();
  EXPECT_FALSE(result.verified);
  EXPECT_NE(result.detail.find("another image"), std::string::npos) << result.detail;
}

TEST_F(LiveCosign, verifies_a_bundle_among_the_referrers) {
  const std::string statement = fmt::format(
      R"({{"_type":"https://in-toto.io/Statement/v1","subject":[{{"name":"{}/team/app","digest":{{"sha256":"{}"}}}}],)"
      R"("predicateType":"https://sigstore.dev/cosign/sign/v1","predicate":{{}}}})",
      registry_->host(), image_.hex());
  const std::string encoded = fmt::format("DSSEv1 28 application/vnd.in-toto+json {} {}", statement.size(), statement);
  const std::string bundle = fmt::format(
      R"({{"mediaType":"{}","verificationMaterial":{{"publicKey":{{"hint":"x"}}}},"dsseEnvelope":{{"payload":"{}",)"
      R"("payloadType":"application/vnd.in-toto+json","signatures":[{{"sig":"{}"}}]}}}})",
      kBundle, base::base64_encode(statement), base::base64_encode(signer_.sign(encoded)));
  const std::string digest = push_manifest(
      "bundle", fmt::format(R"("layers":[{}],"artifactType":"{}","subject":{{"mediaType":"{}","digest":"{}","size":9}})",
                            layer(kBundle, bundle), kBundle, kType, image_.text()));
  const std::string index = fmt::format(
      R"({{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{{"mediaType":"{}",)"
      R"("digest":"{}","size":{},"artifactType":"{}"}}]}})",
      kType, digest, last_.size(), kBundle);
  ASSERT_FALSE(registry_->push_manifest("team/app", "sha256-" + std::string(image_.hex()), index,
                                        "application/vnd.oci.image.index.v1+json").empty());
  const auto result = check();
  EXPECT_TRUE(result.verified) << result.detail;
}

}  // namespace
