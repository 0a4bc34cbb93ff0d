// SPDX-License-Identifier: Apache-2.0
// OVAL 5.11 as Microsoft publishes it for Azure Linux and CBL-Mariner: a definition a (CVE, source package) whose
// criterion names an rpminfo_test, which joins an rpminfo_object (package name) and an rpminfo_state (version bound).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

#include "advisory/importers.hpp"
#include "advisory/xml_reader.hpp"
#include "base/text.hpp"

namespace advisory {

namespace {

constexpr std::size_t kMostOvalItems = 2'000'000;
constexpr std::size_t kMostOvalTests = 2'000;  // of one definition; those published have one

struct OvalDefinition {
  std::string id;
  std::string title;
  std::string severity;
  std::string date;
  std::string patchable;
  std::vector<std::string> cves;
  std::vector<std::string> urls;
  std::vector<std::string> tests;
  bool alternatives = false;  // criteria joined by OR
};

struct OvalTest {
  std::string object;
  std::string state;
};

struct OvalState {
  std::string operation;
  std::string evr;
};

struct OvalDocument {
  std::string product;
  std::string timestamp;
  std::vector<OvalDefinition> definitions;
  std::unordered_map<std::string, OvalTest> tests;
  std::unordered_map<std::string, std::string> objects;
  std::unordered_map<std::string, OvalState> states;
};

// Fills an OvalDocument from the events of the XML reader.
class OvalCollector {
 public:
  explicit OvalCollector(OvalDocument& out) : out_(out) {}

  void start(std::string_view name, const XmlAttributes& attributes) {
    const auto id = xml_attribute(attributes, "id");
    if (name == "definition") {
      out_.definitions.emplace_back();
      out_.definitions.back().id = id;
    } else if (name == "rpminfo_test" || name == "rpminfo_object" || name == "rpminfo_state") {
      current_ = id;
    } else if (name == "object") {
      out_.tests[current_].object = xml_attribute(attributes, "object_ref");
    } else if (name == "state") {
      out_.tests[current_].state = xml_attribute(attributes, "state_ref");
    } else if (name == "evr") {
      out_.states[current_].operation = xml_attribute(attributes, "operation");
    } else if (!out_.definitions.empty()) {
      start_in_definition(name, attributes);
    }
  }

  void end(std::string_view name, std::string_view text) {
    text = base::trim(text);
    if (name == "product_name" && out_.product.empty()) out_.product = text;
    if (name == "timestamp" && out_.timestamp.empty()) out_.timestamp = text;
    if (name == "name") out_.objects[current_] = text;
    if (name == "evr") out_.states[current_].evr = text;
    if (out_.definitions.empty()) return;
    auto& definition = out_.definitions.back();
    if (name == "title") definition.title = text;
    if (name == "severity") definition.severity = text;
    if (name == "advisory_date") definition.date = text;
    if (name == "patchable") definition.patchable = text;
  }

 private:
  void start_in_definition(std::string_view name, const XmlAttributes& attributes) {
    auto& definition = out_.definitions.back();
    if (name == "criterion") definition.tests.emplace_back(xml_attribute(attributes, "test_ref"));
    if (name == "criteria" && xml_attribute(attributes, "operator") == "OR") definition.alternatives = true;
    if (name != "reference") return;
    if (xml_attribute(attributes, "source") == "CVE") definition.cves.emplace_back(xml_attribute(attributes, "ref_id"));
    definition.urls.emplace_back(xml_attribute(attributes, "ref_url"));
  }

  OvalDocument& out_;
  std::string current_;  // id of the test, object or state that is open
};

// The release stands nowhere but in the release suffix of its packages: "2.6.7-3.azl3".
std::string_view oval_ecosystem(std::string_view evr) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kSuffixes{
      {{".azl3", "Azure Linux:3"}, {".azl4", "Azure Linux:4"}, {".cm2", "Mariner:2.0"}, {".cm1", "Mariner:1.0"}}};
  for (const auto& [suffix, ecosystem] : kSuffixes)
    if (evr.find(suffix) != std::string_view::npos) return ecosystem;
  return {};
}

std::string_view without_zero_epoch(std::string_view evr) { return evr.substr(0, 2) == "0:" ? evr.substr(2) : evr; }

std::optional<Event> oval_event(const OvalState& state) {
  const auto version = without_zero_epoch(state.evr);
  if (state.operation == "less than") return Event{Event::Type::fixed, version};
  if (state.operation == "less than or equal") return Event{Event::Type::last_affected, version};
  if (state.operation == "greater than or equal") return Event{Event::Type::introduced, version};
  return std::nullopt;
}

class OvalWriter {
 public:
  OvalWriter(const OvalDocument& document, std::string_view name, RecordSet& into, Refusals& refusals)
      : document_(document), name_(name), into_(into), refusals_(refusals) {}

