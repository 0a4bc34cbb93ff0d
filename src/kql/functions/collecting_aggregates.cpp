// SPDX-License-Identifier: Apache-2.0
// make_list, make_set, make_bag.
#include <algorithm>
#include <optional>
#include <unordered_set>

#include "kql/functions/aggregate.hpp"

namespace kql {

namespace {

constexpr std::int64_t kMostCollected = 1'048'576;
constexpr std::int64_t kMostCollectedOfOld = 128;  // by makelist, makeset and make_dictionary, where the query gives no limit

std::size_t limit_of(const AggregateArguments& arguments, std::size_t argument, std::int64_t otherwise = kMostCollected) {
  if (argument >= arguments.constants.size() || arguments.constants[argument].is_null()) return static_cast<std::size_t>(otherwise);
  return static_cast<std::size_t>(std::clamp<std::int64_t>(arguments.constants[argument].integer(), 0, kMostCollected));
}

bool is_met(std::span<const Value> arguments, std::optional<std::size_t> condition) {
  return !condition || (!arguments[*condition].is_null() && arguments[*condition].boolean());
}

struct CollectOptions {
  std::optional<std::size_t> condition;
  std::size_t limit = kMostCollected;
  bool keeps_nulls = false;
};

// The elements of an array are taken singly.
class List : public Accumulator {
 public:
  List(Type type, CollectOptions options) : type_(type), options_(options) {}
  void add(std::span<const Value> arguments) override {
    if (list_.size() >= options_.limit || !is_met(arguments, options_.condition)) return;
    if (arguments[0].is_null() && !options_.keeps_nulls) return;
    base::Json json = to_json(arguments[0], type_);
    auto* array = json.if_array();
    if (array == nullptr) list_.push_back(std::move(json));
    for (std::size_t i = 0; array != nullptr && i < array->size() && list_.size() < options_.limit; ++i) list_.push_back(std::move((*array)[i]));
  }
  Value result() override { return Value::dynamic(std::move(list_)); }

 private:
  Type type_;
  CollectOptions options_;
  base::JsonArray list_;
};

// The elements of an array are taken singly.
class Set : public Accumulator {
 public:
  Set(Type type, CollectOptions options) : type_(type), options_(options) {}
  void add(std::span<const Value> arguments) override {
    if (arguments[0].is_null() || !is_met(arguments, options_.condition)) return;
    const base::Json json = to_json(arguments[0], type_);
    if (const auto* array = json.if_array()) {
      for (const base::Json& element : *array) insert(element);
    } else {
      insert(json);
    }
  }
  Value result() override { return Value::dynamic(std::move(list_)); }

 private:
  void insert(const base::Json& json) {
    if (list_.size() >= options_.limit || json.is_null()) return;
    if (known_.insert(dynamic_text(json)).second) list_.push_back(json);
  }
  Type type_;
  CollectOptions options_;
  std::unordered_set<std::string> known_;
  base::JsonArray list_;
};

// Of members with one key the first one met stays.
class Bag : public Accumulator {
 public:
  explicit Bag(CollectOptions options) : options_(options) {}
  void add(std::span<const Value> arguments) override {
    if (arguments[0].is_null() || !is_met(arguments, options_.condition)) return;
    const auto* object = arguments[0].json().if_object();
    if (object == nullptr) return;
    for (const auto& member : *object)
      if (bag_.size() < options_.limit && !bag_.contains(member.key())) bag_.emplace(member.key(), member.value());
  }
  Value result() override { return Value::dynamic(std::move(bag_)); }

 private:
  CollectOptions options_;
  base::JsonObject bag_;
};

template <typename Collector, std::int64_t most = kMostCollected>
std::unique_ptr<Accumulator> make_plain(const AggregateArguments& arguments) {
  return std::make_unique<Collector>(arguments.types[0], CollectOptions{std::nullopt, limit_of(arguments, 1, most), false});
}
template <typename Collector>
std::unique_ptr<Accumulator> make_conditional(const AggregateArguments& arguments) {
  return std::make_unique<Collector>(arguments.types[0], CollectOptions{1, limit_of(arguments, 2), false});
}
std::unique_ptr<Accumulator> make_with_nulls(const AggregateArguments& arguments) {
  return std::make_unique<List>(arguments.types[0], CollectOptions{std::nullopt, kMostCollected, true});
}
template <std::int64_t most = kMostCollected>
std::unique_ptr<Accumulator> make_bag(const AggregateArguments& arguments) {
  return std::make_unique<Bag>(CollectOptions{std::nullopt, limit_of(arguments, 1, most), false});
}
std::unique_ptr<Accumulator> make_bag_if(const AggregateArguments& arguments) {
  return std::make_unique<Bag>(CollectOptions{1, limit_of(arguments, 2), false});
}

constexpr std::string_view kPlain = "(any, const whole?) dynamic";
constexpr std::string_view kConditional = "(any, bool, const whole?) dynamic";

constexpr Aggregate kCollectingAggregates[] = {
    {.name = "make_list", .signature = kPlain, .make = make_plain<List>, .label = "list"},
    {.name = "makelist", .signature = kPlain, .make = make_plain<List, kMostCollectedOfOld>, .label = "list"},
    {.name = "make_list_if", .signature = kConditional, .make = make_conditional<List>, .label = "list"},
    {.name = "make_list_with_nulls", .signature = "(any) dynamic", .make = make_with_nulls, .label = "list"},
    {.name = "make_set", .signature = kPlain, .make = make_plain<Set>, .label = "set"},
    {.name = "makeset", .signature = kPlain, .make = make_plain<Set, kMostCollectedOfOld>, .label = "set"},
    {.name = "make_set_if", .signature = kConditional, .make = make_conditional<Set>, .label = "set"},
    {.name = "make_bag", .signature = "(dynamic, const whole?) dynamic", .make = make_bag<>, .label = "bag"},
    {.name = "make_dictionary", .signature = "(dynamic, const whole?) dynamic", .make = make_bag<kMostCollectedOfOld>, .label = "dictionary"},
    {.name = "make_bag_if", .signature = "(dynamic, bool, const whole?) dynamic", .make = make_bag_if, .label = "bag"},
};

}  // namespace

std::span<const Aggregate> collecting_aggregates() { return kCollectingAggregates; }

}  // namespace kql
