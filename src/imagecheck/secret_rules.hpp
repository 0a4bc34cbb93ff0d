// SPDX-License-Identifier: Apache-2.0
// Rules for secrets in texts. A rule file is YAML, described in docs/add-a-secret-rule.md.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/glob.hpp"
#include "base/result.hpp"
#include "imagecheck/keyword_filter.hpp"
#include "imagecheck/rule_source.hpp"
#include "model/finding.hpp"

namespace imagecheck {

struct SecretRule {
  std::string id, title, description, remediation, impact;
  model::Severity severity = model::Severity::high;
  std::vector<std::string> keywords;    // one of them stands in or right before every match
  std::string pattern;                  // RE2; the first group, else the whole match, is the secret
  double entropy = 0;                   // least Shannon entropy of the secret, bits a byte
  bool generic = false;                 // gives way where another rule matches the same bytes
  std::vector<base::Glob> skip;         // paths it does not look at
  std::vector<std::string> references;
  std::vector<std::string> examples;    // texts that it must find …
  std::vector<std::string> negatives;   // … and must not: the tests run both
};

// A set of rules, ready for use by several threads.
class SecretRules {
 public:
  // Kind::invalid_input carries every fault of every file, a line each. An id may stand once.
  static base::Result<SecretRules> load(const std::vector<RuleSource>& sources);

  SecretRules(SecretRules&&) noexcept;
  SecretRules& operator=(SecretRules&&) noexcept;
  ~SecretRules();

  const std::vector<SecretRule>& rules() const { return rules_; }

  // The keywords of all rules, and the rule that each belongs to.
  const std::vector<std::string>& keywords() const { return keywords_; }
  std::size_t rule_of_keyword(std::size_t keyword) const { return rule_of_keyword_[keyword]; }
  const KeywordFilter& filter() const { return *filter_; }

  // True for paths that hold no secret of the image's makers: documentation, translations, pictures, archives …
  bool skips(std::string_view path) const { return base::matches_any(skip_, path); }

 private:
  friend class SecretScan;
  friend class SecretRuleReader;
  struct Patterns;  // the compiled expressions
  SecretRules();

  std::vector<SecretRule> rules_;
  std::vector<std::string> keywords_;
  std::vector<std::size_t> rule_of_keyword_;
  std::vector<base::Glob> skip_;
  std::unique_ptr<KeywordFilter> filter_;
  std::unique_ptr<Patterns> patterns_;
};

struct SecretMatch {
  std::size_t rule = 0;     // index into SecretRules::rules()
  std::size_t begin = 0;    // of the secret, in bytes
  std::size_t end = 0;
  std::size_t line = 0;     // from 1
  std::string masked;       // "ghp_****": never more than the first four bytes of a long secret
};

// Looks at one text, around the keywords that a KeywordFilter found in it. Rules and text outlive it. At most
// kMatchesPerText matches.
class SecretScan {
 public:
  static constexpr std::size_t kMatchesPerText = 20;

  SecretScan(const SecretRules& rules, std::string_view path, std::string_view text);

  void hit(std::size_t keyword, std::size_t offset);
  std::vector<SecretMatch> finish();  // sorted by place

 private:
  struct Window {
    std::size_t begin = 0, end = 0, matched_to = 0;
    bool open = false, skipped = false, started = false;
  };
  void search(std::size_t rule, Window& window);
  bool accept(std::size_t rule, std::string_view secret) const;

  const SecretRules& rules_;
  std::string_view path_, text_;
  std::vector<Window> windows_;  // by rule
  std::vector<SecretMatch> matches_;
};

// The secrets in one text, with the rules' own filter.
std::vector<SecretMatch> find_secrets(const SecretRules& rules, std::string_view path, std::string_view text);

}  // namespace imagecheck
