// SPDX-License-Identifier: Apache-2.0
// NIST SP 800-63B section 5.1.1.2: length and a list of what everybody tries, no composition rules.
#include <algorithm>

#include "base/text.hpp"
#include "identity/identity.hpp"

namespace identity {

namespace {

constexpr std::size_t kShortest = 12;
constexpr std::size_t kLongest = 128;

// Stems that people lengthen with digits, marks and the year. A password is as weak as its stem where the rest is only that.
constexpr std::string_view kCommonStems[] = {
    "password",     "passw",       "passwort",     "passphrase",   "kennwort",     "motdepasse",    "contrasena",
    "wachtwoord",   "parola",      "senha",        "secret",       "geheim",       "topsecret",     "changeme",
    "changethis",   "letmein",     "letmeinnow",   "welcome",      "willkommen",   "bienvenue",     "login",
    "logmein",      "signin",      "access",       "accessgranted", "opensesame",  "trustno",       "trustnoone",
    "default",      "defaultpass", "temporary",    "temppass",     "test",         "testtest",      "testing",
    "tester",       "demo",        "example",      "sample",       "guest",        "user",          "username",
    "admin",        "administrator", "sysadmin",   "superuser",    "root",         "rootroot",      "toor",
    "master",       "superman",    "batman",       "spiderman",    "starwars",     "pokemon",       "dragon",
    "monkey",       "football",    "baseball",     "basketball",   "soccer",       "hockey",        "sunshine",
    "princess",     "iloveyou",    "ilovejesus",   "loveyou",      "whatever",     "nothing",       "shadow",
    "michael",      "jennifer",    "jessica",      "charlie",      "summer",       "winter",        "spring",
    "autumn",       "january",     "february",     "march",        "april",        "august",        "september",
    "october",      "november",    "december",     "monday",       "friday",       "computer",      "internet",
    "samsung",      "microsoft",   "windows",      "google",       "linux",        "docker",        "container",
    "containers",   "kubernetes",  "bulwark",      "bulwarkadmin", "security",     "securitycenter", "defender",
    "azure",        "cloud",       "company",      "enterprise",   "passwordpassword", "adminadmin", "correcthorsebatterystaple",
    "qwerty",       "qwertyuiop",  "qwertz",       "qwertzuiop",   "azerty",       "azertyuiop",    "asdfgh",
    "asdfghjkl",    "zxcvbn",      "zxcvbnm",      "yxcvbnm",      "qazwsx",       "qazwsxedc",     "qweasd",
    "qweasdzxc",    "asdf",        "qwer",         "zaqxsw",       "abc",          "abcd",          "abcdef",
    "abcdefgh",     "abcdefghijkl", "abcabcabcabc", "love",        "hello",        "helloworld",    "freedom",
};

// Runs that a finger makes; a password that lies within one of them, forwards or backwards, is no secret.
constexpr std::string_view kRuns[] = {
    "01234567890123456789012345678901234567890", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnmqwertyuiop",      "qwertzuiopasdfghjklyxcvbnmqwertzuiop",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",      "q1w2e3r4t5y6u7i8o9p0",
    "1q2w3e4r5t6y7u8i9o0p",                      "1a2b3c4d5e6f7g8h9i0j",
    "123qweasdzxc123qweasdzxc",                  "a1b2c3d4e5f6g7h8i9j0",
};

// "P@ssw0rd" is read as "password", as those who guess do.
char plain_letter(char c) {
  switch (c) {
    case '@':
    case '4': return 'a';
    case '0': return 'o';
    case '1':
    case '!': return 'i';
    case '3': return 'e';
    case '$':
    case '5': return 's';
    case '7': return 't';
    default: return c;
  }
}

bool is_filling(char c) { return !(c >= 'a' && c <= 'z') && static_cast<unsigned char>(c) < 0x80; }

std::string_view without_filling(std::string_view text) {
  while (!text.empty() && is_filling(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_filling(text.back())) text.remove_suffix(1);
  return text;
}

bool is_common_stem(std::string_view stem) {
  return std::find(std::begin(kCommonStems), std::end(kCommonStems), stem) != std::end(kCommonStems);
}

bool is_stem_with_filling(const std::string& lower) {
  const std::string_view bare = without_filling(lower);
  if (bare.empty()) return lower.size() < 20;  // digits and marks alone: dates, telephone numbers
  if (is_common_stem(bare)) return true;
  std::string plain(bare);
  std::transform(plain.begin(), plain.end(), plain.begin(), plain_letter);
  return is_common_stem(plain);
}

bool is_run(const std::string& lower) {
  const std::string backwards(lower.rbegin(), lower.rend());
  return std::any_of(std::begin(kRuns), std::end(kRuns), [&](std::string_view run) {
    return run.find(lower) != std::string_view::npos || run.find(backwards) != std::string_view::npos;
  });
}

// "abcabcabcabc", "aaaaaaaaaaaa": a piece of at most a third, over and over.
bool repeats_itself(std::string_view text) {
  for (std::size_t piece = 1; piece <= text.size() / 3; ++piece)
    if (text.substr(piece) == text.substr(0, text.size() - piece)) return true;
  return false;
}

}  // namespace

base::Result<void> check_password(std::string_view password, std::string_view name) {
  const auto refuse = [](const char* words) { return base::fail(base::Kind::invalid_input, words); };
  // Characters, not bytes: whoever writes in another script gets no shorter a rule.
  const auto length = static_cast<std::size_t>(std::count_if(password.begin(), password.end(), [](char c) { return (c & 0xC0) != 0x80; }));
  if (length < kShortest) return refuse("the password is too short: take at least 12 characters");
  if (length > kLongest) return refuse("the password is too long: take at most 128");
  if (password.find('\0') != std::string_view::npos) return refuse("the password holds a zero byte: leave it out");
  const std::string lower = base::to_lower(password);
  const std::string lower_name = base::to_lower(name);
  if (lower_name.size() >= 3 && lower.find(lower_name) != std::string::npos)
    return refuse("the password contains the sign-in name: choose one without it");
  if (is_stem_with_filling(lower) || is_run(lower) || repeats_itself(lower))
    return refuse("the password is among the first that are guessed: choose several unrelated words");
  return {};
}

}  // namespace identity
