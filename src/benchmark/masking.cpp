// SPDX-License-Identifier: Apache-2.0
#include "benchmark/masking.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace benchmark {

namespace {

constexpr std::array<std::string_view, 12> kSecretWords{"password",   "passwd",      "pwd",         "secret",
                                                        "token",      "apikey",      "api_key",     "access_key",
                                                        "secret_key", "private_key", "credentials", "passphrase"};

bool is_name_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Where values of such names stand in a step: {begin, length}.
std::vector<std::pair<std::size_t, std::size_t>> secret_values(std::string_view line) {
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (auto equal = line.find('='); equal != std::string_view::npos; equal = line.find('=', equal + 1)) {
    std::size_t begin = equal;
    while (begin > 0 && is_name_letter(line[begin - 1])) --begin;
    if (!promises_secret(line.substr(begin, equal - begin))) continue;
    std::size_t end = equal + 1;
    const char quote = end < line.size() && (line[end] == '"' || line[end] == '\'') ? line[end] : '\0';
    end = quote ? line.find(quote, end + 1) : line.find_first_of(" \t", end);
    end = end == std::string_view::npos ? line.size() : quote ? end + 1 : end;
    if (end > equal + 1 && line[equal + 1] != '$') found.emplace_back(equal + 1, end - equal - 1);
  }
  return found;
}

}  // namespace

bool promises_secret(std::string_view name) {
  const std::string lower = base::to_lower(name);
  if (lower == "pwd" || lower == "oldpwd" || lower.ends_with("_file")) return false;
  return std::any_of(kSecretWords.begin(), kSecretWords.end(), [&lower](std::string_view word) {
    if (!lower.ends_with(word)) return false;
    return lower.size() == word.size() || lower[lower.size() - word.size() - 1] == '_' || word.size() > 5;
  });
}

std::string masked_variable(std::string_view variable) {
  const auto [name, value] = base::cut(variable, "=");
  return std::string(name) + (value.empty() ? "=" : "=****");
}

bool assigns_secret(std::string_view line) { return !secret_values(line).empty(); }

std::string masked(std::string_view line) {
  std::string out(line);
  const auto values = secret_values(line);
  for (auto at = values.rbegin(); at != values.rend(); ++at) out.replace(at->first, at->second, "****");
  return out;
}

std::vector<std::string> kept_arguments(std::string_view command_line) {
  std::vector<std::string> out;
  bool hide = false;
  for (const std::string_view word : base::split(command_line, '\0')) {
    if (word.empty()) continue;
    const auto [name, value] = base::cut(word, "=");
    const bool is_secret_option = name == "--log-opt" || name.ends_with("-proxy") || name == "--cluster-store-opt";
    if (hide) out.emplace_back("****");
    else if (is_secret_option && !value.empty()) out.push_back(std::string(name) + "=****");
    else out.push_back(masked(word));
    hide = is_secret_option && value.empty();
  }
  return out;
}

}  // namespace benchmark
