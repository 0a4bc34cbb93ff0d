// SPDX-License-Identifier: Apache-2.0
// diffpatterns_text: words at the same places of texts that tell two sets of rows apart
// (data-explorer/kusto/query/diffpatterns-text-plugin). The patterns are closed: what all rows of one have in common belongs
// to it. They are found as by T. Uno et al., "LCM: An Efficient Algorithm for Enumerating Frequent Closed Item Sets".
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "kql/evaluate/scalar.hpp"
#include "kql/functions/plugin.hpp"

namespace kql {

namespace {

constexpr std::size_t kMostTexts = 1'000'000, kMostTokens = 20, kMostWords = 2000, kMostPatterns = 100;
constexpr std::size_t kMostCounted = 200'000'000;  // words that are looked at
constexpr std::uint32_t kRare = UINT32_MAX;

// A word and its place. Those that are frequent have a number, the most frequent the lowest.
struct PlacedWord {
  std::size_t place;
  std::string word;
  double in_true = 0, in_false = 0;
};

struct Texts {
  std::vector<bool> is_true;
  double all_true = 0, all_false = 0;
  std::vector<std::vector<std::uint32_t>> words;  // of each row by place: the number of the word, or kRare
  std::vector<PlacedWord> frequent;
};

std::vector<std::string_view> tokens_of(std::string_view text, std::size_t most) {
  constexpr std::string_view kBlanks = " \t\r\n\v\f";
  std::vector<std::string_view> out;
  for (std::size_t at = text.find_first_not_of(kBlanks); at != std::string_view::npos && out.size() < most;) {
    const std::size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
    out.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(kBlanks, end);
  }
  return out;
}

struct TextLimits {
  std::size_t least_tokens = 1, most_tokens = kMostTokens;
  double threshold = 0.05;
};

base::Result<TextLimits> read_limits(const PluginCall& call) {
  const double least = call.number("MinTokens", 1), threshold = call.number("Threshold", 0.05), most = call.number("MaxTokens", static_cast<double>(kMostTokens));
  if (!(least >= 0 && least <= 200 && most >= 0 && most <= static_cast<double>(kMostTokens) && threshold >= 0.015 && threshold <= 1))
    return base::fail(base::Kind::invalid_input, "diffpatterns_text() takes 0 to 200 tokens at least, a threshold from 0.015 to 1, and 0 to 20 tokens at most");
  return TextLimits{static_cast<std::size_t>(least), static_cast<std::size_t>(most), threshold};
}

bool tells_enough(const Texts& texts, const TextLimits& limits, double in_true, double in_false) {
  return std::max(in_true / texts.all_true, in_false / texts.all_false) >= limits.threshold;
}

// How often the words of each bucket stand at their places: words of a bucket that is rare are rare.
class WordBuckets {
 public:
  void add(std::size_t place, std::string_view word, bool is_true) { ++counts_[number(place, word)][is_true ? 1 : 0]; }
  bool may_tell_enough(const Texts& texts, const TextLimits& limits, std::size_t place, std::string_view word) const {
    const auto& [in_false, in_true] = counts_[number(place, word)];
    return tells_enough(texts, limits, in_true, in_false);
  }

 private:
  static constexpr std::size_t kBuckets = std::size_t{1} << 18;
  static std::size_t number(std::size_t place, std::string_view word) { return (std::hash<std::string_view>()(word) + place * 0x9e3779b97f4a7c15) % kBuckets; }
  std::vector<std::array<std::uint32_t, 2>> counts_ = std::vector<std::array<std::uint32_t, 2>>(kBuckets);
};

// Leaves the words that tell enough, and numbers them by their frequency.
void number_frequent_words(Texts& texts, const TextLimits& limits) {
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < texts.frequent.size(); ++i)
    if (tells_enough(texts, limits, texts.frequent[i].in_true, texts.frequent[i].in_false)) order.push_back(i);
  const auto frequency = [&](std::uint32_t i) { return texts.frequent[i].in_true + texts.frequent[i].in_false; };
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return frequency(a) > frequency(b); });
  if (order.size() > kMostWords) order.resize(kMostWords);
  std::vector<std::uint32_t> numbers(texts.frequent.size(), kRare);
  std::vector<PlacedWord> frequent;
  for (const std::uint32_t i : order) {
    numbers[i] = static_cast<std::uint32_t>(frequent.size());
    frequent.push_back(std::move(texts.frequent[i]));
  }
  texts.frequent = std::move(frequent);
  for (std::vector<std::uint32_t>& words : texts.words)
    for (std::uint32_t& word : words) word = word == kRare ? kRare : numbers[word];
}

