// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "benchmark/report_json.hpp"

namespace benchmark {

namespace {

std::string xml_text(std::string_view text) {
  std::string out;
  for (const char c : base::printable(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::size_t count(const std::vector<const ControlResult*>& results, Status status) {
  return static_cast<std::size_t>(
      std::count_if(results.begin(), results.end(), [status](const ControlResult* result) { return result->status == status; }));
}

std::string test_case(const ControlResult& result) {
  const Control& control = *result.control;
  const std::string why = xml_text(evidence_text(result));
  std::string out = fmt::format("    <testcase classname=\"{}\" name=\"{}\"", xml_text(control.section),
                                xml_text(control.id + " " + control.title));
  switch (result.status) {
    case Status::pass: return out + "/>\n";
    case Status::fail:
      out += fmt::format("><failure type=\"{}\" message=\"{}\"/>", base::to_lower(model::severity_name(control.severity)), why);
      break;
    case Status::error: out += fmt::format("><error message=\"{}\"/>", why); break;
    case Status::manual:
    case Status::not_applicable: out += fmt::format("><skipped message=\"{}: {}\"/>", status_name(result.status), why); break;
  }
  return out + "</testcase>\n";
}

}  // namespace

std::string to_junit(const HostFacts& facts, const Benchmark& benchmark, const std::vector<ControlResult>& results) {
  std::string out = fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{}\">\n",
                                xml_text(benchmark.title + " " + benchmark.version));
  for (const Section& section : benchmark.sections) {
    std::vector<const ControlResult*> inside;
    for (const ControlResult& result : results)
      if (result.control->section == section.id) inside.push_back(&result);
    if (inside.empty()) continue;
    out += fmt::format("  <testsuite name=\"{}\" hostname=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
                       xml_text(section.id + " " + section.title), xml_text(facts.host_text("name")), inside.size(),
                       count(inside, Status::fail), count(inside, Status::error),
                       count(inside, Status::manual) + count(inside, Status::not_applicable));
    for (const ControlResult* result : inside) out += test_case(*result);
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace benchmark
