// SPDX-License-Identifier: Apache-2.0
#include "importer_fuzzing.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return importer_fuzzing::run(advisory::import_secdb, data, size);
}
