// SPDX-License-Identifier: Apache-2.0
// scan (data-explorer/kusto/query/scan-operator, "Scan logic"): each row is tried on the steps from the last to the first.
#include "kql/evaluate/evaluator.hpp"
#include "kql/evaluate/scalar.hpp"

namespace kql {

namespace {

// What a step holds of a sequence that has come as far as it: the last row of this step and of each before.
struct Sequence {
  std::int64_t match = 0;
  Rows held;
};

class ScanRun {
 public:
  ScanRun(const ScanRows& scan, const Schema& schema) : scan_(scan), states_(scan.steps.size()), waiting_(scan.steps.size()) {
    const std::size_t columns = schema.size() - (scan.with_match_id ? 1 : 0), declared = scan.defaults.size();
    for (std::size_t i = 0; i < columns - declared; ++i) nothing_.push_back(missing(schema[i].type));
    nothing_.insert(nothing_.end(), scan.defaults.begin(), scan.defaults.end());
  }

  void add(const Row& row) {
    for (std::size_t k = scan_.steps.size(); k-- > 0;)
      if (!goes_on_from_before(k, row)) repeats_or_begins(k, row);
  }
  // The rows so far; those that a step holds back as its last are kept until it lets them go.
  Rows take() {
    Rows out = std::move(out_);
    out_.clear();
    return out;
  }
  void end() {
    for (std::size_t k = 0; k < waiting_.size(); ++k) let_go(k);
  }

 private:
  using Step = ScanRows::Step;

  // The step before, with what is optional between left out, if a sequence has come as far.
  std::optional<std::size_t> active_before(std::size_t k) const {
    while (k > 0) {
      if (states_[--k]) return k;
      if (!scan_.steps[k].optional) return std::nullopt;
    }
    return std::nullopt;
  }
  bool may_begin(std::size_t k) const {
    for (std::size_t i = 0; i < k; ++i)
      if (!scan_.steps[i].optional) return false;
    return true;
  }

  bool goes_on_from_before(std::size_t k, const Row& row) {
    const auto before = active_before(k);
    if (!before) return false;
    const Row context = context_of(row, &*states_[*before]);
    if (!holds(k, context)) return false;
    Row matched = extended(k, context);
    let_go(*before);
    let_go(k);
    states_[k] = std::move(states_[*before]);
    states_[*before].reset();
    states_[k]->held.resize(k + 1, nothing_);
    match(k, std::move(matched));
    return true;
  }

  void repeats_or_begins(std::size_t k, const Row& row) {
    if (!states_[k] && !may_begin(k)) return;
    const Row context = context_of(row, states_[k] ? &*states_[k] : nullptr);
    if (!holds(k, context)) return;
    Row matched = extended(k, context);
    if (!states_[k]) states_[k] = Sequence{next_match_++, Rows(k + 1, nothing_)};
    match(k, std::move(matched));
  }

  void match(std::size_t k, Row matched) {
    Row made = matched;
    if (scan_.with_match_id) made.push_back(Value::integer(states_[k]->match));
    states_[k]->held[k] = std::move(matched);
    if (scan_.steps[k].output == Step::Output::all) out_.push_back(std::move(made));
    if (scan_.steps[k].output == Step::Output::last) waiting_[k] = std::move(made);
  }
  void let_go(std::size_t k) {
    if (waiting_[k]) out_.push_back(std::move(*waiting_[k]));
    waiting_[k].reset();
  }

  // The row with the declared columns' defaults, then the rows that the sequence holds.
  Row context_of(const Row& row, const Sequence* sequence) const {
    Row out = row;
    out.insert(out.end(), scan_.defaults.begin(), scan_.defaults.end());
    for (std::size_t k = 0; k < scan_.steps.size(); ++k) {
      const Row& held = sequence != nullptr && k < sequence->held.size() ? sequence->held[k] : nothing_;
      out.insert(out.end(), held.begin(), held.end());
    }
    return out;
  }
  bool holds(std::size_t k, const Row& context) const {
    const Value value = evaluate(*scan_.steps[k].condition, context);
    return !value.is_null() && value.boolean();
  }
  Row extended(std::size_t k, const Row& context) const {
    Row out(context.begin(), context.begin() + static_cast<std::ptrdiff_t>(nothing_.size()));
    for (const auto& [column, value] : scan_.steps[k].assigned) out[column] = evaluate(*value, context);
    return out;
  }

  const ScanRows& scan_;
  Row nothing_;  // of a step that holds no row
  std::vector<std::optional<Sequence>> states_;
  std::vector<std::optional<Row>> waiting_;
  std::int64_t next_match_ = 0;
  Rows out_;
};

}  // namespace

base::Result<Rows> Evaluator::rows_of(const ScanRows& scan, const Schema& schema) {
  ScanRun state(scan, schema);
  Rows out;
  const auto collect = [&] {
    Rows made = state.take();
    std::move(made.begin(), made.end(), std::back_inserter(out));
  };
  for (const Row& row : TRY(run(*scan.input))) {
    TRY(check(out.size(), schema));
    state.add(row);
    collect();
  }
  state.end();
  collect();
  return out;
}

}  // namespace kql
