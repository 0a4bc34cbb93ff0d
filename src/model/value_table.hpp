// SPDX-License-Identifier: Apache-2.0
// The rows of an answer, held by column: an array of numbers or one run of text a column, and a mark for nulls.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/table_schema.hpp"

namespace model {

// Ticks of datetime and timespan: 100 ns; those of a datetime count from 0001-01-01T00:00:00Z.
inline constexpr std::int64_t kTicksPerSecond = 10'000'000;
inline constexpr std::int64_t kTicksAtUnixEpoch = 621'355'968'000'000'000;

// How a type is held. Within one form a column may be given another type without touching its values: an engine that
// carries a timespan as a whole number says int64, and who knows better says timespan.
enum class ColumnForm { integers, reals, texts };

constexpr ColumnForm column_form(ColumnType type) {
  switch (type) {
    case ColumnType::boolean:
    case ColumnType::int32:
    case ColumnType::int64:
    case ColumnType::datetime:
    case ColumnType::timespan:
      return ColumnForm::integers;
    case ColumnType::real:
      return ColumnForm::reals;
    default:
      return ColumnForm::texts;  // string; dynamic as JSON; guid as 8-4-4-4-12 digits; decimal as digits
  }
}

// One column. Rows are appended; what a null row holds beside its mark is 0, 0.0 or "".
class Column {
 public:
  Column(std::string column_name, ColumnType column_type) : name(std::move(column_name)), type(column_type) {}

  std::string name;
  ColumnType type;

  std::size_t rows() const { return rows_; }
  bool is_null(std::size_t row) const { return row < nulls_.size() && nulls_[row]; }
  bool boolean(std::size_t row) const { return integers_[row] != 0; }
  std::int64_t integer(std::size_t row) const { return integers_[row]; }
  double real(std::size_t row) const { return reals_[row]; }
  std::string_view text(std::size_t row) const {
    const std::size_t begin = row == 0 ? 0 : ends_[row - 1];
    return std::string_view(bytes_).substr(begin, ends_[row] - begin);
  }

  void append_null() {
    nulls_.resize(rows_ + 1);
    nulls_[rows_] = true;
    switch (column_form(type)) {
      case ColumnForm::integers: return append(std::int64_t{0});
      case ColumnForm::reals: return append(0.0);
      case ColumnForm::texts: return append(std::string_view());
    }
  }
  void append(std::int64_t value) {
    integers_.push_back(value);
    ++rows_;
  }
  void append(double value) {
    reals_.push_back(value);
    ++rows_;
  }
  void append(std::string_view value) {
    bytes_.append(value);
    ends_.push_back(bytes_.size());
    ++rows_;
  }

 private:
  std::size_t rows_ = 0;
  std::vector<bool> nulls_;  // ends with the last null
  std::vector<std::int64_t> integers_;
  std::vector<double> reals_;
  std::string bytes_;               // all texts, one behind the other
  std::vector<std::size_t> ends_;  // where the text of each row ends in it
};

struct ValueTable {
  std::vector<Column> columns;

  std::size_t rows() const { return columns.empty() ? 0 : columns.front().rows(); }
};

}  // namespace model
