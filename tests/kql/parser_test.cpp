// SPDX-License-Identifier: Apache-2.0
#include "kql/syntax/parser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using testing::HasSubstr;

std::vector<std::string> errors_of(std::string_view query) {
  std::vector<std::string> errors;
  for (const auto& diagnostic : kql::parse(query).diagnostics) errors.push_back(kql::to_text(diagnostic, query));
  return errors;
}

// The one pipeline of a query without an error.
const kql::Pipeline& pipeline_of(const kql::Parsed& parsed) { return *std::get<kql::Pipeline*>(parsed.tree.statements.back().body); }

TEST(KqlParser, accepts_what_the_language_has) {
  for (const char* query : {
           "T | project 24h_count", "print 1e5, 0x1F, 1.5h, 10min, -1d, 1.0e-3", "print \"a\" 'b' @\"c\\d\" h\"secret\" ```multi\nline```",
           "print dynamic({'a':1, \"b\":[1d, null, true, -1.5, {\"c\":datetime(2020-01-01)}]})", "T | where -a.b[1] !in (1,2) and x between (1 .. 2)",
           "T | where a.['b c'].d[\"e\"] == 1", "T | where * has \"x\"", "T | summarize hint.strategy=shuffle count(), x = sum(y) by bin(t, 1h), z=g",
           "T | join kind=inner hint.remote=left (U | where x) on a, $left.b == $right.c", "T | union kind=outer withsource=S (U), V*",
           "print id=1", "T | extend id=a, b=id", "T | mv-expand id=a to typeof(long) limit 5", "T | mv-apply id=a on (take 1)", "T | union with_source=S U",
           "union isfuzzy=true T, (U | take 1), database(\"x\").V", "T | mv-expand kind=array with_itemindex=i a to typeof(long), b = c limit 10",
           "T | mv-apply x = a to typeof(long) limit 3 on (top 1 by x)", "T | parse kind=regex flags=i s with \"a\" x:long * \"b\" y \"c\"",
           "T | parse-kv s as (a:long, b:string) with (pair_delimiter=\",\", quote='\"')",
           "T | make-series c = count() default=0, d=avg(x) on t from ago(1d) to now() step 1h by g", "T | make-series c = count() on t in range(ago(1d), now(), 1h)",
           "T | top-nested 3 of a with others=\"x\" by sum(b) desc, top-nested of c by max(d)",
           "T | scan declare (x:long=0) with (step s1 output=last: true => x = s1.x + 1, y = 2; step s2: a > 1;)", "T | partition by a (top 1 by b)",
           "T | partition hint.strategy=native by a { T | where x }", "T | fork a=(where x | take 1) (count)", "T | facet by a, b with (take 1)",
           "T | render timechart with (title=\"x\", ycolumns=a, b, kind=stacked)", "T | render timechart title=\"x\"", "T | render columnchart kind=stacked with (title=\"x\")", "T | sort by a asc nulls first, b",
           "T | project-reorder a, b* asc, *, c granny-asc", "T | project-away *a*, a*b", "T | evaluate bag_unpack(d) : (a:long)",
           "T | reduce by a with threshold=0.1, characters=\"x\"", "search in (T) a:1 or \"x*\"", "find in (T, U*) where a == 1 project a, b:string, pack(*)",
           "find \"x\"", "let f = (T:(c:long, *), a:long=1) { T | where c == a }; f(U, a=2)", "let f = view () { T }; f", "set querytrace; set a = \"b\"; T",
           "declare query_parameters(a:long = 5, b:string); T", "alias database d = cluster(\"x\").database(\"y\"); T",
           "datatable(a:long, b:string) [1, \"x\", -2, \"y\",]", "externaldata(a:string) [ \"https://x\" ] with (format=\"csv\")", "T | extend (a,b,c) = f(x)",
           "range x from 1 to 10 step 1", "range ['a b'] from 1 to 2 step 1", "print '\\60\\101'", "T | where x in (U | project y)", "T | where a matches regex \"x\"", "T | extend y = T | count", "T // comment",
           "print x=toscalar(T | count)", "let a=1;", "T | where x = a > 1", "T | where a notcontains \"x\" and b containscs \"y\"",
           "print dynamic // of what\n ([1])", "T\u202f| take\u200a1\u3000",  "T | where d between (datetime(2020-01-01 10:00:00.123Z) .. 7d)", "cluster('x').database('y').T | take 1"})
    EXPECT_THAT(errors_of(query), testing::IsEmpty()) << query;
}

