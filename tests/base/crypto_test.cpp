// SPDX-License-Identifier: Apache-2.0
#include "base/crypto.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/base64.hpp"
#include "base/public_key.hpp"

namespace crypto_test {

namespace {

std::string unhex(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    out += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
  return out;
}

TEST(Crypto, random_values_differ) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    seen.insert(base::random_bytes(16));
    seen.insert(base::random_token(16));
    seen.insert(base::uuid4());
  }
  EXPECT_EQ(seen.size(), 300u);
  EXPECT_EQ(base::random_token(32).size(), 43u);
  EXPECT_EQ(base::random_token(32).find_first_of("+/="), std::string::npos);
}

TEST(Crypto, hmac_agrees_with_rfc_4231) {
  EXPECT_EQ(base::hmac_sha256(std::string(20, '\x0b'), "Hi There"),
            unhex("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
  EXPECT_EQ(base::hmac_sha256("Jefe", "what do ya want for nothing?"),
            unhex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
  EXPECT_EQ(base::hmac_sha256({}, {}), unhex("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"));
}

TEST(Crypto, compares_whole_strings) {
  EXPECT_TRUE(base::constant_time_equal("", ""));
  EXPECT_TRUE(base::constant_time_equal("abc", "abc"));
  EXPECT_FALSE(base::constant_time_equal("abc", "abd"));
  EXPECT_FALSE(base::constant_time_equal("abc", "ab"));
}

TEST(Crypto, opens_what_the_gcm_specification_sealed) {
  // Test case 16 of the GCM specification (McGrew and Viega), which NIST's SP 800-38D refers to.
  const std::string key = unhex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const std::string plaintext = unhex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
  const std::string sealed = unhex(
      "01cafebabefacedbaddecaf888"
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b");
  const auto opened = base::open_sealed(key, sealed, unhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"));
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(*opened, plaintext);
}

TEST(Crypto, opens_only_what_was_sealed_here) {
  const std::string key = base::random_bytes(32);
  const auto sealed = base::seal(key, "secret", "place");
  ASSERT_TRUE(sealed);
  EXPECT_NE(*sealed, *base::seal(key, "secret", "place"));
  EXPECT_EQ(sealed->find("secret"), std::string::npos);
  EXPECT_EQ(*base::open_sealed(key, *sealed, "place"), "secret");
  EXPECT_EQ(*base::open_sealed(key, *base::seal(key, "", ""), ""), "");
  EXPECT_EQ(base::open_sealed(key, *sealed, "elsewhere").error().kind, base::Kind::corrupt);
  EXPECT_EQ(base::open_sealed(base::random_bytes(32), *sealed, "place").error().kind, base::Kind::corrupt);
  for (std::size_t i = 0; i < sealed->size(); ++i) {
    std::string changed = *sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(base::open_sealed(key, changed, "place")) << i;
    EXPECT_FALSE(base::open_sealed(key, std::string_view(*sealed).substr(0, i), "place")) << i;
  }
  EXPECT_EQ(base::seal("short", "x", "").error().kind, base::Kind::internal);
}

TEST(Crypto, uuids_have_their_version_and_variant) {
  const std::string random = base::uuid4();
  EXPECT_EQ(random.size(), 36u);
  EXPECT_EQ(random[14], '4');
  EXPECT_NE(std::string_view("89ab").find(random[19]), std::string_view::npos);
  EXPECT_EQ(base::uuid_of(""), "e3b0c442-98fc-8c14-9afb-f4c8996fb924");
  EXPECT_EQ(base::uuid_of("a"), base::uuid_of("a"));
  EXPECT_NE(base::uuid_of("a"), base::uuid_of("b"));
}

TEST(Password, verifies_what_it_hashed) {
  const std::string encoded = base::hash_password("correct horse");
  EXPECT_EQ(encoded.substr(0, 31), "$argon2id$v=19$m=19456,t=2,p=1$");
  EXPECT_NE(encoded, base::hash_password("correct horse"));
  EXPECT_TRUE(base::verify_password(encoded, "correct horse"));
  EXPECT_FALSE(base::verify_password(encoded, "correct horse "));
  EXPECT_FALSE(base::verify_password(encoded, ""));
  const std::string with_nul("a\0b", 3);
  EXPECT_FALSE(base::verify_password(base::hash_password(with_nul), "a"));
}

TEST(Password, verifies_the_vector_of_the_reference_implementation) {
  EXPECT_TRUE(base::verify_password(
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "password"));
}

TEST(Password, refuses_work_that_is_too_much_and_forms_that_are_none) {
  const std::string rest = "$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  for (const std::string head :
       {"$argon2id$v=19$m=4000000,t=2,p=1", "$argon2id$v=19$m=65536,t=4000000000,p=1", "$argon2id$v=19$m=65536,t=2,p=200",
        "$argon2i$v=19$m=65536,t=2,p=1", "$argon2id$v=19$m=65536", "$argon2id", "", "$argon2id$v=19$m=-1,t=2,p=1"})
    EXPECT_FALSE(base::verify_password(head + rest, "password")) << head;
}

std::string public_pem(const std::string& der) {
  return "-----BEGIN PUBLIC KEY-----\n" + base::base64_encode(der) + "\n-----END PUBLIC KEY-----\n";
}

TEST(Signature, agrees_with_rfc_8037_for_ed25519) {
  // SubjectPublicKeyInfo of RFC 8410 around the key of RFC 8037 appendix A.2.
  const std::string key = public_pem(unhex("302a300506032b6570032100") +
                                     *base::base64_decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"));
  const std::string signature = *base::base64_decode(
      "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
  const std::string data = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
  const auto parsed = base::PublicKey::parse(key);
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->verify(data, signature));
  EXPECT_FALSE(parsed->verify(data + "x", signature));
  EXPECT_FALSE(parsed->verify(data, ""));
}

TEST(Signature, agrees_with_rfc_6979_for_p256) {
  // RFC 6979 appendix A.2.5, SHA-256, message "sample"; r and s as a DER sequence.
  const std::string key = public_pem(
      unhex("3059301306072a8648ce3d020106082a8648ce3d030107034200"
            "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
            "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"));
  const std::string signature = unhex(
      "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
      "022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
  const auto parsed = base::PublicKey::parse(key);
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->verify("sample", signature));
  EXPECT_FALSE(parsed->verify("test", signature));
}

TEST(Signature, names_keys_that_it_does_not_take) {
  EXPECT_EQ(base::PublicKey::parse("none").error().kind, base::Kind::invalid_input);
  // X25519, which signs nothing.
  const std::string x25519 = public_pem(unhex("302a300506032b656e032100") + std::string(32, '\x09'));
  EXPECT_EQ(base::PublicKey::parse(x25519).error().kind, base::Kind::unsupported);
}

}  // namespace

}  // namespace crypto_test
