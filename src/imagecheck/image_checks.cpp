// SPDX-License-Identifier: Apache-2.0
#include "imagecheck/image_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.hpp"
#include "base/yaml_doc.hpp"
#include "imagecheck/check_parameters.hpp"
#include "imagecheck/secret_patterns.hpp"

namespace imagecheck {

using ParameterType = CheckParameters::Type;

CheckParameters::CheckParameters() : values_(std::make_unique<Values>()) {}
CheckParameters::CheckParameters(CheckParameters&&) noexcept = default;
CheckParameters& CheckParameters::operator=(CheckParameters&&) noexcept = default;
CheckParameters::~CheckParameters() = default;

const std::vector<std::string>& CheckParameters::texts(std::string_view name) const {
  static const std::vector<std::string> none;
  const auto at = values_->texts.find(name);
  return at == values_->texts.end() ? none : at->second;
}

const std::vector<base::Glob>& CheckParameters::globs(std::string_view name) const {
  static const std::vector<base::Glob> none;
  const auto at = values_->globs.find(name);
  return at == values_->globs.end() ? none : at->second;
}

std::int64_t CheckParameters::number(std::string_view name, std::int64_t otherwise) const {
  const auto at = values_->numbers.find(name);
  return at == values_->numbers.end() ? otherwise : at->second;
}

std::string_view CheckParameters::word(std::string_view name) const {
  const auto at = values_->words.find(name);
  return at == values_->words.end() ? std::string_view() : std::string_view(at->second);
}

std::optional<std::string> CheckParameters::find(std::string_view name, std::string_view text) const {
  const auto at = values_->patterns.find(name);
  if (at == values_->patterns.end()) return std::nullopt;
  re2::StringPiece groups[2];
  const int count = std::min(2, at->second->NumberOfCapturingGroups() + 1);
  const re2::StringPiece piece(text.data(), text.size());
  if (!at->second->Match(piece, 0, text.size(), re2::RE2::UNANCHORED, groups, count)) return std::nullopt;
  const re2::StringPiece& shown = count == 2 && groups[1].data() ? groups[1] : groups[0];
  return std::string(shown.data(), shown.size());
}

const std::vector<CheckFunctionDoc>& check_functions() {
  static const std::vector<CheckFunctionDoc> all = [] {
    std::vector<CheckFunctionDoc> functions = config_check_functions();
    functions.push_back({"mode_bits", nullptr, FileFunction::mode_bits,
                         {{"bits", ParameterType::octal, true},
                          {"without", ParameterType::octal, false},
                          {"type", ParameterType::word, true},
                          {"except", ParameterType::globs, false}}});
    functions.push_back({"paths_present", nullptr, FileFunction::paths_present,
                         {{"paths", ParameterType::globs, true},
                          {"except", ParameterType::globs, false},
                          {"least_bytes", ParameterType::number, false}}});
    functions.push_back({"lines_matching", nullptr, FileFunction::lines_matching,
                         {{"paths", ParameterType::globs, true},
                          {"pattern", ParameterType::pattern, true},
                          {"unless", ParameterType::pattern, false}}});
    return functions;
  }();
  return all;
}

class ImageCheckReader {
 public:
  void read(const RuleSource& source) {
    for (const base::YamlNode& document : base::parse_yaml_doc(source.text, source.name, faults_)) {
      base::YamlReader reader(document, source.name, faults_);
      for (const base::YamlNode& node : reader.list("checks")) read_check(node, source.name);
      reader.finish();
    }
  }

  base::Result<std::vector<ImageCheck>> finish() {
    TRY(faults_.result());
    return std::move(checks_);
  }