TEST(KqlParser, refuses_what_the_language_has_not) {
  for (const char* query : {"T | where a == b == c", "T | where a < b < c", "T | where a has b has c", "T | where not a", "T | extend a = 1, | count", "T | where",
                            "T | where (a == b", "print .5", "print 1..2", "print a?b", "T | where a &&  b", "T | where !a", "T | where a in 1", "T | project and", "T | extend kind=a", "print flags=1",
                            "T | summarize by", "T | | where a", "| where a", ";", "let x 1; T", "print f(,)", "print (1,2)", "T | distinct a b", "T | top 5",
                            "T | where a == \"unterminated", "datatable(a long)[1]", "datatable(a:foo)[1]", "print dynamic({\"a\":1, b:2})",
                            "T | parse s with \"a\" x:string:long", "print datetime(2020-13-01)", "print int(3000000000)", ""})
    EXPECT_THAT(errors_of(query), testing::Not(testing::IsEmpty())) << query;
}

TEST(KqlParser, tells_the_place_the_text_and_what_was_meant) {
  EXPECT_THAT(errors_of("T\n| summarise count()"), testing::ElementsAre("line 2, column 3: 'summarise' is not a query operator; did you mean 'summarize'?"));
  EXPECT_THAT(errors_of("T | where é == "), testing::Contains(HasSubstr("line 1, column 11")));
  EXPECT_THAT(errors_of("T | where a =="), testing::ElementsAre("line 1, column 15: an expression is expected at the end of the query"));
}

TEST(KqlParser, tells_several_errors_of_one_query) {
  EXPECT_EQ(errors_of("T | where | foo | project a b | take 1").size(), 3u);
  EXPECT_EQ(errors_of("let a 1; let b = ; T | top 5").size(), 3u);
}

TEST(KqlParser, binds_string_operators_tighter_than_products_and_and_tighter_than_or) {
  const kql::Parsed sum = kql::parse("print a + b has c");
  const kql::Expression* value = std::get<kql::Project>(pipeline_of(sum).operators[0].body).columns[0].value;
  EXPECT_EQ(value->text, "+");
  EXPECT_EQ(value->arguments[1]->text, "has");
  const kql::Parsed logical = kql::parse("T | where a or b and c or d");
  const kql::Expression* predicate = std::get<kql::Where>(pipeline_of(logical).operators[0].body).predicate;
  EXPECT_EQ(predicate->text, "or");
  ASSERT_EQ(predicate->arguments.size(), 3u);
  EXPECT_EQ(predicate->arguments[1]->text, "and");
}

TEST(KqlParser, reads_dynamic_literals_as_json) {
  const kql::Parsed parsed = kql::parse("print dynamic({'a': [1, 2.5, 1d, datetime(2020-01-01), \"x\\ty\", null]})");
  const kql::Expression* value = std::get<kql::Project>(pipeline_of(parsed).operators[0].body).columns[0].value;
  EXPECT_EQ(value->value.text, R"({"a":[1,2.5,"1.00:00:00","2020-01-01T00:00:00.0000000Z","x\ty",null]})");
}

TEST(KqlParser, reads_strings_that_follow_one_another_in_a_dynamic_as_one) {
  const kql::Parsed parsed = kql::parse("print dynamic(['a' \"b\", {'c': 'd'\n 'e'}])");
  EXPECT_EQ(std::get<kql::Project>(pipeline_of(parsed).operators[0].body).columns[0].value->value.text, R"(["ab",{"c":"de"}])");
}

