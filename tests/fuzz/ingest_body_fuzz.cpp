// SPDX-License-Identifier: Apache-2.0
// Bodies of requests: rows lie in the body, one behind the other; what is taken for JSON is JSON to another parser, too.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/json.hpp"
#include "workspace/ingest/body_rows.hpp"
#include "workspace/ingest/json_text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const char* end = body.data();
  const auto rows = workspace::rows_of_json(body);
  for (const std::string_view row : rows.value_or(std::vector<std::string_view>())) {
    if (row.data() < end || row.data() + row.size() > body.data() + body.size()) std::abort();
    end = row.data() + row.size();
    // The other one checks surrogates and the size of exponents, and takes UTF-8 alone.
    if (workspace::is_utf8(row) && row.find("\\u") == std::string_view::npos && row.find_first_of("eE") == std::string_view::npos &&
        !base::parse_json(row, "the row"))
      std::abort();
  }
  const auto lines = workspace::rows_of_lines(body);
  for (const std::string_view line : lines.value_or(std::vector<std::string_view>()))
    if (line.find('\n') != std::string_view::npos) std::abort();
  return 0;
}
