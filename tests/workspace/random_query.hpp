// SPDX-License-Identifier: Apache-2.0
// Queries whose rows are known up to their order: where an operator may choose (ties, any row of a group), what is left of
// its rows does not tell which it chose.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "random_expression.hpp"

namespace workspace_test {

// The schema of a query's rows; nothing where it does not bind.
using SchemaOf = std::function<std::optional<kql::Schema>(const std::string& query)>;

struct RandomQuery {
  std::string source;
  std::vector<std::string> steps;
  bool ordered = false;  // its rows come in an order

  std::string text() const {
    std::string out = source;
    for (const std::string& step : steps) out += "\n| " + step;
    return out;
  }
};

// Columns whose name begins so hold arrays in no order.
inline constexpr std::string_view kUnordered = "set_";

class QueryMaker {
 public:
  QueryMaker(Dice& dice, const SchemaOf& schema_of) : dice_(dice), schema_of_(schema_of) {}

  RandomQuery make() {
    RandomQuery out = start(dice_.one_in(3) ? "B" : "A");
    for (std::size_t n = 1 + dice_.below(4); n > 0; --n) grow(out);
    if (closed_.empty() && dice_.one_in(3)) order(out);
    return out;
  }

 private:
  using Step = std::string (QueryMaker::*)();
  struct Chance {
    Step step;
    int weight;
    bool keeps_id;  // column id stays different in each row
  };

  RandomQuery start(const std::string& table) {
    closed_.clear();
    unique_id_ = true;
    RandomQuery out;
    out.source = table;
    columns_ = schema_of_(out.source).value();
    return out;
  }

  void grow(RandomQuery& query) {
    static const std::vector<Chance> kChances{{&QueryMaker::where, 5, true},        {&QueryMaker::extend, 6, true},     {&QueryMaker::project, 3, true},    {&QueryMaker::summarize, 7, false},
                                              {&QueryMaker::distinct, 1, false},    {&QueryMaker::join, 4, false},      {&QueryMaker::join_unique, 1, false}, {&QueryMaker::united, 2, false},
                                              {&QueryMaker::top, 1, false},         {&QueryMaker::expand, 3, false},    {&QueryMaker::parse, 2, true},      {&QueryMaker::make_series, 1, false},
                                              {&QueryMaker::other_names, 1, true},  {&QueryMaker::subquery, 2, true},   {&QueryMaker::in_order, 1, true},   {&QueryMaker::rare, 1, false},
                                              {&QueryMaker::where_time, 2, true},   {&QueryMaker::parsed, 2, true}};
    std::vector<const Chance*> all;
    for (const Chance& chance : kChances)
      for (int i = 0; i < chance.weight; ++i) all.push_back(&chance);
    for (int attempt = 0; attempt < 6; ++attempt) {
      const Chance& chance = *dice_.of(all);
      const std::set<std::string> closed = closed_;
      const std::string step = (this->*chance.step)();
      query.steps.push_back(step);
      auto schema = step.empty() ? std::nullopt : schema_of_(query.text());
      if (schema && !schema->empty() && schema->size() <= 40) {
        columns_ = std::move(*schema);
        unique_id_ = unique_id_ && chance.keeps_id;
        return;
      }
      query.steps.pop_back();
      closed_ = closed;
    }
  }

  void order(RandomQuery& query) {
    std::string keys, kept;
    for (const kql::Column& column : columns_) {
      if (column.type == kql::Type::dynamic) continue;
      keys += fmt::format("{}['{}']{}", keys.empty() ? "" : ", ", column.name, dice_.of(std::vector<std::string>{"", " asc", " desc", " asc nulls last", " desc nulls first"}));
      kept += fmt::format("{}['{}']", kept.empty() ? "" : ", ", column.name);
    }
    if (keys.empty()) return;
    query.steps.push_back("project " + kept);
    query.steps.push_back("sort by " + keys);
    if (dice_.one_in(2)) query.steps.push_back(fmt::format("take {}", dice_.below(12)));
    query.ordered = true;
  }

