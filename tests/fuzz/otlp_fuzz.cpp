// SPDX-License-Identifier: Apache-2.0
// Log requests of OpenTelemetry in both encodings: each row is a JSON object, where its texts are UTF-8.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "workspace/ingest/json_reader.hpp"
#include "workspace/ingest/otlp_logs.hpp"

namespace {

void check_rows(const base::Result<std::vector<std::string>>& rows) {
  if (!rows) return;
  for (const std::string& row : *rows) {
    workspace::JsonReader reader(row);
    if (reader.form() != workspace::JsonForm::object || reader.value().empty() || !reader.at_end()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  check_rows(workspace::otlp_protobuf_rows(body));
  check_rows(workspace::otlp_json_rows(body));
  return 0;
}
