// SPDX-License-Identifier: Apache-2.0
// Findings and inventories as the state store keeps them. All texts pass base::printable: packages and paths come from
// hostile images and may hold any byte, the store and REST hold UTF-8.
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "model/inventory.hpp"

namespace security {

// A text of hostile origin as it is stored and shown.
std::string stored_text(std::string_view text);
std::string stored_lines(std::string_view text);  // the same, line feeds kept

std::string category_label(const model::Finding& finding);  // "Vulnerability" …, as docs/rest-api.md

// Why the finding does not count by its own data (VEX, ignore file), for people; empty where it counts.
std::string ignored_text(const model::Finding& finding);

// What belongs to the finding alone, and what all findings of the same vulnerability share.
std::string finding_detail(const model::Finding& finding);
std::string vulnerability_detail(const model::Finding& finding);

// Distribution, packages and issues of an inventory: compact JSON, the same bytes for the same content. The artifact and
// the warnings are the image's, not the set's.
std::string inventory_text(const model::Inventory& inventory);
base::Result<model::Inventory> inventory_from_text(std::string_view text, std::string_view what);

}  // namespace security
