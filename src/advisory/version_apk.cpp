// SPDX-License-Identifier: Apache-2.0
// apk-package(5): number{.number}[letter]{_suffix[number]}[~hash][-rN], ordered as apk-tools 3 orders it. Two versions
// that apk 3 refuses at the same place are equal to it; the field has many such ("5.9.2p1-r0"), and apk-tools 2, which read
// them, then decides.
#include <algorithm>
#include <array>

#include "advisory/version_schemes.hpp"
#include "advisory/version_text.hpp"

namespace advisory {
namespace {

enum class ApkToken { first_number, number, letter, suffix, suffix_number, hash, revision, end, invalid };

constexpr std::array<std::string_view, 4> kApkPreSuffixes = {"alpha", "beta", "pre", "rc"};
constexpr std::array<std::string_view, 5> kApkPostSuffixes = {"cvs", "svn", "git", "hg", "p"};

// -4 … -1 for prereleases, 0 … 4 for what follows a release, nothing for an unknown word.
bool find_apk_suffix(std::string_view word, int& rank) {
  const auto pre = std::find(kApkPreSuffixes.begin(), kApkPreSuffixes.end(), word);
  const auto post = std::find(kApkPostSuffixes.begin(), kApkPostSuffixes.end(), word);
  if (pre != kApkPreSuffixes.end()) rank = static_cast<int>(pre - kApkPreSuffixes.end());
  if (post != kApkPostSuffixes.end()) rank = static_cast<int>(post - kApkPostSuffixes.begin());
  return pre != kApkPreSuffixes.end() || post != kApkPostSuffixes.end();
}

bool is_apk_hash_digit(char c) { return is_ascii_digit(c) || (c >= 'a' && c <= 'f'); }

// Reads one version token by token.
class ApkReader {
 public:
  explicit ApkReader(std::string_view text) : rest_(text) { read_number(ApkToken::first_number); }
  void next();
  ApkToken token() const { return token_; }
  std::string_view value() const { return value_; }
  int suffix() const { return suffix_; }
  bool at_prerelease() const { return token_ == ApkToken::suffix && suffix_ < 0; }

 private:
  void read_number(ApkToken token) {
    value_ = take_digits(rest_);
    token_ = value_.empty() ? ApkToken::invalid : token;
  }
  void read_letter();
  void read_part();
  void read_suffix();
  void read_hash();
  void read_revision();

  std::string_view rest_;
  std::string_view value_;
  ApkToken token_ = ApkToken::invalid;
  int suffix_ = 0;
};

void ApkReader::read_letter() {
  if (token_ > ApkToken::number) {
    token_ = ApkToken::invalid;
    return;
  }
  token_ = ApkToken::letter;
  value_ = rest_.substr(0, 1);
  rest_.remove_prefix(1);
}

void ApkReader::read_part() {
  if (rest_.front() == '.') {
    rest_.remove_prefix(1);
    if (token_ > ApkToken::number) {
      token_ = ApkToken::invalid;
      return;
    }
  }
  if (token_ <= ApkToken::number) return read_number(ApkToken::number);
  if (token_ == ApkToken::suffix) return read_number(ApkToken::suffix_number);
  token_ = ApkToken::invalid;
}

void ApkReader::read_suffix() {
  rest_.remove_prefix(1);
  value_ = take_while(rest_, is_ascii_lower);
  const bool allowed = token_ <= ApkToken::suffix_number;
  token_ = allowed && find_apk_suffix(value_, suffix_) ? ApkToken::suffix : ApkToken::invalid;
}

void ApkReader::read_hash() {
  rest_.remove_prefix(1);
  value_ = take_while(rest_, is_apk_hash_digit);
  token_ = token_ < ApkToken::hash && !value_.empty() ? ApkToken::hash : ApkToken::invalid;
}

void ApkReader::read_revision() {
  if (token_ >= ApkToken::revision || !rest_.starts_with("-r")) {
    token_ = ApkToken::invalid;
    return;
  }
  rest_.remove_prefix(2);
  read_number(ApkToken::revision);
}

void ApkReader::next() {
  if (rest_.empty()) {
    token_ = ApkToken::end;
    return;
  }
  const char c = rest_.front();
  if (is_ascii_lower(c)) return read_letter();
  if (c == '.' || is_ascii_digit(c)) return read_part();
  if (c == '_') return read_suffix();
  if (c == '~') return read_hash();
  if (c == '-') return read_revision();
  token_ = ApkToken::invalid;
}

std::strong_ordering compare_apk_values(const ApkReader& a, const ApkReader& b) {
  switch (a.token()) {
    case ApkToken::number:
      // A leading zero on either side makes a fraction of both.
      if (a.value().front() == '0' || b.value().front() == '0') return compare_bytes(a.value(), b.value());
      return compare_digits(a.value(), b.value());
    case ApkToken::first_number:
    case ApkToken::suffix_number:
    case ApkToken::revision:
      return compare_digits(a.value(), b.value());
    case ApkToken::suffix:
      return a.suffix() <=> b.suffix();
    default:
      return compare_bytes(a.value(), b.value());
  }
}

// Where one version goes on with a token that the other does not have there: it is later unless that is a prerelease.
std::strong_ordering compare_apk_tokens(ApkToken a, bool a_prerelease, ApkToken b, bool b_prerelease) {
  if (a == b) return std::strong_ordering::equal;
  if (a_prerelease != b_prerelease) return b_prerelease <=> a_prerelease;
  return b <=> a;
}

// The reader of apk-tools 2: lets any token follow that is not of an earlier kind, lets a number follow a letter, and
// gives values where apk 3 gives up. `end` is its smallest kind of continuation, `invalid` comes after all.
class Apk2Reader {
 public:
  enum class Kind { invalid, fraction, number, letter, suffix, suffix_number, revision, end };

