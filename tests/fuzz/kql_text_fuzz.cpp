// SPDX-License-Identifier: Apache-2.0
// The readers behind KQL's functions of text take any bytes; what is encoded is read back the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "kql/functions/command_line.hpp"
#include "kql/functions/ip_address.hpp"
#include "kql/functions/json_path.hpp"
#include "kql/functions/punycode.hpp"
#include "kql/functions/user_agent.hpp"
#include "kql/functions/xml.hpp"
#include "kql/key_values.hpp"
#include "kql/regex.hpp"
#include "kql/text_terms.hpp"
#include "kql/utf8.hpp"

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

void read_pairs(std::string_view text) {
  const auto ignore = [](std::string_view, const std::string&) { return true; };
  kql::KeyValueRules rules;
  rules.quotes = {{"'", "'"}, {"(", ")"}};
  rules.escapes = {"\\"};
  kql::for_each_pair(text, rules, ignore);
  rules.pair_delimiter = " ";
  rules.kv_delimiter = "=";
  kql::for_each_pair(text, rules, ignore);
  rules.greedy = true;
  kql::for_each_pair(text, rules, ignore);
}

// The search without copies finds what folding both texts finds, where both are texts.
void compare_searches(std::string_view text) {
  const std::string_view needle = text.substr(text.size() / 2, 3);
  if (!kql::is_utf8(text) || !kql::is_utf8(needle)) return;
  const std::string folded = kql::fold_case(text);
  const std::string folded_needle = kql::fold_case(needle);
  expect(kql::contains_folded(text, needle) == (folded.find(folded_needle) != std::string::npos));
  expect(kql::has_term_folded(text, needle) == kql::has_term(folded, folded_needle));
  expect(kql::has_term_prefix_folded(text, needle) == kql::has_term_prefix(folded, folded_needle));
  expect(kql::has_term_suffix_folded(text, needle) == kql::has_term_suffix(folded, folded_needle));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  kql::json_of_xml(text);
  kql::parse_user_agent(text);
  kql::parse_json_path(text);
  kql::windows_arguments(text);
  read_pairs(text);
  compare_searches(text);
  if (size <= 512) kql::compiled_regex(text, "\u00e9");
  if (const auto ipv4 = kql::parse_ipv4(text)) expect(kql::parse_ipv4(kql::ipv4_text(ipv4->address))->address == ipv4->address);
  if (const auto ipv6 = kql::parse_ipv6(text)) expect(kql::parse_ipv6(kql::ipv6_text(ipv6->address))->address == ipv6->address);
  if (const auto decoded = kql::punycode_decoded(text)) expect(kql::is_utf8(*decoded));
  if (const auto encoded = kql::punycode_encoded(text)) expect(kql::punycode_decoded(*encoded) == text);
  return 0;
}
