// SPDX-License-Identifier: Apache-2.0
// Every rule of an ignore file that is read is a statement or a warning, with an id and a file.
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "advisory/vex.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto file = advisory::read_ignore_file(text, "fuzz", base::Seconds(std::chrono::seconds(1'700'000'000)));
  if (!file) return 0;
  for (const auto& statement : file->statements) {
    if (statement.vulnerabilities.size() != 1 || statement.vulnerabilities[0].empty() || statement.status != "ignored") std::abort();
  }
  return 0;
}