  explicit Apk2Reader(std::string_view text) : rest_(text) {}
  Kind kind() const { return kind_; }
  // The value under the cursor: its sign and, for equal signs, its digits. Moves to the next token.
  struct Value {
    int rank = 0;
    std::string_view digits;
  };
  Value take();

 private:
  Value take_fraction();
  Value take_suffix();
  void advance();

  std::string_view rest_;
  Kind kind_ = Kind::number;
};

// Zeros in front are a value of their own, lower the more there are, and the digits behind them another.
Apk2Reader::Value Apk2Reader::take_fraction() {
  const std::string_view zeros = take_while(rest_, [](char c) { return c == '0'; });
  kind_ = rest_.empty() ? Kind::end : Kind::number;
  return {-1, zeros};
}

Apk2Reader::Value Apk2Reader::take_suffix() {
  const auto matches = [this](std::string_view word) { return rest_.starts_with(word); };
  const auto pre = std::find_if(kApkPreSuffixes.begin(), kApkPreSuffixes.end(), matches);
  const auto post = std::find_if(kApkPostSuffixes.begin(), kApkPostSuffixes.end(), matches);
  if (pre != kApkPreSuffixes.end()) {
    rest_.remove_prefix(pre->size());
    advance();
    return {static_cast<int>(pre - kApkPreSuffixes.end()), {}};
  }
  if (post != kApkPostSuffixes.end()) {
    rest_.remove_prefix(post->size());
    advance();
    return {static_cast<int>(post - kApkPostSuffixes.begin()), {}};
  }
  kind_ = Kind::invalid;
  return {-1, {}};
}

Apk2Reader::Value Apk2Reader::take() {
  if (rest_.empty()) {
    kind_ = Kind::end;
    return {};
  }
  switch (kind_) {
    case Kind::fraction:
      if (rest_.front() == '0') return take_fraction();
      [[fallthrough]];
    case Kind::number:
    case Kind::suffix_number:
    case Kind::revision: {
      const std::string_view digits = take_digits(rest_);
      advance();
      return {0, digits};
    }
    case Kind::letter: {
      const int letter = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      advance();
      return {letter, {}};
    }
    case Kind::suffix:
      return take_suffix();
    default:
      kind_ = Kind::invalid;
      return {-1, {}};
  }
}

void Apk2Reader::advance() {
  if (rest_.empty()) {
    kind_ = Kind::end;
    return;
  }
  const Kind before = kind_;
  const char c = rest_.front();
  if ((before == Kind::number || before == Kind::fraction) && is_ascii_lower(c)) {
    kind_ = Kind::letter;
    return;
  }
  if (before == Kind::letter && is_ascii_digit(c)) {
    kind_ = Kind::number;
    return;
  }
  if (before == Kind::suffix && is_ascii_digit(c)) {
    kind_ = Kind::suffix_number;
    return;
  }
  kind_ = Kind::invalid;
  if (c == '.') kind_ = Kind::fraction;
  if (c == '_') kind_ = Kind::suffix;
  if (rest_.starts_with("-r")) {
    kind_ = Kind::revision;
    rest_.remove_prefix(1);
  }
  rest_.remove_prefix(1);
  const bool goes_back = kind_ < before && !(kind_ == Kind::fraction && before == Kind::number) &&
                         !(kind_ == Kind::suffix && before == Kind::suffix_number);
  if (goes_back) kind_ = Kind::invalid;
}

std::strong_ordering compare_apk2_values(const Apk2Reader::Value& a, const Apk2Reader::Value& b) {
  if (a.rank != b.rank) return a.rank <=> b.rank;
  // Of two runs of leading zeros the longer is the lower.
  if (a.rank < 0) return b.digits.size() <=> a.digits.size();
  return compare_digits(a.digits, b.digits);
}

std::strong_ordering compare_apk2(std::string_view a, std::string_view b) {
  Apk2Reader left(a);
  Apk2Reader right(b);
  while (left.kind() == right.kind() && left.kind() != Apk2Reader::Kind::end &&
         left.kind() != Apk2Reader::Kind::invalid) {
    const auto left_value = left.take();
    const auto right_value = right.take();
    if (const auto order = compare_apk2_values(left_value, right_value); order != 0) return order;
  }
  if (left.kind() == right.kind()) return std::strong_ordering::equal;
  const auto left_kind = left.kind();
  const auto right_kind = right.kind();
  const bool left_prerelease = left_kind == Apk2Reader::Kind::suffix && left.take().rank < 0;
  const bool right_prerelease = right_kind == Apk2Reader::Kind::suffix && right.take().rank < 0;
  if (left_prerelease != right_prerelease) return right_prerelease <=> left_prerelease;
  return right_kind <=> left_kind;
}

}  // namespace

std::strong_ordering compare_apk(std::string_view a, std::string_view b) {
  ApkReader left(a);
  ApkReader right(b);
  while (left.token() == right.token() && left.token() < ApkToken::end) {
    if (const auto order = compare_apk_values(left, right); order != 0) return order;
    left.next();
    right.next();
  }
  if (left.token() == ApkToken::invalid && right.token() == ApkToken::invalid) return compare_apk2(a, b);
  return compare_apk_tokens(left.token(), left.at_prerelease(), right.token(), right.at_prerelease());
}

bool is_apk_version(std::string_view text) {
  ApkReader reader(text);
  while (reader.token() < ApkToken::end) reader.next();
  return reader.token() == ApkToken::end;
}

}  // namespace advisory
