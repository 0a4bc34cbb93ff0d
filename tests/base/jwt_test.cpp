// SPDX-License-Identifier: Apache-2.0
#include "base/jwt.hpp"

#include <gtest/gtest.h>

#include "base/base64.hpp"
#include "base/crypto.hpp"

namespace jwt_test {

namespace {

constexpr std::int64_t kNow = 1'800'000'000;

base::Seconds at(std::int64_t seconds) { return base::Seconds(std::chrono::seconds(seconds)); }

// One key for all tests: making one takes a while.
const base::SigningKey& key() {
  static const base::SigningKey kKey = *base::SigningKey::generate();
  return kKey;
}

base::JsonObject good_claims() {
  return {{"iss", "https://issuer.example"}, {"aud", "hub"}, {"sub", "me"}, {"exp", kNow + 600}, {"nbf", kNow - 600}};
}

base::Result<base::JsonObject> verify(std::string_view token, const base::JsonArray& keys, std::int64_t now = kNow) {
  return base::verify_jwt(token, keys, at(now), "https://issuer.example", "hub");
}

std::string refusal(const base::Result<base::JsonObject>& result) {
  if (result) return "accepted";
  EXPECT_EQ(result.error().kind, base::Kind::denied);
  return result.error().message;
}

TEST(Jwt, accepts_what_it_signed) {
  const auto token = key().sign(good_claims());
  ASSERT_TRUE(token);
  const auto claims = verify(*token, {key().jwk()});
  ASSERT_TRUE(claims) << claims.error().message;
  EXPECT_EQ(base::get_string(*claims, "sub"), "me");
  EXPECT_TRUE(verify(*token, {base::JsonObject{{"kty", "oct"}}, key().jwk()}));
}

TEST(Jwt, keeps_its_key_through_pem) {
  const auto again = base::SigningKey::from_pem(key().pem());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->kid(), key().kid());
  EXPECT_EQ(again->jwk(), key().jwk());
  EXPECT_TRUE(verify(*again->sign(good_claims()), {key().jwk()}));
  EXPECT_FALSE(base::SigningKey::from_pem("none"));
  EXPECT_EQ(base::to_text(key().jwk()).find("\"d\""), std::string::npos);
}

TEST(Jwt, has_the_thumbprint_of_rfc_7638) {
  const auto jwk = key().jwk();
  const std::string canonical = std::string(R"({"e":"AQAB","kty":"RSA","n":")") +
                                std::string(base::get_string(jwk, "n")) + R"("})";
  EXPECT_EQ(key().kid(), base::base64url_encode(base::sha256_bytes(canonical)));
}

TEST(Jwt, checks_times_issuer_and_audience) {
  const base::JsonArray keys = {key().jwk()};
  const auto token = *key().sign(good_claims());
  EXPECT_TRUE(verify(token, keys, kNow + 659));
  EXPECT_NE(refusal(verify(token, keys, kNow + 660)).find("expired"), std::string::npos);
  EXPECT_TRUE(verify(token, keys, kNow - 660));
  EXPECT_NE(refusal(verify(token, keys, kNow - 661)).find("nbf"), std::string::npos);
  EXPECT_NE(refusal(base::verify_jwt(token, keys, at(kNow), "https://other.example", "hub")).find("iss"),
            std::string::npos);
  EXPECT_NE(refusal(base::verify_jwt(token, keys, at(kNow), "https://issuer.example", "other")).find("aud"),
            std::string::npos);
  EXPECT_FALSE(base::verify_jwt(token, keys, at(kNow), "", "hub"));
  EXPECT_FALSE(base::verify_jwt(token, keys, at(kNow), "https://issuer.example", ""));
  for (const std::string name : {"exp", "iss", "aud"}) {
    auto claims = good_claims();
    claims.erase(name);
    EXPECT_NE(refusal(verify(*key().sign(claims), keys)).find(name), std::string::npos);
    claims[name] = base::JsonObject();
    EXPECT_NE(refusal(verify(*key().sign(claims), keys)).find(name), std::string::npos);
  }
  auto claims = good_claims();
  claims["aud"] = base::JsonArray{"first", "hub"};
  claims["exp"] = static_cast<double>(kNow) + 0.5;
  EXPECT_TRUE(verify(*key().sign(claims), keys));
}

