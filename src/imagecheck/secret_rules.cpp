// SPDX-License-Identifier: Apache-2.0
#include "imagecheck/secret_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/yaml_doc.hpp"
#include "imagecheck/secret_patterns.hpp"

namespace imagecheck {

namespace {

constexpr std::size_t kSecretRulesCap = 5'000;
constexpr std::size_t kPatternBytes = 4'096;

// Examples are written with this in their middle, so that no file holds a whole token.
constexpr std::string_view kExampleGap = "<>";

std::string close_gaps(std::string text) {
  for (auto at = text.find(kExampleGap); at != std::string::npos; at = text.find(kExampleGap)) text.erase(at, kExampleGap.size());
  return text;
}

bool is_rule_id(std::string_view id) {
  return !id.empty() && id.size() <= 100 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

std::vector<base::Glob> read_globs(base::YamlReader& reader, std::string_view key) {
  std::vector<base::Glob> globs;
  for (const std::string& pattern : reader.texts(key)) globs.emplace_back(pattern);
  return globs;
}

}  // namespace

// Reads rule files into a set.
class SecretRuleReader {
 public:
  explicit SecretRuleReader(SecretRules& set) : set_(set) {}

  void read(const RuleSource& source) {
    for (const base::YamlNode& document : base::parse_yaml_doc(source.text, source.name, faults_)) {
      base::YamlReader reader(document, source.name, faults_);
      for (auto& glob : read_globs(reader, "skip")) set_.skip_.push_back(std::move(glob));
      for (const base::YamlNode& node : reader.list("placeholders")) {
        if (node.text.empty())  // would match every secret
          faults_.add(source.name, node.line, "\"placeholders\" must be a list of expressions, none empty");
        else if (auto pattern = compile(node.text, node.line, source.name)) set_.patterns_->placeholders.push_back(std::move(pattern));
      }
      for (const base::YamlNode& node : reader.list("rules")) read_rule(node, source.name);
      reader.finish();
    }
  }

  base::Result<void> result() const { return faults_.result(); }

 private:
  std::unique_ptr<re2::RE2> compile(const std::string& text, int line, std::string_view file) {
    if (text.size() > kPatternBytes) {
      faults_.add(file, line, fmt::format("an expression of more than {} bytes", kPatternBytes));
      return nullptr;
    }
    auto pattern = compile_pattern(text);
    if (pattern->ok()) return pattern;
    faults_.add(file, line, fmt::format("not an expression that RE2 takes: {}", pattern->error()));
    return nullptr;
  }

  void read_rule(const base::YamlNode& node, const std::string& file) {
    base::YamlReader reader(node, file, faults_);
    if (node.kind != base::YamlNode::Kind::map) return;
    SecretRule rule;
    rule.id = reader.text("id");
    if (!rule.id.empty() && !is_rule_id(rule.id)) reader.fault("id", "may have letters, digits, '-', '_' and '.' alone, at most 100");
    if (!rule.id.empty() && !ids_.insert(rule.id).second) reader.fault("id", "is the id of another rule");
    read_words(reader, rule);
    rule.keywords = reader.texts("keywords");
    if (rule.keywords.empty()) reader.fault("keywords", "must list what stands in every match");
    for (const std::string& keyword : rule.keywords)
      if (keyword.size() < KeywordFilter::kShortest)
        reader.fault("keywords", fmt::format("have at least {} bytes each", KeywordFilter::kShortest));
    rule.pattern = reader.text("regex");
    rule.entropy = reader.number_or("entropy", 0, 0, 8);
    rule.generic = reader.boolean_or("generic", false);
    rule.skip = read_globs(reader, "skip");
    for (std::string& text : reader.texts("examples")) rule.examples.push_back(close_gaps(std::move(text)));
    for (std::string& text : reader.texts("negatives")) rule.negatives.push_back(close_gaps(std::move(text)));
    auto pattern = rule.pattern.empty() ? nullptr : compile(rule.pattern, reader.line_of("regex"), file);
    reader.finish();
    if (set_.rules_.size() >= kSecretRulesCap) {
      if (!std::exchange(said_full_, true)) reader.fault_at(reader.line(), fmt::format("more than {} rules", kSecretRulesCap));
      return;
    }
    set_.patterns_->rules.push_back(std::move(pattern));
    set_.rules_.push_back(std::move(rule));
  }

  static void read_words(base::YamlReader& reader, SecretRule& rule) {
    rule.title = reader.text("title");
    const std::string severity = reader.text("severity");
    if (const auto parsed = model::parse_severity(severity))
      rule.severity = *parsed;
    else if (!severity.empty())
      reader.fault("severity", "must be one of negligible, low, medium, high, critical");
    rule.description = reader.text("description");
    rule.remediation = reader.text("remediation");
    rule.impact = reader.text_or("impact", "");
    rule.references = reader.texts("references");
  }

  SecretRules& set_;
  base::YamlFaults faults_;
  std::set<std::string> ids_;
  bool said_full_ = false;
};

SecretRules::SecretRules() : patterns_(std::make_unique<Patterns>()) {}
SecretRules::SecretRules(SecretRules&&) noexcept = default;
SecretRules& SecretRules::operator=(SecretRules&&) noexcept = default;
SecretRules::~SecretRules() = default;

base::Result<SecretRules> SecretRules::load(const std::vector<RuleSource>& sources) {
  SecretRules set;
  SecretRuleReader reader(set);
  for (const RuleSource& source : sources) reader.read(source);
  TRY(reader.result());
  for (std::size_t i = 0; i < set.rules_.size(); ++i) {
    for (const std::string& keyword : set.rules_[i].keywords) {
      set.keywords_.push_back(keyword);
      set.rule_of_keyword_.push_back(i);
    }
  }
  set.filter_ = std::make_unique<KeywordFilter>(set.keywords_);
  return set;
}

}  // namespace imagecheck
