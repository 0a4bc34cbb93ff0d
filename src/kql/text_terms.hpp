// SPDX-License-Identifier: Apache-2.0
// How KQL's string operators look at text: case folding and terms
// (data-explorer/kusto/query/datatypes-string-operators).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kql {

std::string fold_case(std::string_view text);  // lower case of Unicode's simple mappings (Latin, Greek, Cyrillic, full width …)
std::string upper_case(std::string_view text);

// Code points of UTF-8 text; a byte that begins none counts as one.
std::size_t count_code_points(std::string_view text);
// The byte at which the code point of this number begins; text.size() behind the last.
std::size_t byte_of_code_point(std::string_view text, std::size_t number);

// Whether `needle` stands in `text` with a term's begin at its begin and a term's end at its end: a term is a maximal run
// of letters and digits (ASCII ones, and all beyond ASCII).
bool begins_term(std::string_view text, std::size_t at);  // no letter or digit before this one, or none here
bool ends_term(std::string_view text, std::size_t end);
bool has_term(std::string_view text, std::string_view needle);
bool has_term_prefix(std::string_view text, std::string_view needle);
bool has_term_suffix(std::string_view text, std::string_view needle);

bool is_ascii(std::string_view text);

// The same and others without regard to case. Nothing is copied where `needle` is ASCII: no letter beyond ASCII folds to one
// within it.
bool equal_folded(std::string_view text, std::string_view needle);
bool contains_folded(std::string_view text, std::string_view needle);
bool begins_folded(std::string_view text, std::string_view needle);
bool ends_folded(std::string_view text, std::string_view needle);
bool has_term_folded(std::string_view text, std::string_view needle);
bool has_term_prefix_folded(std::string_view text, std::string_view needle);
bool has_term_suffix_folded(std::string_view text, std::string_view needle);

}  // namespace kql
