// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace benchmark {

// The rules that the kernel's audit subsystem holds, asked over netlink (AUDIT_LIST_RULES of linux/audit.h), in the words
// of auditctl. Kind::denied without CAP_AUDIT_CONTROL, Kind::unsupported where the kernel has no audit.
base::Result<std::vector<std::string>> kernel_audit_rules();

// One struct audit_rule_data as a line: "-a always,exit -S all -F path=/etc/docker -F perm=wa -F key=docker".
// Kind::corrupt where lengths do not agree. Exposed for tests.
base::Result<std::string> audit_rule_text(std::string_view rule);

}  // namespace benchmark
