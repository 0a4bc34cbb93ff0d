// SPDX-License-Identifier: Apache-2.0
// Evidence as agents tell it: [{source, path, value, message}].
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"

namespace providers::hybrid_compute {

// As it is stored: texts safe to show, at most 20 facts, and 8 KiB of JSON.
base::JsonArray stored_evidence(const base::Json& evidence);

// "container web: runs as root", of one resource; of the host itself the words alone.
std::string evidence_line(std::string_view scope, std::string_view name, const base::JsonArray& evidence);

}  // namespace providers::hybrid_compute
