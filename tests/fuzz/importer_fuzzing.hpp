// SPDX-License-Identifier: Apache-2.0
// What the fuzz targets of the advisory importers have in common: read, write the index, open it.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "advisory/importers.hpp"
#include "advisory/index_reader.hpp"
#include "advisory/index_writer.hpp"

namespace importer_fuzzing {

using Importer = base::Result<void> (*)(std::string_view, std::string_view, advisory::RecordSet&, advisory::Refusals&);

// Whatever was read can be written and opened again.
inline int run(Importer importer, const std::uint8_t* data, std::size_t size) {
  const std::string_view document(reinterpret_cast<const char*>(data), size);
  advisory::RecordSet records;
  advisory::Refusals refusals;
  (void)advisory::detect_format(document);
  if (!importer(document, "fuzz", records, refusals)) return 0;
  const auto bytes = advisory::write_index(std::move(records), base::Seconds());
  if (!bytes || !advisory::IndexReader::open(*bytes, "fuzz")) std::abort();
  return 0;
}

}  // namespace importer_fuzzing
