// SPDX-License-Identifier: Apache-2.0
// Reads one token after another; shared by the lexer and by what stands within dynamic(…).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kql/syntax/lexer.hpp"
#include "kql/syntax/parser.hpp"

namespace kql {

class TokenReader {
 public:
  TokenReader(std::string_view query, std::vector<Diagnostic>& diagnostics) : query_(query), diagnostics_(diagnostics) {}

  Token next();

 private:
  char at(std::size_t ahead = 0) const { return position_ + ahead < query_.size() ? query_[position_ + ahead] : '\0'; }
  bool starts_with(std::string_view text) const { return query_.substr(position_, text.size()) == text; }
  Span since(std::size_t begin) const { return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(position_)}; }
  void report(std::size_t begin, std::string message, std::string suggestion = {}) {
    if (diagnostics_.size() < kMostDiagnostics) diagnostics_.push_back({since(begin), shortened(std::move(message)), std::move(suggestion)});
  }
  void skip_blanks_and_comments();

  bool at_string() const;
  Token read_string();
  std::string read_quoted(std::size_t begin, char quote, bool verbatim);
  std::string read_fenced(std::size_t begin);
  void read_escape(std::string& out, bool& knows_all);
  std::uint32_t read_octal();
  std::uint32_t read_hex(std::size_t most);

  Token read_number();
  std::size_t number_size() const;
  Token read_name();
  Token read_typed_literal(std::size_t begin, Type type);
  std::optional<Literal> typed_value(Type type, std::string_view text);
  std::string read_nested_dynamic();
  std::string read_dynamic(int depth);
  void read_members(std::string& json, char close, int depth);
  std::string read_dynamic_scalar();
  std::optional<Token> read_foreign_sign();
  Token read_symbol();

  std::string_view query_;
  std::vector<Diagnostic>& diagnostics_;
  std::size_t position_ = 0;
  int within_dynamics_ = 0;
};

}  // namespace kql
