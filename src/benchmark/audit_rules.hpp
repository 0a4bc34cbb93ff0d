// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace benchmark {

// One rule of the kernel's audit subsystem in the words of auditctl(8): "-w /etc/docker -p wa -k docker" or
// "-a always,exit -F dir=/etc/docker -F perm=wa -F key=docker".
struct AuditRule {
  std::string text;       // as it was read
  std::string path;       // watched; empty where the rule watches none
  bool below = false;     // what lies below the path is watched too
  bool never = false;     // the rule keeps events from being recorded
  std::string narrowed;   // the field that makes the rule miss some events ("auid>=1000"); empty: it misses none
  bool writes = false;    // records writes
  bool attributes = false;  // records changes of owner and mode
};

// Nothing where the line is no rule: a comment, an option such as -D or -b 8192.
std::optional<AuditRule> parse_audit_rule(std::string_view line);

// The rule of a list that decides about `path` (which has no trailing '/'), as the kernel takes them in order: the first
// that covers it or keeps all its events out; where there is none, the first that watches it in part; null: none does.
const AuditRule* rule_for(const std::vector<AuditRule>& rules, std::string_view path);

// Whether the rule records writes and changes of owner and mode by everybody.
bool covers(const AuditRule& rule);

}  // namespace benchmark
