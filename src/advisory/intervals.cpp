// SPDX-License-Identifier: Apache-2.0
#include "advisory/intervals.hpp"

#include <algorithm>

namespace advisory {

namespace {

bool is_before_all(const Event& event) { return event.type == Event::Type::introduced && event.version == "0"; }

// `last_affected` closes behind its version, so that it follows an `introduced` of the same version.
bool event_precedes(Scheme scheme, const Event& a, const Event& b) {
  if (is_before_all(a) || is_before_all(b)) return is_before_all(a) && !is_before_all(b);
  const auto order = compare_versions(scheme, a.version, b.version);
  if (order != 0) return order < 0;
  return a.type != Event::Type::last_affected && b.type == Event::Type::last_affected;
}

}  // namespace

std::vector<Interval> intervals_of(Scheme scheme, const Range& range) {
  Range events = range;
  std::stable_sort(events.begin(), events.end(),
                   [&](const Event& a, const Event& b) { return event_precedes(scheme, a, b); });
  std::vector<Interval> out;
  bool open = false;
  Interval current;
  for (const Event& event : events) {
    if (event.type == Event::Type::introduced) {
      if (!open) current = Interval{is_before_all(event) ? std::string_view() : event.version, {}, false};
      open = true;
    } else if (open) {
      current.upper = event.version;
      current.inclusive = event.type == Event::Type::last_affected;
      out.push_back(current);
      open = false;
    }
  }
  if (open) out.push_back(current);
  return out;
}

bool contains(Scheme scheme, const Interval& interval, std::string_view version) {
  if (!interval.lower.empty() && compare_versions(scheme, version, interval.lower) < 0) return false;
  if (interval.upper.empty()) return true;
  const auto order = compare_versions(scheme, version, interval.upper);
  return interval.inclusive ? order <= 0 : order < 0;
}

}  // namespace advisory
