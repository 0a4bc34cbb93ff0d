// SPDX-License-Identifier: Apache-2.0
// Functions that look for a text in another and count or replace it.
#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "kql/functions/function.hpp"
#include "kql/functions/text_range.hpp"
#include "kql/text_terms.hpp"

namespace kql {

namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

Value index_of(const Arguments& a) {
  const std::string text = a.as_text(0);
  const std::string needle = a.as_text(1);
  const auto range = text_range(text, a, true);
  if (!range) return {};
  const std::string_view all = text;
  std::size_t begin = range->begin;
  std::size_t at = all.substr(0, range->end_of(all, begin)).find(needle, begin);
  for (std::int64_t left = range->occurrence; left > 1 && at != kNowhere; --left) {
    begin = at + 1;
    at = all.substr(0, range->end_of(all, begin)).find(needle, begin);
  }
  if (at == kNowhere) return Value::integer(-1);
  return Value::integer(static_cast<std::int64_t>(count_code_points(all.substr(0, at))));
}

// Matches may overlap: "aaaa" holds "aa" three times.
Value count_of(const Arguments& a) {
  const std::string& text = a.text(0);
  const std::string& needle = a.text(1);
  if (needle.empty()) return Value::integer(0);
  std::int64_t count = 0;
  for (std::size_t at = text.find(needle); at != kNowhere; at = text.find(needle, at + 1)) ++count;
  return Value::integer(count);
}

// The place in the array of the first of its values that stands in the text as a term.
Value index_of_any(const Arguments& a) {
  const auto* values = a.json(1).if_array();
  if (values == nullptr) return Value::integer(-1);
  const std::string& text = a.text(0);
  for (std::size_t i = 0; i < values->size(); ++i)
    if (has_term_folded(text, to_text(Value::dynamic((*values)[i]), Type::dynamic))) return Value::integer(static_cast<std::int64_t>(i));
  return Value::integer(-1);
}

Value replace_one(const Arguments& a) {
  const std::string& text = a.text(0);
  const std::string& needle = a.text(1);
  const std::string& by = a.text(2);
  if (needle.empty()) return a[0];
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = text.find(needle); at != kNowhere; at = text.find(needle, done)) {
    out.append(text, done, at - done).append(by);
    done = at + needle.size();
    if (out.size() > kResultText) return {};
  }
  return Value::text(out.append(text, done));
}

// A stretch of the text: as it came, or what a replacement made of it, which no later one touches.
struct Piece {
  std::string text;
  bool settled = false;
};

void replace_in_pieces(std::vector<Piece>& pieces, std::string_view needle, const base::Json* by) {
  std::vector<Piece> out;
  for (Piece& piece : pieces) {
    if (piece.settled) {
      out.push_back(std::move(piece));
      continue;
    }
    std::size_t done = 0;
    for (std::size_t at = piece.text.find(needle); at != kNowhere; at = piece.text.find(needle, done)) {
      out.push_back({piece.text.substr(done, at - done), false});
      out.push_back({by != nullptr && by->is_string() ? std::string(base::as_string(*by)) : std::string(needle), true});
      done = at + needle.size();
    }
    out.push_back({piece.text.substr(done), false});
  }
  pieces = std::move(out);
}

Value replace_several(const Arguments& a) {
  const auto* needles = a.json(1).if_array();
  const auto* replacements = a.json(2).if_array();
  if (needles == nullptr || replacements == nullptr) return {};
  std::vector<Piece> pieces{{a.text(0), false}};
  for (std::size_t i = 0; i < needles->size() && pieces.size() <= kResultElements; ++i) {
    const std::string_view needle = base::as_string((*needles)[i]);
    if (!needle.empty()) replace_in_pieces(pieces, needle, i < replacements->size() ? &(*replacements)[i] : nullptr);
  }
  std::string out;
  for (const Piece& piece : pieces) {
    out += piece.text;
    if (out.size() > kResultText) return {};
  }
  return Value::text(std::move(out));
}

std::vector<std::string_view> code_points(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t size = byte_of_code_point(text, 1);
    out.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return out;
}

// Each character of the first list becomes its counterpart; those past the second list's end become its last, or nothing.
Value translated(const Arguments& a) {
  const auto from = code_points(a.text(0));
  const auto to = code_points(a.text(1));
  std::string out;
  for (const std::string_view point : code_points(a.text(2))) {
    const auto at = std::find(from.begin(), from.end(), point);
    if (at == from.end()) out += point;
    else if (!to.empty()) out += to[std::min(static_cast<std::size_t>(at - from.begin()), to.size() - 1)];
  }
  return Value::text(std::move(out));
}

}  // namespace

std::span<const Function> search_functions() {
  static constexpr Function kAll[] = {
      {.name = "indexof", .signature = "(any, any, whole?, whole?, const whole?) long", .evaluate = index_of},
      {.name = "countof", .signature = "(string, string) long", .evaluate = count_of},
      {.name = "has_any_index", .signature = "(string, dynamic) long", .evaluate = index_of_any},
      {.name = "replace_string", .signature = "(string, string, string) string", .evaluate = replace_one},
      {.name = "replace_strings", .signature = "(string, dynamic, dynamic) string", .evaluate = replace_several},
      {.name = "translate", .signature = "(string, string, string) string", .evaluate = translated},
  };
  return kAll;
}

}  // namespace kql
