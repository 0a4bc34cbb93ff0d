// SPDX-License-Identifier: Apache-2.0
// What a function takes and gives, written in one line: "(string, whole, whole?) string".
//
// A parameter is a type's name or
//   any        every type                    number     int, long, real, decimal
//   plain      every type but dynamic        whole      int, long
//   summable   numbers, datetime, timespan   orderable  all but dynamic and guid
//   common     the widest type of all arguments so marked, to which they are converted
//   numbers    the same, of numbers alone    ordered    the same, of all but dynamic and guid
// "~" behind it: a dynamic is taken, too, and converted (a string parameter always takes one).
// "?" behind it: may be left out. "..." behind the last one: it may come again; behind "(a, b)..." the pair may.
// A leading "const ": it must be known before the query runs.
// The result is a type, "first" (the type of the first argument), or "common".
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "kql/type.hpp"

namespace kql {

struct FormalParameter {
  enum class Takes { exactly, any, plain, number, whole, summable, orderable, common, common_number, common_ordered } takes = Takes::any;
  Type type = Type::string;  // of `exactly`
  bool optional = false;
  bool takes_dynamic = false;
  bool constant = false;
};

struct Signature {
  std::vector<FormalParameter> parameters;
  std::size_t repeated = 0;  // of the last parameters: how many come again together
  enum class Result { exactly, first, common } result = Result::exactly;
  Type type = Type::string;  // of `exactly`

  // The parameter of an argument; null where there are too many.
  const FormalParameter* parameter(std::size_t argument) const;
  std::size_t least_arguments() const;
};

// A signature of the catalog; asserts that it is well written. The answer lives as long as the program.
const Signature& signature_of(std::string_view text);

// The types that the arguments of a call are converted to and its result. `cost` is 0 where nothing is converted.
// Nothing where they do not fit.
struct Match {
  std::vector<Type> arguments;
  Type result = Type::string;
  int cost = 0;
};
std::optional<Match> match(const Signature& signature, std::span<const Type> arguments);

// The type that values of both can be converted to without loss of meaning, as iff() and union need; nothing of others.
std::optional<Type> common_type(Type left, Type right);

}  // namespace kql
