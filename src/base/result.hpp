// SPDX-License-Identifier: Apache-2.0
// Result<T>: what every function returns that can meet bad input or a failing system.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace base {

// The closed list of ways to fail. The command line maps them to exit codes, the hub to HTTP statuses.
enum class Kind {
  invalid_input,  // the bytes or words given are not what they claim to be
  not_found,      // the named thing does not exist
  denied,         // credentials missing, wrong or not sufficient
  unavailable,    // a peer did not answer or cannot serve now; trying again may help
  conflict,       // the state changed underneath
  corrupt,        // a digest, checksum or length does not agree with its data
  too_large,      // a cap was reached
  unsupported,    // understood, and not handled on purpose
  cancelled,      // somebody asked to stop
  internal        // a fault of this program
};

// Name of the kind as it stands in JSON reports (`error.code`), e.g. "invalid_input".
std::string_view kind_name(Kind kind);

// A failure. The message names the thing and the mend; it never carries a secret.
struct Error {
  Kind kind = Kind::internal;
  std::string message;

  // The same error with the enclosing step in front: "reading layer sha256:9f…: <message>".
  Error with_context(std::string_view step) const;
};

template <typename T>
using Result = tl::expected<T, Error>;

// `return base::fail(Kind::not_found, "no tag 1.2 in …");`
inline tl::unexpected<Error> fail(Kind kind, std::string message) {
  return tl::make_unexpected(Error{kind, std::move(message)});
}

inline tl::unexpected<Error> fail(Error error) { return tl::make_unexpected(std::move(error)); }

}  // namespace base

// Evaluates an expression of type Result<T>; on failure returns its error from the enclosing function,
// else yields the value (nothing for Result<void>).
#define TRY(expression) BASE_TRY_NAMED(expression, BASE_JOINED(try_result_, __COUNTER__), )

// TRY with the enclosing step named in front of the error.
#define TRY_CONTEXT(expression, step) BASE_TRY_NAMED(expression, BASE_JOINED(try_result_, __COUNTER__), .with_context(step))

// Each TRY has a variable of its own name: one stands within another's expression where a lambda is passed.
#define BASE_TRY_NAMED(expression, name, context)                       \
  __extension__({                                                       \
    auto name = (expression);                                           \
    if (!name) return ::base::fail(std::move(name).error() context);    \
    ::base::detail::unwrap(std::move(name));                            \
  })
#define BASE_JOINED(a, b) BASE_JOINED_NOW(a, b)
#define BASE_JOINED_NOW(a, b) a##b

namespace base::detail {
template <typename T>
T unwrap(Result<T>&& result) {
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}
}  // namespace base::detail
