// SPDX-License-Identifier: Apache-2.0
// The check before a statement is sent: what stands on no list is refused, whoever wrote it.
#include <gtest/gtest.h>

#include "kql/sql/check_sql.hpp"
#include "kql/sql/sql_tokens.hpp"

namespace kql {
namespace {

const std::vector<SqlTableName> kTables{{"w1", "Syslog"}, {"w1", "odd`name"}};

TEST(SqlWall, lets_what_the_writer_writes_pass) {
  for (const std::string sql : {
           "SELECT t1.`Host` AS c2 FROM `w1`.`Syslog` AS t1 WHERE (t1.`Host` = 'a') LIMIT 10",
           "SELECT toInt64(count()) AS c3 FROM `w1`.`Syslog` AS t1",
           "SELECT c1 AS c4 FROM (SELECT t1.`a` AS c1 FROM `w1`.`odd\\`name` AS t1) AS t2 ORDER BY c1 DESC NULLS LAST",
           "SELECT t1.c2 AS c3 FROM (SELECT 1 AS c2 UNION ALL SELECT 2 AS c2) AS t1",
           "SELECT groupArrayIf(10)(t1.`a`, true) AS c1 FROM `w1`.`Syslog` AS t1",
           "SELECT (t1.number * 2) AS c2 FROM numbers(10) AS t1",
           R"(SELECT 'it\'s; -- /* \\' AS c1)",
       })
    EXPECT_TRUE(check_sql(sql, kTables)) << sql << ": " << check_sql(sql, kTables).error().message;
}

class SqlWallRefuses : public testing::TestWithParam<std::string> {};

TEST_P(SqlWallRefuses, what_stands_on_no_list) {
  const auto passed = check_sql(GetParam(), kTables);
  ASSERT_FALSE(passed);
  EXPECT_EQ(passed.error().kind, base::Kind::internal);
}

const std::string kFrom = " AS c1 FROM `w1`.`Syslog` AS t1";

INSTANTIATE_TEST_SUITE_P(
    Functions, SqlWallRefuses,
    testing::Values("SELECT file('/etc/hostname') AS c1", "SELECT FILE('/etc/hostname') AS c1", "SELECT file ('/etc/hostname') AS c1", "SELECT getSetting('readonly')" + kFrom,
                    "SELECT currentUser()" + kFrom, "SELECT hostName()" + kFrom, "SELECT version()" + kFrom, "SELECT sleep(3)" + kFrom, "SELECT dictGet('d', 'a', 1)" + kFrom,
                    "SELECT joinGet('j', 'a', 1)" + kFrom, "SELECT catboostEvaluate('/m', 1)" + kFrom, "SELECT executable('x')" + kFrom, "SELECT toTypeName(1)" + kFrom,
                    "SELECT throwIf(1)(2)" + kFrom, "SELECT count(1)(2)" + kFrom, "SELECT `file`('/etc/hostname')" + kFrom, "SELECT arrayMap(x1 -> file(x1), ['/etc/hostname'])" + kFrom,
                    "SELECT groupArray(1)(2)(3)" + kFrom, "SELECT (count)(1)" + kFrom));
INSTANTIATE_TEST_SUITE_P(
    Tables, SqlWallRefuses,
    testing::Values("SELECT t1.`a` AS c1 FROM `w2`.`Syslog` AS t1", "SELECT t1.`a` AS c1 FROM `w1`.`Secrets` AS t1", "SELECT t1.`name` AS c1 FROM `system`.`tables` AS t1",
                    "SELECT c1 FROM system.tables AS t1", "SELECT c1 FROM Syslog AS t1", "SELECT c1 FROM `Syslog` AS t1", "SELECT c1 FROM t1", "SELECT c1 FROM `w1`.`Syslog`, `w2`.`x`",
                    "SELECT c1 FROM numbers(1) AS t1, `w2`.`Syslog` AS t2", "SELECT c1 FROM `w1`.`Syslog` AS t1 FINAL", "SELECT c1 FROM file('/etc/passwd') AS t1",
                    "SELECT c1 FROM url('http://127.0.0.1/') AS t1", "SELECT c1 FROM remote('127.0.0.1', `w2`.`x`) AS t1", "SELECT c1 FROM merge('.*') AS t1",
                    "SELECT c1 FROM numbers(c2) AS t1", "SELECT c1 FROM `w1`.`Syslog` AS t1 JOIN `w2`.`Syslog` AS t2 ON t1.`a` = t2.`a`", "SELECT 1 AS c1 WHERE 1 IN `w2`.`Syslog`",
                    "SELECT 1 AS c1 WHERE 1 IN t1", "SELECT 1 AS c1 WHERE 1 IN (t1)", "SELECT c1 FROM (`w2`.`Syslog`) AS t1", "SELECT c1 FROM ((`w2`.`Syslog`)) AS t1",
                    "SELECT c1 FROM `w1`.`Syslog` AS t1 ARRAY JOIN [1] AS e1, `w2`.`Syslog`", "SELECT c1 FROM `w1` . `Syslog` . `x` AS t1", "SELECT t1.`a`.`b` AS c1 FROM `w1`.`Syslog` AS t1",
                    "SELECT * FROM `w1`.`Syslog` AS t1", "SELECT t1.* FROM `w1`.`Syslog` AS t1", "SELECT COLUMNS('.*') FROM `w1`.`Syslog` AS t1", "SELECT c1 FROM `w1`.`Syslog\\` AS t1",
                    "SELECT c1 FROM `w1`.`sys``log` AS t1", "SELECT c1 FROM \"w1\".\"Syslog\" AS t1"));
INSTANTIATE_TEST_SUITE_P(
    Statements, SqlWallRefuses,
    testing::Values("", "   ", "DROP TABLE `w1`.`Syslog`", "INSERT INTO `w1`.`Syslog` SELECT 1 AS c1", "SELECT 1 AS c1; DROP TABLE x", "SELECT 1 AS c1;", "SELECT 1 AS c1 SELECT 2 AS c2",
                    "SELECT 1 AS c1 INTO OUTFILE '/tmp/x'", "SELECT 1 AS c1 FORMAT CSV", "SELECT 1 AS c1 SETTINGS readonly = 0", "SET readonly = 0", "EXPLAIN SELECT 1 AS c1",
                    "WITH 1 AS c1 SELECT c1", "DESCRIBE TABLE x", "SHOW TABLES", "KILL QUERY WHERE 1", "SELECT 1 AS c1 UNION SELECT 2 AS c1", "SELECT 1 AS c1 UNION DISTINCT SELECT 2 AS c1",
                    "SELECT 1 AS c1 EXCEPT SELECT 2 AS c1", "(SELECT 1 AS c1)", "SELECT 1 AS c1 LIMIT t1.c2", "SELECT 1 AS c1 FROM (SELECT 1 AS c2", "SELECT 1 AS c1)", "SELECT (1] AS c1",
                    "select 1 as c1", "SELECT 1 AS c1 PARALLEL WITH SELECT 2 AS c1", "SELECT {c1:String}", "SELECT @@version", "SELECT ? AS c1", "SELECT 1::String AS c1",
                    "SELECT CASE c1 WHEN 1 THEN 2 END", "SELECT INTERVAL 1 DAY", "SELECT 1 AS c1 OFFSET 1 ROW", "SELECT DISTINCT 1 AS c1", "SELECT 1 AS x1; SELECT 2"));
INSTANTIATE_TEST_SUITE_P(
    Texts, SqlWallRefuses,
    testing::Values("SELECT 'a'' AS c1", "SELECT 'a' 'b' AS c1 --", "SELECT 'a\\' AS c1", "SELECT 'a' -- 'b'", "SELECT 'a' /* b */ AS c1", "SELECT 1 # x", "SELECT 1 // x",
                    "SELECT $$a$$ AS c1", "SELECT $x$a$x$ AS c1", "SELECT x'41' AS c1", "SELECT b'1' AS c1", "SELECT 0x10 AS c1", "SELECT 1_000 AS c1", "SELECT 'a''b' AS c1",
                    "SELECT 'a'`b` AS c1", "SELECT 'a'b", "SELECT 1\nAS c1", "SELECT 1\tAS c1", "SELECT 1\r\nAS c1", "SELECT\xC2\xA0\x31 AS c1", "SELECT \xE2\x80\x98x\xE2\x80\x99 AS c1",
                    std::string("SELECT 'a\0b' AS c1", 18), std::string("SELECT 1 AS c1\0; DROP TABLE x", 29), "SELECT \"a\" AS c1", "SELECT 'a", "SELECT `a"));

TEST(SqlWall, is_not_too_deep) {
  EXPECT_TRUE(check_sql("SELECT " + std::string(500, '(') + "1" + std::string(500, ')') + " AS c1", kTables));
  const auto passed = check_sql("SELECT " + std::string(200'000, '(') + "1" + std::string(200'000, ')') + " AS c1", kTables);
  ASSERT_FALSE(passed);
  EXPECT_NE(passed.error().message.find("too deep"), std::string::npos) << passed.error().message;
}

}  // namespace
}  // namespace kql
