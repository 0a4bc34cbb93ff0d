// SPDX-License-Identifier: Apache-2.0
// The operator reduce: texts grouped by the words they share at the same places (data-explorer/kusto/query/reduce-operator;
// the idea is that of SLCT: R. Vaarandi, "A Data Clustering Algorithm for Mining Patterns From Event Logs").
#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

#include "kql/evaluate/scalar.hpp"
#include "kql/functions/plugin.hpp"

namespace kql {

namespace {

constexpr int kMostRounds = 64;
constexpr std::size_t kMostWords = 512;  // of one text; the rest of it is one word

bool is_letter_or_digit(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

// Words and the separators before each and behind the last.
struct Words {
  std::vector<std::string_view> words, separators;
};

class WordSplitter {
 public:
  // A letter or digit among the characters separates words, too; another character does no more.
  explicit WordSplitter(std::string_view characters) {
    for (int c = 0; c < 256; ++c) separates_[c] = !is_letter_or_digit(static_cast<char>(c));
    for (const char c : characters) separates_[static_cast<unsigned char>(c)] = is_letter_or_digit(c);
  }
  Words split(std::string_view text) const {
    Words out;
    std::size_t at = 0;
    while (true) {
      const std::size_t word = run(text, at, true);
      out.separators.push_back(text.substr(at, word - at));
      if (word == text.size()) return out;
      at = out.words.size() + 1 == kMostWords ? text.size() : run(text, word, false);
      out.words.push_back(text.substr(word, at - word));
    }
  }

 private:
  std::size_t run(std::string_view text, std::size_t at, bool separators) const {
    while (at < text.size() && separates_[static_cast<unsigned char>(text[at])] == separators) ++at;
    return at;
  }
  bool separates_[256];
};

// Separators that are letters belong to what the star stands for.
std::string_view shown(std::string_view separator) { return std::any_of(separator.begin(), separator.end(), is_letter_or_digit) ? std::string_view() : separator; }

// How often each word stands at each place, and what is frequent enough to be shown.
class PatternFinder {
 public:
  PatternFinder(std::span<const std::string> texts, double threshold, std::string_view characters) : splitter_(characters) {
    const auto share = static_cast<std::size_t>(std::ceil(std::clamp(threshold, 0.0, 1.0) * static_cast<double>(texts.size())));
    support_ = std::max<std::size_t>(2, share);
    for (const std::string& text : texts) {
      const Words words = splitter_.split(text);
      for (std::size_t i = 0; i < words.words.size(); ++i) ++counts_[key(i, words.words[i])];
    }
  }
  std::size_t support() const { return support_; }

  struct Pattern {
    std::string text;        // empty where no word is shown
    std::size_t rarest = 0;  // of the words that are shown
  };
  // The text with a star for each run of words that are rarer than `least` at their place.
  Pattern pattern_of(std::string_view text, std::size_t least) const {
    const Words words = splitter_.split(text);
    Pattern out;
    bool star = false;
    for (std::size_t i = 0; i < words.words.size(); ++i) {
      const std::size_t count = counts_.at(key(i, words.words[i]));
      const bool shows = count >= least;
      const std::string_view separator = words.separators[i];
      if (!star || shows) out.text += star || !shows ? shown(separator) : separator;
      if (shows) out.text += words.words[i];
      else if (!star) out.text += '*';
      if (shows) out.rarest = out.rarest == 0 ? count : std::min(out.rarest, count);
      star = !shows;
    }
    if (!star) out.text += words.separators.back();
    return out.rarest > 0 ? out : Pattern();
  }

 private:
  static std::string key(std::size_t place, std::string_view word) { return std::to_string(place) + ' ' + std::string(word); }
  WordSplitter splitter_;
  std::size_t support_ = 0;
  std::unordered_map<std::string, std::size_t> counts_;
};

// The pattern of each text: while too few share it, its rarest word becomes a star, too; the rarest of all first, so that
// those with fewer stars can join the others. Empty for what is left.
std::vector<std::string> patterns_of(std::span<const std::string> texts, const PatternFinder& finder) {
  std::vector<PatternFinder::Pattern> patterns;
  for (const std::string& text : texts) patterns.push_back(finder.pattern_of(text, finder.support()));
  for (int round = 0;; ++round) {
    std::unordered_map<std::string_view, std::size_t> sizes;
    for (const PatternFinder::Pattern& pattern : patterns) ++sizes[pattern.text];
    std::vector<std::size_t> alone;
    std::size_t rarest = SIZE_MAX;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (patterns[i].text.empty() || sizes[patterns[i].text] >= finder.support()) continue;
      alone.push_back(i);
      rarest = std::min(rarest, patterns[i].rarest);
    }
    if (alone.empty()) break;
    for (const std::size_t i : alone) {
      if (round >= kMostRounds) patterns[i] = {};
      else if (patterns[i].rarest == rarest) patterns[i] = finder.pattern_of(texts[i], rarest + 1);
    }
  }
  std::vector<std::string> out;
  for (PatternFinder::Pattern& pattern : patterns) out.push_back(std::move(pattern.text));
  return out;
}

struct PatternGroup {
  std::string pattern, representative;
  std::int64_t count = 0;
};

constexpr std::string_view kOthers = "others";

// The groups by their size, the others last; and the number of each text's.
struct PatternGroups {
  std::vector<PatternGroup> groups;
  std::vector<std::size_t> group_of;
};

PatternGroups grouped(std::span<const std::string> texts, const std::vector<std::string>& patterns) {
  std::map<std::string, PatternGroup> by_pattern;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    PatternGroup& group = by_pattern[patterns[i]];
    if (group.count++ == 0) group = {patterns[i].empty() ? std::string(kOthers) : patterns[i], patterns[i].empty() ? std::string() : texts[i], 1};
  }
  PatternGroups out;
  std::vector<std::string> order;
  for (const auto& [pattern, group] : by_pattern) order.push_back(pattern);
  std::stable_sort(order.begin(), order.end(), [&](const std::string& a, const std::string& b) {
    return a.empty() != b.empty() ? b.empty() : by_pattern[a].count > by_pattern[b].count;
  });
  std::unordered_map<std::string, std::size_t> numbers;
  for (const std::string& pattern : order) {
    numbers[pattern] = out.groups.size();
    out.groups.push_back(by_pattern[pattern]);
  }
  for (const std::string& pattern : patterns) out.group_of.push_back(numbers[pattern]);
  return out;
}

void append_group(const PatternGroup& group, Row& row) {
  row.push_back(Value::text(group.pattern));
  row.push_back(Value::integer(group.count));
  row.push_back(Value::text(group.representative));
}

base::Result<Table> run_reduce(const PluginCall& call) {
  std::vector<std::string> texts;
  const Scalar& text = *call.all("text").front()->value;
  for (const Row& row : call.input().rows) texts.push_back(evaluate(text, row).text());
  const bool keeps_rows = call.flag("keeps");
  const PatternFinder finder(texts, call.number("threshold", 0.1), call.text("characters"));
  const PatternGroups found = grouped(texts, patterns_of(texts, finder));
  Table out;
  if (!keeps_rows)
    for (const PatternGroup& group : found.groups) append_group(group, out.rows.emplace_back());
  for (std::size_t i = 0; keeps_rows && i < texts.size(); ++i) {
    out.rows.push_back(call.input().rows[i]);
    append_group(found.groups[found.group_of[i]], out.rows.back());
  }
  return out;
}

}  // namespace

const Plugin& reduce_plugin() {
  static constexpr Plugin kReduce{.name = "reduce", .parameters = "text value, threshold real?, characters string, keeps bool", .run = run_reduce};
  return kReduce;
}

}  // namespace kql
