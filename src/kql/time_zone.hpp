// SPDX-License-Identifier: Apache-2.0
// Time zones of the IANA database, read from the system's zoneinfo files (Debian: tzdata) in the form of RFC 8536.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kql {

class TimeZone {
 public:
  // "Europe/Paris"; null where the system does not know the name. Read once in the life of the program.
  static const TimeZone* named(std::string_view name);
  static const std::vector<std::string>& names();  // sorted

  // Out of the bytes of a file; null for what is none.
  static std::unique_ptr<TimeZone> read(std::string_view bytes);

  // Seconds to add to UTC. Seconds since 1970-01-01.
  std::int64_t offset_at(std::int64_t utc) const;
  // Of a clock's time that comes twice the earlier moment; one that is skipped has the offset behind the gap.
  std::int64_t utc_of(std::int64_t local) const;

 private:
  // When a year's summer time begins or ends: "M3.2.0/2" of POSIX's TZ.
  struct YearlyChange {
    enum class Form { month_week_day, julian, zero_based } form = Form::month_week_day;
    std::int64_t month = 1, week = 1, day = 0, time = 7'200;
  };
  struct Rule {
    std::int64_t standard = 0, summer = 0;
    std::optional<YearlyChange> begin, end;  // of summer time
  };
  struct Change {
    std::int64_t at;
    std::int64_t offset;
  };

  static std::optional<Rule> parse_rule(std::string_view text);
  static std::optional<YearlyChange> parse_yearly_change(std::string_view& text);
  static std::int64_t moment_of(const YearlyChange& change, std::int64_t year);  // seconds since 1970 by the local clock
  std::int64_t rule_offset(std::int64_t utc) const;

  std::int64_t first_offset_ = 0;
  std::vector<Change> changes_;  // ordered
  Rule rule_;                    // behind the last change
  bool has_rule_ = false;
};

}  // namespace kql
