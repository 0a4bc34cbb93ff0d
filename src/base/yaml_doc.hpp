// SPDX-License-Identifier: Apache-2.0
// YAML documents that people write for Bulwark (rules, controls, tables), read through a schema. Every fault is kept and
// carries file and line, so that an author mends a file in one go.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace base {

// One node with its place. Scalars are texts, as written, as in parse_yaml.
struct YamlNode {
  enum class Kind { null, scalar, list, map };
  struct Member;  // no pair: clang 14 wants to know what is in one before the node is complete
  Kind kind = Kind::null;
  int line = 0;                  // from 1
  std::string text;              // of a scalar
  std::vector<YamlNode> items;   // of a list
  std::vector<Member> members;   // of a map, in the order of the file

  const YamlNode* find(std::string_view key) const;  // null where missing or no map
};

struct YamlNode::Member {
  std::string name;
  YamlNode value;
};

// What is wrong with one file, or with several: "rules.yaml:12: message", at most 200 kept.
class YamlFaults {
 public:
  void add(std::string_view file, int line, std::string_view message);
  bool empty() const { return faults_.empty(); }
  const std::vector<std::string>& list() const { return faults_; }

  // Kind::invalid_input with all of them, one a line; success where there is none.
  Result<void> result() const;

 private:
  std::vector<std::string> faults_;
  std::size_t left_out_ = 0;
};

// The documents of a YAML stream; empty where it is no YAML, which is then among `faults`. Stricter than parse_yaml:
// anchors, aliases and repeated keys are faults. At most 8 MiB, 32 levels and 500,000 nodes.
std::vector<YamlNode> parse_yaml_doc(std::string_view text, std::string_view file, YamlFaults& faults);

// Reads the members of one map. Each call notes the key as known; what is missing or wrong is a fault and yields the
// value that stands for nothing. `node`, `file` and `faults` outlive the reader.
class YamlReader {
 public:
  YamlReader(const YamlNode& node, std::string_view file, YamlFaults& faults);

  std::string text(std::string_view key);                                     // required, not empty
  std::string text_or(std::string_view key, std::string_view otherwise);
  std::vector<std::string> texts(std::string_view key);                       // a list of texts; empty where missing
  std::int64_t integer_or(std::string_view key, std::int64_t otherwise, std::int64_t least, std::int64_t most);
  double number_or(std::string_view key, double otherwise, double least, double most);
  bool boolean_or(std::string_view key, bool otherwise);                      // true or false
  const std::vector<YamlNode>& list(std::string_view key);                    // nodes of a list; empty where missing
  const YamlNode* member(std::string_view key);                               // null where missing

  // At the end: members that nobody asked for are faults, with the nearest known name.
  void finish();

  void fault(std::string_view key, std::string_view message);                 // at the member's line, else at the map's
  void fault_at(int line, std::string_view message) { faults_.add(file_, line, message); }
  int line() const { return node_.line; }
  int line_of(std::string_view key) const;

 private:
  const YamlNode* scalar(std::string_view key);

  const YamlNode& node_;
  std::string_view file_;
  YamlFaults& faults_;
  std::vector<std::string> known_;
};

}  // namespace base
