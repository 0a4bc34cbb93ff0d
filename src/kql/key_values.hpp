// SPDX-License-Identifier: Apache-2.0
// Keys and their values in text, as parse-kv finds them (data-explorer/kusto/query/parse-kv-operator).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kql {

// Either a regular expression whose two groups are key and value, or two delimiters, or nothing of both: then every
// character that is no letter or digit is a delimiter.
struct KeyValueRules {
  std::string regex;
  std::string pair_delimiter, kv_delimiter;
  std::vector<std::pair<std::string, std::string>> quotes;  // opening and closing
  std::vector<std::string> escapes;                         // within quotes: the character behind one is itself
  bool greedy = false;                                      // a value without quotes ends before the next key
};

// Calls `visit` with each key and its value, blanks around them and quotes taken off, until it returns false.
using VisitPair = std::function<bool(std::string_view key, std::string value)>;
void for_each_pair(std::string_view text, const KeyValueRules& rules, const VisitPair& visit);

}  // namespace kql
