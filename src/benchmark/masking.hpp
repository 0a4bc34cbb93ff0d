// SPDX-License-Identifier: Apache-2.0
// Keeps secrets out of facts and reports: the collector masks what an engine tells of variables before anything is kept.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace benchmark {

// Whether a variable's name promises a secret: DB_PASSWORD, aws_secret_access_key, NPM_TOKEN; not DB_PASSWORD_FILE.
bool promises_secret(std::string_view name);

// "NAME=****", or "NAME=" where there is no value.
std::string masked_variable(std::string_view variable);

// Whether a build step gives a variable of such a name a value ("ENV DB_PASSWORD=…", "|1 NPM_TOKEN=…"), and the step with
// those values masked.
bool assigns_secret(std::string_view line);
std::string masked(std::string_view line);

// The daemon's arguments (of /proc/PID/cmdline): options of log drivers and addresses of proxies may carry credentials.
std::vector<std::string> kept_arguments(std::string_view command_line);

}  // namespace benchmark
