// SPDX-License-Identifier: Apache-2.0
// array_sort_asc and array_sort_desc: the first array decides the order of all.
#include <algorithm>
#include <numeric>

#include "kql/functions/function.hpp"
#include "kql/time.hpp"

namespace kql {

namespace {

// Numbers and times stand before other texts, those before guids, those before all else; nulls are placed apart.
enum class Rank { number, text, guid, other };

struct SortKeyOf {
  Rank rank = Rank::other;
  double number = 0;
  std::int64_t ticks = 0;
  std::string text;
};

// A timespan within a dynamic is its text, whose order is not that of the timespans.
bool is_timespan_text(std::string_view text) { return text.find(':') != std::string_view::npos && parse_timespan(text).has_value(); }
bool is_datetime_text(std::string_view text) {
  return text.size() == 28 && text[10] == 'T' && text.back() == 'Z' && parse_datetime(text).has_value();
}

SortKeyOf sort_key_of(const base::Json& element) {
  SortKeyOf key;
  if (element.is_number()) {
    key.rank = Rank::number;
    key.number = element.to_number<double>();
    if (element.is_int64()) key.ticks = element.get_int64();
    return key;
  }
  if (const auto* string = element.if_string()) {
    key.text.assign(string->data(), string->size());
    const bool timespan = is_timespan_text(key.text);
    if (timespan) key.ticks = *parse_timespan(key.text);
    key.rank = timespan || is_datetime_text(key.text) ? Rank::number : parse_guid(key.text) ? Rank::guid : Rank::text;
    if (timespan) key.text.clear();
    return key;
  }
  key.text = dynamic_text(element);
  return key;
}

bool before(const SortKeyOf& left, const SortKeyOf& right) {
  if (left.number != right.number) return left.number < right.number;
  if (left.ticks != right.ticks) return left.ticks < right.ticks;
  return left.text < right.text;
}

bool nulls_last(const Arguments& a) {
  const std::size_t last = a.size() - 1;
  return a.types[last] != Type::boolean || a[last].is_null() || a[last].boolean();
}

// The places of the elements in their order.
std::vector<std::size_t> order_of(const base::JsonArray& array, bool ascending, bool nulls_are_last) {
  std::vector<SortKeyOf> keys;
  for (const base::Json& element : array) keys.push_back(sort_key_of(element));
  std::vector<std::size_t> places(array.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::stable_sort(places.begin(), places.end(), [&](std::size_t left, std::size_t right) {
    const bool left_is_null = array[left].is_null();
    const bool right_is_null = array[right].is_null();
    if (left_is_null || right_is_null) return left_is_null != right_is_null && left_is_null != nulls_are_last;
    if (keys[left].rank != keys[right].rank) return keys[left].rank < keys[right].rank;
    return ascending ? before(keys[left], keys[right]) : before(keys[right], keys[left]);
  });
  return places;
}

base::Json in_order(const Value& array, const std::vector<std::size_t>& places) {
  const auto* elements = array.is_null() ? nullptr : array.json().if_array();
  if (elements == nullptr || elements->size() != places.size()) return nullptr;
  base::JsonArray out;
  for (const std::size_t place : places) out.push_back((*elements)[place]);
  return out;
}

// The sorted array, or an array of the arrays where several are given.
template <bool ascending>
Value sorted(const Arguments& a) {
  const auto* first = a[0].is_null() ? nullptr : a.json(0).if_array();
  if (first == nullptr) return {};
  const std::vector<std::size_t> places = order_of(*first, ascending, nulls_last(a));
  const std::size_t arrays = a.types[a.size() - 1] == Type::boolean ? a.size() - 1 : a.size();
  if (arrays == 1) return Value::dynamic(in_order(a[0], places));
  base::JsonArray out;
  for (std::size_t i = 0; i < arrays; ++i) out.push_back(in_order(a[i], places));
  return Value::dynamic(std::move(out));
}

constexpr Function sort(std::string_view name, std::string_view signature, Value (*evaluate)(const Arguments&)) {
  return {.name = name, .signature = signature, .evaluate = evaluate, .nulls = Function::Nulls::handled, .columns = kSortedArrays};
}

constexpr Function kFunctions[] = {
    sort("array_sort_asc", "(dynamic...) dynamic", sorted<true>),
    sort("array_sort_asc", "(dynamic, const bool) dynamic", sorted<true>),
    sort("array_sort_asc", "(dynamic, dynamic, const bool) dynamic", sorted<true>),
    sort("array_sort_desc", "(dynamic...) dynamic", sorted<false>),
    sort("array_sort_desc", "(dynamic, const bool) dynamic", sorted<false>),
    sort("array_sort_desc", "(dynamic, dynamic, const bool) dynamic", sorted<false>),
};

}  // namespace

std::span<const Function> array_order_functions() { return kFunctions; }

}  // namespace kql
