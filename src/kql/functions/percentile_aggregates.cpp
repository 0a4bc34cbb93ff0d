// SPDX-License-Identifier: Apache-2.0
// percentile and its like: nearest rank. The binder writes percentiles(x, 5, 95) as percentile(x, 5) and percentile(x, 95).
#include <algorithm>
#include <cmath>

#include "kql/functions/aggregate.hpp"
#include "kql/functions/digest.hpp"

namespace kql {

namespace {

constexpr std::size_t kMostKept = 1'000'000;  // of values that no digest takes

// Of numbers and times a digest; of other types all values, up to a limit; of a dynamic the numbers in it.
class Quantiles {
 public:
  explicit Quantiles(Type type) : type_(type), digest_(type == Type::dynamic ? Type::real : type) {}
  void add(const Value& value, double weight) {
    if (value.is_null() || !(weight > 0)) return;
    if (type_ == Type::dynamic) digest_.add(convert(value, Type::dynamic, Type::real), weight);
    else if (Digest::takes(type_)) digest_.add(value, weight);
    else if (kept_.size() < kMostKept) kept_.emplace_back(value, weight);
    ordered_ = false;
  }
  Value percentile(double percent) {
    if (type_ == Type::dynamic) return convert(digest_.percentile(percent), Type::real, Type::dynamic);
    if (Digest::takes(type_)) return digest_.percentile(percent);
    if (!ordered_) std::stable_sort(kept_.begin(), kept_.end(), [&](const auto& a, const auto& b) { return compare(type_, a.first, b.first) < 0; });
    ordered_ = true;
    double total = 0, sum = 0;
    for (const auto& [value, weight] : kept_) total += weight;
    for (const auto& [value, weight] : kept_)
      if ((sum += weight) >= percent / 100 * total - 1e-9) return value;
    return {};
  }

 private:
  Type type_;
  Digest digest_;
  std::vector<std::pair<Value, double>> kept_;
  bool ordered_ = false;
};

// percentile(x, p); percentilew(x, weight, p); the arrays take any number of p, or an array of them.
template <bool weighted, bool array>
class Percentile : public Accumulator {
 public:
  explicit Percentile(const AggregateArguments& arguments) : type_(arguments.types[0]), quantiles_(arguments.types[0]) {
    for (std::size_t i = weighted ? 2 : 1; i < arguments.constants.size(); ++i) {
      const Value& constant = arguments.constants[i];
      const auto* list = arguments.types[i] == Type::dynamic && !constant.is_null() ? constant.json().if_array() : nullptr;
      if (list == nullptr) add_percent(convert(constant, arguments.types[i], Type::real));
      else for (const base::Json& element : *list) add_percent(from_json(element, Type::real));
    }
  }
  void add(std::span<const Value> arguments) override {
    if (weighted && arguments[1].is_null()) return;
    quantiles_.add(arguments[0], weighted ? static_cast<double>(arguments[1].integer()) : 1);
  }
  Value result() override {
    if (!array) return percents_.empty() ? Value() : quantiles_.percentile(percents_[0]);
    base::JsonArray out;
    for (const double percent : percents_) out.push_back(to_json(quantiles_.percentile(percent), type_));
    return Value::dynamic(std::move(out));
  }

 private:
  void add_percent(const Value& percent) { percents_.push_back(percent.is_null() ? std::nan("") : percent.real()); }
  Type type_;
  Quantiles quantiles_;
  std::vector<double> percents_;
};

template <bool weighted, bool array>
std::unique_ptr<Accumulator> make_percentile(const AggregateArguments& arguments) {
  return std::make_unique<Percentile<weighted, array>>(arguments);
}

constexpr Aggregate kPercentileAggregates[] = {
    {.name = "percentile", .signature = "(whole, const number) long", .make = make_percentile<false, false>, .label = "percentile"},
    {.name = "percentile", .signature = "(real, const number) real", .make = make_percentile<false, false>, .label = "percentile"},
    {.name = "percentile", .signature = "(any, const number) first", .make = make_percentile<false, false>, .label = "percentile"},
    {.name = "percentilew", .signature = "(whole, whole, const number) long", .make = make_percentile<true, false>, .label = "percentile"},
    {.name = "percentilew", .signature = "(real, whole, const number) real", .make = make_percentile<true, false>, .label = "percentile"},
    {.name = "percentilew", .signature = "(any, whole, const number) first", .make = make_percentile<true, false>, .label = "percentile"},
    {.name = "percentiles_array", .signature = "(any, const number...) dynamic", .make = make_percentile<false, true>, .label = "percentiles"},
    {.name = "percentiles_array", .signature = "(any, const dynamic) dynamic", .make = make_percentile<false, true>, .label = "percentiles"},
    {.name = "percentilesw_array", .signature = "(any, whole, const number...) dynamic", .make = make_percentile<true, true>, .label = "percentiles"},
    {.name = "percentilesw_array", .signature = "(any, whole, const dynamic) dynamic", .make = make_percentile<true, true>, .label = "percentiles"},
};

}  // namespace

std::span<const Aggregate> percentile_aggregates() { return kPercentileAggregates; }

}  // namespace kql
