// SPDX-License-Identifier: Apache-2.0
#include "base/public_key.hpp"

#include <gtest/gtest.h>

#include "support/test_signer.hpp"

namespace {

TEST(PublicKey, verifies_what_openssl_signed) {
  const std::vector<std::vector<std::string>> algorithms = {
      {"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"},
      {"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"},
      {"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"},
      {"-algorithm", "ed25519"},
  };
  for (const auto& algorithm : algorithms) {
    const test::Signer signer(algorithm);
    const auto key = base::PublicKey::parse(signer.pem());
    ASSERT_TRUE(key) << key.error().message;
    EXPECT_EQ(key->fingerprint().size(), 64u);
    const std::string signature = signer.sign("payload");
    ASSERT_FALSE(signature.empty());
    EXPECT_TRUE(key->verify("payload", signature)) << algorithm[1];
    EXPECT_FALSE(key->verify("Payload", signature));
    EXPECT_FALSE(key->verify("payload", signature.substr(1)));
    EXPECT_FALSE(key->verify("payload", ""));
    EXPECT_FALSE(key->verify("payload", std::string(100'000, 'x')));
    const auto other = base::PublicKey::parse(test::Signer(algorithm).pem());
    ASSERT_TRUE(other);
    EXPECT_FALSE(other->verify("payload", signature));
    EXPECT_NE(other->fingerprint(), key->fingerprint());
  }
}

TEST(PublicKey, refuses_what_is_no_usable_public_key) {
  for (const char* text : {"", "key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"}) {
    const auto key = base::PublicKey::parse(text);
    ASSERT_FALSE(key) << text;
    EXPECT_EQ(key.error().kind, base::Kind::invalid_input);
  }
  const auto secret = base::PublicKey::parse(test::Signer::p256().private_pem());
  ASSERT_FALSE(secret);
  EXPECT_NE(secret.error().message.find("private key"), std::string::npos) << secret.error().message;
  const std::vector<std::vector<std::string>> weak = {
      {"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"},
      {"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"},
      {"-algorithm", "ed448"},
  };
  for (const auto& algorithm : weak) {
    const auto key = base::PublicKey::parse(test::Signer(algorithm).pem());
    ASSERT_FALSE(key) << algorithm[1];
    EXPECT_EQ(key.error().kind, base::Kind::unsupported) << algorithm[1];
  }
}

}  // namespace