  std::string expression(kql::Type type, int depth = 3) { return RandomExpression(dice_, columns_, closed_).of(type, depth); }
  std::string any_expression(int depth = 3) { return expression(RandomExpression::any_type(dice_), depth); }
  std::string new_name() { return fmt::format("n{}", ++names_); }
  // A column that expressions may be computed on; of this type, or of any but dynamic.
  std::optional<std::string> column(std::optional<kql::Type> type = std::nullopt) {
    std::vector<std::string> fitting;
    for (const kql::Column& c : columns_)
      if (closed_.count(c.name) == 0 && (type ? c.type == *type : c.type != kql::Type::dynamic)) fitting.push_back(c.name);
    return fitting.empty() ? std::nullopt : std::optional(dice_.of(fitting));
  }
  bool has(std::string_view name) const {
    return std::any_of(columns_.begin(), columns_.end(), [&](const kql::Column& c) { return c.name == name; });
  }

  std::string where() { return "where " + expression(kql::Type::boolean); }
  // Conditions that the engine can say of the column itself, or that bound it.
  std::string where_time() {
    if (!has("TimeGenerated")) return {};
    const std::string sign = dice_.of(std::vector<std::string>{"<", "<=", ">", ">=", "=="}), span = dice_.of(std::vector<std::string>{"1h", "1d", "7m", "-1d", "0s", "7d"});
    const std::string time = dice_.of(std::vector<std::string>{"datetime(2026-10-01)", "datetime(2026-10-01T12:00:00.1234567Z)", "now()", "datetime(0001-01-01)", "datetime(9999-12-31)"});
    switch (dice_.below(6)) {
      case 0: return fmt::format("where {} - TimeGenerated {} {}", time, sign, span);
      case 1: return fmt::format("where TimeGenerated - {} {} {}", time, sign, span);
      case 2: return fmt::format("where TimeGenerated {} {} {} {}", dice_.one_in(2) ? "+" : "-", span, sign, time);
      case 3: return fmt::format("where {} {} {}(TimeGenerated)", time, sign, dice_.of(std::vector<std::string>{"startofday", "startofweek", "startofmonth", "startofyear"}));
      case 4: return fmt::format("where bin(TimeGenerated, {}) {} {}", span, sign, time);
      default: return fmt::format("where startofday(TimeGenerated) between ({} .. {})", time, dice_.one_in(2) ? "1d" : "datetime(2026-10-02)");
    }
  }
  // A text that is parsed in one operator and looked into in the next.
  std::string parsed() {
    const std::string json = new_name(), text = column(kql::Type::string).value_or("m");
    const std::string made = dice_.one_in(2) ? fmt::format("strcat('{{\"a\":', tostring({}), ',\"b\":\"', ['{}'], '\"}}')", expression(kql::Type::int64, 1), text) : expression(kql::Type::string, 1);
    const std::string path = dice_.of(std::vector<std::string>{".a", ".b", "['a']", ".a.b", "[0]"});
    return fmt::format("extend {0} = parse_json({1}) | extend {2} = {3}({0}{4}), {5} = {0}.b | project-away {0}", json, made, new_name(),
                       dice_.of(std::vector<std::string>{"tostring", "tolong", "todouble", "tobool"}), path, new_name());
  }
  std::string extend() {
    std::string out = fmt::format("extend {} = {}", new_name(), any_expression());
    if (dice_.one_in(3)) out += fmt::format(", {} = {}", new_name(), any_expression());
    return out;
  }
  std::string project() {
    std::string out = "project ";
    if (unique_id_ && has("id")) out += "id, ";
    for (std::size_t n = 1 + dice_.below(4); n > 0; --n) {
      const auto own = column();
      out += own && dice_.one_in(2) ? fmt::format("{} = ['{}']", new_name(), *own) : fmt::format("{} = {}", new_name(), any_expression());
      if (n > 1) out += ", ";
    }
    return out;
  }
  std::string other_names() {
    const auto own = column();
    if (!own) return {};
    switch (dice_.below(3)) {
      case 0: return fmt::format("project-away ['{}']", *own);
      case 1: return fmt::format("project-rename {} = ['{}']", new_name(), *own);
      default: return fmt::format("project-reorder ['{}'], *", *own);
    }
  }

