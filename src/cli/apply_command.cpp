// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <iostream>
#include <iterator>

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/console.hpp"
#include "cli/hub_connection.hpp"

namespace cli {

namespace {

constexpr std::size_t kConfigurationCap = 4u << 20;

base::Result<std::string> read_configuration(const std::string& file) {
  if (file != "-") return base::read_file(file, kConfigurationCap);
  return std::string(std::istreambuf_iterator<char>(std::cin), {});
}

base::Result<void> apply(const GlobalOptions& global, const ApplyFlags& flags) {
  const auto connection = TRY(connect(flags.target));
  std::string text = TRY(read_configuration(flags.file));
  const bool json = base::trim(text).substr(0, 1) == "{";
  const auto answer = TRY_CONTEXT(connection.send_bytes("POST", "/api/v1/apply", std::move(text),
                                                        {{"Content-Type", json ? "application/json" : "application/yaml"}}),
                                  flags.file);
  const auto done = TRY(base::parse_json(answer.body, "the answer"));
  std::string changed;
  for (const auto& id : base::get_array(done, "changed")) changed += base::printable(base::as_string(id)) + "\n";
  TRY(write_output(changed, {}));
  print_hint(global, fmt::format("{} changed, {} were so already.", base::get_array(done, "changed").size(),
                                 base::get_int(done, "unchanged").value_or(0)));
  return {};
}

}  // namespace

int run_hub_apply(const GlobalOptions& global, const ApplyFlags& flags) {
  const auto done = apply(global, flags);
  return done ? kDone : fail_with(done.error());
}

}  // namespace cli
