// SPDX-License-Identifier: Apache-2.0
// Every function and aggregate with values that nobody expects there: a call ends with a value of its type or with an error.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "kql/functions/aggregate.hpp"
#include "kql/functions/function.hpp"
#include "kql/run.hpp"

namespace {

using Literals = std::vector<std::string_view>;

const Literals kNumberLiterals{"real(nan)", "real(+inf)", "real(-inf)", "1e308", "-1e308", "9223372036854775807", "long(-9223372036854775807) - 1", "0", "-1", "1", "2", "0.5", "real(null)", "long(null)",
                               "int(2147483647)", "int(-2147483648)", "1e18", "-1e19", "5e-324", "decimal(1e30)", "100", "-100.5", "64", "63"};
const Literals kTextLiterals{"''", "'a'", "'é'", "'10.0.0.1'", "'fe80::1'", "'2020-01-01'", "'1h'", "'[1,2'", "'{\"a\":1e400}'", "'\\u0000'", "'%s{0}'", "'a{1000}'", "'('", "strrep('ab', 1000)",
                             "'yyyy-MM-dd'", "'MB'", "'day'", "'Europe/Berlin'"};
const Literals kDynamicLiterals{"dynamic(null)", "dynamic([])", "dynamic({})", "dynamic([1,2,3])", "dynamic([null,'a',[1],{'b':2}])", "range(1, 50)", "dynamic([1e308,-1e308,0])",
                                "pack_array(real(nan), real(+inf), 1.0)", "dynamic({'a':1,'b':[1]})", "dynamic({'type':'Point','coordinates':[1,2]})",
                                "dynamic({'type':'Polygon','coordinates':[[[0,0],[0,1],[1,1],[0,0]]]})", "dynamic({'type':'LineString','coordinates':[[0,0],[1e300,1]]})",
                                "dynamic([-9223372036854775808,9223372036854775807])", "dynamic('x')", "dynamic(5)", "repeat(real(nan), 20)", "range(datetime(2020-01-01), datetime(2020-01-05), 1d)"};
const Literals kDatetimeLiterals{"datetime(0001-01-01)", "datetime(9999-12-31T23:59:59.9999999Z)", "datetime(null)", "datetime(2024-02-29)"};
const Literals kTimespanLiterals{"timespan(null)", "1h", "-1d", "timespan(10675199.02:48:05.4775807)", "timespan(-10675199.02:48:05.4775807)", "0s", "1tick"};
const Literals kOtherLiterals{"true", "false", "bool(null)", "guid(null)", "guid(11111111-2222-3333-4444-555555555555)"};

const Literals& fitting(std::string_view parameter) {
  static const std::pair<std::string_view, const Literals*> kOfTypes[] = {{"number", &kNumberLiterals}, {"whole", &kNumberLiterals}, {"real", &kNumberLiterals}, {"long", &kNumberLiterals},
                                                                          {"decimal", &kNumberLiterals}, {"string", &kTextLiterals}, {"dynamic", &kDynamicLiterals},
                                                                          {"datetime", &kDatetimeLiterals}, {"timespan", &kTimespanLiterals}, {"bool", &kOtherLiterals}};
  static const Literals kAnyLiterals = [] {
    Literals out;
    for (const Literals* literals : {&kNumberLiterals, &kTextLiterals, &kDynamicLiterals, &kDatetimeLiterals, &kTimespanLiterals, &kOtherLiterals}) out.insert(out.end(), literals->begin(), literals->end());
    return out;
  }();
  for (const auto& [type, literals] : kOfTypes)
    if (parameter.find(type) != std::string_view::npos) return *literals;
  return kAnyLiterals;
}

// A value that most functions take.
std::string_view plain(const Literals& literals) {
  if (&literals == &kNumberLiterals) return "2";
  if (&literals == &kDynamicLiterals) return "dynamic([1,2,3])";
  return &literals == &kTextLiterals ? "'a'" : literals.back();
}

// Calls by a signature, "(number, const string?) string": in the place of each parameter each literal of its type, with plain
// values before it and, where they must be there, behind it.
std::vector<std::string> calls_of(std::string_view name, std::string_view signature) {
  const std::vector<std::string_view> parameters = base::split(signature.substr(1, signature.find(')') - 1), ',');
  std::vector<std::string> out;
  for (std::size_t place = 0; place < parameters.size(); ++place)
    for (const std::string_view literal : fitting(parameters[place])) {
      std::vector<std::string> arguments;
      for (std::size_t i = 0; i < parameters.size() && !base::trim(parameters[i]).empty(); ++i) {
        if (i > place && parameters[i].find('?') != std::string_view::npos) break;
        arguments.emplace_back(i == place ? literal : plain(fitting(parameters[i])));
      }
      out.push_back(fmt::format("{}({})", name, base::join(arguments, ", ")));
    }
  return out;
}

// Of long arrays, which range() and its kin make, the text would take most of the time.
bool is_long(const kql::Value& value, kql::Type type) {
  const auto* array = type == kql::Type::dynamic && !value.is_null() ? value.json().if_array() : nullptr;
  return array != nullptr && array->size() > 10'000;
}

// Throws where a value is none of its column's type.
void run_to_the_end(const std::string& query) {
  kql::BindOptions options;
  options.now = 639'000'000'000'000'000;
  kql::RunLimits limits;
  limits.cells = 100'000;
  const auto rows = kql::run_query(query, options, [](const kql::Relation&) -> base::Result<std::optional<kql::Rows>> { return std::nullopt; }, limits);
  if (!rows) {
    EXPECT_FALSE(rows.error().message.empty()) << query;
    return;
  }
  for (const auto& [name, table] : rows->answers)
    for (const kql::Row& row : table.rows)
      for (std::size_t i = 0; i < row.size(); ++i)
        if (!is_long(row[i], table.schema[i].type)) kql::to_text(row[i], table.schema[i].type);
}

template <typename Named>
void call_all(std::string_view query, const std::vector<std::string_view>& names, const Named& named) {
  for (const std::string_view name : names)
    for (const auto* entry : named(name))
      for (const std::string& call : calls_of(name, entry->signature)) EXPECT_NO_THROW(run_to_the_end(std::string(query) + call)) << call;
}

TEST(EveryCall, of_a_function_ends) { call_all("print ", kql::function_names(), kql::functions_named); }
TEST(EveryCall, of_an_aggregate_ends) { call_all("range n from 1 to 3 step 1 | summarize ", kql::aggregate_names(), kql::aggregates_named); }

}  // namespace