// A pattern can tell no more than the rarest of its words, so words that tell too little alone stand in none.
Texts read_texts(const PluginCall& call, const TextLimits& limits) {
  const std::size_t column = call.column("TextColumn");
  const Scalar& condition = *call.all("BooleanCondition").front()->value;
  const Rows& rows = call.input().rows;
  Texts out;
  WordBuckets buckets;
  for (const Row& row : rows) {
    const Value met = evaluate(condition, row);
    const bool is_true = !met.is_null() && met.boolean();
    out.is_true.push_back(is_true);
    (is_true ? out.all_true : out.all_false) += 1;
    const auto tokens = tokens_of(row[column].text(), limits.most_tokens);
    for (std::size_t place = 0; place < tokens.size(); ++place) buckets.add(place, tokens[place], is_true);
  }
  if (out.all_true == 0 || out.all_false == 0) return out;
  std::map<std::pair<std::size_t, std::string_view>, std::uint32_t> numbers;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::vector<std::uint32_t>& words = out.words.emplace_back();
    for (const std::string_view token : tokens_of(rows[i][column].text(), limits.most_tokens)) {
      const std::size_t place = words.size();
      words.push_back(kRare);
      if (!buckets.may_tell_enough(out, limits, place, token)) continue;
      const auto [at, is_new] = numbers.try_emplace({place, token}, static_cast<std::uint32_t>(out.frequent.size()));
      if (is_new) out.frequent.push_back({place, std::string(token)});
      PlacedWord& word = out.frequent[at->second];
      (out.is_true[i] ? word.in_true : word.in_false) += 1;
      words.back() = at->second;
    }
  }
  number_frequent_words(out, limits);
  return out;
}

struct TextPattern {
  std::vector<std::uint32_t> words;  // by number
  double in_true = 0, in_false = 0;
  bool goes_on = false;              // behind its last word, in one of its rows
};

class TextMiner {
 public:
  TextMiner(const Texts& texts, const TextLimits& limits) : texts_(texts), limits_(limits) {}

  std::vector<TextPattern> run() {
    std::vector<std::uint32_t> rows(texts_.words.size());
    for (std::uint32_t i = 0; i < rows.size(); ++i) rows[i] = i;
    grow(rows, 0);
    std::stable_sort(found_.begin(), found_.end(), [&](const TextPattern& a, const TextPattern& b) { return difference(a) > difference(b); });
    if (found_.size() > kMostPatterns) found_.resize(kMostPatterns);
    return std::move(found_);
  }

 private:
  struct Count {
    double in_true = 0, in_false = 0;
  };

  double difference(const TextPattern& pattern) const { return std::abs(pattern.in_true / texts_.all_true - pattern.in_false / texts_.all_false); }