TEST(KqlParser, is_bounded) {
  const auto nested = [](std::size_t count, const char* open) {
    std::string text = "print ";
    for (std::size_t i = 0; i < count; ++i) text += open;
    return text;
  };
  EXPECT_THAT(errors_of(nested(100'000, "(")), testing::Contains(HasSubstr("nested more than")));
  EXPECT_THAT(errors_of(nested(100'000, "-") + "1"), testing::Contains(HasSubstr("nested more than")));
  EXPECT_THAT(errors_of(nested(90'000, "f(")), testing::Contains(HasSubstr("nested more than")));
  EXPECT_THAT(errors_of("print dynamic(" + std::string(100'000, '[')), testing::Contains(HasSubstr("levels deep")));
  EXPECT_THAT(errors_of(nested(90'000, "a.") + "b"), testing::Contains(HasSubstr("shorter path")));
  EXPECT_THAT(errors_of(std::string(kql::kLongestQuery + 1, ' ')), testing::Contains(HasSubstr("bytes")));
}

// Words and signs of other languages: the error is at them, and tells what stands for them here.
TEST(KqlParser, tells_what_stands_here_for_what_others_write) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases{
      {"T | where a == 1 && b == 2", "line 1, column 18: '&&' means nothing here; did you mean 'and'?"},
      {"T | where a == 1 & b == 2", "line 1, column 18: '&' means nothing here; did you mean 'and'?"},
      {"T | where a == 1 || b == 2", "line 1, column 18: '||' means nothing here; did you mean 'or'?"},
      {"T | where b !=~ 'x'", "line 1, column 13: '!=~' means nothing here; did you mean '!~'?"},
      {"T | where b ~= 'x'", "line 1, column 13: '~=' means nothing here; did you mean '=~'?"},
      {"T | where a === 1", "line 1, column 13: '===' means nothing here; did you mean '=='?"},
      {"T | where a =< 1", "line 1, column 13: '=<' means nothing here; did you mean '<='?"},
      {"T | where a => 1", "line 1, column 13: '|' or the end of where is expected, not '=>'; did you mean '>='?"},
      {"T | where !(a == 1)", "line 1, column 11: '!' means nothing here; did you mean 'not'?"},
      {"T | extend x := 1", "line 1, column 14: ':=' means nothing here; did you mean '='?"},
      {"T | take 1 # one", "line 1, column 12: '#' means nothing here: a comment begins with //"},
      {"T /* all */ | take 1", "line 1, column 3: '/*' means nothing here: a comment begins with //"},
      {"T | where a == 1 AND b == 2", "line 1, column 18: '|' or the end of where is expected, not 'AND'; did you mean 'and'?"},
      {"T | where a not in (1)", "line 1, column 13: '|' or the end of where is expected, not 'not in'; did you mean '!in'?"},
      {"T | where a is null", "line 1, column 13: '|' or the end of where is expected, not 'is'; write isnull(x) or isnotnull(x); of a text isempty(x) or isnotempty(x)"},
      {"T | where d.x = 'y'", "line 1, column 15: '|' or the end of where is expected, not '='; did you mean '=='?"},
      {"T | where t > ago(1 d)", "line 1, column 19: ')' behind the arguments of ago is expected, not '1 d'; did you mean '1d'?"},
      {"T | where b matches 'x'", "line 1, column 13: '|' or the end of where is expected, not 'matches'; did you mean 'matches regex'?"},
      {"T | extend x = a ? 1 : 2", "line 1, column 18: '|' or the end of extend is expected, not '?'; write iff(condition, then, otherwise)"},
      {"T | project a as x", "line 1, column 15: '|' or the end of project is expected, not 'as'; a new name stands before its value: x = …"},
      {"T | summarize count() group by a", "line 1, column 23: '|' or the end of summarize is expected, not 'group by'; did you mean 'by'?"},
      {"T | sort by a descending", "line 1, column 15: '|' or the end of sort is expected, not 'descending'; did you mean 'desc'?"},
      {"T where a == 1", "line 1, column 3: '|' or ';' is expected, not 'where'; did you mean '| where'?"},
      {"T | where a == 1 project b", "line 1, column 18: '|' or the end of where is expected, not 'project'; did you mean '| project'?"},
      {"T | where a == 1)", "line 1, column 17: ')' closes no bracket"},
      {"x = 1; T", "line 1, column 3: '|' or ';' is expected, not '='; a value gets a name by 'let x = …'"},
      {"SELECT a FROM T", "line 1, column 1: 'SELECT' is SQL; a query begins with its table here: T | where a > 1 | project a, b"},
      {"select * from T where a = 1", "line 1, column 1: 'select' is SQL; a query begins with its table here: T | where a > 1 | project a, b"},
      {"T | SELECT a", "line 1, column 5: 'SELECT' is not a query operator; did you mean 'project'?"},
      {"T | WHERE a == 1", "line 1, column 5: 'WHERE' is not a query operator; did you mean 'where'?"},
      {"T | having a > 1", "line 1, column 5: 'having' is not a query operator; did you mean 'where'?"},
      {"T | group by a", "line 1, column 5: 'group' is not a query operator; groups are made by 'summarize … by'"},
      {"T | count by a", "line 1, column 11: '|' or the end of count is expected, not 'by'; groups are counted by 'summarize count() by …'"},
      {"T | extend x = 'it's'", "line 1, column 20: '|' or the end of extend is expected, not 's'; a quote within a text is written \\\" or \\'"}};
  for (const auto& [query, error] : cases) EXPECT_THAT(errors_of(query), testing::Contains(std::string(error))) << query;
}

TEST(KqlParser, tells_of_one_mistake_once) {
  for (const char* query : {"T | where t between (ago(1d), now())", "T | where b has (\"x\", \"y\")", "T | summarize count(distinct a)", "T | where a == 1)", "T | where t > ago(1 d)", "T | extend x = cast(a as string)",
                            "T | where a == 1 && b == 2", "T | take 1 # one", "T /* all */ | take 1", "T | where f(a b) | take 1", "let f = () { T | where (a b) | take 1 }; f"})
    EXPECT_EQ(errors_of(query).size(), 1u) << query << ": " << testing::PrintToString(errors_of(query));
  EXPECT_EQ(errors_of("T | where f(a b); U | where g(c d); V").size(), 2u);
}

TEST(KqlParser, runs_no_commands) { EXPECT_THAT(errors_of(".show tables"), testing::ElementsAre(HasSubstr("commands such as .show are not run"))); }

}  // namespace