  std::string key() {
    switch (dice_.below(8)) {
      case 0: return fmt::format("{} = bin(TimeGenerated, {})", new_name(), dice_.of(std::vector<std::string>{"1h", "1d", "7m", "7d"}));
      case 1: return fmt::format("{} = bin({}, {})", new_name(), expression(kql::Type::int64, 1), 1 + dice_.below(10));
      case 2: return fmt::format("{} = {}", new_name(), expression(kql::Type::string, 2));
      case 3: return fmt::format("{} = {}", new_name(), any_expression(1));
      default: return column().value_or("id");
    }
  }
  // Numbers whose sum is the same in every order.
  std::string exact_number() { return dice_.of(std::vector<std::string>{"r", "i", "id", "r + 1", "toreal(i)"}); }

  std::string aggregate() {
    const std::string name = new_name();
    const auto in_no_order = [&](const std::string& call) {
      closed_.insert(std::string(kUnordered) + name);
      return fmt::format("{}{} = {}", kUnordered, name, call);
    };
    const auto inexact = [&](const std::string& call) {
      closed_.insert(name);
      return fmt::format("{} = {}", name, call);
    };
    const std::string condition = expression(kql::Type::boolean, 2);
    using Type = kql::Type;
    const std::vector<Type> ordered{Type::int32, Type::int64, Type::real, Type::datetime, Type::timespan, Type::string};
    const std::vector<std::string> ranked{"TimeGenerated", "TimeGenerated - datetime(2026-10-01)", "r", "i", "l"};
    switch (dice_.below(22)) {
      case 20: return inexact(fmt::format("percentiles_array({}, {})", exact_number(), dice_.of(std::vector<std::string>{"50", "25, 50, 99", "dynamic([5, 95])"})));
      case 21: {
        const std::string second = new_name();
        closed_.insert({name, second});
        return fmt::format("({}, {}) = percentiles({}, {}, {})", name, second, dice_.of(ranked), dice_.of(std::vector<std::string>{"0", "50"}), dice_.of(std::vector<std::string>{"50", "99.9", "100"}));
      }
      case 0: return fmt::format("{} = count()", name);
      case 1: return fmt::format("{} = countif({})", name, condition);
      case 2: return fmt::format("{} = sum({})", name, dice_.one_in(2) ? expression(Type::int64, 2) : expression(Type::timespan, 2));
      case 3: return inexact(fmt::format("sum({})", exact_number()));
      case 4: return fmt::format("{} = sumif({}, {})", name, expression(Type::int64, 1), condition);
      case 5: return inexact(fmt::format("avg({})", exact_number()));
      case 6: return inexact(fmt::format("avgif({}, {})", exact_number(), condition));
      case 7:
      case 8: return fmt::format("{} = {}({})", name, dice_.one_in(2) ? "min" : "max", expression(dice_.of(ordered), 2));
      case 9: return fmt::format("{} = {}({}, {})", name, dice_.one_in(2) ? "minif" : "maxif", expression(dice_.of(ordered), 1), condition);
      case 10: return fmt::format("{} = {}({})", name, dice_.of(std::vector<std::string>{"dcount", "count_distinct"}), any_expression(1));
      case 11: return fmt::format("{} = {}({}, {})", name, dice_.of(std::vector<std::string>{"dcountif", "count_distinctif"}), any_expression(1), condition);
      case 12: return in_no_order(fmt::format("make_set({})", any_expression(1)));
      case 13: return in_no_order(fmt::format("make_list({})", any_expression(1)));
      case 14: return in_no_order(fmt::format("{}({}, {})", dice_.one_in(2) ? "make_set_if" : "make_list_if", any_expression(1), condition));
      case 15: return inexact(fmt::format("{}({})", dice_.of(std::vector<std::string>{"stdev", "variance", "stdevp", "variancep"}), exact_number()));
      case 16: return fmt::format("{} = {}({})", name, dice_.of(std::vector<std::string>{"binary_all_and", "binary_all_or", "binary_all_xor"}), expression(Type::int64, 1));
      case 17: return inexact(fmt::format("percentile({}, {})", exact_number(), dice_.of(std::vector<std::string>{"0", "25", "50", "95", "100"})));
      default: return unique_id_ && has("id") ? fmt::format("{}({}, {})", dice_.one_in(2) ? "arg_max" : "arg_min", has("TimeGenerated") && dice_.one_in(2) ? "TimeGenerated" : "id", dice_.one_in(2) ? "*" : any_column()) : fmt::format("{} = count()", name);
    }
  }
  std::string any_column() { return dice_.of(columns_).name; }