  // The rows have a pattern in common that was made by adding word `from - 1`. Words that all of them share belong to it; if
  // one of those is more frequent than the word that was added, the pattern is found elsewhere.
  // NOLINTNEXTLINE(misc-no-recursion): as deep as a pattern has words
  void grow(const std::vector<std::uint32_t>& rows, std::uint32_t from, const std::vector<std::uint32_t>& outer = {}) {
    std::map<std::uint32_t, Count> counts;
    for (const std::uint32_t row : rows)
      for (const std::uint32_t word : texts_.words[row]) {
        if (word == kRare) continue;
        Count& count = counts[word];
        (texts_.is_true[row] ? count.in_true : count.in_false) += 1;
      }
    counted_ += rows.size() * limits_.most_tokens;
    TextPattern pattern;
    for (const auto& [word, count] : counts) {
      if (static_cast<std::size_t>(count.in_true + count.in_false) != rows.size()) continue;
      if (word + 1 < from && std::find(outer.begin(), outer.end(), word) == outer.end()) return;
      pattern.words.push_back(word);
    }
    keep(pattern, rows);
    for (const auto& [word, count] : counts) {
      if (word < from || counted_ > kMostCounted || !tells_enough(texts_, limits_, count.in_true, count.in_false)) continue;
      if (std::find(pattern.words.begin(), pattern.words.end(), word) != pattern.words.end()) continue;
      std::vector<std::uint32_t> with;
      const std::size_t place = texts_.frequent[word].place;
      for (const std::uint32_t row : rows)
        if (texts_.words[row].size() > place && texts_.words[row][place] == word) with.push_back(row);
      grow(with, word + 1, pattern.words);
    }
  }

  void keep(TextPattern& pattern, const std::vector<std::uint32_t>& rows) {
    if (pattern.words.empty() || pattern.words.size() < limits_.least_tokens) return;
    std::size_t last = 0;
    for (const std::uint32_t word : pattern.words) last = std::max(last, texts_.frequent[word].place);
    TextPattern out = pattern;
    for (const std::uint32_t row : rows) {
      (texts_.is_true[row] ? out.in_true : out.in_false) += 1;
      out.goes_on = out.goes_on || texts_.words[row].size() > last + 1;
    }
    if (difference(out) >= limits_.threshold) found_.push_back(std::move(out));
  }

  const Texts& texts_;
  const TextLimits& limits_;
  std::vector<TextPattern> found_;
  std::size_t counted_ = 0;
};

// The words at their places, a star for every other place before the last word, and one for all that follows it.
std::string shown(const TextPattern& pattern, const Texts& texts) {
  std::map<std::size_t, std::string_view> words;
  for (const std::uint32_t word : pattern.words) words.emplace(texts.frequent[word].place, texts.frequent[word].word);
  std::string out;
  for (std::size_t place = 0; place <= words.rbegin()->first; ++place) {
    const auto word = words.find(place);
    out += place == 0 ? "" : " ";
    out += word == words.end() ? "*" : word->second;
  }
  return pattern.goes_on ? out + " *" : out;
}

base::Result<Table> diffpatterns_text(const PluginCall& call) {
  const Table& input = call.input();
  if (input.schema[call.column("TextColumn")].type != Type::string)
    return base::fail(base::Kind::invalid_input, "diffpatterns_text() takes a column of texts");
  if (input.rows.size() > kMostTexts)
    return base::fail(base::Kind::too_large, fmt::format("patterns are looked for in at most {} rows; write '| sample {}' before", kMostTexts, kMostTexts));
  const TextLimits limits = TRY(read_limits(call));
  const Texts texts = read_texts(call, limits);
  Table out{{{"Count_of_True", Type::int64}, {"Count_of_False", Type::int64}, {"Percent_of_True", Type::real}, {"Percent_of_False", Type::real},
             {"Pattern", Type::string}}, {}};
  if (texts.all_true == 0 || texts.all_false == 0) return out;
  const auto whole = [](double count) { return Value::integer(std::llround(count)); };
  const auto percent = [](double part, double all) { return Value::real(std::round(10'000 * part / all) / 100); };
  for (const TextPattern& pattern : TextMiner(texts, limits).run())
    out.rows.push_back({whole(pattern.in_true), whole(pattern.in_false), percent(pattern.in_true, texts.all_true), percent(pattern.in_false, texts.all_false),
                        Value::text(shown(pattern, texts))});
  return out;
}

constexpr Plugin kTextPatternPlugins[] = {
    {.name = "diffpatterns_text",
     .parameters = "TextColumn column, BooleanCondition condition, MinTokens long?, Threshold real?, MaxTokens long?",
     .run = diffpatterns_text},
};

}  // namespace

std::span<const Plugin> text_pattern_plugins() { return kTextPatternPlugins; }

}  // namespace kql
