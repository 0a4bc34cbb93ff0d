// SPDX-License-Identifier: Apache-2.0
// The queries of bench_kql, each with SQL written by hand that gives the same rows: of several, the quickest counts. And the
// rows that they are asked on, made by the engine itself. A dynamic column holds JSON of any kind, and so do the peers expect
// it: a text may have escapes, a member may be missing, be a text or a real.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kql/sql/sql_writer.hpp"

namespace bench {

struct Query {
  std::string_view name, kql;
  std::vector<std::string> by_hand;
};

// Rows `from` to `from + count` of `all`, spread over three days. 5,000 pods, of which few write much; one message in
// 500,000 has the term OOMKilled, one in eight the term timeout.
inline std::string logs_sql(std::uint64_t from, std::uint64_t count, std::uint64_t all) {
  return fmt::format(
      "INSERT INTO w.ContainerLogV2 (TimeGenerated, Computer, ContainerId, ContainerName, PodName, PodNamespace, LogSource, LogLevel, LogMessage, KubernetesMetadata, _BilledSize) "
      "SELECT toDateTime64('2026-10-01 00:00:00', 7, 'UTC') + toIntervalNanosecond(toUInt64(n * {step}) * 100), concat('node-', toString(pod % 20)), lower(hex(sipHash128(pod))), "
      "concat('app-', toString(pod % 50)), concat('shop-', leftPad(toString(pod), 4, '0')), concat('team-', toString(pod % 12)), if(h % 10 < 3, 'stderr', 'stdout'), "
      "multiIf(h % 100 < 4, 'ERROR', h % 100 < 12, 'WARNING', 'INFO'), "
      "concat('\"', multiIf(n % 500000 = 250000, 'container OOMKilled by the kernel, ', h % 8 = 0, 'timeout of a connection, ', ''), 'request ', toString(n), ' from 10.', toString(h % 250), '.', "
      "toString(intDiv(h, 250) % 250), '.7 to /api/v1/orders/', toString(n * 7 % 100003), ' took ', toString(h % 900), ' ms and returned status ', if(h % 50 = 0, '500', '200'), ' after ', "
      "toString(h % 3), ' retries of upstream\"'), "
      "concat('{{\"podLabels\":{{\"app\":\"shop\",\"tier\":\"web\",\"release\":\"r', toString(pod % 9), '\"}},\"image\":\"registry.example/shop/web\",\"imageTag\":\"1.', toString(pod % 40), "
      "'\",\"durationMs\":', toString(h % 900), '}}'), toFloat64(400 + h % 300) "
      "FROM (SELECT number + {from} AS n, cityHash64(number + {from}) AS h, toUInt32(pow((cityHash64(number + {from}, 1) % 1000000) / 1000000, 2) * 5000) AS pod FROM numbers({count}))",
      fmt::arg("step", std::uint64_t{3} * 24 * 3600 * 10'000'000 / all), fmt::arg("from", from), fmt::arg("count", count));
}

inline std::string owners_sql() {
  return "INSERT INTO w.PodOwners_CL (TimeGenerated, PodName, Team) SELECT toDateTime64('2026-10-01 00:00:00', 7, 'UTC'), "
         "concat('shop-', leftPad(toString(number), 4, '0')), concat('owners-', toString(number % 37)) FROM numbers(5000)";
}

// By the text index, which stands over the message's text in lower case.
inline std::vector<std::string> term_searches(std::string_view term) {
  return {fmt::format("SELECT count() FROM w.ContainerLogV2 WHERE hasAllTokens({}, ['{}'])", kql::term_index_sql("LogMessage", model::ColumnType::dynamic), term)};
}

// Ways to the text of a message, each put into a query.
inline std::vector<std::string> by_message_text(std::string_view before, std::string_view behind) {
  std::vector<std::string> out;
  for (const std::string_view text :
       {R"(if(startsWith(LogMessage, '"') AND position(LogMessage, '\\') = 0, substring(LogMessage, 2, length(LogMessage) - 2), JSONExtractString(LogMessage)))",
        R"(if(startsWith(LogMessage, '"'), if(position(LogMessage, '\\') = 0, substring(LogMessage, 2, length(LogMessage) - 2), JSONExtractString(LogMessage)), LogMessage))",
        "JSONExtractString(LogMessage)"})
    out.push_back(fmt::format("{}{}{}", before, text, behind));
  return out;
}

inline std::vector<std::string> messages_with(std::string_view text) {
  const std::string from = "SELECT count() FROM w.ContainerLogV2 WHERE ";
  return {fmt::format(R"({0}if(position(LogMessage, '\\') = 0, positionCaseInsensitive(LogMessage, '{1}') > 0, positionCaseInsensitive(JSONExtractString(LogMessage), '{1}') > 0))", from, text),
          fmt::format(R"({0}if(position(LogMessage, '\\') = 0, LogMessage ILIKE '%{1}%', JSONExtractString(LogMessage) ILIKE '%{1}%'))", from, text),
          fmt::format("{}positionCaseInsensitive(JSONExtractString(LogMessage), '{}') > 0", from, text)};
}

// Of a real the engine leaves out the point where KQL has ".0".
inline std::vector<std::string> by_release(std::string_view where) {
  const std::string_view path = "KubernetesMetadata, 'podLabels', 'release'";
  const std::string rows = fmt::format("count() FROM w.ContainerLogV2{} GROUP BY release", where);
  return {fmt::format("WITH JSONExtractString({0}) AS text SELECT if(ascii(text) BETWEEN 45 AND 57 AND position(text, '.') = 0 AND JSONType({0}) = 'Double', concat(text, '.0'), text) AS release, {1}", path, rows),
          fmt::format("WITH JSONExtractString({0}) AS text SELECT if(text >= '-' AND text < ':' AND position(text, '.') = 0 AND JSONType({0}) = 'Double', concat(text, '.0'), text) AS release, {1}", path, rows),
          fmt::format("WITH JSONExtractString({0}) AS text SELECT if(JSONType({0}) = 'Double' AND position(text, '.') = 0, concat(text, '.0'), text) AS release, {1}", path, rows)};
}

inline const std::vector<Query>& queries() {
  static const std::vector<Query> kQueries{
      {"count", "ContainerLogV2 | count", {"SELECT count() FROM w.ContainerLogV2"}},
      {"count by hour", "ContainerLogV2 | summarize count() by bin(TimeGenerated, 1h)",
       {"SELECT toStartOfHour(TimeGenerated) AS hour, count() FROM w.ContainerLogV2 GROUP BY hour",
        "SELECT fromUnixTimestamp64Micro(h * 3600000000) AS hour, n FROM (SELECT intDiv(toUnixTimestamp64Micro(TimeGenerated), 3600000000) AS h, count() AS n FROM w.ContainerLogV2 GROUP BY h)"}},
      {"an hour of a namespace", "ContainerLogV2 | where TimeGenerated between (datetime(2026-10-02 10:00) .. 1h) and PodNamespace == 'team-3' | summarize count(), max(tostring(LogMessage))",
       by_message_text("SELECT count(), max(", ") FROM w.ContainerLogV2 WHERE TimeGenerated BETWEEN toDateTime64('2026-10-02 10:00:00', 7, 'UTC') AND "
                                               "toDateTime64('2026-10-02 11:00:00', 7, 'UTC') AND PodNamespace = 'team-3'")},
      {"has a rare term", "ContainerLogV2 | where LogMessage has 'oomkilled' | count", term_searches("oomkilled")},
      {"has a common term", "ContainerLogV2 | where LogMessage has 'timeout' | count", term_searches("timeout")},
      {"has an absent term", "ContainerLogV2 | where LogMessage has 'nosuchterm' | count", term_searches("nosuchterm")},
      {"contains", "ContainerLogV2 | where LogMessage contains 'connect' | count", messages_with("connect")},
      {"top 10 pods", "ContainerLogV2 | summarize lines = count() by PodName | top 10 by lines",
       {"SELECT PodName, count() AS lines FROM w.ContainerLogV2 GROUP BY PodName ORDER BY lines DESC LIMIT 10"}},
      {"top 10 errors by two columns", "ContainerLogV2 | where LogLevel == 'ERROR' | summarize lines = count() by PodNamespace, ContainerName | sort by lines, PodNamespace asc, ContainerName asc | take 10",
       {"SELECT PodNamespace, ContainerName, count() AS lines FROM w.ContainerLogV2 WHERE LogLevel = 'ERROR' GROUP BY PodNamespace, ContainerName ORDER BY lines DESC, PodNamespace, ContainerName LIMIT 10"}},
      {"dcount of pods", "ContainerLogV2 | summarize dcount(PodName)", {"SELECT uniqCombined64(17)(PodName) FROM w.ContainerLogV2"}},
      {"dcount of messages", "ContainerLogV2 | summarize dcount(tostring(LogMessage))", by_message_text("SELECT uniqCombined64(17)(", ") FROM w.ContainerLogV2")},
      {"95th percentile of a column by namespace", "ContainerLogV2 | summarize percentile(_BilledSize, 95) by PodNamespace",
       {"SELECT PodNamespace, quantileExact(0.95)(_BilledSize) FROM w.ContainerLogV2 GROUP BY PodNamespace"}},
      {"95th percentile of a number in JSON by namespace", "ContainerLogV2 | summarize percentile(todouble(KubernetesMetadata.durationMs), 95) by PodNamespace",
       {"SELECT PodNamespace, quantileExact(0.95)(JSONExtract(KubernetesMetadata, 'durationMs', 'Nullable(Float64)')) FROM w.ContainerLogV2 GROUP BY PodNamespace",
        "WITH JSONExtractFloat(KubernetesMetadata, 'durationMs') AS ms SELECT PodNamespace, quantileExactIf(0.95)(ms, ms != 0 OR JSONType(KubernetesMetadata, 'durationMs') != 'Null') "
        "FROM w.ContainerLogV2 GROUP BY PodNamespace"}},
      {"path in JSON", "ContainerLogV2 | summarize count() by tostring(KubernetesMetadata.podLabels.release)", by_release("")},
      {"path in JSON of an hour", "ContainerLogV2 | where TimeGenerated between (datetime(2026-10-02 10:00) .. 1h) | summarize count() by tostring(KubernetesMetadata.podLabels.release)",
       by_release(" WHERE TimeGenerated BETWEEN toDateTime64('2026-10-02 10:00:00', 7, 'UTC') AND toDateTime64('2026-10-02 11:00:00', 7, 'UTC')")},
      {"join with 5,000 rows", "ContainerLogV2 | where LogLevel == 'ERROR' | join kind=inner PodOwners_CL on PodName | summarize count() by Team",
       {"SELECT Team, count() FROM w.ContainerLogV2 AS l INNER JOIN w.PodOwners_CL AS o ON l.PodName = o.PodName WHERE l.LogLevel = 'ERROR' GROUP BY Team"}},
      {"last 100", "ContainerLogV2 | top 100 by TimeGenerated | project TimeGenerated, PodName, LogMessage",
       {"SELECT TimeGenerated, PodName, LogMessage FROM w.ContainerLogV2 ORDER BY TimeGenerated DESC LIMIT 100"}},
  };
  return kQueries;
}

}  // namespace bench