TEST(Jwt, refuses_changed_tokens_and_other_keys) {
  const auto token = *key().sign(good_claims());
  const auto other = *base::SigningKey::generate();
  EXPECT_FALSE(verify(token, {other.jwk()}));
  EXPECT_FALSE(verify(token, {}));
  const auto dot = token.rfind('.');
  for (const std::size_t i : {std::size_t{3}, dot - 5, dot + 5}) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(verify(changed, {key().jwk()})) << i;
  }
  EXPECT_FALSE(verify(token + "=", {key().jwk()}));
  EXPECT_FALSE(verify(token + "\n", {key().jwk()}));
  EXPECT_FALSE(verify(token.substr(0, dot + 1), {key().jwk()}));
  EXPECT_FALSE(verify(token + ".a", {key().jwk()}));
  EXPECT_NE(refusal(verify(std::string(17'000, 'a'), {key().jwk()})).find("16 KiB"), std::string::npos);
}

TEST(Jwt, takes_the_algorithm_from_the_key) {
  const auto token = *key().sign(good_claims());
  const std::string claims = token.substr(token.find('.') + 1, token.rfind('.') - token.find('.') - 1);
  const auto with_header = [&](const std::string& header, const std::string& signature) {
    return base::base64url_encode(header) + "." + claims + "." + signature;
  };
  EXPECT_FALSE(verify(with_header(R"({"alg":"none"})", ""), {key().jwk()}));
  // The public key as a shared secret, the classic confusion.
  const std::string head = base::base64url_encode(R"({"alg":"HS256"})") + "." + claims;
  for (const std::string& secret : {std::string(base::get_string(key().jwk(), "n")), key().pem()})
    EXPECT_FALSE(verify(head + "." + base::base64url_encode(base::hmac_sha256(secret, head)), {key().jwk()}));
  auto jwk = key().jwk();
  jwk["alg"] = "PS256";
  EXPECT_FALSE(verify(token, {jwk}));
  jwk = key().jwk();
  jwk["use"] = "enc";
  EXPECT_FALSE(verify(token, {jwk}));
  jwk = key().jwk();
  jwk["kid"] = "another";
  EXPECT_FALSE(verify(token, {jwk}));
}

// The tokens of RFC 7515 have no audience: they are refused for that, after their signature was found good.
std::string rfc_7515(const std::string& token, const base::JsonObject& jwk) {
  return refusal(base::verify_jwt(token, {jwk}, at(1'300'819'300), "joe", "anyone"));
}

const std::string kRfcClaims =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

TEST(Jwt, agrees_with_rfc_7515_for_rs256) {
  const base::JsonObject jwk = {
      {"kty", "RSA"},
      {"n",
       "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-"
       "pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-"
       "UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-"
       "DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"},
      {"e", "AQAB"}};
  const std::string signature =
      "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
      "O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZ"
      "RmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIh"
      "WkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
  EXPECT_NE(rfc_7515("eyJhbGciOiJSUzI1NiJ9." + kRfcClaims + "." + signature, jwk).find("audience"), std::string::npos);
  std::string changed = signature;
  changed[10] = changed[10] == 'A' ? 'B' : 'A';
  EXPECT_NE(rfc_7515("eyJhbGciOiJSUzI1NiJ9." + kRfcClaims + "." + changed, jwk).find("signed"), std::string::npos);
}

TEST(Jwt, agrees_with_rfc_7515_for_es256) {
  base::JsonObject jwk = {{"kty", "EC"},
                          {"crv", "P-256"},
                          {"x", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"},
                          {"y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}};
  const std::string token =
      "eyJhbGciOiJFUzI1NiJ9." + kRfcClaims +
      ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
  EXPECT_NE(rfc_7515(token, jwk).find("audience"), std::string::npos);
  for (const std::string bad : {"y_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",    // not on the curve
                                "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a1"}) {  // another spelling of the same
    jwk["y"] = bad;
    EXPECT_NE(rfc_7515(token, jwk).find("signed"), std::string::npos) << bad;
  }
  const std::string none = base::base64url_encode(std::string(64, '\0'));
  jwk["y"] = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
  EXPECT_NE(rfc_7515("eyJhbGciOiJFUzI1NiJ9." + kRfcClaims + "." + none, jwk).find("signed"), std::string::npos);
}

}  // namespace

}  // namespace jwt_test