 private:
  void read_check(const base::YamlNode& node, const std::string& file) {
    base::YamlReader reader(node, file, faults_);
    if (node.kind != base::YamlNode::Kind::map) return;
    ImageCheck check;
    check.id = reader.text("id");
    if (!check.id.empty() && !ids_.insert(check.id).second) reader.fault("id", "is the id of another check");
    check.title = reader.text("title");
    const std::string severity = reader.text("severity");
    if (const auto parsed = model::parse_severity(severity))
      check.severity = *parsed;
    else if (!severity.empty())
      reader.fault("severity", "must be one of negligible, low, medium, high, critical");
    check.description = reader.text("description");
    check.remediation = reader.text("remediation");
    check.impact = reader.text_or("impact", "");
    check.references = reader.texts("references");
    check.function = reader.text("check");
    const base::YamlNode* parameters = reader.member("parameters");
    reader.finish();
    read_function(reader, parameters, file, check);
    checks_.push_back(std::move(check));
  }

  void read_function(base::YamlReader& reader, const base::YamlNode* parameters, const std::string& file, ImageCheck& check) {
    const auto& functions = check_functions();
    const auto function = std::find_if(functions.begin(), functions.end(),
                                       [&](const CheckFunctionDoc& doc) { return doc.name == check.function; });
    if (function == functions.end()) {
      std::vector<std::string> names;
      for (const auto& doc : functions) names.emplace_back(doc.name);
      if (!check.function.empty()) reader.fault("check", "must be one of " + base::join(names, ", "));
      return;
    }
    check.on_config = function->on_config;
    check.on_files = function->on_files;
    base::YamlNode none;
    none.kind = base::YamlNode::Kind::map;
    none.line = reader.line();
    base::YamlReader values(parameters ? *parameters : none, file, faults_);
    for (const auto& parameter : function->parameters) read_parameter(values, parameter, *check.parameters.values_);
    values.finish();
  }

  void read_parameter(base::YamlReader& reader, const CheckFunctionDoc::Parameter& parameter, CheckParameters::Values& values) {
    const std::string name(parameter.name);
    switch (parameter.type) {
      case ParameterType::texts:
      case ParameterType::globs: {
        const auto texts = reader.texts(name);
        if (texts.empty() && parameter.required) reader.fault(name, "must be a list");
        for (const std::string& text : texts) {
          if (parameter.type == ParameterType::globs)
            values.globs[name].emplace_back(text);
          else
            values.texts[name].push_back(text);
        }
        return;
      }
      case ParameterType::number: {
        const std::int64_t value = reader.integer_or(name, -1, 0, std::int64_t{1} << 40);
        if (value >= 0) values.numbers[name] = value;
        return;
      }
      case ParameterType::octal: return read_octal(reader, name, parameter.required, values);
      case ParameterType::word: {
        values.words[name] = parameter.required ? reader.text(name) : reader.text_or(name, "");
        return;
      }
      case ParameterType::pattern: return read_pattern(reader, name, parameter.required, values);
    }
  }

  static void read_octal(base::YamlReader& reader, const std::string& name, bool required, CheckParameters::Values& values) {
    const std::string text = required ? reader.text(name) : reader.text_or(name, "0");
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 8);
    if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > 07777)
      reader.fault(name, "must be file mode bits in octal, such as 4000");
    values.numbers[name] = value;
  }

  static void read_pattern(base::YamlReader& reader, const std::string& name, bool required, CheckParameters::Values& values) {
    const std::string text = required ? reader.text(name) : reader.text_or(name, "");
    if (text.empty()) return;
    auto pattern = compile_pattern(text);
    if (!pattern->ok()) return reader.fault(name, "is not an expression that RE2 takes: " + pattern->error());
    values.patterns[name] = std::move(pattern);
  }

  std::vector<ImageCheck> checks_;
  base::YamlFaults faults_;
  std::set<std::string> ids_;
};

base::Result<std::vector<ImageCheck>> load_image_checks(const std::vector<RuleSource>& sources) {
  ImageCheckReader reader;
  for (const RuleSource& source : sources) reader.read(source);
  return reader.finish();
}

}  // namespace imagecheck
