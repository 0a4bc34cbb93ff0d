// SPDX-License-Identifier: Apache-2.0
#include "kql/functions/signature.hpp"

#include <cassert>
#include <map>
#include <mutex>
#include <string>

#include "base/text.hpp"

namespace kql {

namespace {

using Takes = FormalParameter::Takes;

FormalParameter read_parameter(std::string_view word) {
  FormalParameter out;
  if (word.substr(0, 6) == "const ") {
    out.constant = true;
    word.remove_prefix(6);
  }
  if (!word.empty() && word.back() == '?') {
    out.optional = true;
    word.remove_suffix(1);
  }
  if (!word.empty() && word.back() == '~') {
    out.takes_dynamic = true;
    word.remove_suffix(1);
  }
  if (const auto type = model::parse_column_type(word)) {
    out.takes = Takes::exactly;
    out.type = *type;
    return out;
  }
  static const std::map<std::string_view, Takes> kWords{{"any", Takes::any},           {"plain", Takes::plain},         {"number", Takes::number},
                                                        {"whole", Takes::whole},       {"summable", Takes::summable},   {"orderable", Takes::orderable},
                                                        {"common", Takes::common},     {"numbers", Takes::common_number},
                                                        {"ordered", Takes::common_ordered}};
  const auto at = kWords.find(word);
  assert(at != kWords.end() && "unknown word in a signature");
  out.takes = at->second;
  return out;
}

Signature read_signature(std::string_view text) {
  Signature out;
  const std::size_t close = text.rfind(')');
  assert(!text.empty() && text.front() == '(' && close != std::string_view::npos && "a signature is '(parameters) result'");
  std::string_view list = text.substr(1, close - 1);
  // "(a, (b, c)...": the group's parentheses are taken off.
  bool in_group = false;
  for (std::string_view word : base::split(list, ',')) {
    word = base::trim(word);
    if (word.empty()) continue;
    if (word.front() == '(') {
      in_group = true;
      word.remove_prefix(1);
    }
    const bool repeats = word.size() > 3 && word.substr(word.size() - 3) == "...";
    if (repeats) word.remove_suffix(3);
    if (!word.empty() && word.back() == ')') word.remove_suffix(1);
    out.parameters.push_back(read_parameter(word));
    if (in_group || repeats) ++out.repeated;
  }
  const std::string_view result = base::trim(text.substr(close + 1));
  if (result == "first") out.result = Signature::Result::first;
  else if (result == "common") out.result = Signature::Result::common;
  else {
    const auto type = model::parse_column_type(result);
    assert(type && "unknown result in a signature");
    out.type = *type;
  }
  return out;
}

bool accepts(Takes takes, Type type) {
  switch (takes) {
    case Takes::any:
    case Takes::common:
    case Takes::exactly: return true;
    case Takes::plain: return type != Type::dynamic;
    case Takes::number:
    case Takes::common_number: return is_number(type);
    case Takes::whole: return is_whole(type);
    case Takes::summable: return is_number(type) || type == Type::datetime || type == Type::timespan;
    case Takes::orderable:
    case Takes::common_ordered: return type != Type::dynamic && type != Type::guid;
  }
  return false;
}

// Nothing where no value of `from` is taken for a `to` without being asked.
std::optional<int> conversion_cost(Type from, Type to) {
  if (from == to) return 0;
  if (from == Type::int32 && to == Type::int64) return 1;
  if (is_whole(from) && to == Type::real) return 2;
  if (is_number(from) && to == Type::decimal) return 3;
  if (from == Type::int64 && to == Type::int32) return 4;
  if (from == Type::dynamic && to == Type::string) return 10;
  return std::nullopt;
}

// What an argument becomes for a parameter; nothing where it does not fit.
std::optional<Type> converted(const FormalParameter& parameter, Type type) {
  if (type == Type::dynamic && parameter.takes_dynamic) {
    switch (parameter.takes) {
      case Takes::exactly: return parameter.type;
      case Takes::number: return Type::real;
      case Takes::whole: return Type::int64;
      default: return type;
    }
  }
  if (!accepts(parameter.takes, type)) return std::nullopt;
  if (parameter.takes != Takes::exactly) return type;
  return conversion_cost(type, parameter.type) ? std::optional(parameter.type) : std::nullopt;
}

bool is_common(const FormalParameter& parameter) {
  return parameter.takes == Takes::common || parameter.takes == Takes::common_number || parameter.takes == Takes::common_ordered;
}

}  // namespace

const FormalParameter* Signature::parameter(std::size_t argument) const {
  if (argument < parameters.size()) return &parameters[argument];
  if (repeated == 0) return nullptr;
  const std::size_t first = parameters.size() - repeated;
  return &parameters[first + (argument - first) % repeated];
}

std::size_t Signature::least_arguments() const {
  std::size_t count = 0;
  for (const FormalParameter& parameter : parameters) count += parameter.optional ? 0 : 1;
  return count;
}

const Signature& signature_of(std::string_view text) {
  static std::mutex mutex;
  static std::map<std::string, Signature, std::less<>> known;
  const std::lock_guard lock(mutex);
  const auto at = known.find(text);
  if (at != known.end()) return at->second;
  return known.emplace(std::string(text), read_signature(text)).first->second;
}

std::optional<Type> common_type(Type left, Type right) {
  if (left == right) return left;
  if (is_number(left) && is_number(right)) {
    if (left == Type::decimal || right == Type::decimal) return Type::decimal;
    return left == Type::real || right == Type::real ? Type::real : Type::int64;
  }
  if (left == Type::dynamic) return right;
  if (right == Type::dynamic) return left;
  return std::nullopt;
}

std::optional<Match> match(const Signature& signature, std::span<const Type> arguments) {
  if (arguments.size() < signature.least_arguments()) return std::nullopt;
  Match out;
  std::optional<Type> common;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const FormalParameter* parameter = signature.parameter(i);
    if (parameter == nullptr) return std::nullopt;
    const auto type = converted(*parameter, arguments[i]);
    if (!type) return std::nullopt;
    out.arguments.push_back(*type);
    if (!is_common(*parameter)) continue;
    common = common ? common_type(*common, *type) : type;
    if (!common) return std::nullopt;
  }
  if (common == Type::dynamic && !signature.parameters.empty() && signature.parameters.front().takes == Takes::common_number) common = Type::real;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (is_common(*signature.parameter(i))) out.arguments[i] = *common;
    out.cost += conversion_cost(arguments[i], out.arguments[i]).value_or(20);
  }
  switch (signature.result) {
    case Signature::Result::exactly: out.result = signature.type; break;
    case Signature::Result::first: out.result = out.arguments.empty() ? Type::string : out.arguments.front(); break;
    case Signature::Result::common: out.result = common.value_or(Type::string); break;
  }
  return out;
}

}  // namespace kql