  std::string summarize() {
    const std::size_t aggregates = dice_.below(4), keys = dice_.below(3);
    std::string out = "summarize ";
    for (std::size_t i = 0; i < aggregates; ++i) out += (i > 0 ? ", " : "") + aggregate();
    for (std::size_t i = 0; i < keys; ++i) out += (i > 0 ? ", " : " by ") + key();
    return out;
  }
  std::string distinct() {
    const auto first = column(), second = column();
    return !first || dice_.one_in(4) ? "distinct *" : fmt::format("distinct ['{}']{}", *first, *first == *second ? "" : fmt::format(", ['{}']", *second));
  }

  // Of the other table, with an operator or two.
  std::string other_rows() {
    QueryMaker maker(dice_, schema_of_);
    maker.names_ = names_ + 100;
    RandomQuery rows = maker.start(dice_.one_in(4) ? "A" : "B");
    for (std::size_t n = dice_.below(3); n > 0; --n) maker.grow(rows);
    names_ = maker.names_;
    closed_.insert(maker.closed_.begin(), maker.closed_.end());
    std::string out = rows.source;
    for (const std::string& step : rows.steps) out += " | " + step;
    return out;
  }
  std::string key_of_join() {
    switch (dice_.below(6)) {
      case 0: return "$left.l == $right.i";
      case 1: return "s, l";
      case 2: return "id";
      case 3: return "r";
      case 4: return "i";
      default: return dice_.one_in(4) ? "$left.d == $right.d" : "s";
    }
  }
  std::string join() {
    static const std::vector<std::string> kKinds{"inner", "leftouter", "rightouter", "fullouter", "leftsemi", "rightsemi", "leftanti", "rightanti"};
    if (dice_.one_in(6)) return fmt::format("lookup kind={} ({} | summarize hint.shufflekey=s lmax=max(l), c2=count() by s) on s", dice_.one_in(2) ? "inner" : "leftouter", "B");
    const std::string kind = dice_.of(kKinds);
    return fmt::format("join kind={} ({}) on {}", kind, other_rows(), key_of_join());
  }
  std::string join_unique() {
    const std::string key = dice_.of(std::vector<std::string>{"s", "i", "l", "r"});
    return fmt::format("join {}({}) on {} | summarize {} = count() by {}", dice_.one_in(2) ? "kind=innerunique " : "", other_rows(), key, new_name(), key);
  }
  std::string united() {
    return fmt::format("union {}({})", dice_.of(std::vector<std::string>{"", "", "kind=inner ", "withsource=origin "}), other_rows());
  }
  std::string top() {
    const auto by = column();
    if (!by) return {};
    return fmt::format("top {} by ['{}']{} | project ['{}']", dice_.below(8), *by, dice_.of(std::vector<std::string>{"", " asc", " desc nulls first", " asc nulls last"}), *by);
  }
  std::string expand() {
    static const std::vector<std::string> kTypes{"", "", " to typeof(long)", " to typeof(string)", " to typeof(real)", " to typeof(bool)", " to typeof(datetime)", " to typeof(dynamic)"};
    std::string first = dice_.one_in(2) ? column(kql::Type::dynamic).value_or("d") : fmt::format("{} = {}", new_name(), expression(kql::Type::dynamic, 2));
    if (dice_.one_in(5)) first = fmt::format("{} = pack_array(['{}'], ['{}'], {})", new_name(), column().value_or("s"), column().value_or("d"), expression(kql::Type::dynamic, 1));
    std::string out = fmt::format("mv-expand {}{}{}{}", dice_.one_in(4) ? "with_itemindex=" + new_name() + " " : "", dice_.one_in(5) ? "kind=array " : "", first, dice_.of(kTypes));
    if (dice_.one_in(4)) out += fmt::format(", {} = {}{}", new_name(), expression(kql::Type::dynamic, 1), dice_.of(kTypes));
    if (dice_.one_in(6)) out += fmt::format(" limit {}", 1 + dice_.below(3));
    return out;
  }
  std::string parse() {
    const std::vector<std::string> kinds{"", "kind=relaxed ", "kind=regex ", "kind=simple "};
    const std::string source = dice_.one_in(5) ? expression(kql::Type::string, 1) : column(kql::Type::string).value_or("m");
    const std::string a = new_name(), b = new_name();
    switch (dice_.below(5)) {
      case 0: return fmt::format("parse {}{} with * 'user=' {}:long ' ip=' {}:string ' ' *", dice_.of(kinds), source, a, b);
      case 1: return fmt::format("parse-where {}{} with 'user=' {}:int *", dice_.of(kinds), source, a);
      case 2: return fmt::format("parse {}{} with {} '_' {}", dice_.of(kinds), source, a, b);
      case 3: return fmt::format("parse {}{} with * 'took ' {}:real ' ms'", dice_.of(kinds), source, a);
      default: return fmt::format("parse kind=regex {} with @'(?i)al' {}:string @'\\W' {}:string", source, a, b);
    }
  }
  std::string make_series() {
    const std::string name = new_name(), by = dice_.one_in(2) ? " by s" : "";
    closed_.insert(name);
    return fmt::format("make-series {} = {} default={} on TimeGenerated from datetime(2026-10-01) to datetime(2026-10-02) step {}{}", name,
                       dice_.of(std::vector<std::string>{"count()", "sum(id)", "max(l)", "avg(r)"}), dice_.of(std::vector<std::string>{"0", "long(null)", "-1"}),
                       dice_.of(std::vector<std::string>{"1h", "3h", "7m"}), by);
  }
  std::string subquery() {
    const std::string rows = dice_.one_in(2) ? "B" : "A | where id < 9";
    switch (dice_.below(4)) {
      case 0: return fmt::format("where l {} toscalar({} | summarize max(id))", dice_.of(std::vector<std::string>{"<", ">=", "==", "!="}), rows);
      case 1: return fmt::format("where s {} (({} | project s))", dice_.of(std::vector<std::string>{"in", "!in", "in~", "!in~"}), rows);
      case 2: return fmt::format("where l {} (({} | summarize make_set(l)))", dice_.one_in(2) ? "in" : "!in", rows);
      default: return fmt::format("extend {} = toscalar({} | count)", new_name(), rows);
    }
  }
  // Windows over rows in a known order.
  std::string in_order() {
    if (!unique_id_ || !has("id")) return {};
    const std::string name = new_name();
    switch (dice_.below(3)) {
      case 0: return fmt::format("sort by id asc | extend {} = row_number()", name);
      case 1: return fmt::format("sort by id desc | extend {} = prev(id), {} = next(l)", name, new_name());
      default: return fmt::format("sort by id asc | extend {} = row_cumsum(id) | where {}", name, expression(kql::Type::boolean, 2));
    }
  }
  std::string rare() {
    switch (dice_.below(4)) {
      case 0: return fmt::format("mv-apply e = {} on (summarize {} = count())", expression(kql::Type::dynamic, 1), new_name());
      case 1: return fmt::format("partition hint.strategy=native by s (summarize {} = count(), {} = max(l))", new_name(), new_name());
      case 2: return fmt::format("as T | union (T | where {})", expression(kql::Type::boolean, 2));
      default: return "count";
    }
  }

  Dice& dice_;
  const SchemaOf& schema_of_;
  kql::Schema columns_;
  std::set<std::string> closed_;  // columns that no expression is computed on: sums of reals, arrays in no order
  bool unique_id_ = true;
  int names_ = 0;
};

}  // namespace workspace_test
