// SPDX-License-Identifier: Apache-2.0
#include "base/crypto.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>
#include <new>

#include "base/base64.hpp"

namespace base {

namespace {

constexpr char kSealVersion = 1;
constexpr std::size_t kSealKeyBytes = 32, kNonceBytes = 12, kTagBytes = 16;
constexpr std::size_t kSealCap = 1u << 30;  // OpenSSL counts in int

struct CipherFree {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, CipherFree>;

const unsigned char* octets(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* octets(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
int int_size(std::string_view text) { return static_cast<int>(text.size()); }

std::string uuid_text(std::string bytes, unsigned version) {
  bytes[6] = static_cast<char>((static_cast<unsigned char>(bytes[6]) & 0x0fu) | version << 4);
  bytes[8] = static_cast<char>((static_cast<unsigned char>(bytes[8]) & 0x3fu) | 0x80u);
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += kHexDigits[static_cast<unsigned char>(bytes[i]) >> 4];
    out += kHexDigits[static_cast<unsigned char>(bytes[i]) & 15];
  }
  return out;
}

Result<void> check_seal_input(std::string_view key, std::string_view text, std::string_view associated) {
  if (key.size() != kSealKeyBytes) return fail(Kind::internal, "an encryption key has 32 bytes");
  if (text.size() > kSealCap || associated.size() > kSealCap)
    return fail(Kind::too_large, "more than 1 GiB cannot be encrypted at once");
  return {};
}

}  // namespace

std::string random_bytes(std::size_t count) {
  std::string out(count, '\0');
  if (RAND_bytes(octets(out), static_cast<int>(count)) != 1) std::abort();
  return out;
}

std::string random_token(std::size_t bytes) { return base64url_encode(random_bytes(bytes)); }

std::string sha256_bytes(std::string_view data) {
  std::string out(32, '\0');
  if (EVP_Digest(data.data(), data.size(), octets(out), nullptr, EVP_sha256(), nullptr) != 1) throw std::bad_alloc();
  return out;
}

std::string hmac_sha256(std::string_view key, std::string_view data) {
  std::string out(32, '\0');
  // A null key would mean "the key of the call before".
  const std::string_view held = key.data() ? key : std::string_view("");
  if (!HMAC(EVP_sha256(), held.data(), int_size(held), octets(data), data.size(), octets(out), nullptr))
    throw std::bad_alloc();
  return out;
}

bool constant_time_equal(std::string_view a, std::string_view b) {
  return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

std::string base64url_encode(std::string_view bytes) {
  std::string out = base64_encode(bytes);
  while (!out.empty() && out.back() == '=')
    out.pop_back();
  for (char& c : out)
    c = c == '+' ? '-' : c == '/' ? '_' : c;
  return out;
}

Result<std::string> seal(std::string_view key, std::string_view plaintext, std::string_view associated) {
  TRY(check_seal_input(key, plaintext, associated));
  const std::string nonce = random_bytes(kNonceBytes);
  std::string ciphertext(plaintext.size(), '\0'), tag(kTagBytes, '\0');
  const Cipher cipher(EVP_CIPHER_CTX_new());
  int size = 0;
  const bool done =
      cipher && EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, octets(key), octets(nonce)) == 1 &&
      EVP_EncryptUpdate(cipher.get(), nullptr, &size, octets(associated), int_size(associated)) == 1 &&
      EVP_EncryptUpdate(cipher.get(), octets(ciphertext), &size, octets(plaintext), int_size(plaintext)) == 1 &&
      EVP_EncryptFinal_ex(cipher.get(), octets(tag), &size) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1;
  if (!done) return fail(Kind::internal, "OpenSSL could not encrypt");
  return std::string(1, kSealVersion) + nonce + ciphertext + tag;
}

Result<std::string> open_sealed(std::string_view key, std::string_view sealed, std::string_view associated) {
  TRY(check_seal_input(key, sealed, associated));
  if (sealed.size() < 1 + kNonceBytes + kTagBytes) return fail(Kind::corrupt, "the sealed secret is cut short");
  if (sealed[0] != kSealVersion)
    return fail(Kind::unsupported, "the secret was sealed by another version of this program");
  const std::string_view nonce = sealed.substr(1, kNonceBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  const std::string_view ciphertext = sealed.substr(1 + kNonceBytes, sealed.size() - 1 - kNonceBytes - kTagBytes);
  std::string plaintext(ciphertext.size(), '\0');
  const Cipher cipher(EVP_CIPHER_CTX_new());
  int size = 0;
  unsigned char none[kTagBytes];
  const bool done =
      cipher && EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, octets(key), octets(nonce)) == 1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &size, octets(associated), int_size(associated)) == 1 &&
      EVP_DecryptUpdate(cipher.get(), octets(plaintext), &size, octets(ciphertext), int_size(ciphertext)) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), none, &size) == 1;
  if (!done) {
    OPENSSL_cleanse(plaintext.data(), plaintext.size());
    return fail(Kind::corrupt, "the sealed secret does not open: it was changed, moved, or sealed with another key");
  }
  return plaintext;
}

std::string uuid4() { return uuid_text(random_bytes(16), 4); }

std::string uuid_of(std::string_view name) { return uuid_text(sha256_bytes(name).substr(0, 16), 8); }

}  // namespace base
