// SPDX-License-Identifier: Apache-2.0
#include "kql/functions/digest.hpp"

#include <algorithm>
#include <cmath>

#include "kql/number.hpp"

namespace kql {

namespace {

constexpr std::size_t kMostCentroids = 8192;  // before they are compressed
constexpr double kCompression = 1000;         // about as many stay

// How far into the scale of centroids a quantile lies: they are small at both ends.
double scale_of(double quantile) {
  constexpr double kPi = 3.14159265358979323846;
  return kCompression / (2 * kPi) * std::asin(std::clamp(2 * quantile - 1, -1.0, 1.0));
}

std::optional<long double> number_of(Type type, const Value& value) {
  if (value.is_null()) return std::nullopt;
  if (type == Type::decimal) return decimal_to_real(value.text());
  if (type != Type::real) return static_cast<long double>(value.integer());
  if (std::isnan(value.real())) return std::nullopt;
  return value.real();
}

}  // namespace

bool Digest::takes(Type type) { return is_number(type) || type == Type::datetime || type == Type::timespan; }

void Digest::put(Centroid centroid) {
  ordered_ = ordered_ && (centroids_.empty() || centroids_.back().mean < centroid.mean);
  total_ += centroid.weight;
  centroids_.push_back(centroid);
  if (centroids_.size() > kMostCentroids) compress();
}

void Digest::add(const Value& value, double weight) {
  const auto number = number_of(type_, value);
  if (number && weight > 0 && std::isfinite(weight)) put({*number, weight});
}

void Digest::merge(const Digest& other) {
  if (centroids_.empty()) type_ = other.type_;
  for (const Centroid& centroid : other.centroids_) put(centroid);
}

void Digest::order() {
  if (ordered_) return;
  ordered_ = true;
  std::stable_sort(centroids_.begin(), centroids_.end(), [](const Centroid& a, const Centroid& b) { return a.mean < b.mean; });
  std::size_t last = 0;
  for (std::size_t i = 1; i < centroids_.size(); ++i) {
    if (centroids_[i].mean == centroids_[last].mean) centroids_[last].weight += centroids_[i].weight;
    else centroids_[++last] = centroids_[i];
  }
  if (!centroids_.empty()) centroids_.resize(last + 1);
}

void Digest::compress() {
  order();
  if (centroids_.size() <= kMostCentroids / 2) return;  // many equal values: still exact
  std::vector<Centroid> out{centroids_.front()};
  double before = 0;
  for (std::size_t i = 1; i < centroids_.size(); ++i) {
    const Centroid& next = centroids_[i];
    Centroid& last = out.back();
    const double both = last.weight + next.weight;
    const bool finite = std::isfinite(last.mean) && std::isfinite(next.mean);
    if (finite && scale_of((before + both) / total_) - scale_of(before / total_) <= 1) {
      last.mean += (next.mean - last.mean) * static_cast<long double>(next.weight / both);
      last.weight = both;
    } else {
      before += last.weight;
      out.push_back(next);
    }
  }
  centroids_ = std::move(out);
}

Value Digest::value_of(long double mean) const {
  if (type_ == Type::real) return Value::real(static_cast<double>(mean));
  if (type_ == Type::decimal) return std::isfinite(mean) ? Value::text(decimal_of_real(static_cast<double>(mean))) : Value();
  return Value::integer(static_cast<std::int64_t>(std::clamp(std::roundl(mean), -9223372036854775808.0L, 9223372036854775807.0L)));
}

Value Digest::percentile(double percent) {
  order();
  if (centroids_.empty() || std::isnan(percent)) return {};
  // A rank that is whole but for the rounding of its computation is that rank.
  const double rank = std::clamp(percent, 0.0, 100.0) / 100 * total_ - 1e-9;
  double sum = 0;
  for (const Centroid& centroid : centroids_) {
    sum += centroid.weight;
    if (sum >= rank) return value_of(centroid.mean);
  }
  return value_of(centroids_.back().mean);
}

double Digest::weight_up_to(const Value& value) {
  order();
  const auto number = number_of(type_, value);
  double sum = 0;
  for (const Centroid& centroid : centroids_) {
    if (!number || centroid.mean > *number) break;
    sum += centroid.weight;
  }
  return sum;
}

base::Json Digest::to_json() {
  order();
  base::JsonArray means, weights;
  for (const Centroid& centroid : centroids_) {
    means.push_back(kql::to_json(value_of(centroid.mean), type_));
    const double whole = std::round(centroid.weight);
    if (whole == centroid.weight && whole < 9e15) weights.emplace_back(static_cast<std::int64_t>(whole));
    else weights.emplace_back(centroid.weight);
  }
  return base::JsonArray{base::JsonArray{boost::json::string(type_name(type_))}, std::move(means), std::move(weights)};
}

std::optional<Digest> Digest::from_json(const base::Json& json) {
  const auto* parts = json.if_array();
  if (parts == nullptr || parts->size() != 3) return std::nullopt;
  const auto* head = (*parts)[0].if_array();
  const auto* means = (*parts)[1].if_array();
  const auto* weights = (*parts)[2].if_array();
  if (head == nullptr || head->size() != 1 || means == nullptr || weights == nullptr || means->size() != weights->size()) return std::nullopt;
  const auto* name = (*head)[0].if_string();
  // Kusto writes a number for the type, which stands for whole numbers in what it documents.
  const auto type = name == nullptr ? std::optional(Type::int64) : parse_type(std::string_view(name->data(), name->size()));
  if (!type || !takes(*type)) return std::nullopt;
  Digest out(*type);
  for (std::size_t i = 0; i < means->size(); ++i) {
    if (!(*weights)[i].is_number()) return std::nullopt;
    out.add(kql::from_json((*means)[i], *type), (*weights)[i].to_number<double>());
  }
  return out;
}

}  // namespace kql
