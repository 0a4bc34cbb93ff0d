// SPDX-License-Identifier: Apache-2.0
#include "benchmark/control.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <set>

#include "base/text.hpp"
#include "base/yaml_doc.hpp"
#include "benchmark/places.hpp"
#include "content/content.hpp"

namespace benchmark {

using ParameterType = Parameters::Type;

class ControlReader {
 public:
  void read(const ControlSource& source) {
    for (const base::YamlNode& document : base::parse_yaml_doc(source.text, source.name, faults_)) {
      base::YamlReader reader(document, source.name, faults_);
      if (reader.member("benchmark")) read_benchmark(reader);
      if (reader.member("section")) {
        benchmark_.sections.push_back({reader.text("section"), reader.text("title")});
        for (const base::YamlNode& node : reader.list("controls")) read_control(node, source.name);
      }
      reader.finish();
    }
  }

  base::Result<Benchmark> finish() {
    TRY(faults_.result());
    return std::move(benchmark_);
  }

 private:
  void read_benchmark(base::YamlReader& reader) {
    benchmark_.id = reader.text("benchmark");
    benchmark_.version = reader.text("version");
    benchmark_.title = reader.text("name");
  }

  void read_control(const base::YamlNode& node, const std::string& file) {
    if (node.kind != base::YamlNode::Kind::map) return faults_.add(file, node.line, "a control must be a map");
    base::YamlReader reader(node, file, faults_);
    Control control;
    control.section = benchmark_.sections.back().id;
    control.id = reader.text("id");
    if (!control.id.empty() && !ids_.insert(control.id).second) reader.fault("id", "is the id of another control");
    if (!control.id.starts_with(control.section + ".")) reader.fault("id", "must begin with the section");
    control.title = reader.text("title");
    control.rationale = reader.text("rationale");
    control.level = static_cast<int>(reader.integer_or("level", 1, 1, 2));
    control.level_verified = reader.boolean_or("level_verified", false);
    control.automated = reader.boolean_or("automated", true);
    read_severity(reader, control);
    control.remediation = reader.texts("remediation");
    if (control.remediation.empty()) reader.fault("remediation", "must be a list of commands");
    control.cce_id = reader.text_or("cce", "");
    control.aliases = reader.texts("aliases");
    const std::string check = reader.text("check");
    const base::YamlNode* parameters = reader.member("parameters");
    control.check = find_check(check);
    if (!control.check && !check.empty()) reader.fault("check", "is no check");
    reader.finish();
    if (control.check) read_parameters(parameters, file, reader.line(), control);
    benchmark_.controls.push_back(std::move(control));
  }

  static void read_severity(base::YamlReader& reader, Control& control) {
    const std::string text = reader.text("severity");
    if (const auto severity = model::parse_severity(text)) control.severity = *severity;
    else if (!text.empty()) reader.fault("severity", "must be one of negligible, low, medium, high, critical");
  }

  void read_parameters(const base::YamlNode* parameters, const std::string& file, int line, Control& control) {
    base::YamlNode none;
    none.kind = base::YamlNode::Kind::map;
    none.line = line;
    base::YamlReader reader(parameters ? *parameters : none, file, faults_);
    for (const Check::Parameter& parameter : control.check->parameters) read_parameter(reader, parameter, control.parameters);
    reader.finish();
  }

  static void read_parameter(base::YamlReader& reader, const Check::Parameter& parameter, Parameters& out) {
    const std::string name(parameter.name);
    if (parameter.type == ParameterType::texts) {
      out.texts_[name] = reader.texts(name);
      if (parameter.required && out.texts_[name].empty()) reader.fault(name, "must be a list");
    } else if (parameter.type == ParameterType::text) {
      const std::string text = parameter.required ? reader.text(name) : reader.text_or(name, "");
      out.texts_[name] = {text};
      const auto& places = place_names();
      if (name == "place" && std::find(places.begin(), places.end(), text) == places.end()) reader.fault(name, "is no place");
    } else if (parameter.type == ParameterType::number) {
      out.numbers_[name] = reader.integer_or(name, 0, 0, std::int64_t{1} << 40);
    } else {
      out.numbers_[name] = read_octal(reader, name);
    }
  }

  static std::int64_t read_octal(base::YamlReader& reader, const std::string& name) {
    const std::string text = reader.text(name);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 8);
    if (error != std::errc() || end != text.data() + text.size() || value > 07777)
      reader.fault(name, "must be a file mode in octal, such as 0644");
    return value;
  }

  Benchmark benchmark_;
  std::set<std::string> ids_;
  base::YamlFaults faults_;
};

const Control* Benchmark::find(std::string_view wanted) const {
  const auto at =
      std::find_if(controls.begin(), controls.end(), [wanted](const Control& control) { return control.id == wanted; });
  return at == controls.end() ? nullptr : &*at;
}

base::Result<Benchmark> load_benchmark(const std::vector<ControlSource>& sources) {
  ControlReader reader;
  for (const ControlSource& source : sources) reader.read(source);
  return reader.finish();
}

const Benchmark& cis_docker() {
  static const Benchmark carried = [] {
    std::vector<ControlSource> sources;
    for (const std::string_view path : content::list("benchmarks/docker/"))
      sources.push_back({"content/" + std::string(path), std::string(content::file(path).value_or(std::string_view()))});
    auto loaded = load_benchmark(sources);
    if (!loaded) {  // a fault of the build, which Controls.the_carried_ones_load finds
      fmt::print(stderr, "{}\n", loaded.error().message);
      std::abort();
    }
    return std::move(*loaded);
  }();
  return carried;
}

}  // namespace benchmark
