// SPDX-License-Identifier: Apache-2.0
// What people who know SQL, other query languages or other spellings write, and what this language has instead.
#pragma once

#include <string>
#include <string_view>

namespace kql {

// One of both is empty.
struct Hint {
  std::string_view instead;  // what stands for it, word by word
  std::string_view advice;   // what to do, where that is more than a word
};

Hint operator_hint(std::string_view word);  // behind a '|'
Hint function_hint(std::string_view name);
Hint join_kind_hint(std::string_view kind);

// A sign of other languages that a text begins with: "&&". `length` 0: none.
struct ForeignSign {
  std::size_t length = 0;
  std::string_view instead;  // a sign or a word of this language, read in its place; empty: nothing is
  std::string_view advice;
};
ForeignSign foreign_sign(std::string_view text);

// "and" of AND; empty where it is no word between operands, or is written as it should be.
std::string word_in_lower_case(std::string_view word);

bool is_time_unit(std::string_view word);  // that stands right behind a number: "h", "days"

}  // namespace kql