  base::Result<void> run() {
    choose_main_ecosystem();
    if (main_.empty())
      return base::fail(base::Kind::unsupported,
                        fmt::format("{}: OVAL of Azure Linux and CBL-Mariner is understood, and this is neither; use the "
                                    "vendor's OSV or CSAF files instead", name_));
    source_ = into_.add_source(source_name() + " OVAL", index::SourceKind::oval);
    for (const auto& definition : document_.definitions) add(definition);
    into_.sources[source_].newest = into_.strings.intern(std::string_view(document_.timestamp).substr(0, 40));
    return {};
  }

 private:
  void choose_main_ecosystem() {
    std::unordered_map<std::string_view, std::size_t> counts;
    std::size_t most = 0;
    for (const auto& [id, state] : document_.states) {
      const auto ecosystem = oval_ecosystem(state.evr);
      if (ecosystem.empty() || ++counts[ecosystem] <= most) continue;
      most = counts[ecosystem];
      main_ = ecosystem;
    }
  }

  std::string source_name() const {
    const auto [family, release] = base::cut(main_, ":");
    return std::string(family) + " " + std::string(release);
  }

  void refuse(const OvalDefinition& definition, std::string_view why) {
    refusals_.add(name_, fmt::format("definition {}: {}", base::printable(definition.id.substr(0, 100)), why));
  }

  void add(const OvalDefinition& definition) {
    // "This CVE either no longer is or was never applicable."
    if (base::equals_ignoring_case(definition.patchable, "not applicable")) return;
    Advisory out;
    out.id = definition.id;
    out.title = definition.title;
    out.severity = definition.severity;
    out.published = definition.date;
    out.modified = definition.date;
    for (const auto& cve : definition.cves) out.covers.push_back(cve);
    for (const auto& url : definition.urls) out.references.push_back(url);
    if (out.covers.empty()) return refuse(definition, "names no CVE");
    if (definition.tests.size() > kMostOvalTests) return refuse(definition, "has too many tests");
    for (const auto& test : definition.tests)
      if (!add_test(definition, test, out)) return refuse(definition, "a test of it cannot be followed to a package and a version");
    if (out.affected.empty()) return refuse(definition, "names no package");
    for (auto& affected : out.affected) close(affected);
    if (const auto added = into_.add(out, source_); !added) refuse(definition, added.error().message);
  }

  // Tests of one package joined by AND are the two ends of one range.
  bool add_test(const OvalDefinition& definition, const std::string& id, Advisory& out) const {
    const auto test = document_.tests.find(id);
    if (test == document_.tests.end()) return false;
    const auto object = document_.objects.find(test->second.object);
    const auto state = document_.states.find(test->second.state);
    if (object == document_.objects.end() || state == document_.states.end() || object->second.empty()) return false;
    const auto event = oval_event(state->second);
    if (!event || event->version.empty()) return false;
    for (auto& affected : out.affected) {
      if (affected.name != object->second) continue;
      if (definition.alternatives)
        affected.ranges.push_back({*event});
      else
        affected.ranges.back().push_back(*event);
      return true;
    }
    Affected affected;
    const auto ecosystem = oval_ecosystem(state->second.evr);
    affected.ecosystem = ecosystem.empty() ? std::string_view(main_) : ecosystem;
    affected.name = object->second;
    affected.ranges = {{*event}};
    out.affected.push_back(std::move(affected));
    return true;
  }

  static void close(Affected& affected) {
    for (auto& range : affected.ranges) {
      const bool opens = std::any_of(range.begin(), range.end(), [](const Event& e) { return e.type == Event::Type::introduced; });
      if (!opens) range.push_back({Event::Type::introduced, "0"});
    }
  }

  const OvalDocument& document_;
  std::string_view name_;
  RecordSet& into_;
  Refusals& refusals_;
  std::string main_;
  std::uint32_t source_ = 0;
};

}  // namespace

base::Result<void> import_oval(std::string_view document, std::string_view name, RecordSet& into, Refusals& refusals) {
  OvalDocument parsed;
  OvalCollector collector(parsed);
  XmlHandlers handlers;
  handlers.start = [&](std::string_view element, const XmlAttributes& attributes) { collector.start(element, attributes); };
  handlers.end = [&](std::string_view element, std::string_view text) { collector.end(element, text); };
  TRY(read_xml(document, name, handlers));
  if (parsed.definitions.size() > kMostOvalItems)
    return base::fail(base::Kind::too_large, fmt::format("{}: more than {} definitions", name, kMostOvalItems));
  return OvalWriter(parsed, name, into, refusals).run();
}

}  // namespace advisory
