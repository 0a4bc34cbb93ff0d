// SPDX-License-Identifier: Apache-2.0
// Functions of a row's place among the others (data-explorer/kusto/query/window-functions).
#include "kql/evaluate/scalar.hpp"
#include "kql/functions/function.hpp"
#include "kql/number.hpp"

namespace kql {

namespace {

constexpr std::string_view kAny = "(any, whole?, any?) first";

constexpr Function kFunctions[] = {
    {.name = "prev", .signature = kAny, .kind = Function::Kind::window},
    {.name = "next", .signature = kAny, .kind = Function::Kind::window},
    {.name = "row_number", .signature = "(const whole?, bool?) long", .kind = Function::Kind::window},
    {.name = "row_cumsum", .signature = "(number, bool?) first", .kind = Function::Kind::window},
    {.name = "row_rank", .signature = "(plain, const bool?) long", .kind = Function::Kind::window},
    {.name = "row_rank_dense", .signature = "(plain, bool?) long", .kind = Function::Kind::window},
    {.name = "row_rank_min", .signature = "(plain, bool?) long", .kind = Function::Kind::window},
    {.name = "row_window_session", .signature = "(datetime, timespan, timespan, bool?) datetime", .kind = Function::Kind::window},
};

class WindowCall {
 public:
  WindowCall(const Scalar& scalar, const Call& call, const Row& row, RowWindow& window)
      : scalar_(scalar), call_(call), row_(row), window_(window), state_(window.state(scalar)) {}

  Value neighbour(int direction) {
    const std::int64_t offset = given(1) ? whole(1) : 1;
    const auto at = static_cast<std::int64_t>(window_.index()) + direction * offset;
    if (at < 0 || at >= static_cast<std::int64_t>(window_.rows().size()))
      return given(2) ? convert(argument(2), type(2), scalar_.type) : missing(scalar_.type);
    return evaluate(*call_.arguments[0], window_.rows()[static_cast<std::size_t>(at)]);
  }

  Value number() {
    const std::int64_t first = given(0) ? whole(0) : 1;
    if (state_.empty() || restarts(1)) return keep(0, Value::integer(first));
    return keep(0, Value::integer(state_[0].integer() + 1));
  }

  Value running_sum() {
    const Value term = argument(0);
    if (state_.empty() || restarts(1)) keep(0, zero());
    if (!term.is_null()) keep(0, sum(state_[0], term));
    return state_[0];
  }

  // state: rank, the row's number of this restart, the value before.
  Value rank(bool dense, bool may_restart) {
    const Value value = argument(0);
    if (state_.empty() || (may_restart && restarts(1))) {
      state_ = {Value::integer(1), Value::integer(1), value};
      return state_[0];
    }
    state_[1] = Value::integer(state_[1].integer() + 1);
    if (same(type(0), state_[2], value)) return state_[0];
    state_[2] = value;
    return state_[0] = dense ? Value::integer(state_[0].integer() + 1) : state_[1];
  }

  // state: the session's begin, the value before; none behind a null.
  Value session() {
    const Value time = argument(0);
    if (time.is_null()) {
      state_.clear();
      return {};
    }
    const bool begins = state_.empty() || restarts(3) || time.integer() - state_[0].integer() >= whole(1) ||
                        time.integer() - state_[1].integer() >= whole(2);
    if (begins) state_ = {time, time};
    state_[1] = time;
    return state_[0];
  }

  bool is_true(std::size_t i) {
    if (!given(i)) return false;
    const Value value = argument(i);
    return !value.is_null() && value.boolean();
  }

 private:
  bool given(std::size_t i) const { return i < call_.arguments.size(); }
  Value argument(std::size_t i) { return evaluate(*call_.arguments[i], row_, &window_); }
  Type type(std::size_t i) const { return call_.arguments[i]->type; }
  std::int64_t whole(std::size_t i) {
    const Value value = argument(i);
    return value.is_null() ? 0 : value.integer();
  }
  bool restarts(std::size_t i) { return is_true(i); }
  Value keep(std::size_t i, Value value) {
    if (state_.size() <= i) state_.resize(i + 1);
    return state_[i] = std::move(value);
  }
  Value zero() const {
    if (scalar_.type == Type::real) return Value::real(0);
    return scalar_.type == Type::decimal ? Value::text(std::string("0")) : Value::integer(0);
  }
  Value sum(const Value& left, const Value& right) const;

  const Scalar& scalar_;
  const Call& call_;
  const Row& row_;
  RowWindow& window_;
  std::vector<Value>& state_;
};

Value WindowCall::sum(const Value& left, const Value& right) const {
  if (scalar_.type == Type::real) return Value::real(left.real() + right.real());
  if (scalar_.type == Type::decimal) return Value::text(decimal_arithmetic('+', left.text(), right.text()).value_or("0"));
  return Value::integer(static_cast<std::int64_t>(static_cast<std::uint64_t>(left.integer()) + static_cast<std::uint64_t>(right.integer())));
}

}  // namespace

std::span<const Function> window_functions() { return kFunctions; }

Value evaluate_window(const Scalar& scalar, const Call& call, const Row& row, RowWindow& window) {
  WindowCall state(scalar, call, row, window);
  const std::string_view name = call.function->name;
  if (name == "prev") return state.neighbour(-1);
  if (name == "next") return state.neighbour(1);
  if (name == "row_number") return state.number();
  if (name == "row_cumsum") return state.running_sum();
  if (name == "row_window_session") return state.session();
  if (name == "row_rank") return state.rank(state.is_true(1), false);
  return state.rank(name == "row_rank_dense", true);
}

}  // namespace kql
