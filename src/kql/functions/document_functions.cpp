// SPDX-License-Identifier: Apache-2.0
// Functions that read a document of another language: JSON by a path, XML, a user agent.
#include "kql/functions/function.hpp"
#include "kql/functions/json_path.hpp"
#include "kql/functions/user_agent.hpp"
#include "kql/functions/xml.hpp"

namespace kql {

namespace {

Value value_at_path(const Arguments& a) {
  const auto path = parse_json_path(a.text(0));
  if (!path) return {};
  const Value document = parse_dynamic(a.text(1));
  if (document.is_null()) return {};
  const base::Json* found = at_json_path(document.json(), *path);
  return found == nullptr || found->is_null() ? Value() : Value::text(to_text(Value::dynamic(*found), Type::dynamic));
}

Value xml_as_dynamic(const Arguments& a) {
  auto json = json_of_xml(a.text(0));
  return json ? Value::dynamic(std::move(*json)) : Value();
}

constexpr std::string_view kBrowser = "browser", kSystem = "os", kDevice = "device";

// What is looked for: a word or an array of words; nothing where one is unknown.
std::optional<std::vector<std::string>> parts_of_agent(const Value& given, Type type) {
  const Value words = Value::dynamic(to_json(given, type));
  std::vector<std::string> out;
  if (words.json().is_string()) out.emplace_back(base::as_string(words.json()));
  if (const auto* array = words.json().if_array())
    for (const base::Json& word : *array) out.emplace_back(base::as_string(word));
  for (const std::string& word : out)
    if (word != kBrowser && word != kSystem && word != kDevice) return std::nullopt;
  if (out.empty()) return std::nullopt;
  return out;
}

Value agent_parts(const Arguments& a) {
  static const Value kBrowserAlone = Value::dynamic(boost::json::string(kBrowser));
  const auto parts = a.size() > 1 ? parts_of_agent(a[1], a.types[1]) : parts_of_agent(kBrowserAlone, Type::dynamic);
  if (!parts) return {};
  const UserAgent agent = parse_user_agent(a.text(0));
  base::JsonObject out;
  for (const std::string& part : *parts) {
    if (part == kBrowser) out["Browser"] = agent.browser;
    if (part == kSystem) out["OperatingSystem"] = agent.system;
    if (part == kDevice) out["Device"] = agent.device;
  }
  return Value::dynamic(std::move(out));
}

base::Result<void> check_agent_parts(const Arguments& constants) {
  if (!constants.has(1) || parts_of_agent(constants[1], constants.types[1])) return {};
  return base::fail(base::Kind::invalid_input, "parse_user_agent() looks for \"browser\", \"os\" and \"device\", one or an array of them");
}

}  // namespace

std::span<const Function> document_functions() {
  static constexpr Function kAll[] = {
      {.name = "extract_json", .signature = "(const string, string) string", .evaluate = value_at_path},
      {.name = "extractjson", .signature = "(const string, string) string", .evaluate = value_at_path},
      {.name = "parse_xml", .signature = "(string) dynamic", .evaluate = xml_as_dynamic, .naming = Naming::first_argument},
      {.name = "parse_user_agent", .signature = "(string, dynamic?) dynamic", .evaluate = agent_parts, .check = check_agent_parts},
      {.name = "parse_user_agent", .signature = "(string, string) dynamic", .evaluate = agent_parts, .check = check_agent_parts},
  };
  return kAll;
}

}  // namespace kql
