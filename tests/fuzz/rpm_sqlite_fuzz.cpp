// SPDX-License-Identifier: Apache-2.0
// The input is a database, and behind the separator, if there is one, its write-ahead log.
#include <cstdint>
#include <string_view>

#include "sbom/rpm.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view kSeparator = "\n--wal--\n";
  std::string_view database(reinterpret_cast<const char*>(data), size);
  std::string_view wal;
  if (const auto at = database.find(kSeparator); at != std::string_view::npos) {
    wal = database.substr(at + kSeparator.size());
    database = database.substr(0, at);
  }
  (void)sbom::visit_rpm_sqlite(database, wal, [](std::string_view) { return true; });
  return 0;
}
